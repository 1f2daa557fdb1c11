package io.fermata.conformance.async;

import io.fermata.async.Async;
import io.fermata.async.AsyncAction;
import io.fermata.async.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the tests of the event loop share: virtual time, and a log of what happens. */
abstract class AsyncTest {
  final List<Object> log = new ArrayList<>();

  static Duration ms(long millis) {
    return VirtualTime.ms(millis);
  }

  static <T> T run(Async<T> main) throws Exception {
    return VirtualTime.run(main);
  }

  static void runAction(AsyncAction main) throws Exception {
    VirtualTime.run(Async.action(main));
  }

  static Async<Void> sleep(long millis) {
    return Async.sleep(ms(millis));
  }

  /** Gives up one round. */
  static Async<Void> pause() {
    return Async.sleep(Duration.ZERO);
  }

  static long now() {
    return EventLoop.current().time().toMillis();
  }

  /** Sleeps, logs, returns. */
  final Async<String> step(String name, long millis) {
    List<Object> to = log;
    return Async.of(
        co -> {
          co.await(Async.sleep(Duration.ofMillis(millis)));
          to.add(name);
          return name;
        });
  }

  static <E extends Throwable> Async<String> failing(E failure, long millis) {
    return Async.of(
        co -> {
          co.await(Async.sleep(Duration.ofMillis(millis)));
          throw AsyncTest.<RuntimeException>sneaky(failure);
        });
  }

  /** A throw where an expression is needed. */
  static <E extends Exception> void fail(E failure) throws E {
    throw failure;
  }

  /** Sleeps for long; when it is cancelled, takes some time to clean up, and logs that. */
  final Async<Void> cleaningUp() {
    List<Object> to = log;
    return Async.action(
        co -> {
          try {
            co.await(sleep(100));
          } finally {
            co.await(Async.uncancellable(sleep(5)));
            to.add("cleaned up");
          }
        });
  }

  /** Sleeps for long; when it is cancelled, cleans up for some time and then fails. */
  static Async<Void> cleaningUpWith(IOException failure, long millis) {
    return Async.action(
        co -> {
          try {
            co.await(sleep(1000));
          } finally {
            co.await(Async.uncancellable(sleep(millis)));
            fail(failure);
          }
        });
  }

  @SuppressWarnings("unchecked")
  static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }
}
