package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Context;
import io.fermata.async.ContextVar;
import io.fermata.async.Deferred;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What promises are. */
class PromiseTest extends AsyncTest {
  @EngineTest
  @Conforms({"T-001"})
  void aNewPromiseIsPending() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          assertFalse(p.done());
          assertFalse(p.cancelled());
          assertThrows(IllegalStateException.class, p::result);
          assertThrows(IllegalStateException.class, p::exception);
        });
  }

  @EngineTest
  @Conforms({"T-002"})
  void aPromiseIsSettledOnce() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          p.setResult(1);
          assertTrue(p.done());
          assertEquals(1, p.result());
          assertNull(p.exception());
          assertThrows(IllegalStateException.class, () -> p.setResult(2));
          assertThrows(IllegalStateException.class, () -> p.setException(new IOException()));
          assertFalse(p.cancel());
          assertEquals(1, p.result());
        });
  }

  @EngineTest
  @Conforms({"T-003"})
  void aFailedPromiseThrowsTheSameInstanceEachTime() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          IOException failure = new IOException();
          p.setException(failure);
          assertSame(failure, p.exception());
          assertSame(failure, assertThrows(IOException.class, p::result));
          assertSame(failure, assertThrows(IOException.class, p::result));
          assertThrows(IllegalStateException.class, () -> p.setResult(2));
        });
  }

  @EngineTest
  @Conforms({"T-004"})
  void aCancelledPromiseIsDone() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          assertTrue(p.cancel());
          assertTrue(p.done());
          assertTrue(p.cancelled());
          assertFalse(p.cancel());
          assertThrows(Cancelled.class, p::result);
          assertThrows(Cancelled.class, p::exception);
          assertThrows(IllegalStateException.class, () -> p.setResult(1));
        });
  }

  @EngineTest
  @Conforms({"T-005"})
  void theReasonOfACancellationIsCarried() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          p.cancel("because");
          assertEquals("because", assertThrows(Cancelled.class, p::result).reason());
          Promise<Integer> q = Promise.open();
          q.cancel();
          assertNull(assertThrows(Cancelled.class, () -> co.await(q)).reason());
        });
  }

  @EngineTest
  @Conforms({"T-008", "T-010"})
  void callbacksRunLaterInTheOrderInWhichTheyWereAdded() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          p.addDoneCallback(done -> log.add(done == p ? 1 : 0));
          p.addDoneCallback(done -> log.add(2));
          p.setResult(0);
          assertEquals(List.of(), log);
          co.await(pause());
          assertEquals(List.of(1, 2), log);
        });
  }

  @EngineTest
  @Conforms({"T-009"})
  void aCallbackOfADonePromiseRunsInTheNextRound() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          p.setResult(0);
          p.addDoneCallback(done -> log.add("ran"));
          assertEquals(List.of(), log);
          co.await(pause());
          assertEquals(List.of("ran"), log);
        });
  }

  @EngineTest
  @Conforms({"T-011"})
  void removingACallbackTellsHowManyThereWere() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          Consumer<Deferred<Integer>> twice = done -> log.add("twice");
          Consumer<Deferred<Integer>> once = done -> log.add("once");
          p.addDoneCallback(twice);
          p.addDoneCallback(once);
          p.addDoneCallback(twice);
          assertEquals(2, p.removeDoneCallback(twice));
          assertEquals(0, p.removeDoneCallback(twice));
          p.setResult(0);
          co.await(pause());
          assertEquals(List.of("once"), log);
        });
  }

  @EngineTest
  @Conforms({"T-013"})
  void aCallbackThatThrowsIsReportedAndTheOthersRun() throws Exception {
    runAction(
        co -> {
          IllegalArgumentException failure = new IllegalArgumentException();
          EventLoop.current()
              .setExceptionHandler((loop, reported) -> log.add(reported.exception()));
          Promise<Integer> p = Promise.open();
          p.addDoneCallback(
              done -> {
                throw failure;
              });
          p.addDoneCallback(done -> log.add("ran"));
          p.setResult(0);
          co.await(pause());
          assertEquals(List.of(failure, "ran"), log);
        });
  }

  @EngineTest
  @Conforms({"T-014"})
  void aCallbackRunsInTheContextInWhichItWasAdded() throws Exception {
    runAction(
        co -> {
          ContextVar<String> variable = ContextVar.of("v");
          Promise<Integer> p = Promise.open();
          variable.set("before");
          p.addDoneCallback(done -> log.add(variable.get()));
          variable.set("given");
          p.addDoneCallback(done -> log.add(variable.get()), Context.copy());
          variable.set("after");
          p.setResult(0);
          co.await(pause());
          assertEquals(List.of("before", "given"), log);
        });
  }

  @EngineTest
  @Conforms({"T-015"})
  void anAwaitOfADonePromiseKeepsTheTurn() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          p.setResult(1);
          Task<String> other = Task.start(step("other", 0));
          log.add(co.await(p));
          co.await(other);
          assertEquals(List.of(1, "other"), log);
        });
  }

  @EngineTest
  @Conforms({"T-016"})
  void thoseWhoWaitAreWokenInTheOrderInWhichTheyBegan() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          for (int i = 0; i < 4; i++) {
            int n = i;
            Task.start(Async.action(in -> log.add(n + in.await(p))));
          }
          co.await(pause());
          p.setResult(10);
          co.await(pause());
          assertEquals(List.of(10, 11, 12, 13), log);
        });
  }

  @EngineTest
  @Conforms({"T-017"})
  void anAwaitOfACancelledPromiseCancelsTheTaskUnasked() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          Task<Integer> task = Task.start(Async.of(in -> in.await(p)));
          co.await(pause());
          p.cancel("gone");
          assertEquals("gone", assertThrows(Cancelled.class, () -> co.await(task)).reason());
          assertTrue(task.cancelled());
          assertEquals(0, task.cancelling());
        });
  }

  @EngineTest
  @Conforms({"T-018"})
  void aPromiseOutsideOfALoopNeedsOne() throws Exception {
    assertThrows(IllegalStateException.class, Promise::open);
    try (EventLoop loop = VirtualTime.open()) {
      Promise<Integer> p = Promise.open(loop);
      p.setResult(1);
      assertEquals(1, loop.runUntilComplete(p));
    }
  }

  @EngineTest
  @Conforms({"T-021"})
  void ensuringAPromiseGivesItself() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          assertSame(p, Task.ensure(p));
        });
  }

  @EngineTest
  @Conforms({"T-022"})
  void aPromiseShowsHowItStands() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          assertTrue(p.toString().contains("pending"), p.toString());
          p.cancel();
          assertTrue(p.toString().contains("cancelled"), p.toString());
        });
  }

  @EngineTest
  void aCompletableFutureFollowsAPromise() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          CompletableFuture<Integer> future = p.toCompletableFuture();
          p.setResult(3);
          co.await(pause());
          assertEquals(3, future.getNow(0));
        });
  }

  @EngineTest
  void cancellingTheFutureThatFollowsCancelsThePromise() throws Exception {
    runAction(
        co -> {
          Promise<Integer> p = Promise.open();
          CompletableFuture<Integer> future = p.toCompletableFuture();
          future.cancel(true);
          co.await(pause());
          co.await(pause());
          assertTrue(p.cancelled());
        });
  }
}
