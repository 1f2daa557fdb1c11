package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.Outcome;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Other libraries' futures as an {@code Async}, and small additions to what asyncio has. */
class FutureAsyncTest extends AsyncTest {
  private static List<Function<CompletableFuture<String>, Async<String>>> ways() {
    return List.of(
        future -> Async.from(future),
        future -> Async.from((CompletionStage<String>) future),
        future -> Async.from((Future<String>) future));
  }

  @EngineTest
  @Conforms("F-167")
  void aFutureCanBeUsedLikeAnyOther() throws Exception {
    runAction(
        co -> {
          for (var way : ways()) {
            CompletableFuture<String> late = new CompletableFuture<>();
            CompletableFuture<String> failed = new CompletableFuture<>();
            Task<String> completing =
                Task.start(
                    Async.of(
                        in -> {
                          in.await(sleep(5));
                          late.complete("late");
                          failed.completeExceptionally(new IOException("no"));
                          return "";
                        }));
            List<Outcome<String>> outcomes =
                co.await(
                    Async.gatherOutcomes(
                        way.apply(CompletableFuture.completedFuture("there")),
                        way.apply(late),
                        way.apply(failed)));
            assertEquals("there", outcomes.get(0).get());
            assertEquals("late", outcomes.get(1).get());
            assertSame(IOException.class, outcomes.get(2).failure().getClass());
            co.await(completing);
          }
        });
  }

  @EngineTest
  @Conforms("F-167")
  void aPlainFutureIsWaitedForOnAThread() throws Exception {
    FutureTask<String> plain = new FutureTask<>(() -> "made");
    runAction(
        co -> {
          Async<String> waiting = Async.from(plain);
          Task<String> task = Task.start(waiting);
          co.await(pause());
          co.await(Async.toThread(plain::run));
          assertEquals("made", co.await(task));
        });
  }

  @EngineTest
  @Conforms("F-167")
  void aCancellationReachesTheFutureThatIsAwaited() throws Exception {
    runAction(
        co -> {
          for (var way : ways()) {
            CompletableFuture<String> awaited = new CompletableFuture<>();
            assertThrows(
                TimeoutException.class,
                () -> co.await(Timeout.of(ms(5), (in, limit) -> in.await(way.apply(awaited)))));
            assertTrue(awaited.isCancelled());

            CompletableFuture<String> cold = new CompletableFuture<>();
            Task<String> task = Task.start(way.apply(cold));
            task.cancel("before its first step");
            assertThrows(Cancelled.class, () -> co.await(task));
            assertFalse(cold.isDone());
          }
        });
  }

  @EngineTest
  @Conforms("F-168")
  void anOutcomeTellsItsFailure() throws Exception {
    IOException failure = new IOException("no");
    runAction(
        co -> {
          Task<String> cancelled = Task.start(step("never", 50));
          List<Outcome<String>> outcomes =
              co.await(
                  Async.gatherOutcomes(
                      step("value", 1),
                      failing(failure, 1),
                      Async.of(
                          in -> {
                            cancelled.cancel("enough");
                            return in.await(cancelled);
                          })));
          assertNull(outcomes.get(0).failure());
          assertSame(failure, outcomes.get(1).failure());
          assertEquals("enough", assertThrows(Cancelled.class, outcomes.get(2)::get).reason());
          assertSame(Cancelled.class, outcomes.get(2).failure().getClass());
        });
  }

  @EngineTest
  @Conforms("F-169")
  void aGeneratorCanCatchWhatItIsThrown() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<String> generator =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.mayThrow(IOException.class);
                      in.yield("first");
                    } catch (IOException thrown) {
                      in.await(sleep(1));
                      in.yield("caught " + thrown.getMessage());
                    }
                  });
          assertEquals("first", co.await(generator.anext()));
          assertEquals("caught it", co.await(generator.athrow(new IOException("it"))));
          assertFalse(co.await(generator.advance()));
        });
  }

  /** Whether a group was cancelled: at its begin, at some points of its body, after its end. */
  private static List<Boolean> asked(TaskGroupUse use) throws Exception {
    List<Boolean> answers = new ArrayList<>();
    runAction(
        co -> {
          TaskGroup[] kept = new TaskGroup[1];
          Task<Void> task =
              Task.start(
                  TaskGroup.action(
                      (in, group) -> {
                        kept[0] = group;
                        answers.add(group.cancelled());
                        try {
                          use.in(group, Task.current());
                          in.await(sleep(50));
                        } finally {
                          answers.add(group.cancelled());
                        }
                      }));
          try {
            co.await(task);
          } catch (Throwable expected) {
            // its end is not what is looked at
          }
          answers.add(kept[0].cancelled());
        });
    return answers;
  }

  private interface TaskGroupUse {
    void in(TaskGroup group, Task<?> task) throws Exception;
  }

  @EngineTest
  @Conforms("F-170")
  void aGroupSaysWhetherItEndsEarly() throws Exception {
    List<Boolean> no = List.of(false, false, false);
    List<Boolean> yes = List.of(false, true, true);
    assertEquals(no, asked((group, task) -> {}));
    assertEquals(no, asked((group, task) -> group.start(sleep(5))));
    assertEquals(yes, asked((group, task) -> group.cancel("enough")));
    assertEquals(yes, asked((group, task) -> group.start(failing(new IOException("no"), 5))));
    assertEquals(yes, asked((group, task) -> task.cancel("from outside")));
    assertEquals(
        List.of(false, false, true),
        asked(
            (group, task) -> {
              throw new IOException("the body");
            }));
  }

  @EngineTest
  @Conforms("F-170")
  void aCancelledScopeAroundAGroupCancelsIt() throws Exception {
    runAction(
        co -> {
          boolean[] answers = new boolean[3];
          TaskGroup[] kept = new TaskGroup[1];
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(
                          ms(5),
                          (in, limit) ->
                              in.await(
                                  TaskGroup.action(
                                      (in2, group) -> {
                                        kept[0] = group;
                                        answers[0] = group.cancelled();
                                        try {
                                          in2.await(sleep(50));
                                        } finally {
                                          answers[1] = group.cancelled();
                                        }
                                      })))));
          answers[2] = kept[0].cancelled();
          assertFalse(answers[0]);
          assertTrue(answers[1]);
          assertTrue(answers[2]);

          // An inner scope is none of the group's business.
          co.await(
              TaskGroup.action(
                  (in, group) -> {
                    assertThrows(
                        TimeoutException.class,
                        () ->
                            in.await(
                                Timeout.action(
                                    ms(5),
                                    (in2, limit) -> {
                                      try {
                                        in2.await(sleep(50));
                                      } finally {
                                        assertFalse(group.cancelled());
                                      }
                                    })));
                    assertFalse(group.cancelled());
                  }));
        });
  }
}
