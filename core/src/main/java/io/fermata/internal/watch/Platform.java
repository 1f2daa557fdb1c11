package io.fermata.internal.watch;

/**
 * The optional modules of the JDK that are present. Classes that use a missing module must not be
 * loaded.
 */
final class Platform {
  static final boolean HAS_FLIGHT_RECORDER = has("jdk.jfr");
  static final boolean HAS_MBEANS = has("java.management");

  private Platform() {}

  private static boolean has(String name) {
    return ModuleLayer.boot()
        .findModule(name)
        // An optional module may be present and yet not readable from here.
        .map(module -> Platform.class.getModule().canRead(module))
        .orElse(false);
  }
}
