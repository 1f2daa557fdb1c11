package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.Emission;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * The calls {@code ifPresent} and {@code ifPresentOrElse}, whose classes are final.
 *
 * <pre>{@code
 * optional.ifPresent(each)            if (optional.isPresent()) each(optional.get());
 * }</pre>
 */
final class Optionals {
  private Optionals() {}

  /** Whether a call is one of them. */
  static boolean isWalk(MethodInsnNode call) {
    return getter(call.owner) != null
        && (call.name.equals("ifPresent") || call.name.equals("ifPresentOrElse"));
  }

  private static @Nullable MethodInsnNode getter(String owner) {
    return switch (owner) {
      case "java/util/Optional" -> virtual(owner, "get", TypedValue.OBJECT);
      case "java/util/OptionalInt" -> virtual(owner, "getAsInt", Type.INT_TYPE);
      case "java/util/OptionalLong" -> virtual(owner, "getAsLong", Type.LONG_TYPE);
      case "java/util/OptionalDouble" -> virtual(owner, "getAsDouble", Type.DOUBLE_TYPE);
      default -> null;
    };
  }

  private static MethodInsnNode virtual(String owner, String name, Type result) {
    return new MethodInsnNode(
        Opcodes.INVOKEVIRTUAL, owner, name, Type.getMethodDescriptor(result), false);
  }

  /**
   * Writes the call.
   *
   * @param receiver the slot of the receiver
   * @param each writes what takes the value from the stack
   * @param orElse writes what is done if there is none; null if nothing is
   */
  static void walk(
      Assembler out, MethodInsnNode call, int receiver, Emission each, @Nullable Emission orElse)
      throws NotCompilable {
    LabelNode empty = new LabelNode();
    LabelNode done = new LabelNode();
    out.load(receiver, TypedValue.OBJECT);
    out.add(virtual(call.owner, "isPresent", Type.BOOLEAN_TYPE));
    out.jump(Opcodes.IFEQ, empty);
    out.load(receiver, TypedValue.OBJECT).add(java.util.Objects.requireNonNull(getter(call.owner)));
    each.write(out);
    out.jump(Opcodes.GOTO, done);
    out.label(empty);
    if (orElse != null) {
      orElse.write(out);
    }
    out.label(done);
  }

  /**
   * Calls an argument of a walk that is an ordinary object, with what it takes on the stack.
   *
   * @param argument the index of the argument, and its slot
   * @param free two free slots
   */
  static void callOrdinary(Assembler out, MethodInsnNode call, int argument, int slot, int free) {
    String type = Type.getArgumentTypes(call.desc)[argument].getInternalName();
    MethodInsnNode getter = java.util.Objects.requireNonNull(getter(call.owner));
    if (argument == 1) {
      out.load(slot, TypedValue.OBJECT);
      out.add(new MethodInsnNode(Opcodes.INVOKEINTERFACE, type, "run", "()V", true));
      return;
    }
    Type value = Type.getReturnType(getter.desc);
    out.store(free, value).load(slot, TypedValue.OBJECT).load(free, value);
    out.add(
        new MethodInsnNode(
            Opcodes.INVOKEINTERFACE,
            type,
            "accept",
            Type.getMethodDescriptor(Type.VOID_TYPE, value),
            true));
  }
}
