package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncEvent;
import io.fermata.async.AsyncLock;
import io.fermata.async.AsyncQueue;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.AsyncSubscriber;
import io.fermata.async.Cancelled;
import io.fermata.async.Case;
import io.fermata.async.Permit;
import io.fermata.async.Promise;
import io.fermata.async.QueueShutDown;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.testing.TestLoop;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.SubmissionPublisher;

/** Select: one case takes effect, the others leave no trace. */
class SelectTest extends AsyncTest {
  private final AsyncQueue<String> a = AsyncQueue.fifo();
  private final AsyncQueue<String> b = AsyncQueue.fifo();

  @EngineTest
  @Conforms({"F-001"})
  void theFirstCaseThatBecomesReadyIsTaken() throws Exception {
    runAction(
        co -> {
          Task<String> select =
              Task.start(
                  Async.select(
                      Case.of(
                          a.get(),
                          (in, item) -> {
                            in.await(sleep(5));
                            return "a " + item;
                          }),
                      Case.of(b.get(), (in, item) -> "b " + item),
                      Case.of(sleep(100), (in, v) -> "late")));
          co.await(sleep(10));
          b.putNowait("1");
          a.putNowait("2");
          assertEquals("b 1", co.await(select));
          assertEquals(1, a.size());
          assertEquals(0, b.size());
          assertEquals(10, now());
          assertEquals(
              "a 2",
              co.await(
                  Async.<String>select(
                      Case.of(
                          a.get(),
                          (in, item) -> {
                            in.await(sleep(5));
                            return "a " + item;
                          }))));
          assertEquals(15, now());
        });
  }

  @EngineTest
  @Conforms({"F-001"})
  void theOthersLeaveTheirLinesAtOnce() throws Exception {
    runAction(
        co -> {
          AsyncLock lock = AsyncLock.open();
          AsyncSemaphore semaphore = AsyncSemaphore.of(0);
          AsyncEvent event = AsyncEvent.open();
          AsyncQueue<String> full = AsyncQueue.fifo(1);
          full.putNowait("x");
          Promise<String> promise = Promise.open();
          Task<String> task = Task.start(step("task", 50));
          Permit held = co.await(lock.acquire());
          Task<Object> select =
              Task.start(
                  Async.<Object>select(
                      Case.of(lock.acquire()),
                      Case.of(semaphore.acquire()),
                      Case.of(event.whenSet()),
                      Case.of(full.put("y")),
                      Case.of(promise),
                      Case.of(task),
                      Case.of(a.get()),
                      Case.of(sleep(1000))));
          co.await(sleep(10));
          a.putNowait("1");
          // before the step of the select, nothing else is offered to it
          held.close();
          semaphore.release();
          assertEquals("x", full.getNowait());
          assertEquals("1", co.await(select));
          assertFalse(lock.locked());
          assertFalse(semaphore.locked());
          assertTrue(full.isEmpty());
          assertTrue(co.await(lock.acquire()) instanceof Permit);
          assertFalse(promise.done());
          assertEquals("task", co.await(task));
          assertEquals(50, now());
          for (Object line : List.of(lock, semaphore, event, full, a)) {
            assertFalse(line.toString().contains("waiting"), line.toString());
          }
        });
  }

  @EngineTest
  @Conforms({"F-001"})
  void everyKindOfWaitCanBeChosen() throws Exception {
    runAction(
        co -> {
          AsyncLock lock = AsyncLock.open();
          AsyncSemaphore semaphore = AsyncSemaphore.of(1);
          AsyncEvent event = AsyncEvent.open();
          AsyncQueue<String> one = AsyncQueue.fifo(1);
          Promise<String> promise = Promise.open();
          Permit held = co.await(Async.select(Case.of(lock.acquire())));
          assertTrue(lock.locked());
          held.close();
          assertFalse(lock.locked());
          co.await(Async.select(Case.of(semaphore.acquire()))).close();
          assertFalse(semaphore.locked());
          event.set();
          co.await(Async.select(Case.of(event.whenSet())));
          co.await(Async.select(Case.of(one.put("x"))));
          Task<Void> select = Task.start(Async.select(Case.of(one.put("y"))));
          co.await(pause());
          assertEquals("x", one.getNowait());
          co.await(select);
          assertEquals("y", one.getNowait());
          promise.setResult("p");
          assertEquals("p", co.await(Async.select(Case.of(promise))));
          assertEquals("t", co.await(Async.select(Case.of(Task.start(step("t", 5))))));
          assertEquals("s", co.await(Async.select(Case.of(Async.sleep(ms(7), "s")))));
          assertEquals("z", co.await(Async.select(Case.of(Async.sleep(ms(0), "z")))));
          assertEquals(12, now());
        });
  }

