package io.fermata.internal.loop;

import io.fermata.BaseGenerator;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.runtime.AsyncFrame;
import io.fermata.runtime.Inspection;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A frame that is written by hand, around other awaitables. It takes no round of its own, and no
 * stack trace shows it.
 *
 * <p>A subclass implements {@link #go}. From each place it returns either {@code awaiting(x, p)},
 * which goes on at place {@code p} with the result of {@code x}, or {@code done(result)}.
 */
public abstract class LibraryFrame<T extends @Nullable Object> extends AsyncFrame<T> {
  private static final StackTraceElement[] NO_LINES = new StackTraceElement[0];

  public LibraryFrame() {
    this(true);
  }

  /**
   * With a choice.
   *
   * @param sampled whether a user who drops it is told outside of debug mode; false if the user has
   *     not called for it, or is told of the body in it
   */
  @SuppressWarnings("this-escape") // only a weak reference to it is kept
  protected LibraryFrame(boolean sampled) {
    AwaitTracking.made(this, sampled);
  }

  /**
   * Runs to the next await.
   *
   * @param place 0 at the start, else what the last {@code awaiting} said
   * @param sent what was awaited has given
   * @param raised what was awaited has thrown, else null
   */
  protected abstract int go(int place, @Nullable Object sent, @Nullable Throwable raised)
      throws Throwable;

  /** The one body, awaitable or generator that it is made around; null if there is none. */
  protected @Nullable Object core() {
    return null;
  }

  /** What it was given to await, as long as it has not begun. */
  protected Collection<?> held() {
    Object inner = core();
    return inner == null ? List.of() : List.of(inner);
  }

  @Override
  public String engine() {
    Object inner = core();
    return inner instanceof Async<?> async
        ? async.engine()
        : inner instanceof AsyncGenerator<?> generator
            ? generator.engine()
            : inner instanceof BaseGenerator<?> generator ? generator.engine() : super.engine();
  }

  @Override
  public String engineReason() {
    Object inner = core();
    return inner instanceof Async<?> async
        ? async.engineReason()
        : inner instanceof AsyncGenerator<?> generator
            ? generator.engineReason()
            : inner instanceof BaseGenerator<?> generator
                ? generator.engineReason()
                : super.engineReason();
  }

  /** A description for dumps and reasons. */
  protected abstract String description();

  /**
   * Whether a task of nothing but this stands for a future of asyncio, which ends in the callback
   * of what it follows and not a round later.
   */
  protected boolean isFuture() {
    return false;
  }

  /** The line of a dump about it; empty for none. */
  public String inDump() {
    return description();
  }

  /** Suspended frames within it that it does not delegate to, the innermost first. */
  public List<Inspection> inside() {
    return List.of();
  }

  /** Suspends it for an awaitable; to be returned by {@link #go}. */
  public final int awaiting(Object awaited, int goOnAt) {
    value = awaited;
    state = goOnAt;
    return DELEGATED;
  }

  /** Ends it; to be returned by {@link #go}. */
  public final int done(@Nullable Object result) {
    value = result;
    return RETURNED;
  }

  @Override
  protected final int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    int place = state & PLACE;
    state = RUNNING;
    return go(place, sent, raised);
  }

  @Override
  protected final Inspection inspect() {
    return new View(description(), this);
  }

  @Override
  protected void ended() {
    if (neverRan()) {
      AwaitTracking.spare(held());
    }
  }

  public record View(String place, @Nullable LibraryFrame<?> frame) implements Inspection {
    @Override
    public String engine() {
      return "library";
    }

    @Override
    public String reason() {
      return place + " is a part of the library, and has no body of its own";
    }

    @Override
    public @Nullable StackTraceElement position() {
      return null;
    }

    @Override
    public StackTraceElement[] lines() {
      return NO_LINES;
    }
  }
}
