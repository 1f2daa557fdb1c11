package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncEvent;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncLock;
import io.fermata.async.AsyncQueue;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Dumps of loops and tasks: who awaits whom, where each stands, and what is wrong. */
class DumpTest extends AsyncTest {
  private static String dump() {
    return EventLoop.current().dump();
  }

  private static void assertLines(String text, String... patterns) {
    List<String> lines = text.lines().map(String::strip).toList();
    int at = 0;
    for (String line : lines) {
      if (at < patterns.length && line.matches(patterns[at])) {
        at++;
      }
    }
    int found = at;
    assertEquals(patterns.length, found, () -> "no line " + patterns[found] + " in\n" + text);
  }

  /** How far a line is indented. */
  private static int indent(String text, String part) {
    String line = text.lines().filter(each -> each.contains(part)).findFirst().orElseThrow();
    return line.length() - line.stripLeading().length();
  }

  @EngineTest
  @Conforms({"T-041"})
  void aTaskStandsBelowTheOneThatAwaitsIt() throws Exception {
    runAction(
        co -> {
          Task<String> inner = Task.named("inner").start(step("x", 5));
          Task.named("outer").start(Async.of(in -> in.await(inner)));
          co.await(sleep(1));

          String text = dump();

          assertLines(
              text,
              "#\\d+ outer waits for #\\d+ inner",
              "at .*DumpTest.java:\\d+\\)",
              "#\\d+ inner waits for sleep, 4 ms left",
              "at .*AsyncTest.java:\\d+\\)");
          assertEquals(indent(text, " outer waits") + 2, indent(text, " inner waits"));
        });
  }

  @EngineTest
  void theLinesOfAllBodiesThatAwaitEachOtherAreShownInnermostFirst() throws Exception {
    runAction(
        co -> {
          Async<String> middle = Async.of(in -> in.await(step("x", 5)));
          Task<String> task =
              Task.start(
                  Timeout.of(
                      ms(9),
                      (in, t) -> {
                        return in.await(middle);
                      }));
          co.await(sleep(1));

          assertLines(
              task.dump(),
              "#.* waits for sleep, 4 ms left",
              "at .*AsyncTest.java.*",
              "at .*DumpTest.java.*",
              "at .*DumpTest.java.*",
              "in timeout at DumpTest.java:\\d+, 8 ms left");
        });
  }

  @EngineTest
  @Conforms({"T-192"})
  void aTaskThatSeveralAwaitIsShownOnce() throws Exception {
    runAction(
        co -> {
          Task<String> shared = Task.named("shared").start(step("x", 5));
          for (int i = 0; i < 3; i++) {
            Task.start(Async.of(in -> in.await(shared)));
          }
          Task.named("gathering").start(Async.gather(shared, Task.start(step("y", 5))));
          co.await(sleep(1));

          String text = dump();

          assertEquals(1, text.lines().filter(line -> line.matches(" *#\\d+ shared .*")).count());
          assertEquals(
              3, text.lines().filter(line -> line.matches(".*waits for #\\d+ shared")).count());
          assertLines(
              text, "#\\d+ gathering waits for 2 of 2: #\\d+ shared, .*", "see #\\d+ shared");
        });
  }

  @EngineTest
  @Conforms({"T-192"})
  void theTasksOfAGroupStandBelowTheOneThatHasOpenedIt() throws Exception {
    runAction(
        co -> {
          AsyncQueue<String> queue = AsyncQueue.fifo(3);
          Task<Void> host =
              Task.named("host")
                  .start(
                      TaskGroup.action(
                          (in, tg) -> {
                            tg.named("member").start(Async.of(inner -> inner.await(queue.get())));
                            in.await(sleep(5));
                          }));
          co.await(sleep(1));

          String text = dump();

          assertLines(
              text,
              "#\\d+ host waits for sleep, .*",
              "in task group at DumpTest.java:\\d+",
              "#\\d+ member waits for get\\(\\) of fifo queue \\(0 of 3, 1 waiting to get\\)");
          assertTrue(indent(text, " member waits") > indent(text, " host waits"), text);
          host.cancel();
        });
  }

