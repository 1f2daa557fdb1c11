package io.fermata.internal.compiler.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.Yielder;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Bodies and helpers of a library that outlives the applications which inherit them. */
class InheritedBodiesTest {
  /** A body of the library, with helpers that an application may override. */
  public abstract static class Base implements GeneratorBody<Integer> {
    protected abstract int top();

    @Override
    public void run(Yielder<?, Integer> co) {
      deep(co);
      own(co);
    }

    protected void deep(Yielder<?, Integer> co) {
      for (int i = 0; i < top(); i++) {
        co.yield(i);
      }
    }

    private void own(Yielder<?, Integer> co) {
      co.yield(-top());
    }
  }

  /** A helper of the library. */
  public interface Walk {
    int size();

    default void walk(Yielder<?, Integer> co) {
      for (int i = 0; i < size(); i++) {
        step(co, i);
      }
    }

    default void step(Yielder<?, Integer> co, int i) {
      co.yield(i);
    }
  }

  /** An application. */
  public static final class App implements Callable<List<Generator<Integer>>> {
    static final class Plain extends Base {
      @Override
      protected int top() {
        return 2;
      }
    }

    static final class Overriding extends Base {
      @Override
      protected int top() {
        return 1;
      }

      @Override
      protected void deep(Yielder<?, Integer> co) {
        co.yield(7);
        super.deep(co);
      }
    }

    static final class Walker implements Walk {
      @Override
      public int size() {
        return 2;
      }

      @Override
      public void step(Yielder<?, Integer> co, int i) {
        co.yield(10 * i);
      }
    }

    @Override
    public List<Generator<Integer>> call() {
      return List.of(
          Generator.of(new Plain()),
          Generator.of(new Overriding()),
          Generator.of(co -> new Walker().walk(co)));
    }
  }

  /** The loader of an application. */
  private static final class AppLoader extends ClassLoader {
    AppLoader() {
      super(InheritedBodiesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        return name.startsWith(App.class.getName()) ? define(name) : super.loadClass(name, resolve);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] file = in.readAllBytes();
        return defineClass(name, file, 0, file.length);
      } catch (IOException unreadable) {
        throw new ClassNotFoundException(name, unreadable);
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Generator<Integer>> deployed() throws Exception {
    Class<?> app = new AppLoader().loadClass(App.class.getName());
    return ((Callable<List<Generator<Integer>>>) app.getDeclaredConstructor().newInstance()).call();
  }

  @Test
  void eachApplicationHasItsOwnMethods() throws Exception {
    for (int i = 0; i < 3; i++) {
      List<Generator<Integer>> bodies = deployed();
      bodies.forEach(body -> assertEquals("compiled", body.engine(), body.engineReason()));
      assertEquals(
          List.of(List.of(0, 1, -2), List.of(7, 0, -1), List.of(0, 10)),
          bodies.stream().map(Generator::toList).toList());
    }
  }

  @Test
  void allThatInheritABodyShareItsFrame() throws Exception {
    List<Generator<Integer>> first = deployed();
    List<Generator<Integer>> second = deployed();
    assertSame(first.get(0).getClass(), second.get(0).getClass());
    assertSame(first.get(0).getClass(), first.get(1).getClass());
    assertTrue(first.get(0).getClass().getName().endsWith("$fermata$run$0_generator"));
    assertNotSame(first.get(2).getClass(), second.get(2).getClass());
  }
}
