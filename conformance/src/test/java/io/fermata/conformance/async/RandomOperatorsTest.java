package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Awaiter;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopFailure;
import io.fermata.async.ScopeAction;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.testing.TestLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/**
 * Random chains of operators give what plain Java gives, in every order of the tasks, and however
 * many steps are cancelled. {@code -Doperators.seed=N} runs one seed only.
 */
class RandomOperatorsTest {
  private static final int SEEDS = 1000;

  /** The thread engine takes its time to start threads. */
  private static final int SEEDS_ON_THREADS = 200;

  /** What went wrong with a chain, and the smallest one with which anything does. */
  private static void assertHolds(ScopeAction<Run> property) {
    Long one = Long.getLong("operators.seed");
    boolean isOnThreads = Async.action(co -> {}).engine().equals("thread");
    long end = one != null ? one + 1 : isOnThreads ? SEEDS_ON_THREADS : SEEDS;
    for (long seed = one != null ? one : 0; seed < end; seed++) {
      OperatorChain chain = OperatorChain.random(new Random(seed));
      Throwable failure = failure(property, chain, seed);
      if (failure == null) {
        continue;
      }
      for (boolean isSmaller = true; isSmaller; ) {
        isSmaller = false;
        for (OperatorChain smaller : chain.smaller()) {
          Throwable other = failure(property, smaller, seed);
          if (other != null) {
            chain = smaller;
            failure = other;
            isSmaller = true;
            break;
          }
        }
      }
      throw new AssertionError(
          "seed " + seed + ", -Doperators.seed=" + seed + " runs it again: " + chain, failure);
    }
  }

  private static Throwable failure(ScopeAction<Run> property, OperatorChain chain, long seed) {
    try {
      Run run = new Run(chain, seed);
      try (TestLoop loop = TestLoop.seeded(seed)) {
        loop.loop().setExceptionHandler(run::reported);
        loop.run(Async.actionWith(run, property));
      }
      assertEquals(run.opened, run.closed.stream().sorted(run::byOpening).toList());
      return null;
    } catch (Exception | AssertionError failed) {
      return failed;
    }
  }

  /** A chain that runs. */
  private static final class Run {
    final OperatorChain chain;
    final OperatorChain.Meaning meaning;
    final Random random;
    final List<String> opened = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    final AsyncGenerator<Integer> generator;
    final List<Integer> values = new ArrayList<>();

    Run(OperatorChain chain, long seed) {
      this.chain = chain;
      meaning = chain.meaning();
      random = new Random(seed);
      generator = chain.generator(new Random(seed + 1), opened, closed);
    }

    /** A stage may run into a failure that no step is told. */
    void reported(EventLoop loop, LoopFailure failure) {
      if (!(failure.exception() instanceof OperatorChain.Broken)) {
        throw new AssertionError("reported: " + failure.message(), failure.exception());
      }
    }

    int byOpening(String one, String other) {
      return opened.indexOf(one) - opened.indexOf(other);
    }

    void assertWhole(boolean failed) {
      assertEquals(meaning.values(), values);
      assertEquals(meaning.fails(), failed);
      assertEquals(State.CLOSED, generator.state());
      assertEquals(opened.size(), closed.size(), "sources that are closed when the end is told");
    }
  }

  @EngineTest
  @Conforms({"F-060", "F-061", "F-062", "F-063", "F-070", "F-072", "F-073", "F-076", "F-079"})
  void chainsGiveWhatPlainJavaGives() {
    assertHolds(
        (co, run) -> {
          boolean failed = false;
          try {
            while (co.await(run.generator.advance())) {
              run.values.add(run.generator.current());
            }
          } catch (OperatorChain.Broken broken) {
            failed = true;
          }
          run.assertWhole(failed);
        });
  }

  @EngineTest
  @Conforms({"F-068", "F-080"})
  void cancelledStepsLoseAndDoubleNothing() {
    assertHolds(
        (co, run) -> {
          boolean failed = false;
          try {
            while (cancelledStep(co, run)) {}
          } catch (OperatorChain.Broken broken) {
            failed = true;
          }
          run.assertWhole(failed);
        });
  }

  /** A step that may be cancelled; false at the end. */
  private static boolean cancelledStep(Awaiter co, Run run) throws Exception {
    Duration patience = Duration.ofMillis(run.random.nextInt(4));
    switch (run.random.nextInt(3)) {
      case 0 -> {
        Task<Integer> step = Task.start(run.generator.anext(-1));
        co.await(Async.sleep(patience));
        step.cancel();
        try {
          return taken(run, co.await(step));
        } catch (Cancelled cancelled) {
          return true;
        }
      }
      case 1 -> {
        try {
          return taken(run, co.await(Async.waitFor(run.generator.anext(-1), patience)));
        } catch (TimeoutException late) {
          return true;
        }
      }
      default -> {
        return taken(run, co.await(run.generator.anext(-1)));
      }
    }
  }

  private static boolean taken(Run run, int value) {
    if (value >= 0) {
      run.values.add(value);
    }
    return value >= 0;
  }

  @EngineTest
  @Conforms({"F-066", "F-078"})
  void closingInTheMiddleClosesEachSourceOnce() {
    assertHolds(
        (co, run) -> {
          int steps = run.random.nextInt(4);
          try {
            while (steps-- > 0 && cancelledStep(co, run)) {}
            co.await(Async.sleep(Duration.ofMillis(run.random.nextInt(4))));
            co.await(run.generator.aclose());
          } catch (OperatorChain.Broken broken) {
            // comes after the values before it, or out of the closing
          }
          assertEquals(State.CLOSED, run.generator.state());
          assertEquals(run.opened.size(), run.closed.size());
          List<Integer> all = run.meaning.values();
          assertTrue(run.values.size() <= all.size(), run.values + " of " + all);
          assertEquals(all.subList(0, run.values.size()), run.values);
        });
  }

  @EngineTest
  @Conforms({"F-069", "F-081"})
  void theLoopClosesEachSourceOnce() {
    assertHolds(
        (co, run) -> {
          int steps = run.random.nextInt(4);
          try {
            while (steps-- > 0 && cancelledStep(co, run)) {}
          } catch (OperatorChain.Broken broken) {
            // it has ended
          }
        });
  }
}
