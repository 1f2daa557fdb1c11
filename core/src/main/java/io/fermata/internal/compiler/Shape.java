package io.fermata.internal.compiler;

import io.fermata.DoubleYielder;
import io.fermata.IntYielder;
import io.fermata.LongYielder;
import io.fermata.Yielder;
import io.fermata.async.AsyncYielder;
import io.fermata.async.Awaiter;
import io.fermata.runtime.AsyncFrame;
import io.fermata.runtime.AsyncGeneratorFrame;
import io.fermata.runtime.CoroutineFrame;
import io.fermata.runtime.DoubleFrame;
import io.fermata.runtime.Frame;
import io.fermata.runtime.GeneratorFrame;
import io.fermata.runtime.IntFrame;
import io.fermata.runtime.LongFrame;
import org.objectweb.asm.Type;

/** The kinds of frame that a method can become, each with what its {@code co} yields. */
public enum Shape {
  /** Yields objects. */
  GENERATOR(GeneratorFrame.class, Yielder.class, Type.getType(Object.class), "value"),
  /** Yields objects, takes objects, returns something. */
  COROUTINE(CoroutineFrame.class, Yielder.class, Type.getType(Object.class), "value"),
  /** Yields ints. */
  INT(IntFrame.class, IntYielder.class, Type.INT_TYPE, "current"),
  /** Yields longs. */
  LONG(LongFrame.class, LongYielder.class, Type.LONG_TYPE, "current"),
  /** Yields doubles. */
  DOUBLE(DoubleFrame.class, DoubleYielder.class, Type.DOUBLE_TYPE, "current"),
  /** Awaits, returns something. */
  ASYNC(AsyncFrame.class, Awaiter.class, Type.getType(Object.class), "value"),
  /** Awaits, returns something; gets a handle after {@code co}. */
  SCOPE(AsyncFrame.class, Awaiter.class, Type.getType(Object.class), "value"),
  /** Awaits, and yields objects. */
  ASYNC_GENERATOR(
      AsyncGeneratorFrame.class, AsyncYielder.class, Type.getType(Object.class), "value");

  final String frame;
  final String yielder;

  @SuppressWarnings("ImmutableEnumChecker") // Type is immutable
  final Type yielded;

  final String yieldedField;
  final String yieldedOwner;

  Shape(Class<?> frame, Class<?> yielder, Type yielded, String yieldedField) {
    this.frame = Type.getInternalName(frame);
    this.yielder = Type.getInternalName(yielder);
    this.yielded = yielded;
    this.yieldedField = yieldedField;
    this.yieldedOwner =
        yieldedField.equals("value") ? Type.getInternalName(Frame.class) : this.frame;
  }

  /** Whether a type is that of some {@code co}. */
  public static boolean isYielder(Type type) {
    for (Shape shape : values()) {
      if (type.getDescriptor().equals("L" + shape.yielder + ";")) {
        return true;
      }
    }
    return false;
  }

  /** Whether a type is that of the {@code co} of some asynchronous body. */
  static boolean isAwaiter(Type type) {
    String name = type.getSort() == Type.OBJECT ? type.getInternalName() : "";
    return name.equals(ASYNC.yielder) || name.equals(ASYNC_GENERATOR.yielder);
  }

  /** Whether its bodies await. */
  boolean isAsync() {
    return this == ASYNC || this == SCOPE || this == ASYNC_GENERATOR;
  }

  /** How many parameters of a body follow {@code co}; they are given when its frame is made. */
  int handles() {
    return this == SCOPE ? 1 : 0;
  }

  /** The shape of a helper that gets such a {@code co}, as a parameter of some type. */
  Shape ofHelper(Type parameter) {
    return switch (this) {
      case ASYNC_GENERATOR -> parameter.getInternalName().equals(ASYNC.yielder) ? ASYNC : this;
      case COROUTINE -> GENERATOR;
      case SCOPE -> ASYNC;
      default -> this;
    };
  }
}
