package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.runtime.Frame;
import org.jspecify.annotations.Nullable;

/**
 * The check that a generated class can extend the runtime of this library. Generated classes belong
 * to the class loader of their host, and in OSGi and in plug-in containers a loader sees only the
 * packages that it imports.
 */
final class RuntimeImport {
  private static final String PACKAGE = Frame.class.getPackageName();

  private RuntimeImport() {}

  /** Refuses a host whose loader does not see the runtime of this library. */
  static void check(Class<?> host) throws NotCompilable {
    Class<?> seen = find(host.getClassLoader());
    if (seen == Frame.class) {
      return;
    }
    throw new NotCompilable(
        "the class loader of "
            + host.getName()
            + (seen == null
                ? " does not see the package " + PACKAGE
                : " sees another copy of the package " + PACKAGE)
            + ", which compiled bodies need: import it beside io.fermata (in OSGi: Import-Package: "
            + PACKAGE
            + "), or have the loader ask that of io.fermata for it");
  }

  private static @Nullable Class<?> find(@Nullable ClassLoader loader) {
    try {
      return Class.forName(Frame.class.getName(), false, loader);
    } catch (ClassNotFoundException | LinkageError missing) {
      return null;
    }
  }
}
