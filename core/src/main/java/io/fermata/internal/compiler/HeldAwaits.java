package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The search for an await that a body makes while it holds a monitor. Such a body runs on a thread,
 * which keeps the monitor while other tasks run; the first one that wants it stops the loop for
 * ever. {@link Monitors} finds the same for bodies that are compiled, but cannot tell whether a
 * helper awaits.
 *
 * <p>It looks at the method of a body, and at those to which its {@code co} is passed and which
 * cannot be overridden. It knows the code only, so it runs for bodies that cannot be compiled too.
 */
public final class HeldAwaits {
  private final ClassFiles files;
  private final Set<String> seen = new HashSet<>();

  private HeldAwaits(ClassFiles files) {
    this.files = files;
  }

  /**
   * What is wrong with a body or a helper.
   *
   * @return a sentence with files and lines; null if nothing was found
   */
  public static @Nullable String find(BodyMethod body, ClassFiles files) {
    return new HeldAwaits(files).search(body.owner(), expanded(body, files), null);
  }

  /** The code of a body, with the lambdas in place that are only called. */
  private static MethodNode expanded(BodyMethod body, ClassFiles files) {
    BodyMethod copy = body.with(files.withCode(body.owner(), body.method()));
    try {
      Closures.expand(copy, files);
      return copy.method();
    } catch (NotCompilable goneElsewhere) {
      return files.withCode(body.owner(), body.method());
    }
  }

  /**
   * Looks at one method.
   *
   * @param held the place at which a caller holds a monitor; null if none does
   */
  private @Nullable String search(ClassNode owner, MethodNode code, @Nullable String held) {
    if (!seen.add(owner.name + "." + code.name + code.desc + (held != null))) {
      return null;
    }
    boolean isSynchronized = (code.access & Opcodes.ACC_SYNCHRONIZED) != 0;
    int[] monitors = Monitors.held(code);
    int line = 0;
    int entered = 0;
    int index = 0;
    for (AbstractInsnNode at : code.instructions) {
      if (at instanceof LineNumberNode number) {
        line = number.line;
      } else if (at.getOpcode() == Opcodes.MONITORENTER) {
        entered = line;
      } else if (at instanceof MethodInsnNode call) {
        String here = held;
        if (here == null && monitors[index] > 0) {
          here = "in the synchronized block at " + BodyMethod.place(owner, entered);
        } else if (here == null && isSynchronized) {
          here = "in the synchronized method " + code.name + "()";
        }
        String found = call(call, owner, line, here);
        if (found != null) {
          return found;
        }
      }
      index++;
    }
    return null;
  }

  private @Nullable String call(
      MethodInsnNode call, ClassNode owner, int line, @Nullable String held) {
    if (waits(call)) {
      return held == null
          ? null
          : "it awaits at "
              + BodyMethod.place(owner, line)
              + ", "
              + held
              + ". Other tasks run while it waits, and one that wants the monitor then would stop the"
              + " loop for ever. Await outside, or use an AsyncLock: try (Permit p ="
              + " co.await(lock.acquire())) { ... }";
    }
    if (!takesAwaiter(call)) {
      return null;
    }
    Callee callee = new Callee(files, call, null);
    Inheritance.Member found = call instanceof SpecialisedCall made ? made.member : callee.find();
    if (found == null
        || (found.method().access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0
        || !(call instanceof SpecialisedCall || callee.isExact(found))) {
      return null;
    }
    MethodNode code = SpecialisedMethod.withCode(files, found.owner(), found.method());
    return search(found.owner(), code, held);
  }

  /** Whether a call suspends a body for others of its loop. */
  private static boolean waits(MethodInsnNode call) {
    return Shape.isAwaiter(Type.getObjectType(call.owner))
        && (call.name.equals("await") || call.name.equals("yield"));
  }

  private static boolean takesAwaiter(MethodInsnNode call) {
    for (Type parameter : Type.getArgumentTypes(call.desc)) {
      if (Shape.isAwaiter(parameter)) {
        return true;
      }
    }
    return false;
  }
}
