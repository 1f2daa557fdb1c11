package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CancellableTaskTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final LoopPromise<String> promise = stepped.promise();
  private final List<Object> log = new ArrayList<>();

  /** A wait that passes a cancellation on, and ends later. */
  private final class Slow implements Async<String>, Waitable {
    Parked waiting;
    Throwable failure;

    @Override
    public Object park(Parked task) {
      waiting = task;
      return PARKED;
    }

    @Override
    public boolean undo(Parked task, Throwable why) {
      log.add("undo " + ((Cancelled) why).reason());
      failure = why;
      return true;
    }

    @Override
    public Object outcome(Parked task) throws Throwable {
      if (failure != null) {
        throw failure;
      }
      return "slow";
    }

    @Override
    public Async<String> toAsync() {
      return this;
    }
  }

  @AfterEach
  void close() {
    stepped.close();
  }

  private static String reason(LoopTask<?> task) {
    return ((Cancelled) task.failure()).reason();
  }

  // Requests

  @Test
  void aTaskThatHasNotBegunDoesNotRun() {
    LoopTask<Object> task = stepped.start(Scripted.of(sent -> log.add("ran")));
    assertTrue(task.cancel("enough"));
    stepped.settle();
    assertEquals("enough", reason(task));
    assertEquals(List.of(), log);
  }

  @Test
  void aRequestToTheTaskThatRunsIsThrownByItsNextAwait() {
    LoopTask<Object> task =
        stepped.started(
            Scripted.of(
                sent -> {
                  LoopTask.current().cancel("enough");
                  return promise;
                },
                sent -> sent));
    assertEquals("enough", reason(task));
    assertTrue(promise.cancelled());
  }

  @Test
  void aRequestThatNoAwaitThrewCancelsTheTask() {
    LoopTask<Object> task =
        stepped.started(Scripted.of(sent -> LoopTask.current().cancel("enough")));
    assertEquals("enough", reason(task));
  }

  @Test
  void aRequestIsDeliveredOnce() {
    Scripted<Object> body =
        Scripted.of(sent -> promise, sent -> stepped.promise(), sent -> "over").goingOn();
    LoopTask<Object> task = stepped.started(body);
    task.cancel("first");
    stepped.settle();
    assertEquals(1, body.caught.size());
    assertFalse(task.done());
    task.cancel("second");
    stepped.settle();
    assertEquals(2, body.caught.size());
    assertEquals("over", task.passed());
    assertEquals(2, task.cancelling());
  }

  @Test
  void aTaskThatHasEndedTakesNoRequest() {
    LoopTask<String> task = stepped.started(promise);
    promise.setResult("value");
    stepped.settle();
    assertFalse(task.cancel("late"));
    assertEquals(0, task.cancelling());
    assertEquals(0, task.uncancel());
  }

  @Test
  void aRequestComesBeforeAValueThatIsOnItsWay() {
    LoopTask<String> task = stepped.started(promise);
    promise.setResult("value");
    task.cancel("enough");
    stepped.settle();
    assertEquals("enough", reason(task));
  }

  @Test
  void aRequestTakenBackIsNotDelivered() {
    LoopTask<Object> task =
        stepped.started(
            Scripted.of(
                sent -> {
                  LoopTask<?> self = LoopTask.current();
                  self.cancel("one");
                  self.cancel("two");
                  log.add(self.uncancel());
                  log.add(self.pending() == null);
                  log.add(self.uncancel());
                  log.add(self.pending() == null);
                  log.add(self.uncancel());
                  return promise;
                },
                sent -> sent));
    assertEquals(List.of(1, false, 0, true, 0), log);
    assertFalse(task.done());
  }

  @Test
  void aRequestThatIsTakenOverIsNotDelivered() {
    LoopTask<Object> task =
        stepped.started(
            Scripted.of(
                sent -> {
                  LoopTask<?> self = LoopTask.current();
                  assertNull(self.takeRequest());
                  self.cancel("enough");
                  log.add(self.takeRequest().reason());
                  assertNull(self.takeRequest());
                  assertEquals(1, self.gotRequests());
                  return promise;
                },
                sent -> sent));
    assertEquals(List.of("enough"), log);
    assertFalse(task.done());
  }

  @Test
  void aDisplacedRequestIsThrownByTheNextAwait() {
    LoopTask<Object> task =
        stepped.started(
            Scripted.of(
                sent -> {
                  LoopTask.current().requestAgain(new Cancelled("again"), 0);
                  return promise;
                },
                sent -> sent));
    assertEquals("again", reason(task));
    assertEquals(0, task.cancelling());
  }

  // Chains

  @Test
  void aRequestIsPassedOnToTheLastOfAChain() {
    LoopTask<String> last = stepped.started(promise);
    LoopTask<String> middle = stepped.started(last);
    LoopTask<String> first = stepped.started(middle);
    assertTrue(first.cancel("enough"));
    assertTrue(promise.cancelled());
    stepped.settle();
    for (LoopTask<?> each : List.of(first, middle, last)) {
      assertEquals("enough", reason(each));
      assertEquals(1, each.cancelling());
    }
    assertSame(last.failure(), first.failure());
  }

  @Test
  void aChainMayBeLongerThanTheStackAllows() {
    LoopTask<String> last = stepped.started(promise);
    LoopTask<String> first = last;
    for (int i = 0; i < 20_000; i++) {
      first = stepped.started(first);
    }
    first.cancel("enough");
    for (int i = 0; !first.done(); i++) {
      assertTrue(i < 30_000);
      stepped.round();
    }
    assertEquals("enough", reason(first));
  }

  @Test
  void whoeverSwallowsAPassedRequestLeavesTheAwaiterAlone() {
    LoopTask<Object> inner =
        stepped.started(Scripted.of(sent -> promise, sent -> "swallowed").goingOn());
    LoopTask<Object> outer = stepped.started(inner);
    outer.cancel("enough");
    stepped.settle();
    assertEquals("swallowed", outer.passed());
    assertFalse(outer.cancelled());
    assertEquals(1, outer.cancelling());
  }

  // Waits that end later

  @Test
  void aWaitThatEndsLaterKeepsTheTask() {
    Slow slow = new Slow();
    LoopTask<String> task = stepped.started(slow);
    task.cancel("enough");
    stepped.settle();
    assertFalse(task.done());
    slow.waiting.wake();
    stepped.settle();
    assertEquals("enough", reason(task));
    assertEquals(List.of("undo enough"), log);
  }

  @Test
  void eachRequestIsToldToAWaitThatEndsLater() {
    Slow slow = new Slow();
    LoopTask<String> task = stepped.started(slow);
    task.cancel("one");
    task.cancel("two");
    assertEquals(List.of("undo one", "undo two"), log);
    slow.waiting.wake();
  }

  @Test
  void aWaitIsToldOfCancelledScopesOnce() {
    Slow slow = new Slow();
    Scope[] scopes = new Scope[2];
    LoopTask<Object> task =
        stepped.started(
            Scripted.of(
                sent -> {
                  scopes[0] = new Scope(LoopTask.entering("a test"));
                  scopes[1] = new Scope(scopes[0].host);
                  return slow;
                },
                sent -> sent));
    scopes[1].cancel(new Cancelled("inner"));
    scopes[0].cancel(new Cancelled("outer"));
    assertEquals(List.of("undo inner"), log);
    task.cancel("request");
    assertEquals(List.of("undo inner", "undo request"), log);
    slow.waiting.wake();
    stepped.settle();
    assertEquals("request", reason(task));
  }

  @Test
  void eachWaitInACancelledScopeIsTold() {
    Scripted<Object> body =
        Scripted.of(
                sent -> {
                  new Scope(LoopTask.entering("a test")).cancel(new Cancelled("scope"));
                  return promise;
                },
                sent -> stepped.promise(),
                sent -> "over")
            .goingOn();
    LoopTask<Object> task = stepped.started(body);
    assertEquals(2, body.caught.size());
    assertEquals("over", task.passed());
  }
}
