package io.fermata.internal.watch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The optional parts of the JDK that this library can use here. Classes that use a missing part
 * must not be loaded.
 *
 * <p>A part is missing if the JVM has no such module, if this module does not read it, or if the
 * class loader does not show it: those of OSGi and of plug-in containers show only what is
 * imported. So the loader is asked, and not the module layer.
 */
final class Platform {
  static final boolean HAS_FLIGHT_RECORDER = sees(List.of("jdk.jfr.FlightRecorder"));
  static final boolean HAS_MBEANS =
      sees(List.of("javax.management.DynamicMBean", "java.lang.management.ManagementFactory"));

  private Platform() {}

  private static boolean sees(List<String> classes) {
    for (String name : classes) {
      Class<?> found = find(name);
      // An optional module may be present and yet not readable from here.
      if (found == null || !Platform.class.getModule().canRead(found.getModule())) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable Class<?> find(String name) {
    try {
      return Class.forName(name, false, Platform.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError missing) {
      return null;
    }
  }
}