  @EngineTest
  @Conforms({"F-002"})
  void theChoiceAmongReadyOnesIsFairAndDrawnFromTheSeed() throws Exception {
    Set<List<String>> runs = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      List<String> first = choices(seed);
      assertEquals(first, choices(seed));
      assertTrue(first.contains("a") && first.contains("b"), first.toString());
      runs.add(first);
    }
    assertTrue(runs.size() > 10);
  }

  private static List<String> choices(long seed) throws Exception {
    try (TestLoop loop = TestLoop.seeded(seed)) {
      return loop.run(
          Async.of(
              co -> {
                AsyncQueue<String> a = AsyncQueue.fifo();
                AsyncQueue<String> b = AsyncQueue.fifo();
                List<String> chosen = new java.util.ArrayList<>();
                for (int i = 0; i < 20; i++) {
                  a.putNowait("a");
                  b.putNowait("b");
                }
                for (int i = 0; i < 20; i++) {
                  chosen.add(co.await(Async.select(Case.of(a.get()), Case.of(b.get()))));
                }
                return chosen;
              }));
    }
  }

  @EngineTest
  @Conforms({"F-003"})
  void inOrderTheFirstReadyOneIsChosen() throws Exception {
    runAction(
        co -> {
          for (int i = 0; i < 10; i++) {
            a.putNowait("a" + i);
            b.putNowait("b");
            assertEquals(
                "a" + i,
                co.await(Async.selectInOrder(List.of(Case.of(a.get()), Case.of(b.get())))));
          }
          assertEquals(10, b.size());
          assertEquals("b", co.await(Async.selectInOrder(Case.of(a.get()), Case.of(b.get()))));
          AsyncQueue<String> closed = AsyncQueue.fifo();
          closed.shutdown();
          assertThrows(
              QueueShutDown.class,
              () -> co.await(Async.selectInOrder(Case.of(closed.get()), Case.of(b.get()))));
          assertEquals(9, b.size());
        });
  }

  @EngineTest
  @Conforms({"F-004"})
  void aCancelledSelectHasTakenNothing() throws Exception {
    runAction(
        co -> {
          Promise<String> promise = Promise.open();
          Task<String> select =
              Task.start(Async.select(Case.of(a.get()), Case.of(promise), Case.of(b.get())));
          co.await(pause());
          select.cancel();
          a.putNowait("1");
          assertThrows(Cancelled.class, () -> co.await(select));
          assertEquals(1, a.size());
          assertFalse(promise.done());
          assertThrows(
              java.util.concurrent.TimeoutException.class,
              () ->
                  co.await(
                      Timeout.action(ms(5), (in, t) -> in.await(Async.select(Case.of(b.get()))))));
          assertEquals(5, now());
        });
  }

  @EngineTest
  @Conforms({"F-005"})
  void cancelledInTheRoundOfTheWakeUpItGivesBack() throws Exception {
    runAction(
        co -> {
          AsyncSemaphore semaphore = AsyncSemaphore.of(0);
          AsyncLock lock = AsyncLock.open();
          Permit held = co.await(lock.acquire());
          Task<Object> first = Task.start(Async.<Object>select(Case.of(a.get()), Case.of(b.get())));
          Task<Object> second =
              Task.start(Async.<Object>select(Case.of(b.get()), Case.of(semaphore.acquire())));
          Task<Object> third =
              Task.start(Async.<Object>select(Case.of(b.get()), Case.of(lock.acquire())));
          Task<String> getter = Task.start(a.get());
          Task<Permit> acquirer = Task.start(semaphore.acquire());
          Task<Permit> locker = Task.start(lock.acquire());
          co.await(pause());
          a.putNowait("1");
          semaphore.release();
          held.close();
          first.cancel();
          second.cancel();
          third.cancel();
          assertEquals("1", co.await(getter));
          co.await(acquirer);
          co.await(locker);
          for (Task<?> each : List.of(first, second, third)) {
            assertThrows(Cancelled.class, () -> co.await(each));
          }
        });
  }

  @EngineTest
  @Conforms({"F-005"})
  void aRequestInTheBodyIsAnOrdinaryOne() throws Exception {
    runAction(
        co -> {
          a.putNowait("1");
          Task<Void> select =
              Task.start(
                  Async.select(
                      Case.action(
                          a.get(),
                          (in, item) -> {
                            try {
                              in.await(sleep(100));
                            } finally {
                              log.add("cleanup of " + item);
                            }
                          })));
          co.await(sleep(1));
          select.cancel();
          assertThrows(Cancelled.class, () -> co.await(select));
          assertEquals(List.of("cleanup of 1"), log);
          assertTrue(a.isEmpty());
        });
  }

  @EngineTest
  @Conforms({"F-006"})
  void aWaitThatFailsIsChosenAndThrows() throws Exception {
    runAction(
        co -> {
          Task<String> select = Task.start(Async.select(Case.of(a.get()), Case.of(b.get())));
          co.await(pause());
          b.shutdown();
          assertThrows(QueueShutDown.class, () -> co.await(select));
          IOException failure = new IOException("down");
          Task<String> task = Task.start(failing(failure, 5));
          try {
            co.await(Async.select(Case.of(a.get()), Case.of(task, (in, v) -> "body")));
            log.add("not thrown");
          } catch (IOException thrown) {
            assertEquals(failure, thrown);
          }
          Promise<String> gone = Promise.open();
          gone.cancel("gone");
          assertEquals(
              "gone",
              assertThrows(
                      Cancelled.class,
                      () -> co.await(Async.select(Case.of(a.get()), Case.of(gone))))
                  .reason());
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"F-007"})
  void otherwiseIsTakenIfNoneIsReady() throws Exception {
    runAction(
        co -> {
          for (int i = 0; i < 2; i++) {
            assertEquals(
                i == 0 ? "none" : "1",
                co.await(
                    Async.select(
                        Case.of(a.get()),
                        Case.of(sleep(0), (in, v) -> "pause"),
                        Case.otherwise(in -> "none"))));
            a.putNowait("1");
          }
          assertEquals("alone", co.await(Async.<String>select(Case.otherwise(in -> "alone"))));
          assertEquals(0, now());
          assertFalse(a.toString().contains("waiting"));
        });
  }

  @EngineTest
  @Conforms({"F-008"})
  void whatCannotBeLeftIsRefused() throws Exception {
    runAction(
        co -> {
          for (Async<String> async :
              List.of(
                  Async.<String>of(in -> "x"),
                  Async.shield(Promise.<String>open()),
                  Async.toThread(() -> "x"))) {
            String message =
                assertThrows(IllegalArgumentException.class, () -> Case.of(async)).getMessage();
            assertTrue(message.contains("start it as a task"), message);
            Task.start(async);
          }
          assertThrows(IllegalArgumentException.class, () -> Async.select(List.<Case<String>>of()));
          assertThrows(
              IllegalArgumentException.class,
              () -> Async.<String>select(Case.otherwise(in -> "1"), Case.otherwise(in -> "2")));
        });
  }

  @EngineTest
  @Conforms({"F-008"})
  void aCaseAndItsWaitAreUsedOnce() throws Exception {
    runAction(
        co -> {
          a.putNowait("1");
          a.putNowait("2");
          b.putNowait("3");
          Async<String> awaited = a.get();
          co.await(awaited);
          assertThrows(
              IllegalStateException.class,
              () -> co.await(Async.select(Case.of(awaited), Case.of(sleep(1), (in, v) -> "x"))));
          Async<String> loser = b.get();
          Case<String> used = Case.of(a.get());
          assertEquals("2", co.await(Async.selectInOrder(used, Case.of(loser))));
          assertThrows(IllegalStateException.class, () -> co.await(Async.select(used)));
          assertThrows(IllegalStateException.class, () -> co.await(loser));
          assertEquals(1, b.size());
          Async<String> shared = b.get();
          assertThrows(
              IllegalStateException.class,
              () -> co.await(Async.select(Case.of(shared), Case.of(shared))));
          assertEquals(1, b.size());
        });
  }

  @EngineTest
  @Conforms({"F-009"})
  void anItemThatIsGoneLetsItWaitOnUntilTheSameTime() throws Exception {
    runAction(
        co -> {
          Task<String> select =
              Task.start(
                  Async.select(
                      Case.of(a.get()), Case.of(b.get()), Case.of(sleep(20), (in, v) -> "late")));
          co.await(sleep(5));
          a.putNowait("1");
          assertEquals("1", a.getNowait()); // before its step
          co.await(sleep(5));
          assertFalse(select.done());
          assertTrue(a.toString().contains("1 waiting") && b.toString().contains("1 waiting"));
          co.await(select);
          assertEquals(20, now());
          Task<String> again =
              Task.start(Async.select(Case.of(a.get()), Case.of(b.get(), (in, v) -> "b " + v)));
          co.await(pause());
          a.putNowait("1");
          b.putNowait("2");
          a.getNowait();
          assertEquals("b 2", co.await(again));
          assertFalse(a.toString().contains("waiting"));
        });
  }

  @EngineTest
  @Conforms({"F-010"})
  void aStepOfASubscriberIsTakenOnlyIfItIsChosen() throws Exception {
    runAction(
        co -> {
          AsyncSubscriber<Integer> numbers = AsyncSubscriber.open();
          try (SubmissionPublisher<Integer> publisher =
              new SubmissionPublisher<>(Runnable::run, 8)) {
            publisher.subscribe(numbers);
            assertEquals(
                "none",
                co.await(
                    Async.select(
                        Case.of(numbers.anext(), (in, n) -> "" + n),
                        Case.otherwise(in -> "none"))));
            Task<String> select =
                Task.start(
                    Async.select(
                        Case.of(numbers.advance(), (in, more) -> more + " " + numbers.current()),
                        Case.of(a.get())));
            co.await(pause());
            assertThrows(IllegalStateException.class, () -> co.await(numbers.advance()));
            a.putNowait("1");
            assertEquals("1", co.await(select));
            Task<String> next =
                Task.start(
                    Async.select(
                        Case.of(numbers.advance(), (in, more) -> more + " " + numbers.current()),
                        Case.of(a.get())));
            co.await(pause());
            publisher.submit(7);
            assertEquals("true 7", co.await(next));
            publisher.submit(8);
          }
          assertEquals(8, co.await(Async.select(Case.of(numbers.anext()))));
          assertEquals(-1, co.await(Async.select(Case.of(numbers.anext(-1)))));
          assertEquals(false, co.await(Async.select(Case.of(numbers.advance()))));
        });
  }

  @EngineTest
  @Conforms({"F-001"})
  void theDumpNamesTheCases() throws Exception {
    runAction(
        co -> {
          Task<String> select =
              Task.named("chooser")
                  .start(Async.select(Case.of(a.get()), Case.of(sleep(100), (in, v) -> "late")));
          co.await(pause());
          String dump = select.dump();
          assertTrue(dump.contains("select of get() of fifo queue"), dump);
          assertTrue(dump.contains("sleep, 100 ms left"), dump);
          select.cancel();
        });
  }
}
