package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.StopIteration;
import io.fermata.async.Async;
import io.fermata.async.AsyncBarrier;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncQueue;
import io.fermata.async.Awaiter;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.QueueShutDown;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What is told about an await that fails: where it was, and what to do. */
class AwaitErrorsTest extends AsyncTest {
  /** The lines of this class in the trace, from the innermost to the body that awaits. */
  private static List<String> methods(Throwable failure) {
    return Arrays.stream(failure.getStackTrace())
        .filter(line -> line.getClassName().equals(AwaitErrorsTest.class.getName()))
        .map(line -> line.getMethodName().startsWith("lambda$") ? "lambda" : line.getMethodName())
        .limit(2)
        .toList();
  }

  private static void take(Awaiter co, AsyncQueue<String> queue) throws Exception {
    co.await(queue.get());
  }

  private static void await(Awaiter co, Async<?> async) throws Exception {
    co.await(async);
  }

  @EngineTest
  void whatAnAwaitFailsWithShowsTheLinesOfTheBodyOnce() throws Exception {
    runAction(
        co -> {
          AsyncQueue<String> queue = AsyncQueue.fifo();
          EventLoop.current().callLater(ms(1), queue::shutdown);
          QueueShutDown waited = null;
          try {
            take(co, queue);
          } catch (QueueShutDown thrown) {
            waited = thrown;
          }
          assertEquals(List.of("take", "lambda"), methods(waited));
          QueueShutDown atOnce = null;
          try {
            take(co, queue);
          } catch (QueueShutDown thrown) {
            atOnce = thrown;
          }
          assertEquals(List.of("take", "lambda"), methods(atOnce));
        });
  }

  @EngineTest
  void aBrokenBarrierShowsWhoWaited() throws Exception {
    runAction(
        co -> {
          AsyncBarrier barrier = AsyncBarrier.of(2);
          EventLoop.current().callLater(ms(1), barrier::abort);
          BrokenBarrierException broken = null;
          try {
            await(co, barrier.arrive());
          } catch (BrokenBarrierException thrown) {
            broken = thrown;
          }
          assertEquals(List.of("await", "lambda"), methods(broken));
        });
  }

  @EngineTest
  void aSecondAwaitOfTheSameShowsWhere() throws Exception {
    runAction(
        co -> {
          List<Async<?>> all =
              List.of(sleep(1), pause(), Async.toThread(() -> 1), Async.gather(sleep(1)));
          for (Async<?> each : all) {
            co.await(each);
            IllegalStateException refused = null;
            try {
              await(co, each);
            } catch (IllegalStateException thrown) {
              refused = thrown;
            }
            assertEquals(List.of("await", "lambda"), methods(refused));
          }
        });
  }

  @EngineTest
  @Conforms({"T-029"})
  void aTaskThatAwaitsItselfIsToldWhere() throws Exception {
    runAction(
        co -> {
          IllegalStateException refused = null;
          try {
            await(co, Task.current().toAsync());
          } catch (IllegalStateException thrown) {
            refused = thrown;
          }
          assertEquals(List.of("await", "lambda"), methods(refused));
        });
  }

  @EngineTest
  void aLimitThatHasPassedSaysWhereItWasAwaited() throws Exception {
    runAction(
        co -> {
          Task<Void> slow = Task.named("slow").start(sleep(100));
          TimeoutException late =
              assertThrows(
                  TimeoutException.class,
                  () -> {
                    co.await(Async.waitFor(slow, ms(5)));
                  });
          String message = late.getMessage();
          assertTrue(
              message.startsWith("the deadline of waitFor(task slow) at AwaitErrorsTest.java:"),
              message);
          assertTrue(message.endsWith(" has passed; its limit was 5 ms"), message);
        });
  }

  @EngineTest
  void aDeadlineThatWasMovedSaysNothingOfTheFirstLimit() throws Exception {
    runAction(
        co -> {
          TimeoutException late =
              assertThrows(
                  TimeoutException.class,
                  () ->
                      co.await(
                          Timeout.action(
                              ms(5),
                              (in, timeout) -> {
                                timeout.rescheduleIn(ms(10));
                                in.await(sleep(100));
                              })));
          assertTrue(late.getMessage().endsWith(" has passed"), late.getMessage());
          assertEquals(10, now());
        });
  }

  @EngineTest
  @Conforms({"T-188"})
  void aFutureOfTheLoopRefusesToBlockIt() throws Exception {
    runAction(
        co -> {
          CompletableFuture<Void> started = EventLoop.current().startThreadSafe(sleep(1));
          Promise<String> promise = Promise.open();
          CompletableFuture<String> settled = promise.toCompletableFuture();
          List<IllegalStateException> refused =
              List.of(
                  assertThrows(IllegalStateException.class, started::get),
                  assertThrows(IllegalStateException.class, started::join),
                  assertThrows(
                      IllegalStateException.class, () -> settled.get(1, TimeUnit.SECONDS)));
          for (IllegalStateException each : refused) {
            assertTrue(each.getMessage().contains("await it instead"), each.getMessage());
          }
          promise.setResult("x");
          co.await(started);
          assertEquals("x", settled.get());
        });
  }

  @EngineTest
  @Conforms({"T-180"})
  void aRunWithinARunIsToldSoOnce() throws Exception {
    runAction(
        co -> {
          IllegalStateException refused =
              assertThrows(IllegalStateException.class, () -> EventLoop.run(sleep(1)));
          assertTrue(refused.getMessage().startsWith("cannot run: another loop"));
          assertEquals(0, refused.getSuppressed().length);
        });
  }

  @EngineTest
  @Conforms({"T-161"})
  void closingALoopThatRunsIsToldSo() throws Exception {
    runAction(
        co -> {
          IllegalStateException refused =
              assertThrows(IllegalStateException.class, () -> EventLoop.current().close());
          assertTrue(refused.getMessage().startsWith("cannot close: the loop runs"));
        });
  }

  @EngineTest
  @Conforms({"A-053"})
  void aYieldInANestedBodySaysWhatToDoInstead() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> in.await(Async.using(() -> sleep(1), (inner, r) -> in.yield(1))));
          var refused =
              assertThrows(IllegalStateException.class, () -> co.await(generator.anext()));
          assertTrue(refused.getMessage().contains("loop with advance() and current() there"));
        });
  }

  @EngineTest
  @Conforms({"C-011"})
  void aStopIterationThatEscapesIsSaidToComeFromAnAsync() {
    var stop = new StopIteration();
    var refused =
        assertThrows(
            IllegalStateException.class,
            () ->
                runAction(
                    co -> {
                      throw stop;
                    }));
    assertTrue(refused.getMessage().startsWith("async raised StopIteration"));
    assertSame(stop, refused.getCause());
  }
}
