package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.ContextVar;
import io.fermata.async.Deferred;
import io.fermata.async.EventLoop;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.Promise;
import io.fermata.async.ReturnWhen;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** Starting tasks, and what they are. */
class TaskTest extends AsyncTest {
  @EngineTest
  @Conforms({"T-025"})
  void aTaskStartsInTheNextRound() throws Exception {
    runAction(
        co -> {
          Task.start(step("task", 0));
          log.add("after start");
          co.await(pause());
          co.await(pause());
          assertEquals(List.of("after start", "task"), log);
        });
  }

  @EngineTest
  @Conforms({"T-026"})
  void aTaskHasTheResultOfItsBody() throws Exception {
    runAction(
        co -> {
          Task<String> good = Task.start(step("x", 1));
          IOException failure = new IOException();
          Task<String> bad = Task.start(failing(failure, 1));
          assertEquals("x", co.await(good));
          assertSame(failure, assertThrows(IOException.class, () -> co.await(bad)));
          assertEquals("x", good.result());
          assertSame(failure, bad.exception());
        });
  }

  @EngineTest
  @Conforms({"T-027", "T-043"})
  void startingATaskOutsideOfALoopIsRefusedAndSpendsTheAsync() throws Exception {
    Async<String> async = step("x", 0);
    assertThrows(IllegalStateException.class, () -> Task.start(async));
    assertThrows(IllegalStateException.class, () -> run(async));
  }

  @EngineTest
  @Conforms({"T-029"})
  void aTaskCannotAwaitItself() throws Exception {
    runAction(
        co -> {
          AtomicReference<Task<?>> self = new AtomicReference<>();
          Task<Void> task = Task.start(Async.action(in -> in.await(self.get())));
          self.set(task);
          assertThrows(IllegalStateException.class, () -> co.await(task));
        });
  }

  @EngineTest
  @Conforms({"T-030"})
  void aPromiseOfAnotherLoopCannotBeAwaited() throws Exception {
    try (EventLoop other = VirtualTime.open()) {
      Promise<Integer> foreign = Promise.open(other);
      runAction(
          co -> {
            assertThrows(IllegalStateException.class, () -> co.await(foreign));
          });
    }
  }

  @EngineTest
  @Conforms({"T-032"})
  void theCurrentTaskIsTheOneThatRuns() throws Exception {
    assertNull(Task.current());
    runAction(
        co -> {
          Task<?> me = Task.current();
          assertTrue(EventLoop.current().tasks().contains(me));
          EventLoop.current().callSoon(() -> log.add(Task.current() == null));
          Task<Boolean> other = Task.start(Async.of(in -> Task.current() != me));
          assertEquals(Set.of(me, other), EventLoop.current().tasks());
          assertTrue(co.await(other));
          assertEquals(List.of(true), log);
          assertEquals(Set.of(me), EventLoop.current().tasks());
        });
    assertNull(Task.current());
  }

  @EngineTest
  @Conforms({"T-033"})
  void interleavedTasksSeeThemselves() throws Exception {
    runAction(
        co -> {
          for (int i = 0; i < 3; i++) {
            Task.start(
                Async.action(
                    in -> {
                      Task<?> me = Task.current();
                      for (int k = 0; k < 3; k++) {
                        in.await(pause());
                        log.add(Task.current() == me);
                      }
                    }));
          }
          co.await(sleep(1));
          assertEquals(9, log.size());
          assertEquals(Set.of(true), Set.copyOf(log));
        });
  }

  @EngineTest
  void theTextThatATaskIsNamedAfterIsAskedForWhenSomebodyLooks() throws Exception {
    runAction(
        co -> {
          StringBuilder what = new StringBuilder("first");
          Task<String> inLoop = EventLoop.current().namedAfter(what).start(step("x", 0));
          Task<String> fromStarter = Task.named("other").namedAfter(what).start(step("x", 0));
          Task<String> inGroup =
              co.await(TaskGroup.of((in, group) -> group.namedAfter(what).start(step("x", 0))));
          what.replace(0, 5, "second");
          assertEquals("second", inLoop.name());
          assertEquals("second", fromStarter.name());
          assertEquals("second", inGroup.name());
          inLoop.setName("other");
          assertEquals("other", inLoop.name());
          assertThrows(NullPointerException.class, () -> Task.named("x").namedAfter(null));
        });
  }

  @EngineTest
  @Conforms({"T-034"})
  void aTaskHasAName() throws Exception {
    runAction(
        co -> {
          Task<String> named = Task.named("worker").start(step("x", 0));
          Task<String> first = Task.start(step("x", 0));
          Task<String> second = Task.start(step("x", 0));
          assertEquals("worker", named.name());
          assertTrue(first.name().matches("Task-\\d+"), first.name());
          int number = Integer.parseInt(first.name().substring(5));
          assertEquals("Task-" + (number + 1), second.name());
          first.setName("other");
          assertEquals("other", first.name());
        });
  }

  @EngineTest
  @Conforms({"T-035"})
  void callbacksAndAwaitersAreOneList() throws Exception {
    runAction(
        co -> {
          Task<String> task = Task.start(step("task", 1));
          task.addDoneCallback(done -> log.add("callback"));
          Task<Void> waiter =
              Task.start(
                  Async.action(
                      in -> {
                        in.await(task);
                        log.add("waiter");
                      }));
          co.await(waiter);
          assertEquals(List.of("task", "callback", "waiter"), log);
        });
  }

