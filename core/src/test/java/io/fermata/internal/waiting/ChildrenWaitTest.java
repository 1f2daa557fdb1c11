package io.fermata.internal.waiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.internal.kernel.Waitable;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.LoopPromise;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scripted;
import io.fermata.internal.loop.SteppedLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChildrenWaitTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final ChildrenWait wait = new ChildrenWait();
  private final LoopPromise<String> one = stepped.promise();
  private final LoopPromise<String> two = stepped.promise();

  /** A body that awaits the wait once. */
  private final class Owner extends LibraryFrame<String> {
    private final boolean isFuture;

    Owner(boolean isFuture) {
      this.isFuture = isFuture;
    }

    @Override
    protected int go(int place, Object sent, Throwable raised) throws Throwable {
      if (raised != null) {
        throw raised;
      }
      return place == 0 ? awaiting(wait, 1) : done("went on");
    }

    @Override
    protected boolean isFuture() {
      return isFuture;
    }

    @Override
    protected String description() {
      return "owner";
    }
  }

  @AfterEach
  void close() {
    one.cancel(null);
    two.cancel(null);
    wait.wake();
    stepped.close();
  }

  private LoopTask<String> ownerOfTwo() {
    wait.add(one);
    wait.add(two);
    return stepped.started(new Owner(false));
  }

  @Test
  void itPassesIfOneHasEnded() throws Exception {
    wait.add(one);
    wait.add(two);
    one.setResult("value");
    stepped.settle();
    Task<String> owner = stepped.start(new Owner(false));
    stepped.round();
    assertEquals("went on", owner.result());
  }

  @Test
  void itWaitsForTheFirstToEnd() throws Exception {
    LoopTask<String> owner = ownerOfTwo();
    assertFalse(owner.done());
    two.setResult("value");
    stepped.settle();
    assertEquals("went on", owner.result());
    assertEquals(List.of(two), wait.takeEnded());
    assertTrue(wait.hasLeft());
  }

  @Test
  void theEndedAreTakenInTheirOrder() {
    ownerOfTwo();
    two.setResult("value");
    one.setException(new IOException("broken"));
    stepped.settle();
    assertEquals(List.of(two, one), wait.takeEnded());
    assertEquals(List.of(), wait.takeEnded());
    assertFalse(wait.hasLeft());
  }

  @Test
  void anOwnerWokenTwiceIsResumedOnce() throws Exception {
    LoopTask<String> owner = ownerOfTwo();
    two.setResult("value");
    one.setResult("value");
    stepped.settle();
    assertEquals("went on", owner.result());
    wait.wake();
    assertTrue(stepped.loop.kernel.isIdle());
  }

  @Test
  void aFailureOfAChildIsItsOwners() {
    wait.add(one);
    one.setException(new IOException("broken"));
    assertTrue(one.isUnretrieved());
    stepped.settle();
    assertFalse(one.isUnretrieved());
  }

  @Test
  void anOwnerGoesOnARoundAfterTheChild() {
    LoopTask<String> owner = ownerOfTwo();
    one.setResult("value");
    stepped.round(); // the callback
    assertFalse(owner.done());
    stepped.round();
    assertTrue(owner.done());
  }

  @Test
  void anOwnerThatIsAFutureGoesOnAtOnce() {
    wait.add(one);
    LoopTask<String> owner = stepped.started(new Owner(true));
    one.setResult("value");
    stepped.round();
    assertTrue(owner.done());
  }

  @Test
  void itsOwnerCanBeWoken() throws Exception {
    LoopTask<String> owner = ownerOfTwo();
    wait.wake();
    stepped.settle();
    assertEquals("went on", owner.result());
    assertEquals(List.of(), wait.takeEnded());
  }

  @Test
  void wakingNobodyDoesNothing() {
    wait.wake();
    assertTrue(stepped.loop.kernel.isIdle());
  }

  // Cancellation

  @Test
  void aCancelledWaitCancelsItsChildrenAndGoesOn() throws Exception {
    LoopTask<String> owner = ownerOfTwo();
    assertNull(wait.interruption());
    owner.cancel("enough");
    assertTrue(one.cancelled());
    assertTrue(two.cancelled());
    assertEquals("enough", ((Cancelled) one.failure()).reason());
    assertEquals("enough", wait.interruption().reason());
    stepped.settle();
    assertEquals("went on", owner.result());
  }

  @Test
  void aWaitWithoutWaiterIsNotUndone() {
    wait.add(one);
    assertFalse(wait.undo(null, new Cancelled("enough")));
    assertFalse(one.done());
    assertNull(wait.interruption());
  }

  @Test
  void aWaitWhoseChildrenRefuseIsNotUndone() {
    LoopTask<String> owner = ownerOfTwo();
    one.setResult("value");
    two.setResult("value"); // their callbacks have not run
    assertFalse(wait.undo(owner, new Cancelled("enough")));
    assertNull(wait.interruption());
    stepped.settle();
  }

  @Test
  void theFirstCancellationIsTheInterruption() {
    Stubborn stubborn = new Stubborn();
    LoopTask<String> child = stepped.started(stubborn);
    wait.add(child);
    LoopTask<String> owner = stepped.started(new Owner(false));
    Cancelled first = new Cancelled("first");
    assertTrue(wait.undo(owner, first));
    stepped.settle();
    assertEquals(1, stubborn.swallowed);
    assertFalse(wait.undo(owner, first)); // known already
    stepped.settle();
    assertEquals(1, stubborn.swallowed);
    assertTrue(wait.undo(owner, new Cancelled("second")));
    assertSame(first, wait.interruption());
    stepped.settle();
    assertEquals(2, stubborn.swallowed);
    stubborn.isStubborn = false;
    child.cancel(null);
    stepped.settle();
    assertTrue(owner.done());
  }

  /** Swallows cancellations, and waits on. */
  private final class Stubborn extends LibraryFrame<String> {
    boolean isStubborn = true;
    int swallowed;

    @Override
    protected int go(int place, Object sent, Throwable raised) throws Throwable {
      if (raised != null) {
        if (!isStubborn) {
          throw raised;
        }
        swallowed++;
      }
      return awaiting(stepped.<String>promise(), 1);
    }

    @Override
    protected String description() {
      return "stubborn";
    }
  }

  /** Without this, no cancellation could end such a deadlock. */
  @Test
  void aChildThatAwaitsItsOwnerEndsBothWhenCancelled() {
    LoopTask<?>[] child = new LoopTask<?>[1];
    LoopTask<String> owner = stepped.start(ownerOf(child));
    child[0] = stepped.start(owner);
    stepped.settle();
    child[0].cancel("enough");
    stepped.settle();
    assertEquals("enough", ((Cancelled) owner.failure()).reason());
    assertTrue(child[0].cancelled());
  }

  @Test
  void anOwnerThatIsAwaitedByItsChildEndsBothWhenCancelled() {
    LoopTask<?>[] child = new LoopTask<?>[1];
    LoopTask<String> owner = stepped.start(ownerOf(child));
    child[0] = stepped.start(owner);
    stepped.settle();
    owner.cancel("enough");
    stepped.settle();
    assertTrue(owner.done());
    assertTrue(child[0].cancelled());
  }

  @Test
  void childrenThatAwaitNobodyAreCancelledWithACircle() {
    wait.add(one);
    LoopTask<?>[] child = new LoopTask<?>[1];
    LoopTask<String> owner = stepped.start(ownerOf(child));
    child[0] = stepped.start(owner);
    stepped.settle();
    child[0].cancel("enough");
    assertTrue(one.cancelled());
    stepped.settle();
    assertTrue(owner.cancelled());
    assertTrue(child[0].cancelled());
  }

  /** Awaits the wait, to which a task is added that is there by then. */
  private Scripted<String> ownerOf(LoopTask<?>[] child) {
    return Scripted.of(
        sent -> {
          wait.add(child[0]);
          return wait;
        },
        sent -> "went on");
  }

  @Test
  void cancellingAllLeavesThoseThatHaveEnded() {
    wait.add(one);
    wait.add(two);
    one.setResult("value");
    wait.cancelAll("enough");
    assertFalse(one.cancelled());
    assertTrue(two.cancelled());
  }

  // Looking

  @Test
  void itShowsWhoHasNotEnded() {
    wait.add(one);
    wait.add(two);
    one.setResult("value");
    List<LoopDeferred<?>> shown = new ArrayList<>();
    wait.forEachAwaited(shown::add);
    assertEquals(List.of(two), shown);
  }

  @Test
  void itSaysHowManyAreLeft() {
    wait.add(one);
    wait.add(two);
    one.setResult("value");
    stepped.settle();
    assertEquals("1 of 2", wait.toString());
  }

  @Test
  void itHasALimitIfItsOwnerSaysSo() {
    assertFalse(wait.hasLimit());
    wait.hasLimit = true;
    assertTrue(wait.hasLimit());
  }

  @Test
  void itGivesNothing() {
    assertNull(wait.outcome(null));
    wait.add(one);
    assertSame(Waitable.PARKED, wait.park(stepped.start(one)));
  }
}
