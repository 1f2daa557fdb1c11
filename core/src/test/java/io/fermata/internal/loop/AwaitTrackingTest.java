package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In debug mode, where everything is tracked. */
class AwaitTrackingTest {
  private final SteppedLoop stepped = new SteppedLoop();

  @BeforeEach
  void trace() {
    stepped.loop.setDebug(true);
  }

  @AfterEach
  void close() {
    stepped.close();
  }

  private boolean isTracking() {
    return AwaitTracking.hasSomeOf(stepped.loop);
  }

  private static final class Leaf implements Async<String> {
    @Override
    public Async<String> toAsync() {
      return this;
    }
  }

  @Test
  void aLeafIsTrackedUntilItIsUsed() {
    Leaf leaf = new Leaf();
    assertFalse(isTracking());
    AwaitTracking.made(leaf);
    assertTrue(isTracking());
    AwaitTracking.used(new Object());
    assertTrue(isTracking());
    AwaitTracking.used(leaf);
    assertFalse(isTracking());
    AwaitTracking.used(leaf);
  }

  @Test
  void leavesAreTrackedEachForItself() {
    Leaf one = new Leaf();
    Leaf two = new Leaf();
    AwaitTracking.made(one);
    AwaitTracking.made(two);
    AwaitTracking.used(one);
    assertTrue(isTracking());
    AwaitTracking.used(two);
    assertFalse(isTracking());
  }

  @Test
  void aFrameIsTrackedUntilItIsStarted() {
    Scripted<String> frame = Scripted.of(sent -> "value");
    assertTrue(isTracking());
    stepped.started(frame);
    assertFalse(isTracking());
  }

  @Test
  void aFrameIsTrackedUntilItIsDiscarded() {
    Scripted<String> frame = Scripted.of(sent -> "value");
    assertTrue(isTracking());
    frame.discard();
    assertFalse(isTracking());
  }

  @Test
  void nothingIsTrackedWithoutDebugMode() {
    stepped.loop.setDebug(false);
    Scripted<String> frame = Scripted.of(sent -> "value");
    AwaitTracking.made(new Leaf());
    assertFalse(isTracking());
    frame.discard();
  }

  @Test
  void anEntryBelongsToTheLoopThatRan() {
    Object made = new Object();
    var entry = new AwaitTracking.Entry(made, "it did nothing", Debug.stack());
    assertTrue(isTracking());
    assertFalse(AwaitTracking.isEmpty());
    assertEquals(stepped.loop.number, entry.loop);
    assertNotNull(entry.get());
    entry.run();
    assertFalse(isTracking());
  }

  @Test
  void anEntryMadeOutsideBelongsToNoLoop() {
    stepped.leave();
    Object made = new Object();
    var entry = new AwaitTracking.Entry(made, "it did nothing", null);
    assertEquals(0, entry.loop);
    assertFalse(isTracking());
    assertNotNull(entry.get());
    assertTrue(AwaitTracking.forget(entry));
  }

  /** To clear a reference is what the collector does. */
  @Test
  void aDroppedOneIsForgottenOnce() {
    Object made = new Object();
    var entry = new AwaitTracking.Entry(made, "it did nothing", null);
    entry.clear();
    assertFalse(isTracking()); // nobody can await it any more
    assertTrue(AwaitTracking.forget(entry));
    assertFalse(AwaitTracking.forget(entry));
    assertNotNull(made);
  }

  @Test
  void aUsedOneIsNotForgottenAgain() {
    Object made = new Object();
    var entry = new AwaitTracking.Entry(made, "it did nothing", null);
    entry.run();
    assertFalse(AwaitTracking.forget(entry));
    assertNotNull(made);
  }
}
