package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Async;
import io.fermata.async.AsyncCloseable;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Awaiter;
import io.fermata.async.Cancelled;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** A body that waits through the {@code co} of a body around it. */
class OuterCoTest extends NestingTest {
  @EngineTest
  void theBodyOfAGroupWaitsThroughIt() throws Exception {
    runAction(
        co -> {
          checkEngine();
          int sum =
              co.await(
                  TaskGroup.of(
                      (in, tg) -> {
                        checkEngine();
                        Task<Integer> task = tg.start(later(1));
                        return co.await(task) + in.await(later(2)) + co.await(later(4));
                      }));
          assertEquals(7, sum);
        });
  }

  @EngineTest
  void theBodyOfATimeoutWaitsThroughItAndIsLimited() throws Exception {
    runAction(
        co -> {
          checkEngine();
          assertEquals("x", co.await(Timeout.of(ms(5), (in, t) -> co.await(later("x")))));
          Throwable expired =
              failureOf(
                  co,
                  Timeout.action(
                      ms(5),
                      (in, t) -> {
                        checkEngine();
                        co.await(sleep(10));
                      }));
          assertInstanceOf(TimeoutException.class, expired);
        });
  }

  @EngineTest
  void theBodyOfALoopWaitsThroughIt() throws Exception {
    runAction(
        co -> {
          checkEngine();
          AsyncGenerator<Integer> numbers =
              AsyncGenerator.of(
                  own -> {
                    checkEngine();
                    own.yield(co.await(later(1)));
                    own.yield(own.await(later(2)));
                  });
          co.await(
              numbers.forEach(
                  (in, number) -> {
                    checkEngine();
                    log.add(co.await(later(number)));
                  }));
        });
    assertEquals(List.of(1, 2), log);
  }

  @EngineTest
  void theBodyWithAResourceWaitsThroughIt() throws Exception {
    runAction(
        co -> {
          checkEngine();
          AsyncCloseable resource = () -> Async.action(in -> log.add("closed"));
          log.add(
              co.await(
                  Async.using(
                      resource,
                      (in, r) -> {
                        checkEngine();
                        return co.await(step("used", 1));
                      })));
        });
    assertEquals(List.of("used", "closed", "used"), log);
  }

  @EngineTest
  void aBodyInABodyInABodyWaitsThroughEachOfThem() throws Exception {
    Async<String> main =
        Async.of(
            a -> {
              checkEngine();
              return a.await(
                  Async.of(
                      b -> {
                        checkEngine();
                        String own = b.await(later("b"));
                        return b.await(
                            Async.of(
                                c -> {
                                  checkEngine();
                                  return own
                                      + a.await(later("a"))
                                      + b.await(later("b"))
                                      + c.await(later("c"))
                                      + a.await(Async.of(d -> b.await(later("d"))));
                                }));
                      }));
            });
    assertEquals(EveryEngine.compiles() ? "compiled" : "thread", main.engine());
    assertEquals("babcd", run(main));
  }

  @EngineTest
  void awaitsOfFuturesGoThroughIt() throws Exception {
    runAction(
        co -> {
          checkEngine();
          CompletableFuture<String> future = new CompletableFuture<>();
          Promise<String> promise = Promise.open();
          Task.start(
              Async.action(
                  in -> {
                    in.await(sleep(1));
                    promise.setResult("p");
                    future.complete("f");
                  }));
          log.add(
              co.await(
                  Async.of(
                      in -> {
                        checkEngine();
                        return co.await(promise)
                            + co.await(future)
                            + co.await(future.minimalCompletionStage());
                      })));
        });
    assertEquals(List.of("pff"), log);
  }

  @EngineTest
  void aFailureArrivesAtTheAwaitInItsTryBlock() throws Exception {
    IOException failure = new IOException();
    runAction(
        co -> {
          checkEngine();
          log.add(
              co.await(
                  Async.of(
                      in -> {
                        checkEngine();
                        try {
                          return co.await(failing(failure, 1));
                        } catch (IOException caught) {
                          co.await(sleep(1));
                          return caught;
                        } finally {
                          co.await(step("finally", 1));
                        }
                      })));
        });
    assertEquals(List.of("finally", failure), log);
  }

  @EngineTest
  void aCancellationArrivesAtTheAwait() throws Exception {
    runAction(
        co -> {
          Task<String> task =
              Task.start(
                  Async.of(
                      outer -> {
                        checkEngine();
                        return outer.await(
                            Async.of(
                                in -> {
                                  checkEngine();
                                  try {
                                    return outer.await(Async.sleep(ms(10), "late"));
                                  } catch (Cancelled cancelled) {
                                    log.add(cancelled.reason());
                                    throw cancelled;
                                  }
                                }));
                      }));
          co.await(sleep(1));
          task.cancel("enough");
          assertInstanceOf(Cancelled.class, failureOf(co, task));
        });
    assertEquals(List.of("enough"), log);
  }

