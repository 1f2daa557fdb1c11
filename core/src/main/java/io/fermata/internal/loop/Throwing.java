package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The translation of failures between the loop, futures and callers. */
public final class Throwing {
  /** So many an exception keeps; a constant one would grow without an end. */
  private static final int NOTES = 16;

  private Throwing() {}

  /** Throws any throwable, unwrapped. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the cast is the point
  public static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }

  /**
   * Whether a failure ends the run, as KeyboardInterrupt and SystemExit do in Python. What a task
   * cannot get, memory or stack, is its own failure: the others may have enough.
   */
  public static boolean endsTheRun(Throwable failure) {
    return failure instanceof InternalError || failure instanceof UnknownError;
  }

  /** The failure inside the wrappers of futures. */
  public static Throwable unwrapped(Throwable failure) {
    if (failure instanceof CancellationException) {
      if (failure.getCause() instanceof CancellationException cancellation) {
        return unwrapped(cancellation); // CompletableFuture.get() wraps it, from JDK 23 on
      }
      Cancelled cancelled = new Cancelled(failure.getMessage());
      cancelled.initCause(failure);
      return cancelled;
    }
    if (failure instanceof CompletionException || failure instanceof ExecutionException) {
      Throwable cause = failure.getCause();
      return cause == null ? failure : unwrapped(cause);
    }
    return failure;
  }

  /** Completes a future with the outcome of a promise or task. */
  static <T extends @Nullable Object> void copy(LoopDeferred<T> from, CompletableFuture<T> to) {
    try {
      to.complete(from.result());
    } catch (Cancelled cancelled) {
      CancellationException exception = new CancellationException(cancelled.getMessage());
      exception.initCause(cancelled);
      to.completeExceptionally(exception);
    } catch (Throwable failure) {
      to.completeExceptionally(failure);
    }
  }

  /** Adds an earlier exception to the one that is thrown in its place. */
  public static void suppress(Throwable later, Throwable earlier) {
    if (later != earlier && !isCause(earlier, later)) {
      later.addSuppressed(earlier);
    }
  }

  /** The same, for an exception that may be thrown again and again: it keeps the first few. */
  public static void note(Throwable later, Throwable earlier) {
    if (later.getSuppressed().length < NOTES) {
      suppress(later, earlier);
    }
  }

  private static boolean isCause(Throwable cause, Throwable failure) {
    try {
      return failure.getCause() == cause;
    } catch (RuntimeException refused) { // by its class; must not be thrown in place of the failure
      return false;
    }
  }
}
