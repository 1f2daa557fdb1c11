package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.AsyncQueue;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Queues whose items come out in another order than they were put. */
class PriorityQueueTest extends QueueScene {
  @EngineTest
  @Conforms({"S-057"})
  void aLifoQueueGivesTheNewestAndAPriorityQueueTheSmallest() {
    AsyncQueue<Integer> lifo = AsyncQueue.lifo(0);
    AsyncQueue<Integer> priority = AsyncQueue.priority(Comparator.<Integer>naturalOrder(), 0);
    for (int i : List.of(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8)) {
      lifo.putNowait(i);
      priority.putNowait(i);
    }
    assertEquals(List.of(8, 5, 3, 5, 6, 2, 9, 5, 1, 4, 1, 3), drained(lifo));
    assertEquals(List.of(1, 1, 2, 3, 3, 4, 5, 5, 5, 6, 8, 9), drained(priority));
  }

  @EngineTest
  @Conforms({"S-057"})
  void aWokenGetterGetsTheSmallestThatWasPutUntilItRuns() throws Exception {
    runAction(
        co -> {
          AsyncQueue<Integer> priority = AsyncQueue.priority(Comparator.<Integer>naturalOrder());
          getter(priority, "a");
          co.await(pause());
          priority.putNowait(3);
          priority.putNowait(1);
          priority.putNowait(2);
          co.await(sleep(1));
          assertEquals(List.of("a1"), log);
        });
  }

  @EngineTest
  @Conforms({"S-057"})
  void anyItemsComeOutOfAPriorityQueueSorted() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    AsyncQueue<Integer> priority = AsyncQueue.priority(Comparator.reverseOrder(), 0);
    List<Integer> inside = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      if (inside.isEmpty() || random.nextInt(5) < 3) {
        int item = random.nextInt(1000);
        priority.putNowait(item);
        inside.add(item);
      } else {
        Integer largest = Collections.max(inside);
        inside.remove(largest);
        assertEquals(largest, priority.getNowait(), "seed " + seed);
      }
    }
    inside.sort(Comparator.reverseOrder());
    assertEquals(inside, drained(priority), "seed " + seed);
  }

  @EngineTest
  @Conforms({"S-057"})
  void anOrderThatFailsLosesNoItem() {
    boolean[] fails = new boolean[1];
    AsyncQueue<Integer> priority =
        AsyncQueue.priority(
            (a, b) -> {
              if (fails[0]) {
                throw new ArithmeticException();
              }
              return a - b;
            });
    for (int i = 0; i < 5; i++) {
      priority.putNowait(i);
    }
    fails[0] = true;
    assertThrows(ArithmeticException.class, () -> priority.putNowait(7));
    assertThrows(ArithmeticException.class, priority::getNowait);
    assertEquals(5, priority.size());
    fails[0] = false;
    assertEquals(new TreeSet<>(List.of(0, 1, 2, 3, 4)), new TreeSet<>(drained(priority)));
  }

  /** An order that fails once, when it is next asked. */
  private static final class FailingOnce implements Comparator<Integer> {
    boolean fails;

    @Override
    public int compare(Integer a, Integer b) {
      if (fails) {
        fails = false;
        throw new ArithmeticException();
      }
      return a.compareTo(b);
    }
  }

  @EngineTest
  @Conforms({"S-057"})
  void whatAnOrderThrowsIsThrownByAPutThatNeedNotWait() throws Exception {
    runAction(
        co -> {
          ArithmeticException failure = new ArithmeticException();
          AsyncQueue<Integer> priority =
              AsyncQueue.priority(
                  (x, y) -> {
                    throw failure;
                  });
          co.await(priority.put(1));
          try {
            co.await(priority.put(2));
            log.add("passed");
          } catch (ArithmeticException thrown) {
            log.add(thrown == failure ? "thrown" : "another");
          }
          log.add("got " + co.await(priority.get()) + ", left " + priority.size());
          assertEquals(List.of("thrown", "got 1, left 0"), log);
        });
  }

  @EngineTest
  @Conforms({"S-057"})
  void anOrderThatFailsAWokenGetterLetsTheNextOneHaveTheItem() throws Exception {
    FailingOnce order = new FailingOnce();
    AsyncQueue<Integer> priority = AsyncQueue.priority(order);
    runAction(
        co -> {
          Task<Void> first = getter(priority, "");
          getter(priority, "");
          getter(priority, "");
          getter(priority, "");
          co.await(pause());
          List.of(1, 2, 3).forEach(priority::putNowait);
          order.fails = true;
          co.await(sleep(1));
          assertThrows(ArithmeticException.class, first::result);
          assertEquals(Set.of("1", "2", "3"), Set.copyOf(log)); // it cannot sort them any more
        });
  }

  @EngineTest
  @Conforms({"S-057"})
  void anOrderThatFailsAWokenPutterLetsTheNextOneHaveTheRoom() throws Exception {
    FailingOnce order = new FailingOnce();
    AsyncQueue<Integer> priority = AsyncQueue.priority(order, 2);
    runAction(
        co -> {
          priority.putNowait(1);
          priority.putNowait(2);
          Task<Void> first = putter(priority, 3);
          putter(priority, 4);
          co.await(pause());
          priority.getNowait();
          order.fails = true;
          co.await(sleep(1));
          assertThrows(ArithmeticException.class, first::result);
          assertEquals(List.of(4), log);
          assertEquals(List.of(2, 4), drained(priority));
        });
  }
}
