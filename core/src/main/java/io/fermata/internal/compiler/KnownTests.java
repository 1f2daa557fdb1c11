package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.DeadCode;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The pass that removes tests of {@code co} whose outcome is known: {@code co} is not null, it is
 * equal to itself, and no other object of a generator is equal to it, as there is none.
 *
 * <pre>
 * before                         after
 *   ALOAD co                       ALOAD co
 *   IFNONNULL fine                 POP; GOTO fine        // what follows is dead code now
 * </pre>
 *
 * <p>Whether {@code co} is equal to another object of an asynchronous body is not known: an outer
 * body may have given its own away.
 */
final class KnownTests {
  private KnownTests() {}

  /** The types of a method without dead code and without such tests, which are removed. */
  static @Nullable Frame<TypedValue>[] settle(
      BodyMethod body, @Nullable Frame<TypedValue>[] frames, ClassFiles files)
      throws NotCompilable {
    @Nullable Frame<TypedValue>[] types = frames;
    while (fold(body, types)) {
      types = TypeFlow.analyse(body, files);
      if (DeadCode.remove(body.method(), types)) {
        types = TypeFlow.analyse(body, files);
      }
    }
    return types;
  }

  /** Removes them; whether there was any, so that the method has to be analysed anew. */
  static boolean fold(BodyMethod body, @Nullable Frame<TypedValue>[] frames) {
    MethodNode method = body.method();
    AbstractInsnNode[] code = method.instructions.toArray();
    boolean found = false;
    for (int i = 0; i < code.length; i++) {
      Frame<TypedValue> frame = frames[i];
      if (frame != null) {
        found |= fold(body, code[i], frame);
      }
    }
    return found;
  }

  private static boolean fold(
      BodyMethod body, AbstractInsnNode instruction, Frame<TypedValue> frame) {
    int opcode = instruction.getOpcode();
    InsnList known = new InsnList();
    switch (opcode) {
      case Opcodes.IFNULL, Opcodes.IFNONNULL -> {
        if (!top(frame, 1).isCo()) {
          return false;
        }
        known.add(new InsnNode(Opcodes.POP));
        if (opcode == Opcodes.IFNONNULL) {
          known.add(new JumpInsnNode(Opcodes.GOTO, ((JumpInsnNode) instruction).label));
        }
      }
      case Opcodes.IF_ACMPEQ, Opcodes.IF_ACMPNE -> {
        Boolean equal = areEqual(body, top(frame, 1), top(frame, 2));
        if (equal == null) {
          return false;
        }
        known.add(new InsnNode(Opcodes.POP2));
        if (equal == (opcode == Opcodes.IF_ACMPEQ)) {
          known.add(new JumpInsnNode(Opcodes.GOTO, ((JumpInsnNode) instruction).label));
        }
      }
      case Opcodes.INSTANCEOF -> {
        if (!top(frame, 1).isCo() || !isOfType(body, ((TypeInsnNode) instruction).desc)) {
          return false;
        }
        known.add(new InsnNode(Opcodes.POP));
        known.add(new InsnNode(Opcodes.ICONST_1));
      }
      default -> {
        return false;
      }
    }
    InsnList code = body.method().instructions;
    code.insertBefore(instruction, known);
    code.remove(instruction);
    return true;
  }

  private static TypedValue top(Frame<TypedValue> frame, int depth) {
    return frame.getStack(frame.getStackSize() - depth);
  }

  /** Whether two values are one object; null if that is not known. */
  private static @Nullable Boolean areEqual(BodyMethod body, TypedValue first, TypedValue second) {
    if (!first.isCo()) {
      return second.isCo() ? areEqual(body, second, first) : null;
    }
    if (second.isCo()) {
      return true;
    }
    boolean isKnown =
        second.kind() == TypedValue.Kind.NULL
            || second.isCarrier()
            || (!body.shape().awaits() && !second.isCoOrNull());
    return isKnown ? false : null;
  }

  /** Whether {@code co} is an object of a type, whatever engine runs its body. */
  static boolean isOfType(BodyMethod body, String type) {
    return type.equals(TypedValue.OBJECT.getInternalName())
        || type.equals(body.shape().yielder)
        || (body.shape().awaits() && type.equals(Abi.AWAITER));
  }
}
