package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.GeneratorExit;
import io.fermata.IgnoredExitException;
import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.StopAsyncIteration;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Asynchronous generators: what is thrown into them, and their closing. */
class AsyncGeneratorClosingTest extends GeneratorScene {
  @EngineTest
  @Conforms("A-025")
  void closingRunsTheAwaitsOfTheFinallyBlocks() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> letsThrough = cleaning();
          co.await(letsThrough.anext());
          assertNull(co.await(letsThrough.aclose()));
          assertEquals(2, now());
          AsyncGenerator<Integer> returns =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.yield(1);
                    } catch (GeneratorExit exit) {
                      in.await(sleep(1));
                      log.add(exit.getClass());
                    }
                  });
          co.await(returns.anext());
          assertNull(co.await(returns.aclose()));
          assertEquals(List.of("cleaned", GeneratorExit.class), log);
        });
  }

  @EngineTest
  @Conforms({"A-026", "A-031"})
  void aYieldDuringClosingIsRefusedAndItCanBeClosedAgain() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.yield(1);
                    } finally {
                      in.await(sleep(1));
                      in.yield(2);
                    }
                  });
          co.await(generator.anext());
          var ignored =
              assertThrows(IgnoredExitException.class, () -> co.await(generator.aclose()));
          assertTrue(ignored.getMessage().contains("ignored GeneratorExit"));
          assertEquals(State.SUSPENDED, generator.state());
          co.await(generator.aclose());
          assertEquals(State.CLOSED, generator.state());
        });
  }

  @EngineTest
  @Conforms("A-027")
  void closingANewOneRunsNothing() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator = cleaning();
          assertNull(co.await(generator.aclose()));
          assertEquals(List.of(), log);
          assertThrows(StopAsyncIteration.class, () -> co.await(generator.anext()));
          assertFalse(co.await(generator.advance()));
        });
  }

  /** Steps a generator once, and forgets it; gives a trace of it. */
  private Async<WeakReference<?>> dropped() {
    return Async.of(
        co -> {
          AsyncGenerator<Integer> generator = cleaning();
          co.await(generator.anext());
          return new WeakReference<>(generator);
        });
  }

  private static void collect(WeakReference<?> dropped) {
    long start = System.nanoTime();
    while (dropped.get() != null && System.nanoTime() - start < 20_000_000_000L) {
      System.gc();
    }
    assertNull(dropped.get());
  }

  @EngineTest
  @Conforms({"A-044", "A-045"})
  void oneThatWasCollectedIsClosedWithItsLoopAllTheSame() throws Exception {
    runAction(
        co -> {
          collect(co.await(dropped()));
          assertEquals(List.of(), log);
        });
    assertEquals(List.of("cleaned"), log);
  }

  @EngineTest
  @Conforms("A-049")
  void oneThatWasCollectedIsClosedWhenAnotherBegins() throws Exception {
    EventLoop.run(
        Async.action(
            co -> {
              collect(co.await(dropped()));
              long start = System.nanoTime();
              while (log.isEmpty() && System.nanoTime() - start < 20_000_000_000L) {
                co.await(Async.using(cleaning(), (in, another) -> in.await(another.anext())));
                log.remove("cleaned");
              }
              assertEquals(List.of("cleaned"), log);
            }));
  }

  @EngineTest
  @Conforms("A-028")
  void closingWhatIsClosedDoesNothing() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> closed = cleaning();
          co.await(closed.anext());
          co.await(closed.aclose());
          co.await(closed.aclose());
          AsyncGenerator<Integer> exhausted = cleaning();
          while (co.await(exhausted.advance())) {}
          co.await(exhausted.aclose());
          assertEquals(List.of("cleaned", "cleaned"), log);
        });
  }

  @EngineTest
  @Conforms("A-029")
  void anotherExceptionDuringClosingComesOut() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.yield(1);
                    } finally {
                      in.await(failing(failure, 1));
                    }
                  });
          co.await(generator.anext());
          assertSame(failure, assertThrows(IOException.class, () -> co.await(generator.aclose())));
        });
  }

  @EngineTest
  @Conforms("A-030")
  void closingMayAwaitTasksAndHandleTheirFailures() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    Task<String> task = Task.start(failing(new IOException(), 5));
                    try {
                      in.yield(1);
                    } finally {
                      try {
                        in.await(task);
                      } catch (IOException e) {
                        log.add("handled");
                      }
                    }
                  });
          co.await(generator.anext());
          co.await(generator.aclose());
          assertEquals(List.of("handled"), log);
        });
  }

  @EngineTest
  @Conforms("A-032")
  void leavingALoopEarlyDoesNotCloseIt() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator = cleaning();
          while (co.await(generator.advance())) {
            break;
          }
          assertEquals(State.SUSPENDED, generator.state());
          assertEquals(List.of(), log);
          co.await(generator.aclose());
        });
  }

  @EngineTest
  @Conforms("A-033")
  void usingClosesItOnEveryWayOut() throws Exception {
    runAction(
        co -> {
          int first =
              co.await(
                  Async.using(
                      cleaning(),
                      (in, rows) -> {
                        in.await(rows.advance());
                        return rows.current();
                      }));
          assertEquals(1, first);
          assertEquals(List.of("cleaned"), log);
          IOException failure = new IOException();
          assertSame(
              failure,
              assertThrows(
                  IOException.class,
                  () ->
                      co.await(
                          Async.usingAction(
                              cleaning(),
                              (in, rows) -> {
                                in.await(rows.advance());
                                throw failure;
                              }))));
          assertEquals(List.of("cleaned", "cleaned"), log);
        });
  }

  @EngineTest
  @Conforms("A-033")
  void aLoopWithABodyClosesItOnEveryWayOut() throws Exception {
    runAction(
        co -> {
          co.await(cleaning().forEach((in, value) -> log.add(value)));
          assertEquals(List.of(1, 2, "cleaned"), log);
          IOException failure = new IOException();
          assertSame(
              failure,
              assertThrows(
                  IOException.class,
                  () ->
                      co.await(cleaning().forEach((in, value) -> in.await(failing(failure, 1))))));
          assertEquals(List.of(1, 2, "cleaned", "cleaned"), log);
          Task<Void> loop = Task.start(cleaning().forEach((in, value) -> in.await(sleep(100))));
          co.await(sleep(1));
          loop.cancel("stop");
          assertThrows(Cancelled.class, () -> co.await(loop));
          assertEquals(List.of(1, 2, "cleaned", "cleaned", "cleaned"), log);
        });
  }

  @EngineTest
  void aFailureOfClosingIsSuppressedInThatOfTheBody() throws Exception {
    runAction(
        co -> {
          IOException closing = new IOException("closing");
          IOException body = new IOException("body");
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.yield(1);
                    } finally {
                      in.await(failing(closing, 1));
                    }
                  });
          IOException thrown =
              assertThrows(
                  IOException.class,
                  () -> co.await(generator.forEach((in, value) -> in.await(failing(body, 1)))));
          assertSame(body, thrown);
          assertArrayEquals(new Throwable[] {closing}, body.getSuppressed());
          assertSame(
              closing,
              assertThrows(
                  IOException.class,
                  () ->
                      co.await(
                          Async.using(() -> Async.action(in -> fail(closing)), (in, r) -> 1))));
        });
  }

  @EngineTest
  void aRequestDuringTheClosingAfterAFailureComesAtTheNextSuspension() throws Exception {
    runAction(
        co -> {
          Task<Void> task =
              Task.start(
                  Async.action(
                      in -> {
                        try {
                          in.await(cleaning().forEach((each, value) -> fail(new IOException())));
                        } catch (IOException e) {
                          log.add(e.getSuppressed().length);
                        }
                        in.await(sleep(100));
                        log.add("not reached");
                      }));
          co.await(sleep(1));
          task.cancel("stop");
          assertEquals("stop", assertThrows(Cancelled.class, () -> co.await(task)).reason());
          assertEquals(List.of(1), log);
        });
  }

  @EngineTest
  void inACancelledScopeItIsClosedAndItsAwaitsAreCancelled() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.yield(1);
                    } finally {
                      log.add("finally");
                      in.await(sleep(1));
                      log.add("not reached");
                    }
                  });
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(
                          ms(5),
                          (outer, t) ->
                              outer.await(
                                  generator.forEach((in, value) -> in.await(sleep(100)))))));
          assertEquals(List.of("finally"), log);
          assertEquals(State.CLOSED, generator.state());
        });
  }

  @EngineTest
  @Conforms("A-040")
  void cancellingTheOneWhoAwaitsAStepUnwindsTheBody() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.await(sleep(100));
                      in.yield(1);
                    } catch (Cancelled c) {
                      log.add(c.reason());
                      throw c;
                    } finally {
                      in.await(sleep(1));
                      log.add("finally");
                    }
                  });
          Task<Integer> step = Task.start(generator.anext());
          co.await(sleep(1));
          step.cancel("stop");
          assertThrows(Cancelled.class, () -> co.await(step));
          assertEquals(List.of("stop", "finally"), log);
          assertEquals(State.CLOSED, generator.state());
          assertThrows(StopAsyncIteration.class, () -> co.await(generator.anext()));
        });
  }
}
