package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.conformance.EngineTest;
import io.fermata.testing.TestLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Waits that own tasks end only when these have ended, in whatever round a request comes, and a
 * group fails when a member does, whoever has seen it.
 */
class OwnedTasksTest extends AsyncTest {
  private static final int SEEDS = 30;
  private static final int ROUNDS = 5;

  private int open;

  private Async<Integer> child(long millis, boolean fails) {
    return Async.of(
        co -> {
          open++;
          try {
            co.await(sleep(millis));
            if (fails) {
              throw new IOException("child");
            }
            return 1;
          } finally {
            try {
              co.await(Async.uncancellable(sleep(3)));
            } finally {
              open--;
            }
          }
        });
  }

  private List<Async<Integer>> children(long first, long step, boolean firstFails) {
    List<Async<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(child(first + i * step, firstFails && i == 0));
    }
    return all;
  }

  /** Cancels a wait in each of the rounds in which a timer or a child has woken it. */
  private void cancelInEachWindow(Function<OwnedTasksTest, Async<?>> wait) throws Exception {
    Map<String, Integer> seen = new TreeMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      int rounds = round;
      for (long seed = -1; seed < SEEDS; seed++) {
        open = 0;
        try (TestLoop loop = seed < 0 ? TestLoop.virtual() : TestLoop.seeded(seed)) {
          seen.merge(
              loop.run(
                  Async.of(
                      co -> {
                        Task<Void> task =
                            Task.start(Async.action(in -> in.await(wait.apply(this))));
                        co.await(sleep(13));
                        for (int i = 0; i < rounds; i++) {
                          co.await(pause());
                        }
                        task.cancel("asked");
                        try {
                          co.await(task);
                        } catch (Cancelled c) {
                          // as it should
                        }
                        return open + " open";
                      })),
              1,
              Integer::sum);
        }
      }
    }
    assertEquals(Map.of("0 open", ROUNDS * (SEEDS + 1)), seen);
  }

  @EngineTest
  void aGatherLeavesNoChildBehindInAnyWindow() throws Exception {
    cancelInEachWindow(it -> Async.gather(it.children(10, 40, false)));
  }

  @EngineTest
  void aGatherOfOutcomesLeavesNoChildBehindInAnyWindow() throws Exception {
    cancelInEachWindow(it -> Async.gatherOutcomes(it.children(10, 40, true)));
  }

  @EngineTest
  void aRaceLeavesNoAttemptBehindInAnyWindow() throws Exception {
    cancelInEachWindow(it -> Async.staggeredRace(it.children(50, 0, false), Duration.ofMillis(13)));
    cancelInEachWindow(it -> Async.staggeredRace(it.children(10, 40, true), null));
  }

  @EngineTest
  void aGroupLeavesNoMemberBehindInAnyWindow() throws Exception {
    cancelInEachWindow(
        it ->
            TaskGroup.action(
                (in, tg) -> {
                  for (Async<Integer> each : it.children(10, 40, false)) {
                    tg.start(each);
                  }
                }));
    cancelInEachWindow(it -> TaskGroup.action((in, tg) -> tg.start(it.child(10, false))));
  }

  @EngineTest
  void aRequestAfterTheLastMemberHasEndedReplacesTheResultOfAGroup() throws Exception {
    for (int i = 0; i < 4; i++) {
      int rounds = i;
      String ended =
          run(
              Async.of(
                  co -> {
                    Task<String> group =
                        Task.start(
                            TaskGroup.of(
                                (in, tg) -> {
                                  tg.start(sleep(10));
                                  return "value";
                                }));
                    co.await(sleep(10));
                    for (int k = 0; k < rounds; k++) {
                      co.await(pause());
                    }
                    boolean accepted = group.cancel("asked");
                    try {
                      return co.await(group) + (accepted ? ", but asked" : "");
                    } catch (Cancelled c) {
                      return c.reason();
                    }
                  }));
      assertEquals(rounds < 3 ? "asked" : "value", ended, "after " + rounds + " rounds");
    }
  }

  @EngineTest
  void aRequestInTheRoundOfAFailureCancelsTheRestOfAGather() throws Exception {
    runAction(
        co -> {
          Task<?> gather =
              Task.start(Async.action(in -> in.await(Async.gather(children(10, 40, true)))));
          gather.addDoneCallback(done -> log.add(open));
          co.await(sleep(13));
          gather.cancel("asked");
          Cancelled thrown = assertThrows(Cancelled.class, () -> co.await(gather));
          assertEquals("asked", thrown.reason());
          assertEquals(List.of(0), log);
        });
  }

  // A failure that somebody has seen

  private static Async<Void> bad(Throwable[] made) {
    return Async.action(
        co -> {
          co.await(sleep(10));
          made[0] = new IOException("member");
          throw (IOException) made[0];
        });
  }

  private void failsThoughSeen(int how) throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      Throwable[] made = new Throwable[1];
      try (TestLoop loop = TestLoop.seeded(seed)) {
        loop.run(
            Async.action(
                co -> {
                  ExceptionGroup failed =
                      assertThrows(ExceptionGroup.class, () -> co.await(seenIn(how, made)));
                  assertSame(made[0], failed.failures().get(0));
                  assertEquals(1, failed.failures().size());
                  assertEquals(10, now());
                }));
      }
    }
  }

  private static Async<?> look(int how, Task<Void> member) {
    return switch (how) {
      case 1 -> Async.shield(member);
      case 2 -> Async.wait(List.of(member));
      case 3 -> Async.gatherOutcomes(List.of(member));
      default -> Async.action(co -> {});
    };
  }

  private static Async<Void> seenIn(int how, Throwable[] made) {
    return TaskGroup.action(
        (in, tg) -> {
          Task<Void> member = tg.start(bad(made));
          if (how == 4) {
            member.addDoneCallback(done -> done.exception());
          }
          if (how == 0) {
            assertThrows(IOException.class, () -> in.await(member));
          } else {
            tg.start(
                Async.action(
                    co -> {
                      try {
                        co.await(look(how, member));
                      } catch (IOException seen) {
                        // dealt with, so it thinks
                      }
                    }));
          }
          in.await(sleep(100));
        });
  }

  @EngineTest
  void aGroupFailsThoughItsBodyHasSeenTheFailure() throws Exception {
    failsThoughSeen(0);
  }

  @EngineTest
  void aGroupFailsThoughASiblingHasSeenTheFailure() throws Exception {
    for (int how = 1; how <= 3; how++) {
      failsThoughSeen(how);
    }
  }

  @EngineTest
  void aGroupFailsThoughACallbackHasSeenTheFailure() throws Exception {
    failsThoughSeen(4);
  }
}
