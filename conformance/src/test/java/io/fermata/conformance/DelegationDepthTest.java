package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.fermata.Coroutine;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.conformance.Delegates.Boom;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** Deep chains of delegations: the depth costs memory, and neither stack nor a step's time. */
@Tag("slow")
final class DelegationDepthTest {
  /**
   * Where each level is a thread, {@code thread.DepthTest} goes as deep as there may be threads.
   */
  private static int depth() {
    return EveryEngine.compiles() ? 10_000 : 1_000;
  }

  private int finallyBlocks;
  private boolean innermostFirst = true;

  /** The leaf yields what it is sent, and whatever is raised; "end" ends it. */
  private Coroutine<Object, Object, Object> chain(int level, Object payload) {
    return Coroutine.of(
        co -> {
          try {
            if (level > 0) {
              return co.yieldFrom(chain(level - 1, payload));
            }
            Object received = co.yield("primed");
            while (!"end".equals(received)) {
              try {
                co.mayThrow(Boom.class);
                received = co.yield(received);
              } catch (Boom e) {
                received = e;
              }
            }
            return payload;
          } finally {
            innermostFirst &= finallyBlocks++ == level;
          }
        });
  }

  private void assertAllFinallyBlocksHaveRun() {
    assertEquals(depth() + 1, finallyBlocks);
    assertTrue(innermostFirst);
  }

  @EngineTest
  @Conforms({"Y-045", "Y-047"})
  void nextSendAndRaiseReachTheInnermostAndItsResultComesBack() throws Boom {
    Object payload = new Object();
    Coroutine<Object, Object, Object> outer = chain(depth(), payload);
    assertEquals("primed", outer.next());
    for (int i = 0; i < 100; i++) {
      assertEquals(i, outer.send(i));
      assertNull(outer.next());
    }
    Boom boom = new Boom("raised");
    assertSame(boom, outer.raise(boom));
    assertSame(payload, assertThrows(StopIteration.class, () -> outer.send("end")).value());
    assertAllFinallyBlocksHaveRun();
  }

  @EngineTest
  @Conforms({"Y-025", "Y-047"})
  void anUncaughtRaisePassesAllLevels() {
    Coroutine<Object, Object, Object> outer = chain(depth(), null);
    outer.next();
    Error error = new Error("raised");
    assertSame(error, assertThrows(Error.class, () -> outer.raise(error)));
    assertAllFinallyBlocksHaveRun();
    assertEquals(0, error.getSuppressed().length);
  }

  @EngineTest
  @Conforms({"Y-027", "Y-047"})
  void closeClosesAllLevelsInnermostFirst() {
    Coroutine<Object, Object, Object> outer = chain(depth(), null);
    outer.next();
    outer.close();
    assertAllFinallyBlocksHaveRun();
    assertEquals(State.CLOSED, outer.state());
  }

  private Coroutine<Object, Object, Object> failing(int level, Exception failure) {
    return Coroutine.of(
        co -> {
          try {
            if (level > 0) {
              return co.yieldFrom(failing(level - 1, failure));
            }
            co.yield("primed");
            throw failure;
          } finally {
            innermostFirst &= finallyBlocks++ == level;
          }
        });
  }

  @EngineTest
  @Conforms({"Y-018", "Y-047"})
  void aFailureOfTheInnermostPassesAllLevels() {
    Boom boom = new Boom("thrown by the innermost");
    Coroutine<Object, Object, Object> outer = failing(depth(), boom);
    outer.next();
    assertSame(boom, assertThrows(Boom.class, outer::next));
    assertAllFinallyBlocksHaveRun();
  }

  /** Each level throws an exception of its own when it is left. */
  private static Coroutine<Object, Object, Object> replacing(int level) {
    return Coroutine.of(
        co -> {
          try {
            return level > 0 ? co.yieldFrom(replacing(level - 1)) : co.yield("primed");
          } catch (Throwable e) {
            throw new Boom("level " + level);
          }
        });
  }

  @EngineTest
  @Conforms({"Y-033", "Y-047"})
  void everyLevelMayThrowAnExceptionOfItsOwnAndEachKeepsTheOneBefore() {
    int depth = 1_000; // linking n exceptions takes time in n squared
    for (boolean close : new boolean[] {true, false}) {
      Coroutine<Object, Object, Object> outer = replacing(depth);
      outer.next();
      Error raised = new Error("raised");
      Throwable out =
          assertThrows(
              Boom.class,
              () -> {
                if (close) {
                  outer.close();
                } else {
                  outer.raise(raised);
                }
              });
      int length = 0;
      while (out instanceof Boom) {
        assertEquals("level " + (depth - length++), out.getMessage());
        assertEquals(1, out.getSuppressed().length);
        out = out.getSuppressed()[0];
      }
      assertEquals(depth + 1, length);
    }
  }

  @EngineTest
  @Conforms("Y-047")
  void theMemoryOfADeepChainIsReleasedWhenItIsClosed() {
    List<WeakReference<Object>> payloads = new ArrayList<>();
    Coroutine<Object, Object, Object> outer = withPayload(payloads);
    outer.next();
    System.gc();
    assertTrue(payloads.get(0).get() != null);
    outer.close();
    for (int i = 0; i < 50; i++) {
      System.gc();
      if (payloads.get(0).get() == null) {
        Reference.reachabilityFence(outer);
        return;
      }
      Thread.yield();
    }
    fail("what the innermost body captured is still reachable");
  }

  private Coroutine<Object, Object, Object> withPayload(List<WeakReference<Object>> payloads) {
    Object payload = new Object();
    payloads.add(new WeakReference<>(payload));
    return chain(depth(), payload);
  }
}
