package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncQueue;
import io.fermata.async.EventLoop;
import io.fermata.async.QueueShutDown;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.List;

/** Queues: waiting until all is done, and shutting down. */
class QueueEndTest extends AsyncTest {
  private final AsyncQueue<Integer> queue = AsyncQueue.fifo(0);
  private final AsyncQueue<Integer> one = AsyncQueue.fifo(1);

  private Task<Void> joiner(String name) {
    return Task.start(
        Async.action(
            co -> {
              co.await(queue.join());
              log.add(name);
            }));
  }

  private static void assertShutDown(Task<?> task) {
    assertTrue(task.done());
    assertThrows(QueueShutDown.class, task::result);
  }

  @EngineTest
  @Conforms({"S-060"})
  void joinPassesIfAllIsDone() throws Exception {
    runAction(
        co -> {
          EventLoop.current().callSoon(() -> log.add("turn given up"));
          co.await(queue.join());
          queue.putNowait(1);
          queue.getNowait();
          queue.taskDone();
          co.await(queue.join());
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"S-060", "S-061"})
  void joinWaitsForATaskDoneOfEachItemAndNotForTheGet() throws Exception {
    runAction(
        co -> {
          queue.putNowait(1);
          queue.putNowait(2);
          Task<Void> joiner = joiner("joined");
          co.await(sleep(1));
          queue.getNowait();
          queue.getNowait();
          co.await(sleep(1));
          queue.taskDone();
          co.await(sleep(1));
          assertFalse(joiner.done());
          queue.taskDone();
          co.await(sleep(1));
          assertEquals(List.of("joined"), log);
        });
  }

  @EngineTest
  @Conforms({"S-061"})
  void moreTasksCannotBeDoneThanItemsWerePut() {
    assertThrows(IllegalStateException.class, queue::taskDone);
    queue.putNowait(1);
    queue.taskDone();
    assertThrows(IllegalStateException.class, queue::taskDone);
  }

  @EngineTest
  @Conforms({"S-062"})
  void itemsThatWorkersPutKeepJoinWaiting() throws Exception {
    runAction(
        co -> {
          Task<Void> worker =
              Task.start(
                  Async.action(
                      in -> {
                        while (true) {
                          int item = in.await(queue.get());
                          in.await(sleep(10));
                          if (item > 0) {
                            queue.putNowait(item - 1);
                          }
                          queue.taskDone();
                        }
                      }));
          queue.putNowait(2);
          co.await(queue.join());
          assertEquals(30, now());
          queue.putNowait(1);
          co.await(queue.join());
          assertEquals(50, now());
          worker.cancel();
        });
  }

  @EngineTest
  @Conforms({"S-063"})
  void allThatJoinGoOn() throws Exception {
    runAction(
        co -> {
          queue.putNowait(1);
          joiner("a");
          Task<Void> gone = joiner("b");
          joiner("c");
          co.await(pause());
          gone.cancel();
          queue.taskDone();
          co.await(sleep(1));
          assertEquals(List.of("a", "c"), log);
        });
  }

  @EngineTest
  @Conforms({"S-064"})
  void afterAShutdownWhatIsThereCanBeGotAndNothingPut() throws Exception {
    runAction(
        co -> {
          queue.putNowait(1);
          queue.putNowait(2);
          queue.shutdown();
          assertThrows(QueueShutDown.class, () -> queue.putNowait(3));
          assertThrows(QueueShutDown.class, () -> co.await(queue.put(3)));
          assertEquals(1, (int) co.await(queue.get()));
          assertEquals(2, queue.getNowait());
          assertThrows(QueueShutDown.class, queue::getNowait);
          assertThrows(QueueShutDown.class, () -> co.await(queue.get()));
        });
  }

  @EngineTest
  @Conforms({"S-064"})
  void aFullQueueThatWasShutDownSaysSo() throws Exception {
    runAction(
        co -> {
          one.putNowait(1);
          one.shutdown();
          assertThrows(QueueShutDown.class, () -> one.putNowait(2));
          assertThrows(QueueShutDown.class, () -> co.await(one.put(2)));
        });
  }

  @EngineTest
  @Conforms({"S-065"})
  void aShutdownEndsThoseThatWait() throws Exception {
    runAction(
        co -> {
          Task<Integer> getter = Task.start(queue.get());
          one.putNowait(1);
          Task<Void> putter = Task.start(one.put(2));
          co.await(pause());
          queue.shutdown();
          one.shutdown();
          co.await(pause());
          assertShutDown(getter);
          assertShutDown(putter);
          assertEquals(1, one.size());
        });
  }

  @EngineTest
  @Conforms({"S-064", "S-065"})
  void aGetterThatWasWokenGetsItsItemInSpiteOfAShutdown() throws Exception {
    runAction(
        co -> {
          Task<Integer> first = Task.start(queue.get());
          Task<Integer> second = Task.start(queue.get());
          co.await(pause());
          queue.putNowait(1);
          queue.shutdown();
          co.await(pause());
          assertEquals(1, first.result());
          assertShutDown(second);
        });
  }

  @EngineTest
  @Conforms({"S-066"})
  void shuttingDownNowDropsWhatIsThereAndCountsItAsDone() throws Exception {
    runAction(
        co -> {
          queue.putNowait(1);
          queue.putNowait(2);
          joiner("joined");
          co.await(pause());
          queue.shutdownNow();
          assertTrue(queue.isEmpty());
          assertThrows(QueueShutDown.class, () -> co.await(queue.get()));
          assertThrows(QueueShutDown.class, queue::getNowait);
          assertThrows(QueueShutDown.class, () -> queue.putNowait(3));
          co.await(sleep(1));
          assertEquals(List.of("joined"), log);
        });
  }

  @EngineTest
  @Conforms({"S-066"})
  void shuttingDownNowEndsTheGetterThatWasWoken() throws Exception {
    runAction(
        co -> {
          Task<Integer> getter = Task.start(queue.get());
          co.await(pause());
          queue.putNowait(1);
          queue.shutdownNow();
          co.await(pause());
          assertShutDown(getter);
        });
  }

  @EngineTest
  @Conforms({"S-067"})
  void joinWaitsForItemsInWorkAfterAShutdown() throws Exception {
    runAction(
        co -> {
          queue.putNowait(1);
          queue.putNowait(2);
          queue.getNowait();
          Task<Void> joiner = joiner("joined");
          co.await(pause());
          queue.shutdownNow();
          co.await(sleep(1));
          assertFalse(joiner.done());
          queue.taskDone();
          co.await(joiner);
          assertThrows(IllegalStateException.class, queue::taskDone);
        });
  }

  @EngineTest
  @Conforms({"S-068"})
  void shuttingDownAgainIsHarmlessAndDoingItNowDropsTheRest() throws Exception {
    runAction(
        co -> {
          queue.putNowait(1);
          queue.shutdown();
          queue.shutdown();
          assertEquals(1, queue.size());
          assertEquals("fifo queue (1, shut down)", queue.toString());
          queue.shutdownNow();
          queue.shutdownNow();
          assertTrue(queue.isEmpty());
          co.await(queue.join());
        });
  }
}
