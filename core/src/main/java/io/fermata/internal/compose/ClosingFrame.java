package io.fermata.internal.compose;

import io.fermata.async.AsyncCloseable;
import io.fermata.async.Cancelled;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Throwing;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A frame that runs awaits with a resource, and closes the resource on every way out. {@code
 * Async.using} and {@code AsyncGenerator.forEach} are such frames. A subclass implements {@link
 * #run}, whose places begin at 0.
 */
public abstract class ClosingFrame<R extends AsyncCloseable, T extends @Nullable Object>
    extends LibraryFrame<T> {
  /** Beyond the places of subclasses. */
  private static final int CLOSED = 10;

  public final R resource;
  private @Nullable Object result;
  private @Nullable Throwable failure;

  /** The closing task, and the requests that it had got before the closing. */
  private @Nullable LoopTask<?> closer;

  private int gotBefore;

  public ClosingFrame(R resource) {
    super(false); // its body is told of
    this.resource = resource;
  }

  /** As {@link #go}, but never called with an exception: an exception ends the frame. */
  protected abstract int run(int place, @Nullable Object sent) throws Throwable;

  @Override
  protected final int go(int place, @Nullable Object sent, @Nullable Throwable raised)
      throws Throwable {
    if (place == CLOSED) {
      return closed(raised);
    }
    // Whatever ends the body, the closing follows; the failure is thrown after it.
    failure = raised;
    if (raised == null) {
      try {
        if (run(place, sent) == DELEGATED) {
          return DELEGATED;
        }
        result = value;
      } catch (Throwable thrown) {
        failure = thrown;
      }
    }
    LoopTask<?> task = LoopTask.entering("Async.using");
    closer = task;
    gotBefore = task.gotRequests();
    try {
      return awaiting(Objects.requireNonNull(resource.aclose(), "aclose() gave null"), CLOSED);
    } catch (Throwable thrown) {
      return closed(thrown); // aclose() itself threw instead of its await
    }
  }

  private int closed(@Nullable Throwable raised) throws Throwable {
    if (failure == null) {
      if (raised != null) {
        throw raised;
      }
      return done(result);
    }
    if (raised != null) {
      Throwing.suppress(failure, raised);
      LoopTask<?> task = Objects.requireNonNull(closer);
      // The failure of the body wins. A request that interrupted the closing must not get lost
      // in its suppressed exceptions, so the next suspension delivers it.
      if (raised instanceof Cancelled request
          && !(failure instanceof Cancelled)
          && task.gotRequests() > gotBefore) {
        task.requestAgain(request, gotBefore);
      }
    }
    throw failure;
  }
}
