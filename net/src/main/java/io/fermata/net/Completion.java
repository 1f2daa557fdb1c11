package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** The await of a future of Netty's that completes on the thread of the current loop. */
final class Completion {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  private Completion() {}

  /**
   * Waits until a future has ended.
   *
   * @return gives its failure; null if it succeeded
   */
  static Async<@Nullable Throwable> of(Future<?> future) {
    return Async.of(
        HERE,
        co -> {
          if (!future.isDone()) {
            Promise<@Nullable Void> done = Promise.open(EventLoop.current());
            co.await(
                new LoopThreadCall<>(
                    () ->
                        future.addListener(
                            ended -> {
                              if (!done.done()) {
                                done.setResult(null);
                              }
                            })));
            co.await(done);
          }
          return future.cause();
        });
  }

  /** As {@link #of}. If the wait is cancelled, closes a channel. */
  static Async<@Nullable Throwable> orClosed(Future<?> future, Channel channel) {
    return Async.of(
        HERE,
        co -> {
          try {
            return co.await(of(future));
          } catch (Cancelled cancelled) {
            close(channel);
            throw cancelled;
          }
        });
  }

  /** Begins to close a channel. The outcome does not matter to the caller. */
  static void close(Channel channel) {
    var unused = channel.close();
  }
}
