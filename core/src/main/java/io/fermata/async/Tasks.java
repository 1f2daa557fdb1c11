package io.fermata.async;

import io.fermata.internal.loop.ForeignPromise;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopPromise;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.TaskStarter;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** The door from {@link Task} and {@link Promise} to the implementation of the loop. */
final class Tasks {
  private Tasks() {}

  /**
   * A starter of tasks in the current loop, in the next round, in a copy of the current context.
   */
  static Starter starter() {
    return TaskStarter.INHERITING;
  }

  static <T extends @Nullable Object> Deferred<T> ensure(Awaitable<T> awaitable) {
    return TaskStarter.ensure(awaitable);
  }

  static @Nullable Task<?> current() {
    return LoopTask.current();
  }

  static <T extends @Nullable Object> Promise<T> promise() {
    return new LoopPromise<>(Loop.current());
  }

  static <T extends @Nullable Object> Promise<T> promise(EventLoop loop) {
    return new LoopPromise<>(loop.loop());
  }

  static <T extends @Nullable Object> Promise<T> promise(CompletionStage<T> stage) {
    return ForeignPromise.of(stage);
  }

  static <T extends @Nullable Object> Promise<T> promise(Future<T> future) {
    return ForeignPromise.of(future);
  }
}
