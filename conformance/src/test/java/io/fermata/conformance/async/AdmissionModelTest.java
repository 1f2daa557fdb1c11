package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncRateLimiter;
import io.fermata.async.AsyncReadWriteLock;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/**
 * Random tasks that ask for random amounts, are cancelled or limited at random times, in a random
 * order: what they hold together is compared with a model. A failure is made smaller, and printed
 * with its seed.
 */
class AdmissionModelTest extends AsyncTest {
  private static final int SEEDS = 1000;
  private static final int MOST = 4;

  /** A task: when it asks, for how much, how long it holds; when it is cancelled, or its limit. */
  private record Plan(int asks, int amount, int holds, int cancelledAt, int limit) {}

  private interface Subject {
    Async<?> acquire(int amount);

    /** Checks the model when a task has got its amount. */
    void got(int amount);

    /** The task returns it. */
    void release(int amount, Object permit);

    /** Checks that nothing was lost, when all tasks have ended. */
    Async<Void> atEnd();
  }

  private interface Opening {
    Subject open();
  }

  private static List<Plan> plans(long seed) {
    Random random = new Random(seed);
    List<Plan> plans = new ArrayList<>();
    for (int i = 2 + random.nextInt(9); i > 0; i--) {
      plans.add(
          new Plan(
              random.nextInt(6),
              1 + random.nextInt(MOST),
              random.nextInt(4),
              random.nextInt(3) == 0 ? random.nextInt(12) : -1,
              random.nextInt(4) == 0 ? 1 + random.nextInt(8) : -1));
    }
    return plans;
  }

  private static void check(Opening opening) {
    for (long seed = 0; seed < SEEDS; seed++) {
      List<Plan> plans = plans(seed);
      Throwable failure = failure(opening, plans, seed);
      if (failure == null) {
        continue;
      }
      for (int i = plans.size() - 1; i >= 0; i--) { // smaller, as long as it fails
        List<Plan> fewer = new ArrayList<>(plans);
        fewer.remove(i);
        Throwable again = failure(opening, fewer, seed);
        if (again != null) {
          plans = fewer;
          failure = again;
        }
      }
      throw new AssertionError("seed " + seed + ": " + plans, failure);
    }
  }

  private static Throwable failure(Opening opening, List<Plan> plans, long seed) {
    try (TestLoop loop = TestLoop.seeded(seed)) {
      loop.run(Async.action(co -> co.await(run(opening.open(), plans))));
      return null;
    } catch (Throwable thrown) {
      return thrown;
    }
  }

  private static Async<Void> run(Subject subject, List<Plan> plans) {
    return Async.action(
        co -> {
          List<Plan> line = new ArrayList<>();
          List<Task<Void>> tasks = new ArrayList<>();
          for (Plan plan : plans) {
            Task<Void> task = Task.start(one(subject, plan, line));
            tasks.add(task);
            if (plan.cancelledAt >= 0) {
              EventLoop.current()
                  .callLater(Duration.ofMillis(plan.cancelledAt), () -> task.cancel("random"));
            }
          }
          for (Task<Void> task : tasks) {
            try {
              co.await(task);
            } catch (Cancelled | TimeoutException ended) {
              // as planned
            }
          }
          assertEquals(List.of(), line);
          co.await(Timeout.action(ms(10_000), (in, t) -> in.await(subject.atEnd())));
        });
  }

  private static Async<Void> one(Subject subject, Plan plan, List<Plan> line) {
    return Async.action(
        co -> {
          co.await(sleep(plan.asks));
          Object[] permit = new Object[1];
          line.add(plan);
          try {
            if (plan.limit < 0) {
              permit[0] = co.await(subject.acquire(plan.amount));
            } else {
              permit[0] =
                  co.await(
                      Timeout.of(
                          ms(plan.limit), (in, t) -> in.await(subject.acquire(plan.amount))));
            }
          } finally {
            line.remove(plan);
          }
          subject.got(plan.amount);
          try {
            co.await(sleep(plan.holds));
          } finally {
            subject.release(plan.amount, permit[0]);
          }
        });
  }

  @EngineTest
  @Conforms({"F-100", "F-102"})
  void aSemaphoreNeitherLosesNorDoublesPermits() {
    check(
        () ->
            new Subject() {
              private final AsyncSemaphore semaphore = AsyncSemaphore.bounded(MOST);
              private int held;

              @Override
              public Async<?> acquire(int amount) {
                return semaphore.acquire(amount);
              }

              @Override
              public void got(int amount) {
                held += amount;
                assertTrue(held <= MOST, held + " of " + MOST);
              }

              @Override
              public void release(int amount, Object permit) {
                held -= amount;
                if (amount % 2 == 0) {
                  ((Permit) permit).close();
                } else {
                  semaphore.release(amount);
                }
              }

              @Override
              public Async<Void> atEnd() {
                return Async.action(co -> co.await(semaphore.acquire(MOST)).close());
              }
            });
  }

  @EngineTest
  @Conforms({"F-110", "F-112"})
  void aLimiterNeverGivesMoreThanItsRate() {
    check(
        () ->
            new Subject() {
              private final AsyncRateLimiter limiter = AsyncRateLimiter.of(3, ms(5), MOST);
              private final List<long[]> taken = new ArrayList<>();

              @Override
              public Async<?> acquire(int amount) {
                return limiter.acquire(amount);
              }

              @Override
              public void got(int amount) {
                long now = EventLoop.current().time().toNanos();
                taken.add(new long[] {now, amount});
                long sum = 0;
                for (int i = taken.size() - 1; i >= 0; i--) {
                  sum += taken.get(i)[1];
                  long came = (now - taken.get(i)[0]) * 3 / 5_000_000;
                  assertTrue(sum <= MOST + came, sum + " in " + (now - taken.get(i)[0]) + " ns");
                }
              }

              @Override
              public void release(int amount, Object permit) {}

              @Override
              public Async<Void> atEnd() {
                return Async.action(
                    co -> {
                      co.await(limiter.acquire(MOST));
                      assertTrue(!limiter.tryAcquire());
                      co.await(sleep(5));
                      assertTrue(limiter.tryAcquire(3));
                      assertTrue(!limiter.tryAcquire());
                    });
              }
            });
  }

  @EngineTest
  @Conforms({"F-115", "F-117"})
  void aWriterIsAloneAndReadersAreNot() {
    check(
        () ->
            new Subject() {
              private final AsyncReadWriteLock lock = AsyncReadWriteLock.open();
              private int readers;
              private int writers;

              private boolean writes(int amount) {
                return amount > 2;
              }

              @Override
              public Async<?> acquire(int amount) {
                return writes(amount) ? lock.write() : lock.read();
              }

              @Override
              public void got(int amount) {
                if (writes(amount)) {
                  writers++;
                } else {
                  readers++;
                }
                assertTrue(
                    writers == 0 || writers + readers == 1,
                    readers + " read, " + writers + " write");
              }

              @Override
              public void release(int amount, Object permit) {
                if (writes(amount)) {
                  writers--;
                } else {
                  readers--;
                }
                ((Permit) permit).close();
              }

              @Override
              public Async<Void> atEnd() {
                return Async.action(
                    co -> {
                      co.await(lock.write()).close();
                      co.await(lock.read()).close();
                    });
              }
            });
  }
}
