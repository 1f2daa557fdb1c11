package io.fermata.runtime;

import static io.fermata.runtime.Scripted.body;
import static io.fermata.runtime.Scripted.helper;
import static io.fermata.runtime.Scripted.yielding;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ChainTest {
  private final Chain chain = new Chain();

  @Test
  void anEmptyChainIsCurrent() {
    assertEquals(0, chain.depth());
    assertNull(chain.top());
    assertTrue(chain.isCurrent());
  }

  @Test
  void theLastPushedFrameIsTheInnermost() {
    Scripted first = pushed();
    Scripted second = pushed();

    assertSame(second, chain.top());
    assertSame(first, chain.at(1));
    assertSame(second, chain.at(2));
    assertSame(chain.token, first.token);
  }

  @Test
  void aChainGrows() {
    Scripted[] frames = new Scripted[100];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = pushed();
    }

    assertEquals(100, chain.depth());
    for (int i = 0; i < frames.length; i++) {
      assertSame(frames[i], chain.at(i + 1));
    }
  }

  @Test
  void aPoppedFrameLosesTheToken() {
    Scripted frame = pushed();

    chain.pop();

    assertNull(frame.token);
    assertEquals(0, chain.depth());
  }

  @Test
  void aPoppedFrameKeepsTheTokenOfAnotherChain() {
    Scripted frame = pushed();
    Chain other = new Chain();
    other.push(frame);

    chain.pop();

    assertSame(other.token, frame.token);
  }

  @Test
  void aCutTakesOutTheInnermostFrames() {
    Scripted kept = pushed();
    Scripted cut = pushed();
    pushed();

    chain.cut(1);

    assertSame(kept, chain.top());
    assertSame(chain.token, kept.token);
    assertNull(cut.token);
  }

  @Test
  void aTokenTakenOffMakesTheChainStale() {
    Scripted frame = pushed();

    frame.token = null;

    assertFalse(chain.isCurrent());
  }

  @Test
  void helpersAreNoGenerators() {
    pushed();
    chain.push(helper());
    chain.push(helper());

    assertEquals(1, chain.generatorDepth());
  }

  @Test
  void helpersOfTheRootStandAtTheRoot() {
    chain.push(helper());

    assertEquals(0, chain.generatorDepth());
  }

  @Test
  void theInnermostGeneratorTakesTheInput() {
    assertTrue(chain.takesInput(body()));
    chain.push(new Mute());
    chain.push(helper());

    assertFalse(chain.takesInput(body()));
  }

  @Test
  void rebuildingFollowsThePointers() {
    Scripted inner = suspended();
    Scripted outer = suspended();
    Scripted root = suspended();
    root.delegate = outer;
    outer.delegate = inner;
    pushed();

    chain.rebuild(root);

    assertEquals(2, chain.depth());
    assertSame(inner, chain.top());
  }

  @Test
  void followingStopsAtAnEndedFrame() {
    Scripted ended = suspended();
    ended.state = Frame.ENDED;
    Scripted root = suspended();
    root.delegate = ended;

    chain.follow(root);

    assertEquals(0, chain.depth());
  }

  @Test
  void followingStopsAtARunningFrame() {
    Scripted running = suspended();
    running.state = Frame.RUNNING;
    Scripted root = suspended();
    root.delegate = running;

    chain.follow(root);

    assertEquals(0, chain.depth());
  }

  @Test
  void followingStopsWhereAValueWaits() {
    Scripted inner = suspended();
    Scripted peeked = suspended();
    peeked.waiting = true;
    peeked.delegate = inner;
    Scripted root = suspended();
    root.delegate = peeked;

    chain.follow(root);

    assertSame(peeked, chain.top());
    assertEquals(1, chain.depth());
  }

  private Scripted pushed() {
    Scripted frame = body(yielding(1));
    chain.push(frame);
    return frame;
  }

  private static Scripted suspended() {
    Scripted frame = body(yielding(1));
    frame.state = 1;
    return frame;
  }

  /** A generator that takes no input. */
  private static final class Mute extends GeneratorFrame<Object> {}
}
