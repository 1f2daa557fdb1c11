package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncCloseable;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.Promise;
import io.fermata.async.StopAsyncIteration;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What stands for async with and async for; and tasks that are driven to their end. */
class AsyncScopesTest extends AsyncTest {
  /** Logs that it is opened and closed, both after some time. */
  private final class Resource implements AsyncCloseable {
    private final String name;

    Resource(String name) {
      this.name = name;
    }

    Async<Resource> open() {
      return Async.of(
          co -> {
            co.await(step("open " + name, 1));
            return this;
          });
    }

    @Override
    public Async<Void> aclose() {
      return Async.action(co -> co.await(step("close " + name, 1)));
    }
  }

  /** Numbers, by an iterator of the user's own. */
  private static final class Numbers implements AsyncGenerator<Object> {
    private final List<Object> left;
    private Object current;

    Numbers(Object... values) {
      left = new ArrayList<>(List.of(values));
    }

    @Override
    public Async<Boolean> advance() {
      return Async.of(
          co -> {
            co.await(sleep(1));
            if (left.isEmpty()) {
              return false;
            }
            current = left.remove(0);
            return true;
          });
    }

    @Override
    public Object current() {
      return current;
    }

    @Override
    public Async<Object> athrow(Throwable exception) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Async<Void> aclose() {
      return Async.action(co -> left.clear());
    }

    @Override
    public State state() {
      return State.SUSPENDED;
    }
  }

  @EngineTest
  @Conforms("C-028")
  void aResourceIsClosedAfterTheBodyHoweverThatEnds() throws Exception {
    IOException failure = new IOException();
    runAction(
        co -> {
          for (int i = 0; i < 3; i++) {
            int turn = i;
            try {
              log.add(
                  co.await(
                      Async.using(
                          co.await(new Resource("r").open()),
                          (in, r) -> {
                            log.add("body");
                            if (turn == 1) {
                              return "early";
                            }
                            in.await(turn == 2 ? failing(failure, 1) : step("work", 1));
                            return "end";
                          })));
            } catch (IOException e) {
              log.add(e == failure);
            }
          }
        });
    assertEquals(
        List.of(
            "open r", "body", "work", "close r", "end", //
            "open r", "body", "close r", "early", //
            "open r", "body", "close r", true),
        log);
  }

  @EngineTest
  @Conforms({"C-029", "C-030"})
  void severalAreClosedInReverseAndTheExceptionGoesOnThroughAll() throws Exception {
    IOException failure = new IOException();
    runAction(
        co ->
            assertSame(
                failure,
                assertThrows(
                    IOException.class,
                    () ->
                        co.await(
                            Async.usingAction(
                                new Resource("a"),
                                (outer, a) ->
                                    outer.await(
                                        Async.usingAction(
                                            new Resource("b"),
                                            (inner, b) -> inner.await(failing(failure, 1)))))))));
    assertEquals(List.of("close b", "close a"), log);
  }

  @EngineTest
  @Conforms("C-031")
  void ifOpeningFailsNothingIsClosedAndTheBodyDoesNotRun() throws Exception {
    IOException failure = new IOException();
    Async<Resource> broken =
        Async.of(
            co -> {
              co.await(failing(failure, 1));
              return new Resource("never");
            });
    Async<Void> main =
        Async.action(
            co -> co.await(Async.usingAction(co.await(broken), (in, resource) -> log.add("body"))));
    assertSame(failure, assertThrows(IOException.class, () -> run(main)));
    assertEquals(List.of(), log);
  }

  @EngineTest
  @Conforms("C-032")
  void aFailureOfClosingIsNotedInTheOneOfTheBodyAtEachLevel() throws Exception {
    IOException body = new IOException("body");
    IOException inner = new IOException("inner");
    IOException outer = new IOException("outer");
    AsyncCloseable first = () -> Async.action(co -> co.await(failing(outer, 1)));
    AsyncCloseable second = () -> Async.action(co -> co.await(failing(inner, 1)));
    Async<Void> main =
        Async.usingAction(
            first,
            (out, a) ->
                out.await(Async.usingAction(second, (in, b) -> in.await(failing(body, 1)))));
    assertSame(body, assertThrows(IOException.class, () -> run(main)));
    assertArrayEquals(new Throwable[] {inner, outer}, body.getSuppressed());
  }

  @EngineTest
  @Conforms({"C-035", "C-038"})
  void aLoopTakesStepsToTheEndAndGivesTheItemsAsTheyAre() throws Exception {
    List<Object> items = List.of(1, new StopAsyncIteration(), List.of());
    runAction(
        co -> {
          Numbers numbers = new Numbers(items.toArray());
          co.await(numbers.forEach((in, item) -> log.add(item)));
          assertEquals(items, log);
          assertEquals(3 + 1, now());
          assertEquals("none", co.await(numbers.anext("none")));
          assertThrows(StopAsyncIteration.class, () -> co.await(numbers.anext()));
          assertEquals(7, co.await(new Numbers(7).anext()));
        });
  }

