package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncQueue;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;

/** Queues: what comes out, who waits, and that nothing is lost. */
class QueueTest extends QueueScene {
  private final AsyncQueue<Integer> queue = AsyncQueue.fifo(0);

  private final AsyncQueue<Integer> one = AsyncQueue.fifo(1);

  @EngineTest
  @Conforms({"S-049"})
  void whatWasPutFirstComesOutFirstAndTheTurnIsKept() throws Exception {
    runAction(
        co -> {
          EventLoop.current().callSoon(() -> log.add("turn given up"));
          for (int i = 0; i < 20; i++) {
            co.await(queue.put(i));
          }
          for (int i = 0; i < 20; i++) {
            assertEquals(i, (int) co.await(queue.get()));
          }
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"S-049"})
  void nullIsAnItem() throws Exception {
    runAction(
        co -> {
          AsyncQueue<String> strings = AsyncQueue.fifo();
          co.await(strings.put(null));
          assertEquals(1, strings.size());
          assertEquals(null, co.await(strings.get()));
        });
  }

  @EngineTest
  @Conforms({"S-050"})
  void withoutALimitAQueueIsNeverFull() {
    for (AsyncQueue<Integer> unbounded :
        List.of(AsyncQueue.<Integer>fifo(0), AsyncQueue.<Integer>fifo(-1), queue)) {
      for (int i = 0; i < 1000; i++) {
        unbounded.putNowait(i);
        assertFalse(unbounded.isFull());
      }
      assertEquals(1000, unbounded.size());
    }
  }

  @EngineTest
  @Conforms({"S-050"})
  void aQueueIsFullWhenItHoldsAsMuchAsItsLimit() {
    AsyncQueue<Integer> two = AsyncQueue.fifo(2);
    assertEquals(2, two.maxSize());
    two.putNowait(1);
    assertFalse(two.isFull());
    two.putNowait(2);
    assertTrue(two.isFull());
    two.getNowait();
    assertFalse(two.isFull());
  }

  @EngineTest
  @Conforms({"S-051"})
  void withoutWaitingAnEmptyQueueGivesNothingAndAFullOneTakesNothing() {
    assertThrows(NoSuchElementException.class, one::getNowait);
    one.putNowait(1);
    String message = assertThrows(IllegalStateException.class, () -> one.putNowait(2)).getMessage();
    assertTrue(message.contains("is full"), message);
    assertEquals(1, one.getNowait());
  }

  @EngineTest
  @Conforms({"S-052"})
  void gettersWaitForPutsInTheOrderOfTheirComing() throws Exception {
    runAction(
        co -> {
          getter(queue, "a");
          getter(queue, "b");
          getter(queue, "c");
          co.await(sleep(1));
          for (int i = 0; i < 3; i++) {
            co.await(queue.put(i));
          }
          assertEquals(List.of(), log);
          co.await(sleep(1));
          assertEquals(List.of("a0", "b1", "c2"), log);
        });
  }

  @EngineTest
  @Conforms({"S-052"})
  void puttersWaitForGetsInTheOrderOfTheirComing() throws Exception {
    runAction(
        co -> {
          co.await(one.put(0));
          putter(one, 1);
          putter(one, 2);
          putter(one, 3);
          co.await(sleep(1));
          for (int i = 0; i < 4; i++) {
            assertEquals(i, log.size());
            assertEquals(i, (int) co.await(one.get()));
            co.await(sleep(1));
          }
          assertEquals(List.of(1, 2, 3), log);
        });
  }

  @EngineTest
  @Conforms({"S-053"})
  void anItemCanBeTakenBeforeTheWokenGetterRunsWhichThenWaitsBehindTheOthers() throws Exception {
    runAction(
        co -> {
          getter(queue, "a");
          co.await(pause());
          queue.putNowait(1);
          assertEquals(1, queue.size());
          getter(queue, "b");
          assertEquals(1, queue.getNowait());
          co.await(sleep(1));
          assertEquals(List.of(), log);
          queue.putNowait(2);
          co.await(sleep(1));
          queue.putNowait(3);
          co.await(sleep(1));
          assertEquals(List.of("a2", "b3"), log);
        });
  }

  @EngineTest
  @Conforms({"S-053"})
  void theLoserOfAnItemGoesToTheEndOfTheLine() throws Exception {
    runAction(
        co -> {
          getter(queue, "a");
          getter(queue, "b");
          co.await(pause());
          queue.putNowait(1);
          queue.getNowait();
          co.await(pause());
          queue.putNowait(2);
          queue.putNowait(3);
          co.await(sleep(1));
          assertEquals(List.of("b2", "a3"), log);
        });
  }

  @EngineTest
  @Conforms({"S-053"})
  void aWaitThatWasInVainCanBeCancelled() throws Exception {
    runAction(
        co -> {
          Task<Void> a = getter(queue, "a");
          co.await(pause());
          queue.putNowait(1);
          queue.getNowait();
          co.await(pause());
          a.cancel("stop");
          co.await(pause());
          assertTrue(a.cancelled());
          queue.putNowait(2);
          co.await(sleep(1));
          assertEquals(1, queue.size());
          assertEquals("fifo queue (1)", queue.toString());
        });
  }

  @EngineTest
  @Conforms({"S-053"})
  void aWaitThatWasInVainEndsIfItsScopeWasCancelledMeanwhile() throws Exception {
    runAction(
        co -> {
          Timeout[] timeout = new Timeout[1];
          Task<Void> a =
              Task.start(
                  Async.action(
                      in ->
                          in.await(
                              Timeout.action(
                                  ms(1000),
                                  (deep, t) -> {
                                    timeout[0] = t;
                                    deep.await(queue.get());
                                  }))));
          co.await(pause());
          timeout[0].rescheduleIn(ms(0));
          EventLoop.current()
              .callSoon(
                  () -> {
                    queue.putNowait(1);
                    queue.getNowait();
                  });
          co.await(sleep(1));
          assertTrue(a.done());
          assertEquals(
              java.util.concurrent.TimeoutException.class,
              java.util.Objects.requireNonNull(a.exception()).getClass());
        });
  }

  @EngineTest
  @Conforms({"S-054"})
  void aCancelledGetterLeavesTheItemForTheNext() throws Exception {
    runAction(
        co -> {
          Task<Void> a = getter(queue, "a");
          getter(queue, "b");
          co.await(pause());
          queue.putNowait(1);
          a.cancel();
          co.await(sleep(1));
          assertTrue(a.cancelled());
          assertEquals(List.of("b1"), log);
        });
  }

  @EngineTest
  @Conforms({"S-054"})
  void theItemOfACancelledGetterStaysInItsPlace() throws Exception {
    runAction(
        co -> {
          Task<Void> a = getter(queue, "a");
          co.await(pause());
          queue.putNowait(1);
          queue.putNowait(2);
          a.cancel();
          co.await(pause());
          assertEquals(List.of(1, 2), drained(queue));
        });
  }

  @EngineTest
  @Conforms({"S-054"})
  void aCancelledPutterLeavesTheRoomForTheNext() throws Exception {
    runAction(
        co -> {
          co.await(one.put(0));
          Task<Void> a = putter(one, 1);
          putter(one, 2);
          co.await(pause());
          assertEquals(0, one.getNowait());
          a.cancel();
          co.await(sleep(1));
          assertTrue(a.cancelled());
          assertEquals(List.of(2), log);
          assertEquals(List.of(2), drained(one));
        });
  }

  @EngineTest
  @Conforms({"S-055"})
  void cancelledWaitersDoNotAccumulate() throws Exception {
    runAction(
        co -> {
          List<Task<Void>> tasks = new ArrayList<>();
          one.putNowait(0);
          for (int i = 0; i < 100; i++) {
            tasks.add(getter(queue, "g"));
            tasks.add(putter(one, i));
          }
          co.await(pause());
          assertEquals("fifo queue (0, 100 waiting to get)", queue.toString());
          assertEquals("fifo queue (1 of 1, 100 waiting to put)", one.toString());
          tasks.forEach(Task::cancel);
          assertEquals("fifo queue (0)", queue.toString());
          assertEquals("fifo queue (1 of 1)", one.toString());
        });
  }

  @EngineTest
  @Conforms({"S-056"})
  void producerAndConsumerAlternateThroughAQueueOfOne() throws Exception {
    runAction(
        co -> {
          Task<Void> producer =
              Task.start(
                  Async.action(
                      in -> {
                        for (int i = 0; i < 50; i++) {
                          in.await(one.put(i));
                        }
                      }));
          List<Integer> got = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            got.add(co.await(one.get()));
            assertEquals(i, got.get(i));
          }
          co.await(producer);
          assertTrue(one.isEmpty());
        });
  }

