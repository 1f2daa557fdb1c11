package io.fermata.internal.compiler.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.Yielder;
import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The names of frames do not depend on the order in which bodies are used. */
class FrameNamesTest {
  /** A program of four bodies, two of which call one helper. */
  static final class Program {
    private Program() {}

    static Generator<String> first() {
      return Generator.of(
          co -> {
            help(co);
          });
    }

    static Generator<String> second() {
      return Generator.of(
          co -> {
            help(co);
            help(co);
          });
    }

    static Generator<String> byReference() {
      return Generator.of(Program::help);
    }

    static Generator<String> byAnotherReference() {
      return Generator.of(Program::help);
    }

    private static void help(Yielder<?, String> co) {
      co.yield(frameOnTop());
    }

    /** The generated class that executes. */
    private static String frameOnTop() {
      return StackWalker.getInstance()
          .walk(
              frames ->
                  frames
                      .map(StackWalker.StackFrame::getClassName)
                      .filter(name -> name.contains("$fermata$"))
                      .findFirst())
          .orElseThrow();
    }
  }

  /** Defines the program anew. */
  private static final class Loader extends ClassLoader {
    Loader() {
      super(FrameNamesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(Program.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> known = findLoadedClass(name);
      if (known != null) {
        return known;
      }
      try (InputStream in =
          Objects.requireNonNull(getResourceAsStream(name.replace('.', '/') + ".class"))) {
        byte[] file = in.readAllBytes();
        return defineClass(name, file, 0, file.length);
      } catch (IOException unreadable) {
        throw new ClassNotFoundException(name, unreadable);
      }
    }
  }

  /** The classes of the frames of each body, and of the helper that it calls. */
  private static Map<String, String> names(String... methods) throws Exception {
    Class<?> program = Class.forName(Program.class.getName(), true, new Loader());
    Map<String, String> names = new TreeMap<>();
    for (String method : methods) {
      var factory = program.getDeclaredMethod(method);
      factory.setAccessible(true);
      Generator<?> generator = (Generator<?>) factory.invoke(null);
      assertEquals("compiled", generator.engine(), generator.engineReason());
      names.put(method, generator.getClass().getName());
      names.put(method + " on top", String.valueOf(generator.next()));
    }
    return names;
  }

  @Test
  void theOrderOfUseDoesNotMatter() throws Exception {
    Map<String, String> forward = names("first", "second", "byReference");
    Map<String, String> backward = names("byReference", "second", "first");
    assertEquals(forward, backward);
  }

  @Test
  void bodiesShareTheFrameOfAHelper() throws Exception {
    Map<String, String> names = names("first", "second");
    assertEquals(Program.class.getName() + "$fermata$help$1", names.get("first on top"));
    assertEquals(names.get("first on top"), names.get("second on top"));
    assertNotEquals(names.get("first"), names.get("second"));
  }

  @Test
  void aMethodIsAnotherFrameAsABody() throws Exception {
    Map<String, String> names = names("first", "byReference");
    String body = Program.class.getName() + "$fermata$help$1_generator";
    assertEquals(body, names.get("byReference"));
    assertEquals(body, names.get("byReference on top"));
  }

  @Test
  void anOuterCoMakesAnotherFrameOfAHelper() throws Exception {
    assertEquals("y z", EventLoop.run(Outer.own()));
    assertEquals("y z w", EventLoop.run(Outer.both()));
  }

  /** Bodies that pass their own co to a helper, and nested ones that pass that of the outer one. */
  private static final class Outer {
    private static Async<String> own() {
      return Async.of(co -> helper(co, "y") + " " + helper(co, "z"));
    }

    private static Async<String> both() {
      return Async.of(
          co -> {
            Async<String> nested =
                Async.of(in -> helper(co, "y") + " " + helper(in, "z") + " " + helper(co, "w"));
            assertEquals("compiled", nested.engine(), nested.engineReason());
            return co.await(nested);
          });
    }

    private static String helper(Awaiter co, String text) throws Exception {
      return co.await(Async.of(in -> co.await(Async.sleep(Duration.ZERO, text))));
    }
  }

  @Test
  void lambdasOfOneMethodAreNumbered() throws Exception {
    String stem = Program.class.getName() + "$fermata$help$";
    List<String> names = new ArrayList<>();
    names("byReference", "byAnotherReference")
        .forEach((method, name) -> names.add(method.contains("on top") ? "" : name));
    assertTrue(names.contains(stem + "1_generator"), names.toString());
    assertTrue(names.contains(stem + "2_generator"), names.toString());
  }
}