  @EngineTest
  void theLineOfAnAsyncGeneratorIsShown() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    in.await(sleep(5));
                    in.yield(1);
                  });
          Task<Void> task = Task.start(generator.forEach((in, n) -> log.add(n)));
          co.await(sleep(1));

          assertLines(
              task.dump(),
              "#.* waits for sleep, .*",
              "at .*DumpTest.java.*",
              "in advance\\(\\) of the async generator at DumpTest.java:\\d+");
          assertTrue(task.stack()[0].getFileName().equals("DumpTest.java"));
          co.await(task);
        });
  }

  @EngineTest
  void whoHoldsALockIsNamed() throws Exception {
    runAction(
        co -> {
          AsyncLock lock = AsyncLock.open();
          Task.named("holder").start(holding(lock, sleep(5)));
          Task<Void> waiter = Task.named("waiter").start(holding(lock, sleep(5)));
          co.await(sleep(1));

          assertLines(
              waiter.dump(), "#.* waiter waits for acquire\\(\\) of lock .*, held by #\\d+ holder");
        });
  }

  private static Async<Void> holding(AsyncLock lock, Async<?> meanwhile) {
    return Async.action(
        co -> {
          var permit = co.await(lock.acquire());
          co.await(meanwhile);
          permit.close();
        });
  }

  @EngineTest
  void aTaskThatRunsAndOneThatHasNotBegunAreToldApart() throws Exception {
    runAction(
        co -> {
          Task<String> fresh = Task.start(step("x", 0));
          assertLines(Task.current().dump(), "#\\d+ .* runs, body at .*");
          assertLines(fresh.dump(), "#\\d+ .* has not begun, body at AsyncTest.java:\\d+");
          co.await(fresh);
          assertLines(fresh.dump(), "#\\d+ .*finished.*");
        });
  }

  @EngineTest
  void tasksThatWaitForEachOthersLocksAreADeadlock() throws Exception {
    runAction(
        co -> {
          AsyncLock a = AsyncLock.open();
          AsyncLock b = AsyncLock.open();
          Task<Void> left = Task.named("left").start(holding(a, both(b)));
          Task<Void> right = Task.named("right").start(holding(b, both(a)));
          Task<Void> behind = Task.named("behind").start(Async.action(in -> in.await(left)));
          co.await(sleep(5));

          String text = dump();

          assertLines(
              text,
              "DEADLOCK: 2 tasks wait for each other, for ever if nobody cancels one:",
              "#\\d+ left waits for acquire\\(\\) of lock .*, held by #\\d+ right at .*DumpTest.*",
              "#\\d+ right waits for acquire\\(\\) of lock .*, held by #\\d+ left at .*DumpTest.*",
              "blocked by that: #\\d+ behind");
          assertTrue(left.dump().contains("DEADLOCK"), left.dump());
          assertTrue(behind.dump().contains("DEADLOCK"), behind.dump());
          left.cancel();
          right.cancel();
        });
  }

  private static Async<Void> both(AsyncLock other) {
    return Async.action(
        co -> {
          co.await(sleep(1));
          co.await(other.acquire()).close();
        });
  }

  @EngineTest
  @Conforms({"T-193"})
  void tasksThatAwaitEachOtherAreADeadlock() throws Exception {
    runAction(
        co -> {
          List<Task<?>> tasks = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            int next = (i + 1) % 3;
            tasks.add(
                Task.named("t" + i)
                    .start(
                        Async.action(
                            in -> {
                              in.await(sleep(1));
                              in.await((Task<?>) tasks.get(next));
                            })));
          }
          co.await(sleep(5));

          String text = dump();

          assertLines(
              text, "DEADLOCK: 3 tasks wait for each other.*", "#\\d+ t0 waits for #\\d+ t1.*");
          tasks.get(0).cancel();
        });
  }

  @EngineTest
  void aLockThatATaskAcquiresTwiceIsADeadlockOfOne() throws Exception {
    runAction(
        co -> {
          AsyncLock lock = AsyncLock.open();
          Task<Void> task = Task.start(holding(lock, lock.acquire()));
          co.await(sleep(1));

          assertTrue(dump().contains("DEADLOCK: a task waits for itself"), dump());
          task.cancel();
        });
  }

  @EngineTest
  void aDeadlockThatATimeoutEndsIsSaidToBeOne() throws Exception {
    runAction(
        co -> {
          AsyncLock lock = AsyncLock.open();
          Task<Void> task = Task.start(Async.waitFor(holding(lock, lock.acquire()), ms(50)));
          co.await(sleep(1));

          assertLines(dump(), "DEADLOCK: a task waits for itself; a timeout in 49 ms ends it:");
          task.cancel();
        });
  }

  @EngineTest
  void whatSomethingElseMayEndIsNoDeadlock() throws Exception {
    runAction(
        co -> {
          AsyncLock lock = AsyncLock.open();
          Promise<String> promise = Promise.open();
          Task<?> one = Task.start(holding(lock, Async.of(in -> in.await(promise))));
          Task<?> two = Task.start(holding(lock, pause()));
          Task<?> three =
              Task.start(Async.gather(two, Task.start(Async.of(in -> in.await(sleep(5))))));
          co.await(sleep(1));

          assertFalse(dump().contains("DEADLOCK"), dump());
          promise.setResult("");
          co.await(three);
        });
  }

  @EngineTest
  void aLockWhoseHolderHasEndedIsFound() throws Exception {
    runAction(
        co -> {
          AsyncLock lock = AsyncLock.open();
          co.await(Task.named("careless").start(Async.action(in -> in.await(lock.acquire()))));
          Task<Void> waiter = Task.named("waiter").start(holding(lock, pause()));
          co.await(sleep(1));

          assertLines(
              dump(),
              "LOST LOCK: #\\d+ waiter waits for a lock that #\\d+ careless has acquired; .*");
          waiter.cancel();
        });
  }

  @EngineTest
  void aLoopInWhichNothingCanHappenSaysSoToAnotherThread() throws Exception {
    CompletableFuture<EventLoop> running = new CompletableFuture<>();
    AsyncEvent event = AsyncEvent.open();
    Thread thread =
        new Thread(
            () -> {
              try {
                EventLoop.run(
                    Async.action(
                        co -> {
                          running.complete(EventLoop.current());
                          co.await(event.whenSet());
                        }));
              } catch (Exception failure) {
                throw new AssertionError(failure);
              }
            });
    thread.start();
    EventLoop loop = running.get();

    String text = loop.dump();
    while (!text.contains("waits for whenSet()")) {
      text = loop.dump();
    }

    assertTrue(text.contains("nothing that this loop does can end a wait"), text);
    loop.callSoonThreadSafe(event::set);
    thread.join();
  }

  @EngineTest
  void aDumpOfALoopThatIsStuckShowsWhereItsThreadStands() throws Exception {
    CompletableFuture<EventLoop> running = new CompletableFuture<>();
    CountDownLatch stuck = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              try {
                EventLoop.run(
                    Async.action(
                        co -> {
                          running.complete(EventLoop.current());
                          blockHere(stuck);
                        }));
              } catch (Exception failure) {
                throw new AssertionError(failure);
              }
            });
    thread.start();
    EventLoop loop = running.get();

    String text = loop.dump();

    assertTrue(text.contains("has not answered within 1.0 s: #1 Task-1 holds it"), text);
    assertTrue(text.contains("DumpTest.blockHere(DumpTest.java:"), text);
    stuck.countDown();
    thread.join();
  }

  private static void blockHere(CountDownLatch latch) throws InterruptedException {
    latch.await();
  }

  @EngineTest
  void aDumpIsWrittenTaskByTask() throws Exception {
    runAction(
        co -> {
          for (int i = 0; i < 100; i++) {
            Task.start(step("x", 1));
          }
          co.await(pause());
          List<Integer> sizes = new ArrayList<>();
          StringBuilder whole = new StringBuilder();
          Appendable out =
              new Appendable() {
                @Override
                public Appendable append(CharSequence text) {
                  sizes.add(text.length());
                  whole.append(text);
                  return this;
                }

                @Override
                public Appendable append(CharSequence text, int start, int end) {
                  return append(text.subSequence(start, end));
                }

                @Override
                public Appendable append(char c) throws IOException {
                  return append(String.valueOf(c));
                }
              };

          EventLoop.current().dump(out);

          assertEquals(EventLoop.current().dump(), whole.toString());
          assertTrue(sizes.size() > 100, sizes.toString());
          assertTrue(sizes.stream().allMatch(size -> size < 1000), sizes.toString());
        });
  }

  @EngineTest
  void tasksThatAwaitEachOtherThousandsDeepAreDumped() throws Exception {
    int depth = io.fermata.conformance.EveryEngine.compiles() ? 20_000 : 200;
    runAction(
        co -> {
          Task<String> last = Task.start(step("x", 5));
          for (int i = 1; i < depth; i++) {
            Task<String> next = last;
            last = Task.start(Async.of(in -> in.await(next)));
          }
          co.await(sleep(1));

          String text = dump();

          assertTrue(
              text.contains("(level " + (depth - 1) + ") #2 "), () -> text.substring(0, 1000));
          assertEquals("x", co.await(last));
        });
  }
}
