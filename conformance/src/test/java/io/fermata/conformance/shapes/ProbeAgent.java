package io.fermata.conformance.shapes;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Set;
import java.util.TreeSet;

/**
 * A Java agent as coverage tools and profilers are: it looks at every class that is defined, hands
 * back a copy, and has all that were generated transformed once more at the end.
 */
public final class ProbeAgent {
  private ProbeAgent() {}

  /** Called by the JVM. */
  public static void premain(String argument, Instrumentation instrumentation) {
    Set<String> seen = new TreeSet<>();
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader,
              String name,
              Class<?> redefined,
              ProtectionDomain domain,
              byte[] file) {
            if (name == null || !name.contains("/Workout")) {
              return null;
            }
            seen.add((redefined == null ? "defined " : "again ") + simple(name));
            return file.clone();
          }
        },
        true);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> report(instrumentation, seen)));
  }

  private static void report(Instrumentation instrumentation, Set<String> seen) {
    try {
      for (Class<?> type : instrumentation.getAllLoadedClasses()) {
        if (type.getName().contains("$fermata$") && instrumentation.isModifiableClass(type)) {
          instrumentation.retransformClasses(type);
        }
      }
    } catch (Exception failure) {
      System.out.println(failure);
    }
    System.out.println(String.join("\n", seen));
  }

  private static String simple(String name) {
    return name.substring(name.lastIndexOf('/') + 1).replaceAll("\\$[0-9a-f]{8}\\$", "\\$#\\$");
  }
}
