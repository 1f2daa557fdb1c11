package io.fermata.conformance.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.fermata.Generator;
import io.fermata.GeneratorExit;
import io.fermata.Yielder;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A body that has ended, and one that nobody can step any more, gives its thread back. */
class AbandonmentTest extends OnThreads {
  private static final int MANY = VIRTUAL ? 100_000 : 2_000;

  /** The threads of the bodies of a test. */
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  @Test
  void manyDroppedGeneratorsLeaveNoThreadsAndNoMemory() {
    try (ChildJvm child = ChildJvm.startWith(String.valueOf(MANY), Drop.class, "-Xmx512m")) {
      assertEquals(0, child.exitCode(), child::toString);
      assertEquals(
          List.of(
              "100 dropped, live 0",
              MANY + " dropped, live 0",
              "growth small",
              "threads named fermata 0"),
          child.out().lines().toList(),
          child::toString);
      assertEquals("", child.err(), "an abandoned body is unwound in silence");
    }
  }

  // Ended

  @Test
  void aBodyThatReturnsGivesItsThreadBack() {
    Generator<Integer> g = Generator.of(this::yieldOnce);
    g.toList();
    assertThreadsEnd();
  }

  @Test
  void aBodyThatFailsGivesItsThreadBack() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              threads.add(Thread.currentThread());
              throw new IllegalArgumentException("from the body");
            });
    assertThrows(IllegalArgumentException.class, g::next);
    assertThreadsEnd();
  }

  @Test
  void aClosedBodyGivesItsThreadBack() {
    Generator<Integer> g = Generator.of(this::yieldOnce);
    g.next();
    g.close();
    assertThreadsEnd();
  }

  @Test
  void aClosedDelegationGivesAllItsThreadsBack() {
    Generator<Integer> g = chain(10);
    g.next();
    g.close();
    assertEquals(11, threads.size());
    assertThreadsEnd();
  }

  private void assertThreadsEnd() {
    Eventually.until(this::haveEnded, this::live);
  }

  // Dropped

  @Test
  void aDroppedGeneratorThatHasLookedAheadGivesItsThreadBack() {
    start(Generator.of(this::yieldOnce)).hasNext();
    assertThreadsEndOnceCollected();
  }

  @Test
  void anAbandonedDelegatorReleasesItsDelegate() {
    start(chain(1));
    assertEquals(2, threads.size());
    assertThreadsEndOnceCollected();
  }

  @Test
  void anAbandonedChainOfDelegatorsIsReleasedInAFewCollections() {
    start(chain(200));
    assertEquals(201, threads.size());
    for (int collections = 0; collections < 3; collections++) {
      System.gc();
      if (Eventually.within(TimeUnit.SECONDS.toNanos(2), this::haveEnded)) {
        return;
      }
    }
    fail(live());
  }

  @Test
  void anAbandonedBodyReleasesTheGeneratorThatItSteps() {
    start(
        Generator.of(
            co -> {
              threads.add(Thread.currentThread());
              for (int value : Generator.<Integer>of(this::yieldOnce)) {
                co.yield(value);
              }
            }));
    assertEquals(2, threads.size());
    assertThreadsEndOnceCollected();
  }

  @Test
  void aDelegateThatIsStillHeldOutlivesItsAbandonedDelegator() {
    Generator<Integer> delegate = Generator.of(AbandonmentTest::count);
    start(
        Generator.of(
            co -> {
              threads.add(Thread.currentThread());
              co.yieldFrom(delegate);
            }));
    assertThreadsEndOnceCollected();
    assertEquals(1, delegate.next());
    assertEquals(2, delegate.next());
    delegate.close();
  }

  private void assertThreadsEndOnceCollected() {
    Eventually.collected(this::haveEnded, this::live);
  }

  // Bodies that do not want to end

  @Test
  void anAbandonedBodyThatIgnoresEveryExitIsParked() {
    AtomicInteger exits = new AtomicInteger();
    AtomicReference<Thread> body = new AtomicReference<>();
    start(
        Generator.of(
            co -> {
              body.set(Thread.currentThread());
              while (true) {
                try {
                  co.yield(0);
                } catch (GeneratorExit ignored) {
                  exits.incrementAndGet();
                }
              }
            }));
    Eventually.collected(() -> exits.get() > 0, () -> "not abandoned");
    Eventually.waiting(body.get());
    int ignored = exits.get();
    for (int i = 0; i < 10; i++) {
      body.get().interrupt();
      Eventually.waiting(body.get());
    }
    assertEquals(ignored, exits.get());
  }

  @Test
  void anAbandonedBodyMayYieldInItsFinallyBlocks() {
    AtomicInteger unwound = new AtomicInteger();
    start(
        Generator.of(
            co -> {
              threads.add(Thread.currentThread());
              try {
                yieldTwice(co);
              } finally {
                unwound.incrementAndGet();
              }
            }));
    assertThreadsEndOnceCollected();
    assertEquals(1, unwound.get());
  }

  private static void yieldTwice(Yielder<?, Integer> co) {
    try {
      co.yield(1);
    } finally {
      co.yield(2);
    }
  }

  // Bodies

  private void yieldOnce(Yielder<?, Integer> co) {
    threads.add(Thread.currentThread());
    co.yield(1);
  }

  private static void count(Yielder<?, Integer> co) {
    for (int i = 0; ; i++) {
      co.yield(i);
    }
  }

  private Generator<Integer> chain(int depth) {
    return Generator.of(
        co -> {
          if (depth == 0) {
            yieldOnce(co);
          } else {
            threads.add(Thread.currentThread());
            co.yieldFrom(chain(depth - 1));
          }
        });
  }

  /** Takes the first step. In a method of its own, so that no variable of the test holds it. */
  private static Generator<Integer> start(Generator<Integer> g) {
    assertTrue(g.advance());
    return g;
  }

  private boolean haveEnded() {
    return threads.stream().noneMatch(Thread::isAlive);
  }

  private String live() {
    return "still alive: "
        + threads.stream()
            .filter(Thread::isAlive)
            .map(thread -> thread + " at " + Arrays.toString(thread.getStackTrace()))
            .toList();
  }
}
