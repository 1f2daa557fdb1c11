package io.fermata.conformance.random;

/** The kinds of generator that a random body is made into. */
enum Flavour {
  GENERATOR("Generator<Object>", "GeneratorBody<Object>", "Generator.of", "?"),
  INTEGERS(
      "Coroutine<Integer, Object, Object>",
      "CoroutineBody<Integer, Object, Object>",
      "Coroutine.of",
      "Integer"),
  STRINGS(
      "Coroutine<String, Object, Object>",
      "CoroutineBody<String, Object, Object>",
      "Coroutine.of",
      "String"),
  OBJECTS(
      "Coroutine<Object, Object, Object>",
      "CoroutineBody<Object, Object, Object>",
      "Coroutine.of",
      "Object"),
  SINK(
      "Coroutine<Integer, Object, Void>", "SinkBody<Integer, Object>", "Coroutine.sink", "Integer"),
  INT("IntGenerator", "IntGeneratorBody", "IntGenerator.of", ""),
  LONG("LongGenerator", "LongGeneratorBody", "LongGenerator.of", ""),
  DOUBLE("DoubleGenerator", "DoubleGeneratorBody", "DoubleGenerator.of", "");

  final String type;
  final String body;
  final String factory;

  /** What its yields return; empty if nothing. */
  final String sent;

  Flavour(String type, String body, String factory, String sent) {
    this.type = type;
    this.body = body;
    this.factory = factory;
    this.sent = sent;
  }

  boolean isPrimitive() {
    return sent.isEmpty();
  }

  /** The type of what a primitive generator yields. */
  String primitive() {
    return switch (this) {
      case INT -> "int";
      case LONG -> "long";
      default -> "double";
    };
  }

  /** The type of {@code co}. */
  String yielder() {
    return switch (this) {
      case INT -> "IntYielder";
      case LONG -> "LongYielder";
      case DOUBLE -> "DoubleYielder";
      default -> "Yielder<" + sent + ", Object>";
    };
  }

  boolean hasResult() {
    return this == INTEGERS || this == STRINGS || this == OBJECTS;
  }
}