  @EngineTest
  @Conforms({"S-054"})
  void whateverIsCancelledEveryItemComesOutOnceAndInOrder() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    runAction(
        co -> {
          AsyncQueue<Integer> small = AsyncQueue.fifo(2);
          List<Integer> got = new ArrayList<>();
          List<Integer> put = new ArrayList<>();
          List<Task<Void>> tasks = new ArrayList<>();
          for (int i = 0; i < 400; i++) {
            int item = i;
            tasks.add(
                Task.start(
                    i % 2 == 0
                        ? Async.action(
                            in -> {
                              in.await(small.put(item));
                              put.add(item);
                            })
                        : Async.action(in -> got.add(in.await(small.get())))));
            if (random.nextInt(3) == 0) {
              co.await(pause());
            }
            if (random.nextInt(3) == 0) {
              tasks.get(random.nextInt(tasks.size())).cancel();
            }
          }
          co.await(sleep(1));
          got.addAll(drained(small));
          co.await(sleep(1));
          got.addAll(drained(small));
          tasks.forEach(Task::cancel);
          co.await(sleep(1));
          Collections.sort(put);
          List<Integer> sorted = new ArrayList<>(got);
          Collections.sort(sorted);
          assertEquals(put, sorted, "seed " + seed);
        });
  }

  @EngineTest
  @Conforms({"S-009"})
  void aQueueThatWasWaitedForBelongsToThatLoop() throws Exception {
    runAction(
        co -> {
          one.putNowait(1);
          putter(one, 2);
          co.await(pause());
        });
    one.getNowait();
    runAction(co -> assertThrows(IllegalStateException.class, () -> co.await(one.get())));
  }
}
