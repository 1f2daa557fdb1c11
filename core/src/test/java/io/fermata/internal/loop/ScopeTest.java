package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Cancelled;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final LoopPromise<String> promise = stepped.promise();
  private Scope outer;
  private Scope inner;

  @AfterEach
  void close() {
    stepped.close();
  }

  /** A task in two scopes, waiting for the promise. */
  private LoopTask<Object> nested(boolean innerShields) {
    LoopTask<Object> task =
        stepped.start(
            Scripted.of(
                sent -> {
                  outer = new Scope(LoopTask.entering("a test"));
                  inner = innerShields ? Scope.shield(outer.host) : new Scope(outer.host);
                  return promise;
                },
                sent -> {
                  inner.leave();
                  return Scripted.of(x -> stepped.promise(), x -> x);
                },
                sent -> {
                  outer.leave();
                  return sent;
                }));
    stepped.settle();
    return task;
  }

  @Test
  void scopesOfATaskAreAStack() {
    LoopTask<Object> task = nested(false);
    assertSame(inner, task.scope);
    assertSame(outer, inner.parent);
    assertNull(outer.parent);
    assertThrows(AssertionError.class, outer::leave);
    inner.leave();
    assertSame(outer, task.scope);
    outer.leave();
    assertNull(task.scope);
  }

  @Test
  void aScopeIsEnteredInATask() {
    var refused = assertThrows(IllegalStateException.class, () -> LoopTask.entering("a test"));
    assertEquals("a test outside of a task: await it in a body", refused.getMessage());
  }

  @Test
  void aCancelledScopeEndsTheWaitInIt() {
    LoopTask<Object> task = nested(false);
    Cancelled why = new Cancelled("enough");
    inner.cancel(why);
    assertTrue(promise.cancelled());
    stepped.settle();
    assertEquals("enough", ((Cancelled) task.failure()).reason());
    assertTrue(Cancellations.areSame((Cancelled) task.failure(), why));
  }

  @Test
  void aScopeIsCancelledOnce() {
    nested(false);
    Cancelled why = new Cancelled("first");
    inner.cancel(why);
    inner.cancel(new Cancelled("second"));
    assertSame(why, inner.cancelled);
  }

  @Test
  void aShieldKeepsTheWaitOfACancelledScope() {
    LoopTask<Object> task = nested(true);
    outer.cancel(new Cancelled("enough"));
    stepped.settle();
    assertFalse(promise.done());
    promise.setResult("value");
    stepped.settle(); // the shield is left, the next wait is cancelled
    assertEquals("enough", ((Cancelled) task.failure()).reason());
  }

  @Test
  void aCancelledShieldEndsTheWaitInIt() {
    nested(true);
    inner.cancel(new Cancelled("enough"));
    assertTrue(promise.cancelled());
  }

  @Test
  void aShieldKeepsARequestFromItsTask() {
    LoopTask<Object> task = nested(true);
    assertTrue(task.cancel("enough"));
    stepped.settle();
    assertFalse(promise.done());
    promise.setResult("value");
    stepped.settle();
    assertEquals("enough", ((Cancelled) task.failure()).reason());
  }

  @Test
  void theOutermostCancelledScopeIsTheReason() {
    nested(false);
    assertNull(Scope.cancellation(inner));
    assertNull(Scope.cancellation(null));
    Cancelled innerWhy = new Cancelled("inner");
    Cancelled outerWhy = new Cancelled("outer");
    inner.cancel(innerWhy);
    assertSame(innerWhy, Scope.cancellation(inner));
    assertNull(Scope.cancellation(outer));
    outer.cancel(outerWhy);
    assertSame(outerWhy, Scope.cancellation(inner));
  }

  @Test
  void aShieldHidesWhatLiesOutsideOfIt() {
    nested(true);
    outer.cancel(new Cancelled("outer"));
    assertNull(Scope.cancellation(inner));
    Cancelled own = new Cancelled("own");
    inner.cancel(own);
    assertSame(own, Scope.cancellation(inner));
  }

  @Test
  void aScopeHasNoDeadlineOfItsOwn() {
    nested(false);
    assertEquals(Long.MAX_VALUE, inner.deadline());
  }
}