  @EngineTest
  void operandsAndLocalsOutliveTheAwait() throws Exception {
    runAction(
        co -> {
          checkEngine();
          long[] slots = {1, 2};
          String text =
              co.await(
                  Async.of(
                      in -> {
                        checkEngine();
                        int i = 0;
                        long wide = 1L << 40;
                        slots[i++] += wide + co.await(later(5));
                        return "a" + wide + co.await(later('c')) + slots[0] + i;
                      }));
          assertEquals("a1099511627776c10995116277821", text);
        });
  }

  @EngineTest
  void anAwaitInALoopIsRepeated() throws Exception {
    runAction(
        co -> {
          checkEngine();
          co.await(
              TaskGroup.action(
                  (in, tg) -> {
                    checkEngine();
                    for (int i = 0; i < 3; i++) {
                      int turn = i;
                      log.add((i % 2 == 0 ? co.await(later(i)) : in.await(later(-i))));
                      co.await(Async.action(inner -> log.add("turn " + co.await(later(turn)))));
                    }
                  }));
        });
    assertEquals(List.of(0, "turn 0", -1, "turn 1", 2, "turn 2"), log);
  }

  // Helpers

  @EngineTest
  void aHelperIsGivenIt() throws Exception {
    runAction(
        co -> {
          checkEngine();
          co.await(
              Async.action(
                  in -> {
                    checkEngine();
                    log.add(both(co, in));
                    log.add(both(in, co));
                    log.add(both(co, co));
                    log.add(both(in, in));
                  }));
          log.add(both(co, co));
        });
    assertEquals(List.of("ab", "ab", "ab", "ab", "ab"), log);
  }

  private String both(Awaiter first, Awaiter second) throws Exception {
    checkEngine();
    return first.await(later("a")) + second.await(later("b"));
  }

  @EngineTest
  void aHelperWhoseNestedBodyCapturesItIsPartOfItsBody() throws Exception {
    List<Async<String>> leaked = new ArrayList<>();
    runAction(
        co -> {
          checkEngine();
          log.add(helper(co, "x", 1L << 40));
          log.add(co.await(Async.of(in -> helper(co, "y", 2) + helper(in, "z", 3))));
          log.add(helperOfHelper(co, leaked));
          log.add(co.await(leaked.get(0)));
        });
    assertEquals(List.of("x1099511627776", "y2z3", "w4", "leaked"), log);
  }

  private String helper(Awaiter co, String text, long number) throws Exception {
    checkEngine();
    return co.await(Async.of(in -> text + co.await(later(number))));
  }

  private String helperOfHelper(Awaiter co, List<Async<String>> leaked) throws Exception {
    leaked.add(Async.of(in -> co.await(later("leaked"))));
    co.await(sleep(1));
    return helper(co, "w", 4);
  }

  @EngineTest
  void aHelperThatRecursesNestsBodies() throws Exception {
    Async<Integer> main =
        Async.of(
            co -> {
              checkEngine();
              return sum(co, 10);
            });
    Integer total = run(main);
    assertEquals(55, total);
  }

  private int sum(Awaiter co, int n) throws Exception {
    return co.await(Async.of(in -> sum(co, in, n)));
  }

  private int sum(Awaiter outermost, Awaiter co, int n) throws Exception {
    checkEngine();
    if (n == 0) {
      return outermost.await(later(0));
    }
    return n + co.await(Async.of(in -> sum(outermost, in, n - 1)));
  }

  // What people see

  @EngineTest
  void theStackTraceShowsTheNestedBodyAndThoseAroundIt() throws Exception {
    int line = new Throwable().getStackTrace()[0].getLineNumber();
    Async<Void> main =
        Async.action(
            co -> {
              checkEngine();
              co.await(
                  Async.action(
                      in -> {
                        co.await(sleep(1));
                        throw new IOException();
                      }));
            });
    IOException failure = assertThrows(IOException.class, () -> run(main));
    assertEquals(List.of(line + 9, line + 5), ownLines(failure.getStackTrace()));
  }

  @EngineTest
  void theStackOfATaskShowsTheAwaitThroughIt() throws Exception {
    int line = new Throwable().getStackTrace()[0].getLineNumber();
    runAction(
        co -> {
          Task<Void> task =
              Task.start(
                  Async.action(
                      outer -> {
                        checkEngine();
                        outer.await(
                            TaskGroup.action(
                                (in, tg) -> {
                                  outer.await(sleep(5));
                                }));
                      }));
          co.await(sleep(1));
          assertEquals(List.of(line + 11, line + 8), ownLines(task.stack()));
          co.await(task);
        });
  }

  private static List<Integer> ownLines(StackTraceElement[] trace) {
    return Arrays.stream(trace)
        .filter(each -> "OuterCoTest.java".equals(each.getFileName()))
        .filter(each -> each.getMethodName().startsWith("lambda$the"))
        .map(StackTraceElement::getLineNumber)
        .distinct()
        .limit(2)
        .toList();
  }
}
