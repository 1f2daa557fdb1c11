package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.fermata.BaseGenerator;
import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.conformance.Delegates.Boom;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** What a generator holds on to, and what it lets go. */
final class RetentionTest {
  static final int PATIENCE = 30;

  /** Collections to wait for; the tests of the tests, which wait in vain, have less patience. */
  static volatile int patience = PATIENCE;

  private static final Boom SHARED = new Boom("shared");

  /** An object that only its maker's caller holds. */
  private static Object fresh(List<WeakReference<Object>> made) {
    Object object = new Object();
    made.add(new WeakReference<>(object));
    return object;
  }

  private static void assertReleased(WeakReference<?> reference, String what) {
    for (int i = 0; i < patience; i++) {
      System.gc();
      if (reference.get() == null) {
        return;
      }
      if (i > 2) {
        exciteCarriers();
      }
      LockSupport.parkNanos(i * 1_000_000L); // the thread of a body may just be ending
    }
    fail(what + " is still reachable");
  }

  /**
   * Lets bodies fail on all threads that carry virtual ones: after an exception has left the frames
   * of a virtual thread, HotSpot may keep it (in {@code JavaThread::_vm_result_oop}, seen on JDK
   * 25) until the carrier unwinds frames again, which an idle one does not.
   */
  private static void exciteCarriers() {
    List<Thread> steppers = new ArrayList<>();
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
      steppers.add(new Thread(RetentionTest::stepFailingBodies));
    }
    steppers.forEach(Thread::start);
    for (Thread stepper : steppers) {
      try {
        stepper.join();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static void stepFailingBodies() {
    for (int i = 0; i < 20; i++) {
      Generator<Object> generator =
          Generator.of(
              co -> {
                co.yield("a value");
                throw SHARED;
              });
      generator.next();
      failToAdvance(generator);
    }
  }

  /** Steps a generator whose first two yields are fresh objects; what it took is forgotten here. */
  private static void assertHandsOver(
      String step, Function<Coroutine<Object, Object, Object>, Object> take) {
    List<WeakReference<Object>> made = new ArrayList<>();
    Coroutine<Object, Object, Object> coroutine =
        Coroutine.of(
            co -> {
              for (int i = 0; i < 3; i++) {
                try {
                  co.mayThrow(Boom.class);
                  co.yield(fresh(made));
                } catch (Boom e) {
                  // goes on
                }
              }
              return null;
            });
    coroutine.next();
    assertNotNull(take.apply(coroutine));
    assertEquals(2, made.size());
    assertReleased(made.get(0), "the value before that of " + step);
    assertReleased(made.get(1), "what " + step + " has handed over");
    assertEquals(State.SUSPENDED, coroutine.state());
  }

  @EngineTest
  void aTakenValueIsReleasedWhileTheGeneratorIsSuspended() {
    assertHandsOver("next()", Coroutine::next);
    assertHandsOver("nextOr()", coroutine -> coroutine.nextOr(null));
    assertHandsOver("send()", coroutine -> coroutine.send("sent"));
    assertHandsOver("raise()", RetentionTest::raised);
    assertHandsOver(
        "next() after hasNext()",
        coroutine -> {
          assertTrue(coroutine.hasNext());
          return coroutine.next();
        });
  }

  private static Object raised(Coroutine<Object, Object, Object> coroutine) {
    try {
      return coroutine.raise(new Boom("raised"));
    } catch (Boom missed) {
      throw new AssertionError(missed);
    }
  }

  @EngineTest
  void aValueTakenThroughDelegatorsIsReleased() {
    List<WeakReference<Object>> made = new ArrayList<>();
    Generator<Object> inner =
        Generator.of(
            co -> {
              co.yield(fresh(made));
              co.yield(fresh(made));
            });
    Generator<Object> middle = Generator.of(co -> co.yieldFrom(inner));
    Generator<Object> outer = Generator.of(co -> co.yieldFrom(middle));
    assertNotNull(outer.next());
    assertReleased(made.get(0), "a value that came through delegators");
    assertEquals(State.SUSPENDED, outer.state());
  }

  @EngineTest
  void theCurrentValueIsHeldUntilTheNextStep() {
    List<WeakReference<Object>> made = new ArrayList<>();
    Generator<Object> generator =
        Generator.of(
            co -> {
              co.yield(fresh(made));
              co.yield("another");
            });
    assertTrue(generator.advance());
    System.gc();
    assertNotNull(generator.current());
    assertTrue(generator.advance());
    assertReleased(made.get(0), "the value before the current one");
    assertEquals("another", generator.current());
  }

  @EngineTest
  void aValueThatWaitsAndIsDiscardedByCloseIsReleased() {
    List<WeakReference<Object>> made = new ArrayList<>();
    Generator<Object> generator = Generator.of(co -> co.yield(fresh(made)));
    assertTrue(generator.hasNext());
    generator.close();
    assertReleased(made.get(0), "a value that close() has discarded");
    Reference.reachabilityFence(generator);
  }

  @EngineTest
  void aSentValueIsReleasedOnceTheBodyHasUsedIt() {
    List<WeakReference<Object>> made = new ArrayList<>();
    List<Integer> hashes = new ArrayList<>();
    Coroutine<Object, String, Void> coroutine =
        Coroutine.sink(
            co -> {
              while (true) {
                hashes.add(System.identityHashCode(co.yield("ready")));
              }
            });
    coroutine.next();
    coroutine.send(fresh(made));
    assertReleased(made.get(0), "a sent value");
    assertEquals(1, hashes.size());
    assertEquals("ready", coroutine.next());
  }

  @EngineTest
  void aRaisedExceptionIsReleasedOnceTheBodyHasHandledIt() throws Boom {
    List<WeakReference<Object>> made = new ArrayList<>();
    Coroutine<Object, String, Void> coroutine =
        Coroutine.sink(
            co -> {
              while (true) {
                swallow(() -> co.yield("ready"));
              }
            });
    coroutine.next();
    coroutine.raise(remembered(made));
    assertReleased(made.get(0), "a raised exception");
    assertEquals("ready", coroutine.next());
  }

  private static Boom remembered(List<WeakReference<Object>> made) {
    Boom boom = new Boom("raised");
    made.add(new WeakReference<>(boom));
    return boom;
  }

  /** In a frame of its own, so that the body's holds no caught exception. */
  private static void swallow(Runnable yielding) {
    try {
      yielding.run();
    } catch (Throwable handled) {
      return;
    }
  }

  @EngineTest
  @Conforms("G-056")
  void closeReleasesWhatTheBodyHolds() {
    List<WeakReference<Object>> made = new ArrayList<>();
    Generator<String> generator = holding(made);
    generator.next();
    assertNotNull(made.get(0).get());
    assertNotNull(made.get(1).get());
    generator.close();
    assertReleased(made.get(0), "a captured object");
    assertReleased(made.get(1), "a local variable");
    Reference.reachabilityFence(generator);
  }

  /** Captures a fresh object, and holds another in a local variable. */
  private static Generator<String> holding(List<WeakReference<Object>> made) {
    Object captured = fresh(made);
    return Generator.of(
        co -> {
          Object local = fresh(made);
          co.yield("first");
          co.yield(captured.toString() + local);
        });
  }

  @EngineTest
  @Conforms("G-056")
  void closeBeforeTheFirstStepReleasesTheBody() {
    List<WeakReference<Object>> made = new ArrayList<>();
    Generator<String> generator = holding(made);
    generator.close();
    assertReleased(made.get(0), "a captured object");
    Reference.reachabilityFence(generator);
  }

  @EngineTest
  void anEndedGeneratorHoldsNothingOfItsBody() {
    List<WeakReference<Object>> made = new ArrayList<>();
    Generator<String> returned = holding(made);
    returned.toList();
    Generator<String> failed = holding(made);
    failed.next();
    assertThrows(Boom.class, () -> failed.raise(new Boom("raised")));
    assertEquals(4, made.size());
    for (WeakReference<Object> reference : made) {
      assertReleased(reference, "what an ended body held");
    }
    Reference.reachabilityFence(returned);
    Reference.reachabilityFence(failed);
  }

  @EngineTest
  void anEndedGeneratorHoldsNeitherItsLastValueNorItsFailure() {
    List<WeakReference<Object>> made = new ArrayList<>();
    Generator<Object> generator =
        Generator.of(
            co -> {
              co.yield(fresh(made));
              throw remembered(made);
            });
    assertTrue(generator.advance());
    failToAdvance(generator);
    assertEquals(2, made.size());
    assertReleased(made.get(0), "the last value");
    assertReleased(made.get(1), "the failure");
    assertThrows(StopIteration.class, generator::next);
  }

  private static void failToAdvance(BaseGenerator<?> generator) {
    try {
      generator.advance();
    } catch (Throwable expected) {
      return;
    }
    throw new AssertionError("should have failed");
  }

  @EngineTest
  void aDelegateIsReleasedWhenTheDelegationIsOver() {
    List<WeakReference<Object>> made = new ArrayList<>();
    Generator<String> outer =
        Generator.of(
            co -> {
              co.yieldFrom(rememberedGenerator(made));
              co.yield("after");
            });
    assertEquals("inner", outer.next());
    assertNotNull(made.get(0).get());
    assertEquals("after", outer.next());
    assertReleased(made.get(0), "a delegate that has ended");
    assertEquals(State.SUSPENDED, outer.state());
  }

  private static Generator<String> rememberedGenerator(List<WeakReference<Object>> made) {
    Generator<String> generator = Generator.of(co -> co.yield("inner"));
    made.add(new WeakReference<>(generator));
    return generator;
  }

  @EngineTest
  void aDroppedDelegatorIsReleasedWhileItsDelegateLives() {
    List<WeakReference<Object>> made = new ArrayList<>();
    Generator<Integer> inner =
        Generator.of(
            co -> {
              co.yield(1);
              co.yield(2);
            });
    stepADelegatorOf(inner, made);
    assertReleased(made.get(0), "a dropped delegator");
    assertEquals(2, inner.next());
  }

  private static void stepADelegatorOf(Generator<Integer> inner, List<WeakReference<Object>> made) {
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(inner));
    made.add(new WeakReference<>(outer));
    assertEquals(1, outer.next());
  }
}
