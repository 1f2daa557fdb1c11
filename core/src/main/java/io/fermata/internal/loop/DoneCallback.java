package io.fermata.internal.loop;

import io.fermata.async.Deferred;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A callback of a promise or task: a listener, then the job that runs it. */
final class DoneCallback<T extends @Nullable Object> extends Listener {
  private final LoopDeferred<T> source;
  final Consumer<? super Deferred<T>> callback;

  /** The {@code Context} that was given, or the {@link Bindings} of the moment. */
  private final Object context;

  DoneCallback(LoopDeferred<T> source, Consumer<? super Deferred<T>> callback, Object context) {
    this.source = source;
    this.callback = callback;
    this.context = context;
  }

  @Override
  public void run() {
    source.loop.runCallback(() -> callback.accept(source), context, source);
  }
}
