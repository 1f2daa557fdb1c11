package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncBroadcast;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncQueue;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.Cancelled;
import io.fermata.async.Case;
import io.fermata.async.Overflow;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.testing.TestLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Random programs of selects and broadcasts, with cancellations, in random orders: nothing is lost
 * or delivered twice. A failure names its seed; {@code -Dfermata.random.seed} repeats it. A program
 * is shrunk to the fewest operations that still fail.
 */
class RandomSelectTest {
  private static final int SEEDS = Integer.getInteger("fermata.random.programs", 1000);

  /** Runs a program of so many operations; throws if a rule is broken. */
  private interface Program {
    Async<Void> of(long seed, int operations);
  }

  private static void check(String name, Program program) {
    long first = Long.getLong("fermata.random.seed", new Random().nextInt(Integer.MAX_VALUE));
    int seeds = System.getProperty("fermata.random.seed") == null ? SEEDS : 1;
    System.out.println(name + ": " + seeds + " programs, -Dfermata.random.seed=" + first);
    for (long seed = first; seed < first + seeds; seed++) {
      Throwable failure = failure(program, seed, 40);
      if (failure != null) {
        int fewest = 40;
        for (int fewer = 1; fewer < fewest; fewer++) {
          Throwable smaller = failure(program, seed, fewer);
          if (smaller != null) {
            failure = smaller;
            fewest = fewer;
          }
        }
        throw new AssertionError(
            name + ", -Dfermata.random.seed=" + seed + ", " + fewest + " operations", failure);
      }
    }
  }

  private static Throwable failure(Program program, long seed, int operations) {
    try (TestLoop loop = TestLoop.seeded(seed)) {
      loop.run(program.of(seed, operations));
      return null;
    } catch (Throwable failure) {
      return failure;
    }
  }

  @Test
  void selectsLoseNothing() {
    check("selects", RandomSelectTest::selects);
  }

  private static Async<Void> selects(long seed, int operations) {
    return Async.action(
        co -> {
          Random random = new Random(seed);
          List<AsyncQueue<Integer>> queues =
              List.of(AsyncQueue.fifo(2), AsyncQueue.fair(2), AsyncQueue.fifo(0));
          AsyncSemaphore semaphore = AsyncSemaphore.of(2);
          List<Integer> got = new ArrayList<>();
          TreeSet<Integer> put = new TreeSet<>();
          int[] held = new int[1];
          int[] most = new int[1];
          List<Task<?>> tasks = new ArrayList<>();
          for (int i = 0; i < operations; i++) {
            int item = i;
            AsyncQueue<Integer> a = queues.get(random.nextInt(3));
            AsyncQueue<Integer> b = queues.get(random.nextInt(3));
            long time = random.nextInt(4);
            switch (random.nextInt(7)) {
              case 0, 1 ->
                  tasks.add(
                      Task.start(
                          Async.select(
                              Case.action(a.get(), (in, x) -> got.add(x)),
                              Case.action(b.get(), (in, x) -> got.add(x)),
                              Case.action(
                                  semaphore.acquire(),
                                  (in, permit) -> hold(in, permit, held, most, time)),
                              Case.action(Async.sleep(VirtualTime.ms(3 + time)), (in, x) -> {}))));
              case 2, 3 ->
                  tasks.add(
                      Task.start(
                          Async.select(
                              Case.action(a.put(item), (in, x) -> put.add(item)),
                              Case.action(b.put(item), (in, x) -> put.add(item)))));
              case 4 -> {
                if (!a.isEmpty()) {
                  got.add(a.getNowait());
                }
              }
              case 5 -> {
                if (!tasks.isEmpty()) {
                  tasks.get(random.nextInt(tasks.size())).cancel();
                }
              }
              default -> co.await(Async.sleep(VirtualTime.ms(time)));
            }
          }
          co.await(Async.sleep(VirtualTime.ms(100)));
          List<Integer> left = new ArrayList<>(got);
          for (int quiet = 0; quiet < 20; quiet++) { // putters that wait follow
            for (AsyncQueue<Integer> queue : queues) {
              left.addAll(QueueScene.drained(queue));
            }
            co.await(Async.sleep(VirtualTime.ms(0)));
          }
          for (Task<?> task : tasks) {
            task.cancel();
          }
          co.await(Async.sleep(VirtualTime.ms(10)));
          for (Task<?> task : tasks) {
            assertTrue(task.done(), task::toString);
            if (!task.cancelled()) {
              task.result();
            }
          }
          left.sort(null);
          assertEquals(left.stream().distinct().toList(), left);
          assertTrue(left.containsAll(put), "put " + put + ", got " + left);
          assertTrue(most[0] <= 2);
          assertEquals(0, held[0]);
          co.await(semaphore.acquire());
          co.await(semaphore.acquire());
          assertTrue(semaphore.locked());
          for (Object each : queues) {
            assertTrue(!each.toString().contains("waiting"), each.toString());
          }
        });
  }

