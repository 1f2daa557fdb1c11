package io.fermata.benchmarks;

import io.fermata.Generator;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * What the first coroutine of a program costs, and a further one: the printer program beside the
 * same program with a plain loop, as processes in turn; and bodies that are used for the first time
 * in a JVM that has compiled others before.
 */
final class ColdStart {
  private static final int RUNS = 21;
  private static final int BODIES = 300;
  private static final int WARM = 100;

  private static final String PRINTER =
      """
      import io.fermata.Coroutine;
      public class Printer {
        public static void main(String[] args) {
          Coroutine<Integer, Void, Void> printer = Coroutine.of(co -> {
            while (true) {
              Integer item = co.yield();
              System.out.println(item);
            }
          });
          printer.next();
          for (int i = 0; i <= 10; i++) printer.send(i);
        }
      }
      """;

  private static final String PLAIN =
      """
      public class Plain {
        public static void main(String[] args) {
          for (int i = 0; i <= 10; i++) System.out.println(i);
        }
      }
      """;

  private ColdStart() {}

  /**
   * Milliseconds, by what they are for.
   *
   * @param jar the library's jar
   */
  static Map<String, Figure> measure(Path jar) throws Exception {
    Map<String, Figure> found = new TreeMap<>();
    Path classes = Files.createTempDirectory("coldstart");
    compile(classes, jar, List.of("Printer", "Plain", "Bodies"), List.of(PRINTER, PLAIN, bodies()));
    String path = jar + java.io.File.pathSeparator + classes;
    double[] printer = new double[RUNS];
    double[] more = new double[RUNS];
    for (int run = -2; run < RUNS; run++) {
      double with = milliseconds(path, "Printer");
      double without = milliseconds(path, "Plain");
      if (run >= 0) {
        printer[run] = with;
        more[run] = with - without;
      }
    }
    found.put("printer program, process, ms", Figure.of(printer));
    found.put("printer program, more than with a plain loop, ms", Figure.of(more));
    found.put("a further body, ms", furtherBodies(classes));
    return found;
  }

  private static double milliseconds(String path, String main) throws Exception {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                path,
                main)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0 || !output.contains("10")) {
      throw new IllegalStateException(main + " failed: " + output);
    }
    return (System.nanoTime() - start) / 1e6;
  }

  /** A class with many bodies, no two alike; each is the first use of its lambda. */
  private static String bodies() {
    StringWriter source = new StringWriter();
    source.write("import io.fermata.Generator;\npublic class Bodies {\n");
    source.write("  public static Generator<Integer> body(int number, int n) {\n");
    source.write("    switch (number) {\n");
    for (int i = 0; i < BODIES; i++) {
      source.write(
          String.format(
              Locale.ROOT,
              "      case %1$d: return Generator.of(co -> {%n"
                  + "        int sum = %1$d;%n"
                  + "        for (int i = 0; i < n; i += %2$d) {%n"
                  + "          try { if (i %% 3 != %3$d) co.yield(sum += i); }%n"
                  + "          finally { sum--; }%n"
                  + "        }%n"
                  + "        co.yield(sum * %2$d);%n"
                  + "      });%n",
              i,
              i % 7 + 1,
              i % 3));
    }
    source.write("      default: throw new AssertionError();\n    }\n  }\n}\n");
    return source.toString();
  }

  private static Figure furtherBodies(Path classes) throws Exception {
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {classes.toUri().toURL()}, ColdStart.class.getClassLoader())) {
      var body = loader.loadClass("Bodies").getMethod("body", int.class, int.class);
      double[] taken = new double[BODIES - WARM];
      for (int i = 0; i < BODIES; i++) {
        long start = System.nanoTime();
        Generator<?> generator = (Generator<?>) body.invoke(null, i, 10);
        generator.next();
        double milliseconds = (System.nanoTime() - start) / 1e6;
        if (!generator.engine().equals("compiled")) {
          throw new IllegalStateException(generator.engineReason());
        }
        if (i >= WARM) {
          taken[i - WARM] = milliseconds;
        }
      }
      Arrays.sort(taken);
      // the slowest are those in which something else happened: quote a spread without them
      return Figure.of(Arrays.copyOf(taken, taken.length * 95 / 100));
    }
  }

  private static void compile(Path to, Path jar, List<String> names, List<String> sources)
      throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<SimpleJavaFileObject> files = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String source = sources.get(i);
      files.add(
          new SimpleJavaFileObject(
              URI.create("string:///" + names.get(i) + ".java"), SimpleJavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignored) {
              return source;
            }
          });
    }
    List<String> options = List.of("-d", to.toString(), "-cp", jar.toString());
    if (!compiler.getTask(null, null, null, options, null, files).call()) {
      throw new IOException("the programs did not compile");
    }
  }
}
