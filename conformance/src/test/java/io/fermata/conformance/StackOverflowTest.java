package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.State;
import io.fermata.Yielder;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;

/**
 * A step may find its caller's stack all but used up. Wherever the overflow strikes, the step has
 * not happened, or the generator has failed: it does not stay in the midst of a step, and no value
 * gets lost or comes twice.
 *
 * <p>Each test uses up the stack, and on the way back steps a generator at every third of the last
 * levels, which have a little more stack each.
 */
@Tag("slow")
final class StackOverflowTest {
  private static final int ROUNDS = 3;
  private static final int LEVELS = 200;
  private static final int STRIDE = 3;
  private static final long STACK = 256 * 1024;
  private static final long LIMIT_SECONDS = 20;

  private int deepest;
  private List<Subject> subjects;

  /** A generator of 0, 1, 2, ..., and how many steps of it have brought a value. */
  private static final class Subject {
    final Generator<Integer> generator;
    int steps;
    boolean overflowed;

    Subject(Generator<Integer> generator) {
      this.generator = generator;
    }

    void step() {
      try {
        if (generator.advance()) {
          steps++;
        }
      } catch (StackOverflowError expected) {
        overflowed = true;
      }
    }

    void check() {
      assertTrue(generator.state() != State.RUNNING, generator::toString);
      if (generator.state() == State.CLOSED) {
        assertTrue(overflowed, "closed without an overflow");
        assertFalse(generator.advance());
      } else {
        assertEquals(steps, generator.next());
        assertEquals(steps + 1, generator.next());
        generator.close();
      }
    }
  }

  private static Generator<Integer> counter() {
    return Generator.of(StackOverflowTest::count);
  }

  private static void count(Yielder<?, Integer> co) {
    for (int i = 0; ; i++) {
      co.yield(i);
    }
  }

  private static Generator<Integer> delegator(int levels) {
    return levels == 0 ? counter() : Generator.of(co -> co.yieldFrom(delegator(levels - 1)));
  }

  private static Iterator<Integer> numbers() {
    return Stream.iterate(0, i -> i + 1).iterator();
  }

  @EngineTest
  void aFirstStepThatOverflowsDoesNotHappenOrEndsTheGenerator() throws Exception {
    assertSound(() -> new Subject(counter()));
  }

  @EngineTest
  void aStepThatOverflowsDoesNotHappenOrEndsTheGenerator() throws Exception {
    assertSound(() -> begun(counter()));
  }

  @EngineTest
  void aFirstStepThroughDelegatorsThatOverflowsDoesNotHappenOrEndsThem() throws Exception {
    assertSound(() -> new Subject(delegator(2)));
  }

  @EngineTest
  void aStepThroughDelegatorsThatOverflowsDoesNotHappenOrEndsThem() throws Exception {
    assertSound(() -> begun(delegator(2)));
  }

  @EngineTest
  void aStepOfADelegatorToAnIteratorThatOverflowsDoesNotHappenOrEndsIt() throws Exception {
    assertSound(() -> begun(Generator.of(co -> co.yieldFrom(numbers()))));
  }

  private static Subject begun(Generator<Integer> generator) {
    Subject subject = new Subject(generator);
    subject.step();
    return subject;
  }

  private void assertSound(Supplier<Subject> make) throws Exception {
    loadClasses(make.get().generator);
    for (int round = 0; round < ROUNDS; round++) {
      FutureTask<Void> task = new FutureTask<>(() -> stepWhereTheStackEnds(make), null);
      Thread thread = new Thread(null, task, "small stack", STACK);
      thread.setDaemon(true);
      thread.start();
      task.get(LIMIT_SECONDS, TimeUnit.SECONDS);
      subjects.forEach(Subject::check);
    }
  }

  /** Where a class is initialised, an overflow would make it unusable for good. */
  private static void loadClasses(Generator<Integer> generator) {
    generator.next();
    assertThrows(StackOverflowError.class, () -> generator.raise(new StackOverflowError()));
    Generator<Integer> failing =
        Generator.of(
            co -> {
              throw new StackOverflowError();
            });
    assertThrows(StackOverflowError.class, failing::next);
  }

  private void stepWhereTheStackEnds(Supplier<Subject> make) {
    subjects = IntStream.rangeClosed(0, LEVELS / STRIDE).mapToObj(i -> make.get()).toList();
    descend(0);
  }

  private void descend(int level) {
    try {
      descend(level + 1);
    } catch (StackOverflowError expected) {
      deepest = level;
    }
    int above = deepest - level;
    if (above < LEVELS && above % STRIDE == 0) {
      subjects.get(above / STRIDE).step();
    }
  }
}
