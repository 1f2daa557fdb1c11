package io.fermata.internal.loop;

import io.fermata.async.Async;
import io.fermata.runtime.AsyncFrame;
import io.fermata.runtime.door.Brief;
import org.jspecify.annotations.Nullable;

/** The frame of {@code co -> co.await(x)}, for an {@code x} that has no frame. */
public final class AwaitFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private final Object awaited;

  public AwaitFrame(Object awaited) {
    super(false); // what it awaits is told of
    this.awaited = awaited;
  }

  /** A frame that runs an {@code Async}: itself, if it is one. */
  @SuppressWarnings("unchecked") // an Async<T> that is a frame is a frame of T
  static <T extends @Nullable Object> AsyncFrame<T> of(Async<T> async) {
    return async instanceof AsyncFrame<?> frame ? (AsyncFrame<T>) frame : new AwaitFrame<>(async);
  }

  /** What it awaits. */
  Object awaited() {
    return awaited;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (raised != null) {
      throw raised;
    }
    return place == 0 ? awaiting(awaited, 1) : done(sent);
  }

  /** The task was cancelled before it began: the awaitable is spent, and not reported. */
  @Override
  protected void ended() {
    AwaitTracking.spare(held());
  }

  /** A name for an awaitable, the same in each of its states. */
  public static String named(Object awaited) {
    if (awaited instanceof LoopDeferred<?> settling) {
      return settling.noun();
    }
    return awaited instanceof AsyncFrame<?> frame ? frame.place() : Brief.of(awaited);
  }

  @Override
  public String inDump() {
    return "";
  }

  @Override
  protected @Nullable Object core() {
    return awaited;
  }

  @Override
  protected String description() {
    return named(awaited);
  }
}
