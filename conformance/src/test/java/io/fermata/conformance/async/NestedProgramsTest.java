package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.engine.BestEngine;
import io.fermata.internal.engine.Engine;
import io.fermata.internal.engine.EngineChoice;
import io.fermata.internal.engine.ThreadEngine;
import io.fermata.runtime.Frame;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.invoke.MethodHandles;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random programs with nested bodies do the same on the thread engine, on the best one, and where
 * some bodies run on this and some on that. The seed is another one each time, and printed: {@code
 * -Dfermata.random.seed} repeats a run, {@code -Dfermata.nested.programs} tells how many programs.
 */
class NestedProgramsTest {
  private static final int PROGRAMS = 60;
  private static final int BATCH = 60;

  private final Map<String, Integer> reasons = new TreeMap<>();
  private int compiled;
  private int lines;
  private int refusals;

  @AfterEach
  void restoreTheEngine() {
    EngineChoice.useDefault();
  }

  /** Counts what is compiled, and why the rest is not. */
  private final class Counting implements Engine {
    private final BestEngine best = new BestEngine();

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public Frame<?> newFrame(
        BodyKind kind, Object body, MethodHandles.Lookup lookup, String reason) {
      Frame<?> frame = best.newFrame(kind, body, lookup, reason);
      if (frame.engine().equals("compiled")) {
        compiled++;
      } else {
        reasons.merge(
            frame
                .engineReason()
                .replaceAll(".* because |" + NestedPrograms.FILE + ":\\d+|\\w+\\.p\\d+h\\d+", ""),
            1,
            Integer::sum);
      }
      return frame;
    }
  }

  /** Runs each body on one of two engines, always the same one. */
  private record Mixed(Engine first, Engine second, long seed) implements Engine {
    @Override
    public String name() {
      return "mixed";
    }

    @Override
    public Frame<?> newFrame(
        BodyKind kind, Object body, MethodHandles.Lookup lookup, String reason) {
      String source = new ThreadEngine().newFrame(kind, body, lookup, reason).toString();
      boolean isFirst = new Random(seed ^ source.hashCode()).nextBoolean();
      return (isFirst ? first : second).newFrame(kind, body, lookup, reason);
    }
  }

  @Test
  void nestedBodiesDoTheSameOnEachEngineAndOnMixedOnes() throws Exception {
    int count = Integer.getInteger("fermata.nested.programs", PROGRAMS);
    long seed = Long.getLong("fermata.random.seed", new Random().nextInt(Integer.MAX_VALUE));
    System.out.println("nested programs: " + count + ", -Dfermata.random.seed=" + seed);
    for (int from = 0; from < count; from += BATCH) {
      batch(seed + from, Math.min(BATCH, count - from));
    }
    System.out.println(
        lines
            + " lines, "
            + refusals
            + " refusals; "
            + compiled
            + " bodies were compiled; not: "
            + reasons);
    int declined = reasons.values().stream().mapToInt(Integer::intValue).sum();
    assertTrue(compiled > 20 * declined, compiled + " compiled, " + reasons);
  }

  private void batch(long seed, int count) throws Exception {
    String source = NestedPrograms.source(seed, count);
    Map<String, byte[]> classes = compile(source);
    List<Engine> others = List.of(new Counting(), mixed(seed), mixed(seed + 1));
    for (int i = 0; i < count; i++) {
      String expected = run(new ThreadEngine(), classes, i);
      lines += expected.split("\n").length;
      refusals += expected.split("IllegalStateException", -1).length - 1;
      for (Engine engine : others) {
        String actual = run(engine, classes, i);
        if (!expected.equals(actual)) {
          assertEquals(
              expected,
              actual,
              "on " + engine.name() + ", seed " + (seed + i) + "\n" + numbered(source, i));
        }
      }
    }
  }

  private static Engine mixed(long seed) {
    return new Mixed(new ThreadEngine(), new BestEngine(), seed);
  }

  private static String numbered(String source, int program) {
    StringBuilder text = new StringBuilder();
    int number = 0;
    boolean shown = false;
    for (String line : source.lines().toList()) {
      number++;
      if (line.startsWith("public static class")) {
        shown = line.equals("public static class P" + program + " {");
      }
      if (shown) {
        text.append(number).append('\t').append(line).append('\n');
      }
    }
    return text.toString();
  }

  @SuppressWarnings("unchecked") // of the type that the program declares
  private static String run(Engine engine, Map<String, byte[]> classes, int program)
      throws Exception {
    NestedLog log = new NestedLog();
    EngineChoice.use(engine);
    Async<Integer> main =
        (Async<Integer>)
            new Loader(classes)
                .loadClass(NestedPrograms.NAME + "$P" + program)
                .getMethod("main", NestedLog.class)
                .invoke(null, log);
    try {
      log.note("gives " + VirtualTime.run(quietly(main)));
    } catch (Exception | Error failure) {
      log.note("throws " + log.shown(failure));
    }
    return String.join("\n", log.lines());
  }

  /** Failures of tasks that nobody awaits are no news. */
  private static Async<Integer> quietly(Async<Integer> main) {
    return Async.of(
        co -> {
          EventLoop.current().setExceptionHandler((loop, failure) -> {});
          return co.await(main);
        });
  }

  private static Map<String, byte[]> compile(String source) {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    Map<String, byte[]> classes = new HashMap<>();
    StringWriter problems = new StringWriter();
    JavaFileObject file =
        new SimpleJavaFileObject(
            URI.create("memory:///" + NestedPrograms.FILE), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    JavaFileManager files = new Memory(javac.getStandardFileManager(null, null, null), classes);
    boolean fine =
        javac
            .getTask(
                problems, files, null, List.of("-g", "-nowarn", "-proc:none"), null, List.of(file))
            .call();
    assertTrue(fine, problems + source);
    return classes;
  }

  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, byte[]> classes;

    Memory(JavaFileManager manager, Map<String, byte[]> classes) {
      super(manager);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return new ByteArrayOutputStream() {
            @Override
            public void close() {
              classes.put(className, toByteArray());
            }
          };
        }
      };
    }
  }

  /** One for each run, so that what is cached for a body's class is fresh. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> classes;

    Loader(Map<String, byte[]> classes) {
      super(NestedLog.class.getClassLoader());
      this.classes = classes;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] file = classes.get(name);
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, file, 0, file.length);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      byte[] file = classes.get(name.replace(".class", "").replace('/', '.'));
      return file == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(file);
    }
  }
}
