package io.fermata.async;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Failures on their way from one world to the other. */
final class Throwing {
  private Throwing() {}

  /** Throws anything, unwrapped. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the cast is the point
  static <E extends Throwable> RuntimeException sneaky(Throwable failure) throws E {
    throw (E) failure;
  }

  /** Python's KeyboardInterrupt and SystemExit: what ends the run, whoever is in the way. */
  static boolean endsTheRun(Throwable failure) {
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }

  /** What a future really failed with. */
  static Throwable unwrapped(Throwable failure) {
    if (failure instanceof CancellationException) {
      if (failure.getCause() instanceof CancellationException cancellation) {
        return unwrapped(cancellation); // CompletableFuture.get() wraps it, from JDK 23 on
      }
      Cancelled cancelled = new Cancelled(failure.getMessage());
      cancelled.initCause(failure);
      return cancelled;
    }
    Throwable cause = failure.getCause();
    boolean wrapped =
        failure instanceof CompletionException || failure instanceof ExecutionException;
    return wrapped && cause != null ? unwrapped(cause) : failure;
  }

  /** Completes a future with what a promise or task has ended with. */
  static <T extends @Nullable Object> void copy(Settling<T> from, CompletableFuture<T> to) {
    try {
      to.complete(from.result());
    } catch (Cancelled cancelled) {
      CancellationException exception = new CancellationException(cancelled.reason());
      exception.initCause(cancelled);
      to.completeExceptionally(exception);
    } catch (Throwable failure) {
      to.completeExceptionally(failure);
    }
  }

  /** Notes an exception in another that has come in its place. */
  static void suppress(Throwable later, Throwable earlier) {
    if (later != earlier && later.getCause() != earlier) {
      later.addSuppressed(earlier);
    }
  }
}
