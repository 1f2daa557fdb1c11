package io.fermata.internal.engine;

import io.fermata.State;
import io.fermata.async.AsyncYielder;
import io.fermata.async.Awaitable;
import io.fermata.runtime.AsyncGeneratorFrame;
import io.fermata.runtime.CapturedAwaiter;
import io.fermata.runtime.Frame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The {@code co} of a compiled body, which a body nested in it has captured.
 *
 * <p>A nested body that is compiled too calls {@link #checkNested} and waits by itself. The methods
 * of {@link io.fermata.async.Awaiter} are for nested bodies on the thread engine: they suspend the
 * thread of the one that calls them.
 */
class CompiledAwaiter implements CapturedAwaiter {
  private final Frame<?> body;

  /** The task that has stepped the body last; null if there was none. */
  private @Nullable Object task;

  private CompiledAwaiter(Frame<?> body) {
    this.body = body;
    this.task = executing();
  }

  /** The {@code co} of a body that executes now. */
  static CapturedAwaiter of(Frame<?> body) {
    return body instanceof AsyncGeneratorFrame<?> ? new OfYields(body) : new CompiledAwaiter(body);
  }

  private static @Nullable Object executing() {
    Ambient ambient = Ambient.current();
    return ambient == null ? null : ambient.task();
  }

  @Override
  public final void stepped() {
    task = executing();
  }

  @Override
  public final void checkNested() {
    Nesting.check(body.state() == State.CLOSED, task, "the body of this co (" + body + ")");
  }

  @Override
  public final <T extends @Nullable Object> T await(Awaitable<T> awaitable) {
    return await((Object) awaitable);
  }

  @Override
  public final <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    return await((Object) stage);
  }

  @Override
  public final <T extends @Nullable Object> T await(Future<T> future) {
    return await((Object) future);
  }

  @Override
  public final <T extends @Nullable Object> T await(CompletableFuture<T> future) {
    return await((Object) future);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
  private <T extends @Nullable Object> T await(Object awaited) {
    HandOff awaiting = HandOffYielders.offerAwait(awaited, this::suspending);
    awaited = null; // the frame of this call stays on the body's stack
    return (T) awaiting.suspend();
  }

  /** The body of the same task that executes on a thread of its own. */
  private HandOff suspending() {
    HandOff.checkNoGenerator();
    checkNested();
    HandOff executing = HandOff.awaitingFor(task);
    if (executing == null) {
      throw new IllegalStateException(
          "cannot suspend here: await was called by code that runs on the stack of a compiled body,"
              + " outside of every body nested in "
              + body
              + "; await in the body itself, in a helper that gets co, or in a body that is given to a"
              + " factory such as Async.of; a generator that awaits is an AsyncGenerator");
    }
    return executing;
  }

  @Override
  public final String toString() {
    return "co of " + body;
  }

  /** That of an asynchronous generator. */
  private static final class OfYields extends CompiledAwaiter
      implements AsyncYielder<@Nullable Object, @Nullable Object> {
    OfYields(Frame<?> body) {
      super(body);
    }

    @Override
    public @Nullable Object yield(@Nullable Object value) {
      throw outside();
    }

    @Override
    public @Nullable Object yield() {
      throw outside();
    }

    private static IllegalStateException outside() {
      return Nesting.outside("yield", "a body nested in the one of this co called it");
    }
  }
}
