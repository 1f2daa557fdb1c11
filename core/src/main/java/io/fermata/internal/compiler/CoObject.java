package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.Assembler;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The object that stands for {@code co} in the code of a frame, and the pass that finds out whether
 * a method needs one.
 *
 * <p>Most methods do without: they only yield through {@code co} and give it to helpers. One that
 * stores it in an object of its own, that gives it to a method which is called as it is, or that
 * has a variable which is {@code co} or null, has to have a value there. From the beginning of such
 * a method on, {@code co} is an ordinary local.
 *
 * <p>In generators the object is the same for all bodies, and nobody can use it: {@code
 * SuspensionPoints} lets it go to no code that calls its methods. In asynchronous bodies it is the
 * one that nested bodies capture too, as those may compare the two.
 */
final class CoObject {
  private CoObject() {}

  /** Whether the code of a method needs an object in the place of {@code co}. */
  static boolean isNeeded(
      BodyMethod body, @Nullable Frame<TypedValue>[] frames, List<SuspensionPoint> points) {
    Set<AbstractInsnNode> suspending = new HashSet<>();
    for (SuspensionPoint point : points) {
      suspending.add(point.call());
    }
    MethodNode method = body.method();
    int index = 0;
    for (AbstractInsnNode instruction : method.instructions) {
      Frame<TypedValue> frame = frames[index++];
      if (frame != null
          && instruction.getOpcode() >= 0
          && (isMixed(instruction, frame)
              || (!suspending.contains(instruction) && isTaken(instruction, frame)))) {
        return true;
      }
    }
    return false;
  }

  /** Whether there is a value that only may be {@code co}. */
  private static boolean isMixed(AbstractInsnNode instruction, Frame<TypedValue> frame) {
    if (instruction.getOpcode() == Opcodes.ALOAD
        && isMixed(frame.getLocal(((VarInsnNode) instruction).var))) {
      return true;
    }
    for (int i = 0; i < frame.getStackSize(); i++) {
      if (isMixed(frame.getStack(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMixed(TypedValue value) {
    return value.kind() == TypedValue.Kind.CO_OR_NULL || value.kind() == TypedValue.Kind.EITHER_CO;
  }

  /** Whether an instruction takes {@code co} as an object. */
  private static boolean isTaken(AbstractInsnNode instruction, Frame<TypedValue> frame) {
    int taken = 0;
    if (instruction instanceof MethodInsnNode call) {
      boolean isOnCo = call.name.equals("mayThrow");
      taken = isOnCo ? 0 : Type.getArgumentTypes(call.desc).length;
    } else {
      taken =
          switch (instruction.getOpcode()) {
            case Opcodes.PUTFIELD, Opcodes.ARETURN -> 1;
            case Opcodes.IF_ACMPEQ, Opcodes.IF_ACMPNE -> 2;
            default -> 0;
          };
    }
    for (int i = 1; i <= taken; i++) {
      if (frame.getStack(frame.getStackSize() - i).isCo()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Puts it into the locals of {@code co}, at the beginning of {@code resume}.
   *
   * @param name the class of the frame
   */
  static void store(BodyMethod body, String name, Assembler out) {
    for (int slot : body.ownSlots()) {
      load(body, name, out);
      out.store(slot + ResumeEmitter.SHIFT, body.coType());
    }
  }

  private static void load(BodyMethod body, String name, Assembler out) {
    if (body.shape().awaits()) {
      out.loadThis();
      out.invokeVirtual(name, FrameEmitter.CO, Type.getMethodDescriptor(body.coType()));
    } else {
      String type = "L" + body.shape().yielder + ";";
      out.getStatic(Abi.STAND_IN, body.shape().standIn(), type);
    }
  }
}
