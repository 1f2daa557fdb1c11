package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.netty.util.concurrent.Future;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** Futures of Netty's, awaited. */
final class Completion {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  private Completion() {}

  /**
   * Waits until a future has ended.
   *
   * @param future completes on the thread of the current loop
   * @param giveUp called if the wait is cancelled
   * @return gives what it failed with; null if it succeeded
   */
  static Async<@Nullable Throwable> of(Future<?> future, Runnable giveUp) {
    return Async.of(
        HERE,
        co -> {
          if (!future.isDone()) {
            Promise<@Nullable Void> done = Promise.open(EventLoop.current());
            co.await(
                new OnLoopThread<>(
                    () ->
                        future.addListener(
                            ended -> {
                              if (!done.done()) {
                                done.setResult(null);
                              }
                            })));
            try {
              co.await(done);
            } catch (Cancelled cancelled) {
              giveUp.run();
              throw cancelled;
            }
          }
          return future.cause();
        });
  }
}
