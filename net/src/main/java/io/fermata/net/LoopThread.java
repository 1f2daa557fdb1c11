package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A thread that runs a loop for connections of a server. */
final class LoopThread {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  /** Written in the loop, before {@code start}'s future completes. */
  private @Nullable Promise<@Nullable Void> stop;

  private LoopThread() {}

  /**
   * Starts a thread.
   *
   * @param name of the thread
   * @param begun called in the new loop, before the future completes
   * @return completes when its loop runs
   */
  static CompletableFuture<LoopThread> start(
      String name, BiConsumer<EventLoop, io.netty.channel.EventLoop> begun) {
    LoopThread self = new LoopThread();
    CompletableFuture<LoopThread> started = new CompletableFuture<>();
    Async<Void> main =
        Async.action(
            HERE,
            co -> {
              Promise<@Nullable Void> end = Promise.open();
              self.stop = end;
              begun.accept(EventLoop.current(), co.await(Netty.loop()));
              started.complete(self);
              co.await(end);
            });
    Thread thread =
        new Thread(
            () -> {
              try {
                EventLoop.run(main);
              } catch (Throwable failure) {
                if (!started.completeExceptionally(failure)) {
                  Thread current = Thread.currentThread();
                  current.getUncaughtExceptionHandler().uncaughtException(current, failure);
                }
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return started;
  }

  /** Ends the loop and the thread. On any thread; may be repeated. */
  void stop() {
    Promise<@Nullable Void> end = Objects.requireNonNull(stop);
    try {
      end.loop()
          .callSoonThreadSafe(
              () -> {
                if (!end.done()) {
                  end.setResult(null);
                }
              });
    } catch (IllegalStateException closedBefore) {
      // it has ended
    }
  }
}
