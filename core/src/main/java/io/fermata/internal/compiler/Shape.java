package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import org.objectweb.asm.Type;

/** The types of frame: the class of the runtime that they extend, and the type of {@code co}. */
public enum Shape {
  /** Yields objects. */
  GENERATOR("GeneratorFrame", "io/fermata/Yielder", TypedValue.OBJECT),
  /** Yields objects, takes objects, returns something. */
  COROUTINE("CoroutineFrame", "io/fermata/Yielder", TypedValue.OBJECT),
  /** Yields ints. */
  INT("IntFrame", "io/fermata/IntYielder", Type.INT_TYPE),
  /** Yields longs. */
  LONG("LongFrame", "io/fermata/LongYielder", Type.LONG_TYPE),
  /** Yields doubles. */
  DOUBLE("DoubleFrame", "io/fermata/DoubleYielder", Type.DOUBLE_TYPE),
  /** Awaits, returns something. */
  ASYNC("AsyncFrame", Abi.AWAITER, TypedValue.OBJECT),
  /** Awaits, and yields objects. */
  ASYNC_GENERATOR("AsyncGeneratorFrame", "io/fermata/async/AsyncYielder", TypedValue.OBJECT);

  /** The class of the runtime that frames of this shape extend. */
  final String frame;

  /** The type of {@code co}. */
  final String yielder;

  /** The type of a yielded value. */
  @SuppressWarnings("ImmutableEnumChecker") // Type is immutable
  final Type yielded;

  /** The field in which a frame leaves a yielded value for the caller, and its class. */
  final String yieldedField;

  final String yieldedOwner;

  Shape(String frame, String yielder, Type yielded) {
    this.frame = Abi.RUNTIME + frame;
    this.yielder = yielder;
    this.yielded = yielded;
    boolean isObject = yielded.getSort() == Type.OBJECT;
    this.yieldedField = isObject ? "value" : "current"; // primitives are not boxed
    this.yieldedOwner = isObject ? Abi.FRAME : this.frame;
  }

  /** The field of {@link Abi#STAND_IN} for the {@code co} of such a frame, which does not await. */
  String standIn() {
    return switch (this) {
      case INT -> "INTS";
      case LONG -> "LONGS";
      case DOUBLE -> "DOUBLES";
      default -> "OBJECTS";
    };
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

  /** Whether its bodies yield objects. */
  boolean yieldsObjects() {
    return yielded.getSort() == Type.OBJECT;
  }

  /** Whether its bodies await. */
  public boolean awaits() {
    return this == ASYNC || this == ASYNC_GENERATOR;
  }

  /** The shape of a helper that gets such a {@code co}, as a parameter of some type. */
  Shape ofHelper(Type parameter) {
    return switch (this) {
      case ASYNC_GENERATOR -> parameter.getInternalName().equals(ASYNC.yielder) ? ASYNC : this;
      case COROUTINE -> GENERATOR;
      default -> this;
    };
  }
}
