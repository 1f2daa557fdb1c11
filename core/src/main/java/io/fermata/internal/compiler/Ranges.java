package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.Emission;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.internal.compiler.bytecode.StraightCode;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Ranges of ints and longs that are made and walked in one expression: {@code IntStream.range(a,
 * b).forEach(...)}. A walk over one is a counting loop, without a stream.
 */
final class Ranges {
  private static final String INT = "java/util/stream/IntStream";
  private static final String LONG = "java/util/stream/LongStream";

  private Ranges() {}

  /** Whether a call makes a range. */
  static boolean isRange(MethodInsnNode call) {
    return call.getOpcode() == Opcodes.INVOKESTATIC
        && (call.owner.equals(INT) || call.owner.equals(LONG))
        && (call.name.equals("range") || call.name.equals("rangeClosed"));
  }

  /** Whether a range contains its upper bound. */
  static boolean isClosed(MethodInsnNode range) {
    return range.name.equals("rangeClosed");
  }

  /** The type of what is in a range. */
  static Type type(MethodInsnNode range) {
    return range.owner.equals(INT) ? Type.INT_TYPE : Type.LONG_TYPE;
  }

  /** The range that a call walks, if nothing but the making of a lambda is between the two. */
  static @Nullable MethodInsnNode walkedBy(MethodInsnNode call, StraightCode code) {
    boolean walks =
        (call.owner.equals(INT) || call.owner.equals(LONG))
            && (call.name.equals("forEach") || call.name.equals("forEachOrdered"));
    AbstractInsnNode at = code.before(call);
    while (walks && at != null) {
      if (at instanceof MethodInsnNode made) {
        if (isRange(made)) {
          return made.owner.equals(call.owner) ? made : null;
        }
        if (!ClosureFlow.isNullCheck(made)) {
          return null;
        }
      } else if (!isPartOfLambda(at)) {
        return null;
      }
      at = code.before(at);
    }
    return null;
  }

  private static boolean isPartOfLambda(AbstractInsnNode at) {
    return (at instanceof VarInsnNode && at.getOpcode() < Opcodes.ISTORE)
        || (at instanceof InvokeDynamicInsnNode site && Closure.isLambda(site))
        || at.getOpcode() == Opcodes.DUP
        || at.getOpcode() == Opcodes.POP;
  }

  /**
   * Writes the walk.
   *
   * <pre>{@code
   * for (i = from; i < to; i++) each(i);                              // open
   * for (i = from; i <= to; i++) { each(i); if (i == to) break; }     // closed: no overflow
   * }</pre>
   *
   * @param from the slot of the lower bound, which becomes the counter
   * @param each writes what takes the counter from the stack
   */
  static void walk(Assembler out, MethodInsnNode range, int from, int to, Emission each)
      throws NotCompilable {
    Type type = type(range);
    LabelNode head = new LabelNode();
    LabelNode done = new LabelNode();
    boolean isClosed = isClosed(range);
    if (isClosed) {
      compare(out, type, from, to, Opcodes.IF_ICMPGT, Opcodes.IFGT, done);
    }
    out.label(head);
    if (!isClosed) {
      compare(out, type, from, to, Opcodes.IF_ICMPGE, Opcodes.IFGE, done);
    }
    out.load(from, type);
    each.write(out);
    if (isClosed) {
      compare(out, type, from, to, Opcodes.IF_ICMPGE, Opcodes.IFGE, done);
    }
    if (type == Type.INT_TYPE) {
      out.add(new org.objectweb.asm.tree.IincInsnNode(from, 1));
    } else {
      out.load(from, type).op(Opcodes.LCONST_1).op(Opcodes.LADD).store(from, type);
    }
    out.jump(Opcodes.GOTO, head);
    out.label(done);
  }

  private static void compare(
      Assembler out, Type type, int left, int right, int ofInts, int ofLongs, LabelNode target) {
    out.load(left, type).load(right, type);
    if (type == Type.INT_TYPE) {
      out.jump(ofInts, target);
    } else {
      out.op(Opcodes.LCMP).jump(ofLongs, target);
    }
  }
}
