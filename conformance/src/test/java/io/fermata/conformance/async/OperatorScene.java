package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Awaiter;
import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Generators that log what happens to them, and ways to step them. */
abstract class OperatorScene extends AsyncTest {
  /** Yields numbers from 1 on, at once; logs its closing, which takes a millisecond. */
  final AsyncGenerator<Integer> numbers(int n) {
    return numbers(n, 0);
  }

  /** The same, each a time after the one before. */
  final AsyncGenerator<Integer> numbers(int n, long millis) {
    return source("closed", n, millis, null);
  }

  /** The same, and fails after them. */
  final AsyncGenerator<Integer> failingAfter(int n, IOException failure) {
    return source("closed", n, 0, failure);
  }

  final AsyncGenerator<Integer> source(String atEnd, int n, long millis, IOException failure) {
    List<Object> to = log;
    return AsyncGenerator.of(
        co -> {
          try {
            for (int i = 1; i <= n; i++) {
              if (millis > 0) {
                co.await(Async.sleep(Duration.ofMillis(millis)));
              }
              co.yield(i);
            }
            if (failure != null) {
              throw failure;
            }
          } finally {
            try {
              co.await(Async.uncancellable(Async.sleep(Duration.ofMillis(1))));
            } finally {
              to.add(atEnd);
            }
          }
        });
  }

  /** Yields its numbers at given times, and ends at the last one. */
  static AsyncGenerator<Integer> at(long... millis) {
    return AsyncGenerator.of(
        co -> {
          long start = now();
          for (int i = 0; i < millis.length; i++) {
            long left = millis[i] - (now() - start);
            if (left > 0) {
              co.await(Async.sleep(Duration.ofMillis(left)));
            }
            if (i < millis.length - 1) {
              co.yield((int) millis[i]);
            }
          }
        });
  }

  /** A source without a body that logs its closing, also before its first step. */
  final AsyncGenerator<Integer> closing(String name, int n) {
    return new AsyncGenerator<>() {
      private int next;
      private boolean isOver;

      @Override
      public Async<Boolean> advance() {
        return Async.of(
            co -> {
              isOver |= next == n;
              next++;
              return !isOver;
            });
      }

      @Override
      public Integer current() {
        return next;
      }

      @Override
      public Async<Integer> athrow(Throwable exception) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Async<Void> aclose() {
        return Async.action(
            co -> {
              isOver = true;
              log.add(name);
            });
      }

      @Override
      public State state() {
        return isOver ? State.CLOSED : State.SUSPENDED;
      }
    };
  }

  /** Takes a step in a task and cancels that after a time. */
  static <Y> void cancelStep(Awaiter co, AsyncGenerator<Y> generator, long millis)
      throws Exception {
    Task<Boolean> step = Task.start(generator.advance());
    co.await(sleep(millis));
    step.cancel();
    assertThrows(Cancelled.class, () -> co.await(step));
  }

  /** Takes the rest by steps of its own; the log gets each value with its time. */
  final <Y> Async<List<Y>> timed(AsyncGenerator<Y> generator) {
    List<Object> to = log;
    return Async.of(
        co -> {
          long start = now();
          List<Y> all = new ArrayList<>();
          while (co.await(generator.advance())) {
            all.add(generator.current());
            to.add(generator.current() + "@" + (now() - start));
          }
          return all;
        });
  }
}
