package io.fermata.internal.compiler;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * A call at which a body may be suspended.
 *
 * @param call the call
 * @param kind what it does
 * @param before the types before it
 * @param helper the method that gets {@code co}, for {@link Kind#CALL}; null for others, and where
 *     the class of the receiver tells the method
 * @param line its line in the source, 0 if unknown
 */
record SuspensionPoint(
    MethodInsnNode call,
    Kind kind,
    Frame<TypedValue> before,
    @Nullable BodyMethod helper,
    int line) {
  enum Kind {
    /** {@code co.yield(value)}. */
    YIELD,
    /** {@code co.yield()}. */
    YIELD_NOTHING,
    /** {@code co.yieldFrom(delegate)}. */
    YIELD_FROM,
    /** {@code co.await(awaitable)}. */
    AWAIT,
    /** A helper method that gets {@code co}. */
    CALL
  }

  /** Whether the body goes on without being suspended if what is called returns at once. */
  boolean mayReturnAtOnce() {
    return kind == Kind.CALL || kind == Kind.YIELD_FROM || kind == Kind.AWAIT;
  }

  /** Whether it is an await through the {@code co} of an outer body. */
  boolean isThroughOuterCo() {
    return kind == Kind.AWAIT && before.getStack(before.getStackSize() - operands()).isOuterCo();
  }

  /** Whether it goes through a value that is {@code co} or null, so that it may fail on null. */
  boolean isThroughNullable() {
    return kind != Kind.CALL
        && before.getStack(before.getStackSize() - operands()).kind() == TypedValue.Kind.CO_OR_NULL;
  }

  /** Whether the class of the receiver tells the method that gets {@code co}. */
  boolean isDispatched() {
    return kind == Kind.CALL && helper == null && !(call instanceof RealCall);
  }

  /** Whether the method that is called may need {@code co} as an object. */
  boolean needsCo() {
    return isDispatched() && passesAwaiter();
  }

  private boolean passesAwaiter() {
    for (int i = 1; i <= operands(); i++) {
      TypedValue operand = before.getStack(before.getStackSize() - i);
      if (operand.isCo() && Shape.isAwaiter(operand.known())) {
        return true;
      }
    }
    return false;
  }

  /** How many values of the stack the call takes. */
  int operands() {
    int arguments = Type.getArgumentTypes(call.desc).length;
    return call.getOpcode() == Opcodes.INVOKESTATIC ? arguments : arguments + 1;
  }
}