  @EngineTest
  @Conforms({"T-037"})
  void anOtherErrorIsKeptLikeAnException() throws Exception {
    runAction(
        co -> {
          AssertionError failure = new AssertionError();
          Task<String> task = Task.start(failing(failure, 1));
          assertSame(failure, assertThrows(AssertionError.class, () -> co.await(task)));
        });
  }

  @EngineTest
  @Conforms({"T-038"})
  void ensuringAnAsyncStartsATask() throws Exception {
    runAction(
        co -> {
          Deferred<String> ensured = Task.ensure(step("x", 0));
          assertEquals("x", co.await(ensured));
          assertSame(ensured, Task.ensure(ensured));
        });
  }

  @EngineTest
  @Conforms({"T-041"})
  void aSuspendedTaskTellsWhereItStands() throws Exception {
    runAction(
        co -> {
          Task<String> task = Task.start(step("x", 5));
          assertEquals(0, task.stack().length);
          co.await(sleep(1));
          assertTrue(Arrays.toString(task.stack()).contains("AsyncTest.java"));
          assertTrue(EventLoop.current().dump().contains(task.name()), EventLoop.current().dump());
          co.await(task);
          assertEquals(0, task.stack().length);
        });
  }

  @EngineTest
  void tasksThatAwaitEachOtherEndWhenOneIsCancelled() throws Exception {
    runAction(
        co -> {
          List<Task<?>> tasks = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            int next = (i + 1) % 3;
            tasks.add(
                Task.start(
                    Async.action(
                        in -> {
                          in.await(pause());
                          in.await((Task<?>) tasks.get(next));
                        })));
          }
          co.await(sleep(1));
          tasks.get(1).cancel("enough");
          co.await(sleep(1));
          assertTrue(tasks.stream().allMatch(Task::cancelled), tasks.toString());
        });
  }

  @EngineTest
  void tasksOfAGroupThatAwaitEachOtherEndWhenItFails() throws Exception {
    runAction(
        co -> {
          List<Task<?>> tasks = new ArrayList<>();
          Task<Void> group =
              Task.start(
                  TaskGroup.action(
                      (in, tg) -> {
                        for (int i = 0; i < 2; i++) {
                          int next = 1 - i;
                          tasks.add(
                              tg.start(
                                  Async.action(
                                      inner -> {
                                        inner.await(pause());
                                        inner.await((Task<?>) tasks.get(next));
                                      })));
                        }
                        in.await(sleep(1));
                        throw new IOException();
                      }));
          co.await(Async.wait(List.of(group), ReturnWhen.ALL_COMPLETED, ms(10)));
          assertInstanceOf(ExceptionGroup.class, group.exception());
          assertTrue(tasks.stream().allMatch(Task::cancelled), tasks.toString());
        });
  }

  @EngineTest
  @Conforms({"T-142", "T-145"})
  void anEagerTaskRunsAtOnce() throws Exception {
    runAction(
        co -> {
          Task<String> done = Task.eager().start(Async.of(in -> "at once"));
          assertTrue(done.done());
          assertFalse(done.cancel());
          Task<String> later =
              Task.eager()
                  .start(
                      Async.of(
                          in -> {
                            log.add("begun");
                            in.await(sleep(1));
                            return "later";
                          }));
          assertEquals(List.of("begun"), log);
          assertFalse(later.done());
          assertEquals("later", co.await(later));
        });
  }

  @EngineTest
  @Conforms({"T-143"})
  void anEagerTaskIsTheCurrentOneDuringItsStep() throws Exception {
    runAction(
        co -> {
          Task<?> me = Task.current();
          Task<?> seen = co.await(Task.eager().start(Async.<Task<?>>of(in -> Task.current())));
          assertFalse(seen == me);
          assertSame(me, Task.current());
        });
  }

  @EngineTest
  @Conforms({"T-144"})
  void anEagerTaskHasAContextOfItsOwn() throws Exception {
    runAction(
        co -> {
          ContextVar<String> variable = ContextVar.of("v", "unset");
          Task.eager().start(Async.action(in -> variable.set("inner")));
          assertEquals("unset", variable.get());
        });
  }

  @EngineTest
  @Conforms({"T-146"})
  void theFailureOfAnEagerStepIsKeptInTheTask() throws Exception {
    runAction(
        co -> {
          IOException failure = new IOException();
          Task<Object> task =
              Task.eager()
                  .start(
                      Async.of(
                          in -> {
                            throw failure;
                          }));
          assertSame(failure, task.exception());
        });
  }

  @EngineTest
  @Conforms({"T-063"})
  void aSleepTakesItsTimeAndGivesItsValue() throws Exception {
    runAction(
        co -> {
          long start = now();
          assertEquals("v", co.await(Async.sleep(ms(25), "v")));
          assertEquals(25, now() - start);
        });
  }

  @EngineTest
  @Conforms({"T-064"})
  void aSleepOfNothingGivesUpOneRound() throws Exception {
    runAction(
        co -> {
          for (long millis : new long[] {0, -5}) {
            log.clear();
            EventLoop.current()
                .callSoon(
                    () -> {
                      log.add("first");
                      EventLoop.current().callSoon(() -> log.add("second"));
                    });
            co.await(sleep(millis));
            assertEquals(List.of("first"), log);
            co.await(sleep(millis));
          }
        });
  }
}
