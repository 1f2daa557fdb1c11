package io.fermata.internal.watch;

/**
 * Which of the JDK's optional modules are there; without them, the classes that use them are not.
 */
final class Platform {
  static final boolean HAS_FLIGHT_RECORDER = has("jdk.jfr");
  static final boolean HAS_MBEANS = has("java.management");

  private Platform() {}

  private static boolean has(String name) {
    return ModuleLayer.boot()
        .findModule(name)
        .map(module -> Platform.class.getModule().canRead(module))
        .orElse(false);
  }
}
