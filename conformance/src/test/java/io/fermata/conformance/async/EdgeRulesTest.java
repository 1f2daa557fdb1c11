package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.StopIteration;
import io.fermata.async.Async;
import io.fermata.async.ContextVar;
import io.fermata.async.Deferred;
import io.fermata.async.EventLoop;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.FailureGroup;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Rules of promises, tasks and groups that programs rarely meet. */
class EdgeRulesTest extends AsyncTest {
  @EngineTest
  @Conforms({"T-007"})
  void aPromiseKeepsAStopIteration() throws Exception {
    runAction(
        co -> {
          StopIteration stop = new StopIteration("value");
          Promise<Integer> p = Promise.open();
          p.setException(stop);

          assertSame(stop, p.exception());
          assertSame(stop, assertThrows(StopIteration.class, () -> co.await(p)));
        });
  }

  /** Equal to all of its kind; removes another callback when it is first compared. */
  private static final class Meddling implements Consumer<Deferred<Integer>> {
    private final Promise<Integer> promise;
    private final Consumer<Deferred<Integer>> other;
    private boolean compared;

    Meddling(Promise<Integer> promise, Consumer<Deferred<Integer>> other) {
      this.promise = promise;
      this.other = other;
    }

    @Override
    public void accept(Deferred<Integer> done) {}

    @Override
    public boolean equals(Object o) {
      if (!compared) {
        compared = true;
        promise.removeDoneCallback(other);
      }
      return o instanceof Meddling;
    }

    @Override
    public int hashCode() {
      return 0;
    }
  }

  @EngineTest
  @Conforms({"T-012"})
  void callbacksMayBeRemovedWhileOneIsCompared() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          Consumer<Deferred<Integer>> first = done -> log.add("first");
          Consumer<Deferred<Integer>> second = done -> log.add("second");
          p.addDoneCallback(first);
          p.addDoneCallback(new Meddling(p, first));
          p.addDoneCallback(second);

          assertEquals(1, p.removeDoneCallback(new Meddling(p, first)));
          p.setResult(1);
          co.await(pause());

          assertEquals(List.of("second"), log);
        });
  }

  @EngineTest
  @Conforms({"T-023"})
  void aFutureThatCompletesACancelledPromiseIsIgnored() throws Exception {
    runAction(
        co -> {
          EventLoop.current().setExceptionHandler((loop, failure) -> log.add(failure));
          CompletableFuture<Integer> future = new CompletableFuture<>();
          Promise<Integer> p = Promise.from((java.util.concurrent.CompletionStage<Integer>) future);

          assertTrue(p.cancel());
          future.complete(1);
          co.await(sleep(1));

          assertTrue(p.cancelled());
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"T-061"})
  void anExitKindFailureInCleanupEndsTheRun() {
    InternalError exit = new InternalError("exit");
    Async<Void> main =
        Async.action(
            co -> {
              Task<Void> task =
                  Task.start(
                      Async.action(
                          in -> {
                            try {
                              in.await(sleep(100));
                            } finally {
                              log.add("cleanup");
                              throwNow(exit);
                            }
                          }));
              co.await(pause());
              task.cancel();
              co.await(sleep(100));
              log.add("not reached");
            });

    assertSame(exit, assertThrows(InternalError.class, () -> run(main)));
    assertEquals(List.of("cleanup"), log);
  }

  private static void throwNow(Error failure) {
    throw failure;
  }

  /** Ends the group in which it is thrown. */
  private static final class Enough extends Exception {
    private static final long serialVersionUID = 1L;
  }

  @EngineTest
  @Conforms({"T-141"})
  void aPrivateExceptionEndsAGroupOnPurpose() throws Exception {
    runAction(
        co -> {
          try {
            co.await(
                TaskGroup.action(
                    (in, tg) -> {
                      tg.start(step("cut short", 100));
                      tg.start(failing(new Enough(), 1));
                    }));
          } catch (ExceptionGroup group) {
            FailureGroup.handling(group).on(Enough.class, part -> log.add("ended")).rethrow();
          }
          assertEquals(List.of("ended"), log);
        });
  }

  @EngineTest
  @Conforms({"T-155"})
  void aSettingInAContextVariableStaysPerTask() throws Exception {
    ContextVar<MathContext> precision = ContextVar.of("precision", MathContext.UNLIMITED);
    runAction(
        co -> {
          List<String> thirds = co.await(Async.gather(third(precision, 2), third(precision, 5)));

          assertEquals(List.of("0.33", "0.33333"), thirds);
          assertSame(MathContext.UNLIMITED, precision.get());
        });
  }

  private static Async<String> third(ContextVar<MathContext> precision, int digits) {
    return Async.of(
        co -> {
          precision.set(new MathContext(digits));
          co.await(pause());
          return BigDecimal.ONE.divide(BigDecimal.valueOf(3), precision.get()).toString();
        });
  }

  /** Must not be looked at. */
  private static final class Untouchable {
    @Override
    public boolean equals(Object o) {
      throw new AssertionError("compared");
    }

    @Override
    public int hashCode() {
      throw new AssertionError("hashed");
    }

    @Override
    public String toString() {
      throw new AssertionError("printed");
    }
  }

  @EngineTest
  @Conforms({"T-185"})
  void aResultIsNotLookedAt() throws Exception {
    Untouchable result = new Untouchable();
    Async<Untouchable> main =
        Async.of(
            co -> {
              co.await(pause());
              return co.await(Task.start(Async.of(in -> result)));
            });

    assertTrue(run(main) == result);
  }
}