  private static void hold(
      io.fermata.async.Awaiter in, Permit permit, int[] held, int[] most, long time)
      throws Exception {
    held[0]++;
    most[0] = Math.max(most[0], held[0]);
    try {
      in.await(Async.sleep(VirtualTime.ms(time)));
    } finally {
      held[0]--;
      permit.close();
    }
  }

  @Test
  void everySubscriberGetsWhatWasPut() {
    check("broadcasts", RandomSelectTest::broadcasts);
  }

  private static Async<Void> broadcasts(long seed, int operations) {
    return Async.action(
        co -> {
          Random random = new Random(seed);
          Overflow overflow = Overflow.values()[random.nextInt(3)];
          AsyncBroadcast<Integer> numbers =
              AsyncBroadcast.replaying(random.nextInt(3), 1 + random.nextInt(3), overflow);
          List<Integer> put = new ArrayList<>();
          Map<AsyncGenerator<Integer>, List<Integer>> readers = new HashMap<>();
          Map<AsyncGenerator<Integer>, Integer> since = new HashMap<>();
          List<AsyncGenerator<Integer>> open = new ArrayList<>();
          List<Task<?>> putters = new ArrayList<>();
          for (int i = 0; i < operations; i++) {
            int item = i;
            switch (random.nextInt(7)) {
              case 0 -> {
                AsyncGenerator<Integer> added = numbers.subscribe();
                open.add(added);
                readers.put(added, new ArrayList<>());
                since.put(added, put.size());
              }
              case 1, 2 ->
                  putters.add(
                      Task.start(
                          Async.action(
                              in -> {
                                in.await(numbers.put(item));
                                put.add(item);
                              })));
              case 3 -> {
                if (!open.isEmpty()) {
                  AsyncGenerator<Integer> one = open.get(random.nextInt(open.size()));
                  Task<Integer> step = Task.start(one.anext(-1));
                  co.await(Async.sleep(VirtualTime.ms(0)));
                  if (random.nextBoolean()) {
                    step.cancel();
                  }
                  co.await(Async.sleep(VirtualTime.ms(0)));
                  step.cancel();
                  try {
                    readers.get(one).add(co.await(step));
                  } catch (Cancelled nothing) {
                    assertTrue(step.cancelled());
                  }
                }
              }
              case 4 -> {
                if (!putters.isEmpty()) {
                  putters.get(random.nextInt(putters.size())).cancel();
                }
              }
              case 5 -> {
                if (!open.isEmpty() && random.nextInt(4) == 0) {
                  AsyncGenerator<Integer> gone = open.remove(random.nextInt(open.size()));
                  co.await(gone.aclose());
                  readers.remove(gone);
                }
              }
              default -> co.await(Async.sleep(VirtualTime.ms(0)));
            }
          }
          for (int round = 0; round < 60; round++) { // putters that wait follow
            for (AsyncGenerator<Integer> each : open) {
              int next = co.await(Async.select(Case.of(each.anext(-1)), Case.otherwise(in -> -1)));
              if (next >= 0) {
                readers.get(each).add(next);
              }
            }
            co.await(Async.sleep(VirtualTime.ms(0)));
          }
          assertEquals(open.size(), numbers.subscribers());
          assertTrue(putters.stream().allMatch(Task::done));
          for (AsyncGenerator<Integer> each : open) {
            List<Integer> got = readers.get(each);
            assertEquals(got.stream().distinct().toList(), got);
            if (overflow == Overflow.WAIT) {
              List<Integer> all = new ArrayList<>(put.subList(since.get(each), put.size()));
              assertTrue(got.containsAll(all), got + " lacks some of " + all);
            }
            assertTrue(put.containsAll(got), got + " has more than " + put);
          }
        });
  }
}
