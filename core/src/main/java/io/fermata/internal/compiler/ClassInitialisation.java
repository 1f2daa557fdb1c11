package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.Assembler;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * The pass that initialises the class of a static method where its call is replaced by a frame: the
 * JVM would do it at the call, after the arguments are evaluated, and the call would fail if that
 * fails. A static body has no call in the code, so its own class is initialised at its beginning.
 *
 * <pre>
 * before                       after
 *   ... arguments                ... arguments
 *                                NEW Lib; POP
 *   INVOKESTATIC Lib.open        INVOKESTATIC Lib.open    // becomes a frame
 * </pre>
 *
 * <p>An interface or an abstract class is initialised by a site of {@code HostLinkage}. Nothing is
 * done for a class whose initialisation executes no code.
 */
final class ClassInitialisation {
  private final BodyMethod body;
  private final ClassFiles files;

  private ClassInitialisation(BodyMethod body, ClassFiles files) {
    this.body = body;
    this.files = files;
  }

  /**
   * Rewrites a method.
   *
   * @return whether anything was changed, so that the method has to be analysed anew
   */
  static boolean insert(BodyMethod body, List<SuspensionPoint> points, ClassFiles files) {
    return new ClassInitialisation(body, files).insert(points);
  }

  private boolean insert(List<SuspensionPoint> points) {
    MethodNode method = body.method();
    boolean changed = false;
    for (SuspensionPoint point : points) {
      MethodInsnNode call = point.call();
      if (point.helper() != null
          && call.getOpcode() == Opcodes.INVOKESTATIC
          && files.executesInitialiser(point.helper().owner().name)) {
        method.instructions.insertBefore(call, of(point.helper().owner(), call));
        changed = true;
      }
    }
    if (!body.helper() && body.isStatic() && files.executesInitialiser(body.owner().name)) {
      method.instructions.insert(of(body.owner(), null));
      changed = true;
    }
    if (changed) {
      method.maxStack++;
    }
    return changed;
  }

  /**
   * Code that initialises a class.
   *
   * @param call the call that does it; null at the beginning of a static method of the class
   */
  private InsnList of(ClassNode declaring, @Nullable MethodInsnNode call) {
    Assembler code = new Assembler(new InsnList());
    if (isInstantiable(declaring, call)) {
      // an allocation that nobody uses, which the JIT removes
      code.add(new TypeInsnNode(Opcodes.NEW, declaring.name)).op(Opcodes.POP);
    } else {
      String named = call == null ? declaring.name : call.owner;
      code.invokeDynamic(
          "initialise",
          "()V",
          Abi.INITIALISE,
          named.replace('/', '.'),
          declaring.name.replace('/', '.'));
    }
    return code.code();
  }

  /** Whether the code may make an object of a class; that it calls a lambda there says nothing. */
  private boolean isInstantiable(ClassNode declaring, @Nullable MethodInsnNode call) {
    boolean isConcrete = (declaring.access & (Opcodes.ACC_INTERFACE | Opcodes.ACC_ABSTRACT)) == 0;
    boolean isNamed =
        call == null
            || (declaring.name.equals(call.owner) && !(call instanceof SpecialisedCall))
            || HostAccess.packageOf(declaring.name).equals(HostAccess.packageOf(body.owner().name));
    return isConcrete && isNamed;
  }
}
