package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.HostConstant;
import io.fermata.runtime.Linkage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * A call that is given lambdas which hold {@code co}, and that cannot be compiled: it is made on a
 * thread, with real lambdas that hold the {@code co} of that thread. Its operands are the receiver,
 * and the arguments with the parts of each lambda in its place.
 */
final class RealCall extends MethodInsnNode {
  /** Marks an operand that is the {@code co} of the body. */
  static final char CO = 'c';

  /** Marks any other operand. */
  static final char VALUE = 'v';

  /** The call as it was. */
  final MethodInsnNode original;

  /** For each operand of that call, the lambda; null if it is an ordinary value. */
  final List<@Nullable Closure> closures;

  RealCall(MethodInsnNode original, List<@Nullable Closure> closures) {
    super(
        Opcodes.INVOKESTATIC,
        original.owner,
        original.name,
        descriptor(original, closures),
        original.itf);
    this.original = original;
    this.closures = closures;
  }

  private static String descriptor(MethodInsnNode original, List<@Nullable Closure> closures) {
    List<Type> all = new ArrayList<>();
    all.add(Type.getObjectType(original.owner));
    Type[] declared = Type.getArgumentTypes(original.desc);
    for (int i = 0; i < declared.length; i++) {
      Closure closure = closures.get(i + 1);
      if (closure == null) {
        all.add(declared[i]);
      } else {
        all.addAll(closure.types());
      }
    }
    return Type.getMethodDescriptor(Type.getReturnType(original.desc), all.toArray(new Type[0]));
  }

  @Override
  public AbstractInsnNode clone(Map<LabelNode, LabelNode> labels) {
    return new RealCall(original, closures);
  }

  /**
   * The arguments of the bootstrap method, from which it makes the call.
   *
   * <pre>
   * host, operands ("vcv"), owner, descriptor of the call, shape, place
   * for each argument: "" or a lambda:
   *   "name descriptor home", count, the encoded bootstrap method and arguments of its site,
   *   then for each captured value: "" or a lambda
   * </pre>
   */
  Object[] arguments(ClassNode host, String places, Shape shape, String place) {
    List<Object> all = new ArrayList<>();
    all.add(Type.getObjectType(host.name));
    all.add(places);
    all.add(Type.getObjectType(original.owner));
    all.add(original.desc);
    all.add(shape.name());
    all.add(place);
    for (Closure closure : closures.subList(1, closures.size())) {
      add(all, closure);
    }
    return all.toArray();
  }

  private static void add(List<Object> all, @Nullable Closure closure) {
    if (closure == null) {
      all.add("");
      return;
    }
    InvokeDynamicInsnNode site = closure.site();
    all.add(String.join(" ", site.name, site.desc, closure.home()));
    List<Object> encoded = HostConstant.encode(site.bsm, site.bsmArgs);
    all.add(encoded.size());
    for (Object each : encoded) {
      // this code may have no right to name the type
      all.add(each instanceof Type type ? Linkage.TYPE + type.getDescriptor() : each);
    }
    for (Closure.Part part : closure.parts()) {
      add(all, part.closure());
    }
  }
}
