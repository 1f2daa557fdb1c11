package io.fermata.internal.compose;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Outcome;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.Throwing;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One await by a task of a loop, for which a thread outside of the loop waits.
 *
 * <pre>
 * NEW    -&gt; BEGUN  the task runs: it awaits
 * NEW    -&gt; DONE   the task never runs: the loop is closed, or the thread was interrupted
 * BEGUN  -&gt; DONE   the await has ended; after an interrupt, by its cancellation
 * </pre>
 *
 * <p>The task sets {@code begun} before it awaits, and the end of the task sets it if the task
 * never ran. The first of the two completes the outcome, so it is completed once.
 */
final class BlockingStep<T extends @Nullable Object> extends LibraryFrame<Void> {
  private final Loop loop;
  private final Async<T> awaited;
  private final AtomicBoolean begun = new AtomicBoolean();

  /**
   * Completed by the loop's thread. It holds failures as values, because a future would wrap some
   * of them.
   */
  private final CompletableFuture<Outcome<T>> outcome = new CompletableFuture<>();

  BlockingStep(Loop loop, Async<T> awaited) {
    super(false);
    this.loop = loop;
    this.awaited = awaited;
  }

  // On the waiting thread

  /** Starts the task, and waits for the outcome. */
  T outcome() throws Throwable {
    if (Loop.running() == loop) {
      throw new IllegalStateException(
          "would wait for itself: a blocking step on the thread of its loop, which has to take it;"
              + " await advance() instead");
    }
    CompletableFuture<Void> task = start();
    try {
      return outcome.get().get();
    } catch (InterruptedException interrupt) {
      var unused = task.cancel(false);
      return interrupted(outcome.get()); // a second interrupt throws here, and ends the wait
    }
  }

  private CompletableFuture<Void> start() {
    CompletableFuture<Void> task = loop.startThreadSafe(this);
    var unused =
        task.whenComplete(
            (nothing, failure) -> {
              // Once the task has begun, its frame completes the outcome, whatever it ends with.
              if (failure != null && begun.compareAndSet(false, true)) {
                outcome.complete(new Outcome.Failure<>(Throwing.unwrapped(failure)));
              }
            });
    return task;
  }

  private T interrupted(Outcome<T> last) throws Throwable {
    if (last instanceof Outcome.Failure<T> failed && failed.failure() instanceof Cancelled why) {
      InterruptedException interrupt = new InterruptedException("interrupted in a blocking step");
      interrupt.initCause(why);
      throw interrupt;
    }
    // The interrupt has not ended the step, so the caller gets the result and the interrupt.
    Thread.currentThread().interrupt();
    return last.get();
  }

  // On the loop's thread

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // what an Async<T> gives is a T
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      return begun.compareAndSet(false, true) ? awaiting(awaited, 1) : done(null);
    }
    outcome.complete(
        raised == null ? new Outcome.Value<>((T) sent) : new Outcome.Failure<>(raised));
    if (raised != null && Throwing.endsTheRun(raised)) {
      throw raised; // it ends the run of the loop as well
    }
    return done(null);
  }

  @Override
  protected String description() {
    return "blocking wait for " + awaited;
  }
}
