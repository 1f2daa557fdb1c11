package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Cancelled;
import io.fermata.async.Context;
import io.fermata.async.ContextVar;
import io.fermata.async.Deferred;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoopDeferredTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final LoopPromise<String> promise = stepped.promise();
  private final IOException failure = new IOException("broken");
  private final List<Object> log = new ArrayList<>();

  @AfterEach
  void close() {
    stepped.close();
  }

  private Consumer<Deferred<String>> callback(Object name) {
    return done -> log.add(name);
  }

  // PENDING

  @Test
  void aPendingOneHasNoOutcome() {
    assertFalse(promise.done());
    assertFalse(promise.cancelled());
    assertNull(promise.failure());
    assertFalse(promise.passes());
    var early = assertThrows(IllegalStateException.class, promise::result);
    assertEquals(
        "no result yet: promise (pending) is pending; await it, or ask done() first",
        early.getMessage());
    early = assertThrows(IllegalStateException.class, promise::exception);
    assertTrue(early.getMessage().startsWith("no exception yet: "));
  }

  // PENDING -> VALUE

  @Test
  void aValueIsItsResult() throws Exception {
    promise.setResult("value");
    assertTrue(promise.done());
    assertFalse(promise.cancelled());
    assertEquals("value", promise.result());
    assertNull(promise.exception());
    assertNull(promise.failure());
    assertTrue(promise.passes());
    assertEquals("value", promise.passed());
    assertEquals("promise (finished)", promise.toString());
  }

  @Test
  void itIsSettledOnce() throws Exception {
    promise.setResult("first");
    assertThrows(IllegalStateException.class, () -> promise.setResult("second"));
    assertThrows(IllegalStateException.class, () -> promise.setException(failure));
    assertFalse(promise.cancel("late"));
    assertEquals("first", promise.result());
    assertFalse(promise.settle(LoopDeferred.FAILED, failure));
    assertEquals("first", promise.result());
  }

  // PENDING -> FAILED

  @Test
  void aFailureIsThrown() {
    promise.setException(failure);
    assertTrue(promise.done());
    assertFalse(promise.cancelled());
    assertSame(failure, assertThrows(IOException.class, promise::result));
    assertSame(failure, promise.exception());
    assertSame(failure, promise.failure());
    assertFalse(promise.passes());
    assertEquals("promise (failed with java.io.IOException: broken)", promise.toString());
  }

  @Test
  void aFailureIsUnretrievedUntilAResultIsAsked() {
    promise.setException(failure);
    assertTrue(promise.isUnretrieved());
    assertThrows(IOException.class, promise::result);
    assertFalse(promise.isUnretrieved());
  }

  @Test
  void aFailureIsUnretrievedUntilTheExceptionIsAsked() {
    promise.setException(failure);
    assertSame(failure, promise.exception());
    assertFalse(promise.isUnretrieved());
  }

  @Test
  void lookingAtAFailureDoesNotRetrieveIt() {
    promise.setException(failure);
    assertSame(failure, promise.failure());
    assertTrue(promise.isUnretrieved());
    promise.markRetrieved();
    assertFalse(promise.isUnretrieved());
    promise.markRetrieved();
  }

  @Test
  void onlyAFailureIsUnretrieved() {
    promise.addDoneCallback(callback("told"));
    assertFalse(promise.isUnretrieved());
    promise.markRetrieved(); // keeps the callback
    promise.setResult("value");
    assertFalse(promise.isUnretrieved());
    stepped.settle();
    assertEquals(List.of("told"), log);
  }

  @Test
  void anUnretrievedFailureIsReportedAtTheEnd() {
    promise.setException(failure);
    stepped.close();
    assertEquals(1, stepped.failures.size());
    assertSame(failure, stepped.failures.get(0).exception());
  }

  @Test
  void aRetrievedFailureIsNotReported() {
    promise.setException(failure);
    promise.markRetrieved();
    stepped.close();
    assertEquals(List.of(), stepped.failures);
  }

  // PENDING -> CANCELLED

  @Test
  void aCancelledOneThrowsTheCancellation() {
    assertTrue(promise.cancel("enough"));
    assertTrue(promise.done());
    assertTrue(promise.cancelled());
    assertEquals("enough", assertThrows(Cancelled.class, promise::result).reason());
    assertEquals("enough", assertThrows(Cancelled.class, promise::exception).reason());
    assertFalse(promise.isUnretrieved());
    assertFalse(promise.cancel("again"));
    assertEquals("promise (cancelled)", promise.toString());
  }

  @Test
  void aCancellationSetAsExceptionCancels() {
    Cancelled why = new Cancelled("enough");
    promise.setException(why);
    assertTrue(promise.cancelled());
    assertSame(why, promise.failure());
  }

  // Callbacks

  @Test
  void callbacksRunInTheNextRoundInOrder() {
    for (int i = 0; i < 4; i++) {
      promise.addDoneCallback(callback(i));
    }
    promise.setResult("value");
    assertEquals(List.of(), log);
    stepped.round();
    assertEquals(List.of(0, 1, 2, 3), log);
  }

  @Test
  void callbacksAndAwaitersKeepTheirOrder() {
    promise.addDoneCallback(callback("first"));
    stepped.started(Scripted.of(sent -> promise, sent -> log.add("awaiter")));
    promise.addDoneCallback(callback("last"));
    promise.setResult("value");
    stepped.settle();
    assertEquals(List.of("first", "awaiter", "last"), log);
  }

  @Test
  void aCallbackAddedLateRunsInTheNextRound() {
    promise.setResult("value");
    promise.addDoneCallback(callback("late"));
    assertEquals(List.of(), log);
    stepped.round();
    assertEquals(List.of("late"), log);
  }

  @Test
  void aCallbackGetsItsSource() {
    promise.addDoneCallback(log::add);
    promise.cancel(null);
    stepped.settle();
    assertEquals(List.of(promise), log);
  }

  @Test
  void aCallbackThatThrowsIsReported() {
    promise.addDoneCallback(
        done -> {
          throw new IllegalStateException("oops");
        });
    promise.addDoneCallback(callback("next"));
    promise.setResult("value");
    stepped.settle();
    assertEquals(List.of("next"), log);
    assertEquals("a callback failed", stepped.failures.get(0).message());
    assertSame(promise, stepped.failures.get(0).source());
  }

  @Test
  void aCallbackRunsInItsContext() {
    ContextVar<String> variable = ContextVar.of("variable", "unset");
    Context given = Context.copy();
    given.run(() -> variable.set("given"));
    variable.set("current");
    promise.addDoneCallback(done -> log.add(variable.get()));
    promise.addDoneCallback(done -> log.add(variable.get()), given);
    variable.set("later");
    promise.setResult("value");
    stepped.settle();
    assertEquals(List.of("current", "given"), log);
  }

  @Test
  void theOnlyCallbackCanBeRemoved() {
    Consumer<Deferred<String>> only = callback("only");
    promise.addDoneCallback(only);
    assertEquals(0, promise.removeDoneCallback(callback("other")));
    assertEquals(1, promise.removeDoneCallback(only));
    assertEquals(0, promise.removeDoneCallback(only));
    promise.setResult("value");
    stepped.settle();
    assertEquals(List.of(), log);
  }

  @Test
  void aCallbackIsRemovedEachTimeItWasAdded() {
    Consumer<Deferred<String>> twice = callback("twice");
    promise.addDoneCallback(twice);
    promise.addDoneCallback(callback("other"));
    promise.addDoneCallback(twice);
    assertEquals(2, promise.removeDoneCallback(twice));
    assertEquals(0, promise.removeDoneCallback(twice));
    promise.setResult("value");
    stepped.settle();
    assertEquals(List.of("other"), log);
  }

  @Test
  void anAwaiterIsNoCallback() {
    LoopTask<String> task = stepped.started(promise);
    assertEquals(0, promise.removeDoneCallback(callback("none")));
    promise.setResult("value");
    stepped.settle();
    assertTrue(task.done());
  }

  @Test
  void anEqualsThatSettlesLeavesNothingToRemove() {
    Consumer<Deferred<String>> hostile =
        new Consumer<>() {
          @Override
          public void accept(Deferred<String> done) {
            log.add("hostile");
          }

          @Override
          public boolean equals(Object other) {
            promise.setResult("value");
            return true;
          }

          @Override
          public int hashCode() {
            return 1;
          }
        };
    promise.addDoneCallback(hostile);
    promise.addDoneCallback(callback("other"));
    assertEquals(0, promise.removeDoneCallback(callback("asked")));
    stepped.settle();
    assertEquals(List.of("hostile", "other"), log);
  }

  // Awaiting

  @Test
  void anAwaiterGetsTheValueARoundLater() throws Exception {
    LoopTask<String> task = stepped.started(promise);
    promise.setResult("value");
    assertFalse(task.done());
    stepped.round();
    assertEquals("value", task.result());
  }

  @Test
  void anAwaitOfADoneOneDoesNotWait() throws Exception {
    promise.setResult("value");
    LoopTask<String> task = stepped.start(promise);
    stepped.round();
    assertEquals("value", task.result());
  }

  @Test
  void anAwaiterGetsTheSameFailure() {
    LoopTask<String> task = stepped.started(promise);
    promise.setException(failure);
    stepped.settle();
    assertSame(failure, task.failure());
    assertFalse(promise.isUnretrieved());
  }

  @Test
  void aCancelledAwaiterCancelsThePromise() {
    LoopTask<String> task = stepped.started(promise);
    task.cancel("enough");
    assertTrue(promise.cancelled());
    assertEquals("enough", ((Cancelled) promise.failure()).reason());
    stepped.settle();
    assertSame(promise.failure(), task.failure());
  }

  @Test
  void anAwaitThatIsOverCannotBeUndone() {
    LoopTask<String> task = stepped.started(promise);
    promise.setResult("value");
    assertFalse(promise.undo(task, new Cancelled(null)));
  }

  @Test
  void aTaskCannotAwaitItself() {
    LoopTask<?>[] self = new LoopTask<?>[1];
    self[0] = stepped.named("me", Scripted.of(sent -> self[0], sent -> sent));
    stepped.settle();
    assertEquals(
        "task me (pending) awaits itself, which would never end", self[0].exception().getMessage());
  }

  @Test
  void whatBelongsToAnotherLoopCannotBeAwaited() {
    stepped.leave();
    try (SteppedLoop other = new SteppedLoop()) {
      LoopTask<String> task = other.started(promise);
      assertTrue(task.exception().getMessage().startsWith("promise (pending) belongs to another"));
    }
  }

  @Test
  void whoseCancellationWouldGoInACircleIsLetGo() {
    LoopTask<?>[] tasks = new LoopTask<?>[2];
    tasks[0] = stepped.start(Scripted.of(sent -> tasks[1], sent -> sent));
    tasks[1] = stepped.start(Scripted.of(sent -> tasks[0], sent -> sent));
    stepped.settle();
    assertTrue(tasks[0].cancel("enough"));
    stepped.settle();
    assertTrue(tasks[0].cancelled());
    assertTrue(tasks[1].cancelled());
  }

  // Futures

  @Test
  void itsFutureIsCompletedWithIt() throws Exception {
    CompletableFuture<String> future = promise.toCompletableFuture();
    promise.setResult("value");
    assertFalse(future.isDone());
    stepped.settle();
    assertEquals("value", future.get());
  }

  @Test
  void itsFutureFailsWithIt() {
    CompletableFuture<String> future = promise.toCompletableFuture();
    promise.setException(failure);
    stepped.settle();
    assertSame(failure, assertThrows(CompletionException.class, future::join).getCause());
    assertFalse(promise.isUnretrieved());
  }

  @Test
  void itsFutureIsCancelledWithIt() {
    CompletableFuture<String> future = promise.toCompletableFuture();
    promise.cancel("enough");
    stepped.settle();
    assertTrue(future.isCancelled());
    // not by join(), which wraps a cancellation from JDK 23 on
    Throwable failure = future.handle((value, thrown) -> thrown).join();
    assertEquals("enough", assertInstanceOf(CancellationException.class, failure).getMessage());
  }

  @Test
  void cancellingItsFutureCancelsIt() {
    CompletableFuture<String> future = promise.toCompletableFuture();
    future.cancel(true);
    assertFalse(promise.done());
    stepped.settle();
    assertEquals("its CompletableFuture was cancelled", ((Cancelled) promise.failure()).reason());
  }

  @Test
  void completingItsFutureLeavesItAlone() {
    promise.toCompletableFuture().complete("other");
    stepped.settle();
    assertFalse(promise.done());
  }

  // Threads

  @Test
  void callsOnOtherThreadsAreRefused() {
    assertRefused(() -> promise.setResult("value"), "setResult() of promise (pending)");
    assertRefused(() -> promise.cancel(null), "cancel() of promise (pending)");
    assertRefused(() -> promise.addDoneCallback(callback(1)), "addDoneCallback() of promise");
    assertRefused(() -> promise.removeDoneCallback(callback(1)), "removeDoneCallback() of promise");
    assertFalse(promise.done());
  }

  private static void assertRefused(Runnable call, String start) {
    var refused =
        assertThrows(CompletionException.class, () -> CompletableFuture.runAsync(call).join());
    assertTrue(refused.getCause().getMessage().startsWith(start), refused::toString);
  }

  @Test
  void itKnowsItsLoop() {
    assertSame(stepped.face, promise.loop());
  }
}
