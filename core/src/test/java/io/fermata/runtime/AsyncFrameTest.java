package io.fermata.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.State;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The steps of asynchronous frames, and the claim of one. */
class AsyncFrameTest {
  private final Leaf leaf = new Leaf() {};

  @Test
  void anAwaitOfALeafComesOutOfTheStep() {
    Awaiting frame = new Awaiting(leaf);

    assertTrue(frame.step(null, null));

    assertSame(leaf, frame.leaf());
    assertFalse(frame.step("outcome", null));
    assertEquals("outcome", frame.returned());
  }

  @Test
  void aLeafBelowAnAwaitedFrameComesOutOfTheStep() {
    Awaiting inner = new Awaiting(leaf);
    Awaiting frame = new Awaiting(inner);

    assertTrue(frame.step(null, null));

    assertSame(leaf, frame.leaf());
    assertEquals(2, frame.suspended().size());
    assertFalse(frame.step("outcome", null));
    assertEquals("outcome", frame.returned());
    assertEquals(State.CLOSED, inner.state());
  }

  @Test
  void aFailureIsThrownAsItIs() {
    IOException failure = new IOException();
    Awaiting frame = new Awaiting(leaf);
    assertTrue(frame.step(null, null));

    assertSame(failure, assertThrows(IOException.class, () -> frame.step(null, failure)));

    assertEquals(Frame.FAILED, frame.state);
  }

  @Test
  void aSecondClaimIsRefused() {
    Awaiting frame = new Awaiting(leaf);
    frame.claim();

    assertThrows(IllegalStateException.class, frame::claim);
  }

  @Test
  void anAwaitClaimsItsFrame() {
    Awaiting inner = new Awaiting(leaf);
    assertTrue(new Awaiting(inner).step(null, null));

    assertThrows(IllegalStateException.class, inner::claim);
  }

  @Test
  void theCallbackRunsOnceWhenClaimed() {
    AtomicInteger calls = new AtomicInteger();
    Awaiting frame = new Awaiting(leaf);
    frame.whenClaimed(calls::incrementAndGet);

    frame.claim();
    frame.pardon();

    assertEquals(1, calls.get());
  }

  @Test
  void aDiscardedFrameHasNeverRun() {
    AtomicInteger calls = new AtomicInteger();
    Awaiting frame = new Awaiting(leaf);
    frame.whenClaimed(calls::incrementAndGet);

    frame.discard();

    assertEquals(Frame.NEVER_RAN, frame.state);
    assertEquals(1, calls.get());
    assertThrows(IllegalStateException.class, frame::claim);
  }

  @Test
  void aDiscardOfASuspendedFrameDoesNothing() {
    Awaiting frame = new Awaiting(leaf);
    assertTrue(frame.step(null, null));

    frame.discard();

    assertEquals(State.SUSPENDED, frame.state());
  }

  @Test
  void anAsyncGeneratorTellsYieldsFromAwaits() {
    AwaitingGenerator generator = new AwaitingGenerator(leaf);

    assertEquals(AsyncGeneratorFrame.WAITS, generator.step(null, null));
    assertSame(leaf, generator.taken());
    assertEquals(AsyncGeneratorFrame.YIELDED, generator.step("outcome", null));
    assertEquals("outcome", generator.taken());
    assertEquals(AsyncGeneratorFrame.RETURNED, generator.step(null, null));
  }

  /** The body {@code co -> co.await(target)}. */
  private static final class Awaiting extends AsyncFrame<Object> {
    private final Object target;

    Awaiting(Object target) {
      this.target = target;
    }

    @Override
    protected int resume(Object sent, Throwable raised) throws Throwable {
      int place = state & PLACE;
      state = RUNNING;
      if (raised != null) {
        throw raised;
      }
      value = place == 0 ? target : sent;
      if (place == 0) {
        state = 1;
      }
      return place == 0 ? DELEGATED : RETURNED;
    }

    @Override
    protected Inspection inspect() {
      return BodySite.unknown(getClass()).at(state);
    }

    @Override
    protected void ended() {}
  }

  /** The body {@code co -> co.yield(co.await(target))}. */
  private static final class AwaitingGenerator extends AsyncGeneratorFrame<Object> {
    private final Object target;

    AwaitingGenerator(Object target) {
      this.target = target;
    }

    @Override
    protected int resume(Object sent, Throwable raised) {
      int place = state & PLACE;
      state = place + 1;
      value = place == 0 ? target : sent;
      return place == 0 ? DELEGATED : place == 1 ? YIELDED : RETURNED;
    }

    @Override
    protected Inspection inspect() {
      return BodySite.unknown(getClass()).at(state);
    }

    @Override
    protected void ended() {}
  }
}
