package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncBarrier;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;

/** The barrier: all go on when the last one has come. */
class BarrierTest extends AsyncTest {
  private final AsyncBarrier three = AsyncBarrier.of(3);

  /** Logs its name with its index, or "broken". */
  private Task<Integer> comer(AsyncBarrier barrier, String name) {
    return Task.start(
        Async.of(
            co -> {
              try {
                int index = co.await(barrier.arrive());
                log.add(name + index);
                return index;
              } catch (BrokenBarrierException e) {
                log.add(name + " broken");
                throw e;
              }
            }));
  }

  private List<Task<Integer>> comers(String... names) {
    List<Task<Integer>> tasks = new ArrayList<>();
    for (String name : names) {
      tasks.add(comer(three, name));
    }
    return tasks;
  }

  private static void assertBroken(Task<Integer> task) {
    assertTrue(task.done());
    assertThrows(BrokenBarrierException.class, task::result);
  }

  @EngineTest
  @Conforms({"S-039"})
  void allPassWhenTheLastHasComeAndEachGetsAnIndex() throws Exception {
    runAction(
        co -> {
          comers("a", "b");
          co.await(sleep(5));
          assertEquals(List.of(), log);
          comers("c");
          co.await(sleep(5));
          assertEquals(List.of("c2", "a0", "b1"), log);
        });
  }

  @EngineTest
  @Conforms({"S-040"})
  void theLastOneDoesNotGiveUpItsTurn() throws Exception {
    runAction(
        co -> {
          comers("a", "b");
          co.await(pause());
          assertEquals(2, (int) co.await(three.arrive()));
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"S-041"})
  void aBarrierNeedsAPartyAndOneNeverWaits() throws Exception {
    assertThrows(IllegalArgumentException.class, () -> AsyncBarrier.of(0));
    assertThrows(IllegalArgumentException.class, () -> AsyncBarrier.of(-1));
    runAction(
        co -> {
          AsyncBarrier one = AsyncBarrier.of(1);
          EventLoop.current().callSoon(() -> log.add("turn given up"));
          assertEquals(0, (int) co.await(one.arrive()));
          assertEquals(0, (int) co.await(one.arrive()));
          assertEquals(List.of(), log);
          assertEquals(1, one.parties());
        });
  }

  @EngineTest
  @Conforms({"S-042"})
  void aTaskThatComesAgainWaitsUntilAllHaveLeft() throws Exception {
    runAction(
        co -> {
          List<Task<Void>> tasks = new ArrayList<>();
          for (String name : List.of("a", "b", "c")) {
            tasks.add(
                Task.start(
                    Async.action(
                        in -> {
                          for (int round = 0; round < 3; round++) {
                            int index = in.await(three.arrive());
                            log.add(name + round + ":" + index);
                          }
                        })));
          }
          for (Task<Void> task : tasks) {
            co.await(task);
          }
          assertEquals(
              List.of("c0:2", "a0:0", "b0:1", "a1:2", "b1:0", "c1:1", "b2:2", "c2:0", "a2:1"), log);
          assertEquals(0, three.waiting());
        });
  }

  @EngineTest
  @Conforms({"S-042"})
  void moreThanOneGenerationCanComeEarly() throws Exception {
    runAction(
        co -> {
          List<Task<Integer>> tasks = comers("a", "b", "c", "d", "e", "f", "g");
          co.await(sleep(1));
          assertEquals(6, tasks.stream().filter(Task::done).count());
          assertEquals(1, three.waiting());
        });
  }

  @EngineTest
  @Conforms({"S-043"})
  void onlyThoseThatFillItAreCountedAsWaiting() throws Exception {
    runAction(
        co -> {
          assertEquals(0, three.waiting());
          comers("a", "b");
          co.await(pause());
          assertEquals(2, three.waiting());
          co.await(three.arrive());
          assertEquals(0, three.waiting());
        });
  }

  @EngineTest
  @Conforms({"S-044"})
  void aCancelledTaskLeavesAndTheBarrierNeedsOneMore() throws Exception {
    runAction(
        co -> {
          List<Task<Integer>> tasks = comers("a", "b");
          co.await(pause());
          tasks.get(0).cancel();
          co.await(pause());
          assertFalse(three.broken());
          assertEquals(1, three.waiting());
          comers("c");
          co.await(sleep(1));
          assertEquals(List.of(), log);
          comers("d");
          co.await(sleep(1));
          assertEquals(List.of("d2", "b0", "c1"), log);
        });
  }

  @EngineTest
  @Conforms({"S-044"})
  void aTaskThatIsCancelledWhenAllHaveComeHasBeenThere() throws Exception {
    runAction(
        co -> {
          List<Task<Integer>> tasks = comers("a", "b");
          co.await(pause());
          co.await(three.arrive());
          tasks.forEach(Task::cancel);
          co.await(pause());
          assertTrue(tasks.get(0).cancelled());
          comers("c", "d", "e");
          co.await(sleep(1));
          assertEquals(List.of("e2", "c0", "d1"), log);
        });
  }

  @EngineTest
  @Conforms({"S-045"})
  void aResetBreaksThoseThatWaitAndLeavesTheBarrierUsable() throws Exception {
    runAction(
        co -> {
          List<Task<Integer>> tasks = comers("a", "b");
          co.await(pause());
          three.reset();
          co.await(sleep(1));
          tasks.forEach(BarrierTest::assertBroken);
          assertFalse(three.broken());
          assertEquals(0, three.waiting());
          log.clear();
          comers("c", "d", "e");
          co.await(sleep(1));
          assertEquals(List.of("e2", "c0", "d1"), log);
        });
  }

  @EngineTest
  @Conforms({"S-046"})
  void aResetWhileTasksLeaveBreaksOnlyThoseInside() throws Exception {
    runAction(
        co -> {
          List<Task<Integer>> inside = comers("a", "b");
          co.await(pause());
          co.await(three.arrive());
          three.reset();
          assertFalse(three.broken());
          List<Task<Integer>> early = comers("c", "d");
          co.await(sleep(1));
          inside.forEach(BarrierTest::assertBroken);
          assertTrue(early.stream().noneMatch(Task::done));
          assertEquals(2, three.waiting());
          comers("e");
          co.await(sleep(1));
          assertEquals(List.of("a broken", "b broken", "e2", "c0", "d1"), log);
        });
  }

  @EngineTest
  @Conforms({"S-047"})
  void anAbortedBarrierIsBrokenUntilItIsReset() throws Exception {
    runAction(
        co -> {
          List<Task<Integer>> tasks = comers("a", "b");
          co.await(pause());
          three.abort();
          assertTrue(three.broken());
          co.await(sleep(1));
          tasks.forEach(BarrierTest::assertBroken);
          assertThrows(BrokenBarrierException.class, () -> co.await(three.arrive()));
          three.reset();
          assertFalse(three.broken());
          log.clear();
          comers("c", "d", "e");
          co.await(sleep(1));
          assertEquals(List.of("e2", "c0", "d1"), log);
        });
  }

  @EngineTest
  @Conforms({"S-047"})
  void anAbortReachesThoseThatCameEarlyToo() throws Exception {
    runAction(
        co -> {
          comers("a", "b");
          co.await(pause());
          Task<Integer> early =
              Task.eager()
                  .start(
                      Async.of(
                          in -> {
                            in.await(three.arrive());
                            return in.await(three.arrive());
                          }));
          three.abort();
          co.await(sleep(1));
          assertBroken(early);
          assertEquals(List.of("a broken", "b broken"), log);
        });
  }
}
