package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import io.fermata.async.Promise;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A promise that follows another library's future, which may complete on any thread. */
public final class ForeignPromise<T extends @Nullable Object> extends LoopPromise<T> {
  private final Future<T> source;

  private ForeignPromise(Loop loop, Future<T> source) {
    super(loop);
    this.source = source;
    loop.noteOutside();
  }

  public static <T extends @Nullable Object> Promise<T> of(CompletionStage<T> stage) {
    CompletableFuture<T> future =
        Objects.requireNonNull(stage, "the stage is null").toCompletableFuture();
    ForeignPromise<T> promise = new ForeignPromise<>(Loop.current(), future);
    if (future.isDone()) {
      promise.copy();
    } else {
      var unused = future.whenComplete((value, failure) -> promise.loop.postIfOpen(promise::copy));
    }
    return promise;
  }

  @SuppressWarnings("unchecked") // a future of T that is a stage is a stage of T
  public static <T extends @Nullable Object> Promise<T> of(Future<T> future) {
    Objects.requireNonNull(future, "the future is null");
    if (future instanceof CompletionStage<?> stage) {
      return of((CompletionStage<T>) stage);
    }
    ForeignPromise<T> promise = new ForeignPromise<>(Loop.current(), future);
    if (future.isDone()) {
      promise.copy();
    } else {
      // A plain Future has no callback: a worker thread blocks on it.
      promise.loop.workers().waitFor(future, () -> promise.loop.postIfOpen(promise::copy));
    }
    return promise;
  }

  /** A promise for what a body may await besides an {@link Awaitable}. */
  static Promise<?> ofAwaited(Object future) {
    return future instanceof CompletionStage<?> stage ? of(stage) : of((Future<?>) future);
  }

  /** Takes over what the future has ended with. */
  private void copy() {
    if (done()) {
      return;
    }
    try {
      // The source is done, so get() does not block.
      settle(VALUE, source.get());
    } catch (InterruptedException impossible) {
      Thread.currentThread().interrupt();
      settle(FAILED, impossible);
    } catch (Throwable failure) {
      Throwable real = Throwing.unwrapped(failure);
      settle(real instanceof Cancelled ? CANCELLED : FAILED, real);
    }
  }

  @Override
  boolean cancelWith(Cancelled why) {
    boolean cancelled = super.cancelWith(why);
    if (cancelled) {
      // No interrupt: the thread that runs the source is not ours.
      source.cancel(false);
    }
    return cancelled;
  }
}
