package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncQueue;
import io.fermata.async.Cancelled;
import io.fermata.async.Case;
import io.fermata.async.QueueShutDown;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.testing.TestLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Fair queues: nobody is overtaken. */
class FairQueueTest extends QueueScene {
  private final AsyncQueue<Integer> queue = AsyncQueue.fair(2);

  @EngineTest
  @Conforms({"F-050"})
  void aGetterIsNotOvertaken() throws Exception {
    runAction(
        co -> {
          getter(queue, "a");
          getter(queue, "b");
          co.await(pause());
          queue.putNowait(1);
          assertTrue(queue.isEmpty()); // it is a's already
          getter(queue, "c");
          queue.putNowait(2);
          queue.putNowait(3);
          assertEquals(3, co.await(queue.get()));
          queue.putNowait(4);
          co.await(pause());
          assertEquals(Set.of("a1", "b2", "c4"), Set.copyOf(log));
        });
  }

  @EngineTest
  @Conforms({"F-050"})
  void aCancelledGetterGivesItsItemToTheNext() throws Exception {
    runAction(
        co -> {
          Task<Integer> a = Task.start(queue.get());
          Task<Integer> b = Task.start(Async.select(Case.of(queue.get())));
          Task<Integer> c = Task.start(queue.get());
          co.await(pause());
          queue.putNowait(1);
          queue.putNowait(2);
          a.cancel();
          b.cancel();
          assertEquals(1, co.await(c));
          assertThrows(Cancelled.class, () -> co.await(a));
          assertThrows(Cancelled.class, () -> co.await(b));
          queue.putNowait(3);
          assertEquals(List.of(2, 3), drained(queue));
        });
  }

  @EngineTest
  @Conforms({"F-051"})
  void puttersPutInTheOrderOfAsking() throws Exception {
    for (int seed = 0; seed < 30; seed++) {
      try (TestLoop loop = TestLoop.seeded(seed)) {
        loop.run(
            Async.action(
                co -> {
                  AsyncQueue<Integer> two = AsyncQueue.fair(2);
                  List<Task<Void>> puts = new ArrayList<>();
                  for (int i = 0; i < 6; i++) {
                    puts.add(Task.start(two.put(i)));
                    co.await(pause());
                    co.await(pause());
                  }
                  puts.get(3).cancel();
                  List<Integer> got = new ArrayList<>();
                  for (int i = 0; i < 5; i++) {
                    got.add(co.await(two.get()));
                    if (i == 0) {
                      got.add(two.getNowait());
                      i++;
                    }
                  }
                  assertEquals(List.of(0, 1, 2, 4, 5), got);
                }));
      }
    }
  }

  @EngineTest
  @Conforms({"F-051"})
  void aPutterThatIsCancelledHasPutNothing() throws Exception {
    runAction(
        co -> {
          queue.putNowait(1);
          queue.putNowait(2);
          Task<Void> a = Task.start(queue.put(3));
          Task<Void> b = Task.start(queue.put(4));
          co.await(pause());
          assertEquals(1, queue.getNowait());
          a.cancel(); // it was woken
          co.await(b);
          assertThrows(Cancelled.class, () -> co.await(a));
          assertEquals(List.of(2, 4), drained(queue));
          for (int i = 0; i < 3; i++) {
            queue.taskDone(); // 1, 2 and 4 were put
          }
          assertThrows(IllegalStateException.class, queue::taskDone);
        });
  }

  @EngineTest
  @Conforms({"F-050", "F-051"})
  void aShutdownEndsThoseThatWait() throws Exception {
    runAction(
        co -> {
          Task<Integer> getter = Task.start(queue.get());
          co.await(pause());
          queue.shutdown();
          assertThrows(QueueShutDown.class, () -> co.await(getter));
          AsyncQueue<Integer> one = AsyncQueue.fair(1);
          one.putNowait(1);
          Task<Void> putter = Task.start(one.put(2));
          co.await(pause());
          one.shutdown();
          assertThrows(QueueShutDown.class, () -> co.await(putter));
          assertEquals(1, co.await(one.get()));
          assertThrows(QueueShutDown.class, () -> co.await(one.get()));
          AsyncQueue<Integer> unbounded = AsyncQueue.fair(0);
          IntStream.range(0, 100).forEach(unbounded::putNowait);
          assertEquals(100, unbounded.size());
          unbounded.shutdownNow();
          co.await(unbounded.join());
        });
  }
}
