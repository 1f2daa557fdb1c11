package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.fermata.Generator;
import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whatever an exception is like: the instance that a body throws is the one that comes out. */
class UnusualExceptionsTest {
  /** Lets neither its cause nor its trace be seen or changed. */
  private static final class Secretive extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Throwable getCause() {
      throw new UnsupportedOperationException("cause");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new UnsupportedOperationException("trace");
    }
  }

  /** Shows a trace that cannot be replaced. */
  private static final class Fixed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public void setStackTrace(StackTraceElement[] trace) {
      throw new UnsupportedOperationException("new trace");
    }
  }

  private static RuntimeException circle() {
    IllegalStateException one = new IllegalStateException("one");
    IllegalArgumentException other = new IllegalArgumentException("other", one);
    one.initCause(other);
    return other;
  }

  private static final List<Supplier<RuntimeException>> UNUSUAL =
      List.of(Secretive::new, Fixed::new, UnusualExceptionsTest::circle);

  private static Generator<Integer> failing(RuntimeException failure) {
    return Generator.of(
        co -> {
          try {
            co.yield(1);
          } finally {
            fail(failure);
          }
        });
  }

  private static void fail(RuntimeException failure) {
    throw failure;
  }

  private static void assertComesOut(Step step) {
    for (Supplier<RuntimeException> unusual : UNUSUAL) {
      RuntimeException failure = unusual.get();
      assertSame(
          failure,
          assertTimeoutPreemptively(
              Duration.ofSeconds(20),
              () -> assertThrows(Throwable.class, () -> step.run(failure))));
    }
  }

  private interface Step {
    void run(RuntimeException failure) throws Exception;
  }

  @EngineTest
  void theInstanceComesOutOfAStep() {
    assertComesOut(failure -> failing(failure).toList());
  }

  @EngineTest
  void theInstanceComesOutOfARaise() {
    assertComesOut(
        failure -> {
          Generator<Integer> g = failing(failure);
          g.next();
          g.raise(new IllegalArgumentException("raised"));
        });
  }

  @EngineTest
  void theInstanceComesOutOfAClose() {
    assertComesOut(
        failure -> {
          Generator<Integer> g = failing(failure);
          g.next();
          g.close();
        });
  }

  @EngineTest
  void theInstanceThatIsRaisedComesOut() {
    assertComesOut(
        failure -> {
          Generator<Integer> g =
              Generator.of(
                  co -> {
                    try {
                      co.yield(1);
                    } catch (RuntimeException caught) {
                      co.yield(2);
                      throw caught;
                    }
                  });
          g.next();
          g.raise(failure);
          g.next();
        });
  }

  @EngineTest
  void theInstanceComesThroughADelegator() {
    assertComesOut(
        failure ->
            Generator.<Integer>of(
                    co -> {
                      try {
                        co.yieldFrom(failing(failure));
                      } finally {
                        co.yield(3);
                      }
                    })
                .toList());
  }

  @EngineTest
  void theInstanceComesOutOfALoop() {
    assertComesOut(
        failure -> {
          Async<Integer> inner =
              Async.of(
                  co -> {
                    co.await(Async.sleep(Duration.ZERO));
                    throw failure;
                  });
          EventLoop.run(Async.of(co -> co.await(inner)));
        });
  }
}
