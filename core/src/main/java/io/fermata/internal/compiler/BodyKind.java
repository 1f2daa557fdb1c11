package io.fermata.internal.compiler;

import org.objectweb.asm.Type;

/**
 * The kinds of body, one row each: the interface that a body implements, the frame that it becomes,
 * and how it is called. Both engines read this table; a new kind is a new row, and javac then asks
 * for the line of the thread engine that calls such a body.
 */
public enum BodyKind {
  /** Yields objects. */
  GENERATOR("io/fermata/GeneratorBody", Shape.GENERATOR, Result.DROPPED, 0, "the generator"),
  /** Yields objects, takes objects, returns something. */
  COROUTINE("io/fermata/CoroutineBody", Shape.COROUTINE, Result.KEPT, 0, "the coroutine"),
  /** A coroutine without a result. */
  SINK("io/fermata/SinkBody", Shape.COROUTINE, Result.DROPPED, 0, "the coroutine"),
  /** Yields ints. */
  INT_GENERATOR("io/fermata/IntGeneratorBody", Shape.INT, Result.DROPPED, 0, "the generator"),
  /** Yields longs. */
  LONG_GENERATOR("io/fermata/LongGeneratorBody", Shape.LONG, Result.DROPPED, 0, "the generator"),
  /** Yields doubles. */
  DOUBLE_GENERATOR(
      "io/fermata/DoubleGeneratorBody", Shape.DOUBLE, Result.DROPPED, 0, "the generator"),
  /** Awaits, returns something. */
  ASYNC("io/fermata/async/AsyncBody", Shape.ASYNC, Result.KEPT, 0, "the async"),
  /** Awaits, without a result. */
  ASYNC_ACTION("io/fermata/async/AsyncAction", Shape.ASYNC, Result.DROPPED, 0, "the async"),
  /** Awaits, gets a handle after {@code co}, returns something. */
  SCOPE("io/fermata/async/ScopeBody", Shape.ASYNC, Result.KEPT, 1, "the async"),
  /** Awaits, gets a handle after {@code co}, without a result. */
  SCOPE_ACTION("io/fermata/async/ScopeAction", Shape.ASYNC, Result.DROPPED, 1, "the async"),
  /** Awaits, and yields objects. */
  ASYNC_GENERATOR(
      "io/fermata/async/AsyncGeneratorBody",
      Shape.ASYNC_GENERATOR,
      Result.DROPPED,
      0,
      "the async generator"),
  /** Awaits, yields objects, and takes objects. */
  ASYNC_COROUTINE(
      "io/fermata/async/AsyncCoroutineBody",
      Shape.ASYNC_GENERATOR,
      Result.DROPPED,
      0,
      "the async generator");

  /** What happens to the value that a body returns. */
  private enum Result {
    KEPT,
    DROPPED
  }

  private final String bodyType;
  private final Shape shape;
  private final Result result;
  private final int handles;
  private final String noun;

  BodyKind(String bodyType, Shape shape, Result result, int handles, String noun) {
    this.bodyType = bodyType;
    this.shape = shape;
    this.result = result;
    this.handles = handles;
    this.noun = noun;
  }

  /** The internal name of the functional interface that a body of this kind implements. */
  public String bodyType() {
    return bodyType;
  }

  /** The frame that a body of this kind becomes. */
  public Shape shape() {
    return shape;
  }

  /** Whether the value that the body returns is its result. */
  public boolean keepsResult() {
    return result == Result.KEPT;
  }

  /** How many parameters of a body follow {@code co}; they are given when its frame is made. */
  public int handles() {
    return handles;
  }

  /** Whether its bodies await. */
  public boolean awaits() {
    return shape.awaits();
  }

  /** Its name in messages, with an article. */
  public String noun() {
    return noun;
  }

  /** Whether a type is the interface of bodies that await. */
  static boolean isAwaitingBody(Type type) {
    for (BodyKind kind : values()) {
      if (kind.awaits() && type.getDescriptor().equals("L" + kind.bodyType + ";")) {
        return true;
      }
    }
    return false;
  }
}
