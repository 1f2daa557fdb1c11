package io.fermata.conformance.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.fermata.Generator;
import io.fermata.Yielder;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What a body sees of thread-locals: those of a thread of its own, not its caller's. It inherits
 * what a new thread inherits from the one that starts it, which is the one that takes the first
 * step.
 */
class ThreadLocalTest extends OnThreads {
  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();
  private static final ThreadLocal<String> INHERITABLE = new InheritableThreadLocal<>();

  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();

  @AfterEach
  void clear() {
    LOCAL.remove();
    INHERITABLE.remove();
    Thread.currentThread().setContextClassLoader(loader);
  }

  @Test
  void aThreadLocalOfTheCallerIsNotTheBodys() {
    LOCAL.set("caller's");
    Generator<String> g = Generator.of(co -> yieldForEver(LOCAL, co));
    assertNull(g.next());
    LOCAL.set("later");
    assertNull(g.next());
  }

  @Test
  void aThreadLocalOfTheBodyIsNotItsCallersAndLastsFromStepToStep() {
    Generator<String> g =
        Generator.of(
            co -> {
              LOCAL.set("body's");
              yieldForEver(LOCAL, co);
            });
    assertEquals("body's", g.next());
    assertNull(LOCAL.get());
    assertEquals("body's", g.next());
  }

  @Test
  void twoBodiesDoNotShareThreadLocals() {
    Generator<String> one =
        Generator.of(
            co -> {
              LOCAL.set("one's");
              yieldForEver(LOCAL, co);
            });
    Generator<String> other = Generator.of(co -> yieldForEver(LOCAL, co));
    assertEquals("one's", one.next());
    assertNull(other.next());
  }

  @Test
  void anInheritableThreadLocalIsInheritedAtTheFirstStep() {
    INHERITABLE.set("at creation");
    Generator<String> g = Generator.of(co -> yieldForEver(INHERITABLE, co));
    INHERITABLE.set("at the first step");
    assertEquals("at the first step", g.next());
    INHERITABLE.set("later");
    assertEquals("at the first step", g.next());
  }

  @Test
  void whoTakesTheFirstStepIsInheritedFromNotWhoCreates() throws Exception {
    INHERITABLE.set("creator's");
    Generator<String> g = Generator.of(co -> yieldForEver(INHERITABLE, co));
    FutureTask<String> elsewhere =
        new FutureTask<>(
            () -> {
              INHERITABLE.set("stepper's");
              return g.next();
            });
    new Thread(elsewhere).start();
    assertEquals("stepper's", elsewhere.get());
    assertEquals("stepper's", g.next());
  }

  @Test
  void aBodyThatIsSteppedByAnotherInheritsFromThatOne() {
    Generator<String> outer =
        Generator.of(
            co -> {
              INHERITABLE.set("outer body's");
              Generator<String> inner = Generator.of(in -> yieldForEver(INHERITABLE, in));
              co.yield(inner.next());
            });
    INHERITABLE.set("caller's");
    assertEquals("outer body's", outer.next());
  }

  /** A step of a delegation goes from the caller straight to the innermost body. */
  @Test
  void aDelegateInheritsFromTheCallerOfTheRoot() {
    Generator<String> outer =
        Generator.of(
            co -> {
              INHERITABLE.set("delegator's");
              Generator<String> inner = Generator.of(in -> yieldForEver(INHERITABLE, in));
              co.yieldFrom(inner);
            });
    INHERITABLE.set("caller's");
    assertEquals("caller's", outer.next());
  }

  private static void yieldForEver(ThreadLocal<String> local, Yielder<?, String> co) {
    while (true) {
      co.yield(local.get());
    }
  }

  @Test
  void theContextClassLoaderIsInheritedAtTheFirstStep() {
    ClassLoader own = new ClassLoader(loader) {};
    Generator<ClassLoader> g =
        Generator.of(
            co -> {
              while (true) {
                co.yield(Thread.currentThread().getContextClassLoader());
              }
            });
    Thread.currentThread().setContextClassLoader(own);
    assertSame(own, g.next());
    Thread.currentThread().setContextClassLoader(loader);
    assertSame(own, g.next());
  }
}
