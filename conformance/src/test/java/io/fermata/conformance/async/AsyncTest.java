package io.fermata.conformance.async;

import io.fermata.async.Async;
import io.fermata.async.AsyncAction;
import io.fermata.async.EventLoop;
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

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }
}