  @EngineTest
  @Conforms("C-036")
  void aLoopMayBeLeftAndItemsSkipped() throws Exception {
    runAction(
        co -> {
          Task<Void> other =
              Task.start(
                  Async.action(
                      in -> {
                        in.await(sleep(2));
                        log.add("other");
                      }));
          Numbers numbers = new Numbers(1, 2, 3, 4, 5);
          while (co.await(numbers.advance())) {
            if (numbers.current().equals(2)) {
              continue;
            }
            if (numbers.current().equals(4)) {
              break;
            }
            log.add(numbers.current());
          }
          co.await(other);
        });
    assertEquals(List.of(1, "other", 3), log);
  }

  @EngineTest
  @Conforms("C-037")
  void ifTheGeneratorCannotBeMadeTheBodyDoesNotRun() {
    IllegalStateException failure = new IllegalStateException();
    Async<Void> main =
        Async.action(co -> co.await(noRows(failure).forEach((in, row) -> log.add("body"))));
    assertSame(failure, assertThrows(IllegalStateException.class, () -> run(main)));
    assertEquals(List.of(), log);
  }

  private static AsyncGenerator<Object> noRows(IllegalStateException failure) {
    throw failure;
  }

  @EngineTest
  @Conforms("C-040")
  void loopsAndResourcesNest() throws Exception {
    runAction(
        co ->
            co.await(
                Async.usingAction(
                    new Resource("a"),
                    (outer, a) ->
                        outer.await(
                            new Numbers(1, 2)
                                .forEach(
                                    (in, number) ->
                                        in.await(
                                            Async.usingAction(
                                                new Resource("b" + number),
                                                (inner, b) -> log.add(number))))))));
    assertEquals(List.of(1, "close b1", 2, "close b2", "close a"), log);
  }

  @EngineTest
  @Conforms("A-052")
  void anEndOfIterationOfTheLoopsBodyIsNotTheEndOfTheLoop() throws Exception {
    StopAsyncIteration stop = new StopAsyncIteration();
    Async<Void> main =
        Async.action(
            co ->
                co.await(
                    new Numbers(1)
                        .forEach(
                            (in, number) -> {
                              throw stop;
                            })));
    assertSame(stop, assertThrows(StopAsyncIteration.class, () -> run(main)));
  }

  @EngineTest
  @Conforms("C-005")
  void anAsyncThatAwaitsItselfIsRefused() throws Exception {
    List<Async<String>> self = new ArrayList<>();
    Async<String> async = Async.of(co -> co.await(self.get(0)));
    self.add(async);
    assertThrows(IllegalStateException.class, () -> run(async));
  }

  @EngineTest
  @Conforms({"C-007", "C-008"})
  void aTaskIsCancelledAtItsInnermostAwaitOnceAndBeforeItsStartRunsNothing() throws Exception {
    runAction(
        co -> {
          Task<String> unstarted = Task.start(step("never", 0));
          unstarted.cancel();
          Task<String> task =
              Task.start(
                  Async.of(
                      outer -> {
                        try {
                          return outer.await(
                              Async.of(
                                  inner -> {
                                    try {
                                      return inner.await(Async.sleep(ms(10), "x"));
                                    } finally {
                                      log.add("inner");
                                    }
                                  }));
                        } finally {
                          log.add("outer");
                        }
                      }));
          co.await(sleep(1));
          task.cancel();
          assertThrows(Cancelled.class, () -> co.await(task));
          assertThrows(Cancelled.class, () -> co.await(unstarted));
          assertFalse(task.cancel());
          assertEquals(List.of("inner", "outer"), log);
        });
  }

  @EngineTest
  @Conforms("C-025")
  void whatIsAwaitedInnermostGetsTheValueAndTheException() throws Exception {
    IOException failure = new IOException();
    runAction(
        co -> {
          Promise<String> value = Promise.open();
          Promise<String> broken = Promise.open();
          Task<Void> task =
              Task.start(
                  Async.action(
                      outer -> {
                        outer.await(Async.of(inner -> log.add(inner.await(value))));
                        try {
                          outer.await(Async.of(inner -> inner.await(broken)));
                        } catch (IOException e) {
                          log.add(e);
                        }
                      }));
          co.await(pause());
          value.setResult("value");
          broken.setException(failure);
          co.await(task);
          assertEquals(List.of("value", failure), log);
        });
  }

  @EngineTest
  @Conforms("C-026")
  void anAwaitInAHandlerThrowsAsACallDoesAndNotesNothing() throws Exception {
    IOException second = new IOException("second");
    Async<Void> main =
        Async.action(
            co -> {
              try {
                co.await(failing(new IOException("first"), 1));
              } catch (IOException first) {
                co.await(Task.start(failing(second, 1)));
              }
            });
    assertSame(second, assertThrows(IOException.class, () -> run(main)));
    assertArrayEquals(new Throwable[0], second.getSuppressed());
  }
}
