package io.fermata.benchmarks;

import io.fermata.async.Async;
import io.fermata.async.AsyncEvent;
import io.fermata.async.AsyncLock;
import io.fermata.async.AsyncQueue;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import java.time.Duration;

/** The asynchronous functions that are measured. */
final class AsyncBodies {
  private static final Duration AN_HOUR = Duration.ofHours(1);

  private AsyncBodies() {}

  static Async<Void> switching(int times) {
    return Async.action(
        co -> {
          for (int i = 0; i < times; i++) {
            co.await(Async.sleep(Duration.ZERO));
          }
        });
  }

  static Async<Void> twoSwitching(int times) {
    return Async.action(
        co -> {
          Task<Void> first = Task.start(switching(times / 2));
          Task<Void> second = Task.start(switching(times / 2));
          co.await(first);
          co.await(second);
        });
  }

  private static Async<Void> counting(int[] count) {
    return Async.action(co -> count[0]++);
  }

  static Async<Integer> starting(int times) {
    return Async.of(
        co -> {
          int[] count = new int[1];
          for (int i = 0; i < times; i++) {
            co.await(Task.start(counting(count)));
          }
          return count[0];
        });
  }

  private static Async<Void> answering(AsyncQueue<Integer> in, AsyncQueue<Integer> out, int times) {
    return Async.action(
        co -> {
          for (int i = 0; i < times; i++) {
            co.await(out.put(co.await(in.get())));
          }
        });
  }

  static Async<Integer> roundTrips(int times) {
    return Async.of(
        co -> {
          AsyncQueue<Integer> there = AsyncQueue.fifo(1);
          AsyncQueue<Integer> back = AsyncQueue.fifo(1);
          Task<Void> answering = Task.start(answering(there, back, times));
          int sum = 0;
          for (int i = 0; i < times; i++) {
            co.await(there.put(1));
            sum += co.await(back.get());
          }
          co.await(answering);
          return sum;
        });
  }

  /** The innermost of so many awaits on top of each other gives up its turn again and again. */
  static Async<Void> switchingAt(int depth, int times) {
    return Async.action(
        co -> {
          if (depth > 0) {
            co.await(switchingAt(depth - 1, times));
          } else {
            for (int i = 0; i < times; i++) {
              co.await(Async.sleep(Duration.ZERO));
            }
          }
        });
  }

  static Async<Void> awaiting(Promise<?> promise) {
    return Async.action(co -> co.await(promise));
  }

  static Async<Void> sleeping() {
    return Async.action(co -> co.await(Async.sleep(AN_HOUR)));
  }

  /** Other functions, that run through the same library code before a measurement. */
  static Async<Integer> other(int kind, int n) {
    return switch (kind) {
      case 0 ->
          Async.of(
              co -> {
                for (int i = 0; i < n; i++) {
                  co.await(Async.sleep(Duration.ZERO));
                }
                return n;
              });
      case 1 ->
          Async.of(
              co -> {
                int sum = 0;
                for (int i = 0; i < n; i++) {
                  Promise<Integer> promise = Promise.open();
                  int number = i;
                  EventLoop.current().callSoon(() -> promise.setResult(number));
                  sum += co.await(promise);
                }
                return sum;
              });
      case 2 ->
          Async.of(
              co -> {
                AsyncQueue<Integer> queue = AsyncQueue.lifo(2);
                Task<Void> putting =
                    Task.start(
                        Async.action(
                            in -> {
                              for (int i = 0; i < n; i++) {
                                in.await(queue.put(i));
                              }
                            }));
                int sum = 0;
                for (int i = 0; i < n; i++) {
                  sum += co.await(queue.get());
                }
                co.await(putting);
                return sum;
              });
      case 3 ->
          Async.of(
              co -> {
                AsyncLock lock = AsyncLock.open();
                int[] count = new int[1];
                Task<Void> other = Task.start(locking(lock, count, n));
                co.await(locking(lock, count, n));
                co.await(other);
                return count[0];
              });
      case 4 ->
          Async.of(
              co -> {
                int sum = 0;
                for (int i = 0; i < n; i++) {
                  int number = i;
                  sum += co.await(Task.start(Async.of(in -> number)));
                }
                return sum;
              });
      case 5 ->
          Async.of(
              co -> {
                int sum = 0;
                for (int i = 0; i < n; i++) {
                  sum += co.await(Async.sleep(Duration.ofNanos(1), i));
                }
                return sum;
              });
      case 6 ->
          Async.of(
              co -> {
                AsyncSemaphore semaphore = AsyncSemaphore.of(1);
                AsyncEvent event = AsyncEvent.open();
                return co.await(
                    TaskGroup.of(
                        (in, group) -> {
                          for (int i = 0; i < n / 4; i++) {
                            group.start(
                                Async.action(
                                    member -> {
                                      member.await(event.whenSet());
                                      member.await(semaphore.acquire());
                                      semaphore.release();
                                    }));
                          }
                          in.await(Async.sleep(Duration.ZERO));
                          event.set();
                          return n;
                        }));
              });
      default ->
          Async.of(
              co -> {
                int sum = 0;
                for (int i = 0; i < n; i++) {
                  sum +=
                      co.await(
                          Timeout.of(
                              AN_HOUR, (in, timeout) -> in.await(Async.sleep(Duration.ZERO, 1))));
                }
                return sum;
              });
    };
  }

  private static Async<Void> locking(AsyncLock lock, int[] count, int n) {
    return Async.action(
        co -> {
          for (int i = 0; i < n; i++) {
            co.await(lock.acquire());
            try {
              co.await(Async.sleep(Duration.ZERO));
              count[0]++;
            } finally {
              lock.release();
            }
          }
        });
  }
}
