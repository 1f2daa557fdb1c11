package io.fermata.internal.waiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.SteppedLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnfinishedItemsTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final WaitLine<?> sibling = new WaitLine<>("queue");
  private final UnfinishedItems unfinished = new UnfinishedItems(sibling);

  @AfterEach
  void close() {
    stepped.close();
  }

  @Test
  void itCounts() {
    assertTrue(unfinished.isNone());
    unfinished.add();
    unfinished.add();
    unfinished.finish();
    assertFalse(unfinished.isNone());
    unfinished.finish();
    assertTrue(unfinished.isNone());
  }

  @Test
  void aJoinPassesIfNoneIsUnfinished() {
    LoopTask<Void> join = stepped.start(unfinished.join("queue"));
    stepped.round();
    assertTrue(join.done());
  }

  @Test
  void aJoinWaitsForTheLast() {
    unfinished.add();
    unfinished.add();
    LoopTask<Void> first = stepped.started(unfinished.join("queue"));
    LoopTask<Void> second = stepped.started(unfinished.join("queue"));
    unfinished.finish();
    stepped.settle();
    assertFalse(first.done());
    unfinished.finish();
    stepped.settle();
    assertTrue(first.done());
    assertTrue(second.done());
  }

  @Test
  void aCancelledJoinIsForgotten() {
    unfinished.add();
    LoopTask<Void> left = stepped.started(unfinished.join("queue"));
    left.cancel(null);
    stepped.settle();
    unfinished.finish();
    assertTrue(stepped.loop.kernel.isIdle());
    assertTrue(left.cancelled());
  }

  @Test
  void itsLineBelongsToTheQueue() {
    unfinished.add();
    stepped.started(unfinished.join("queue"));
    stepped.leave();
    try (SteppedLoop other = new SteppedLoop()) {
      assertThrows(IllegalStateException.class, () -> sibling.bind(other.loop));
    }
  }

  @Test
  void aJoinSaysWhatItWaitsFor() {
    assertEquals("join() of queue", unfinished.join("queue").toString());
  }
}
