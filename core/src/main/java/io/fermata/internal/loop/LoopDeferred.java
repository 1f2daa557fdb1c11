package io.fermata.internal.loop;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Context;
import io.fermata.async.Deferred;
import io.fermata.async.EventLoop;
import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.kernel.Parked;
import io.fermata.runtime.door.Brief;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The completion state of promises and tasks: one outcome, and the listeners that it tells.
 *
 * <p><b>Guarantee.</b> The outcome is settled once. Each listener is told once, in the order of
 * adding: a task becomes ready, a callback is queued. A failure that no listener and no caller has
 * seen is reported ({@link UnretrievedFailures}).
 *
 * <p><b>Structure.</b> It is itself the {@link Waitable} of its awaiters, so that an await of it
 * allocates nothing. The first listener needs no list; few promises have a second one.
 *
 * <p><b>Protocol.</b> Cancelling an awaiter cancels what it awaits, see {@link CancelWalk}. A task
 * in a circle refuses, and its awaiter leaves the wait instead.
 *
 * <p><b>Rejected.</b> A listener object per awaiter: a task would allocate for each await.
 *
 * <p>Belongs to the loop's thread.
 */
public abstract class LoopDeferred<T extends @Nullable Object>
    implements Deferred<T>, PassingWait, Selectable {
  // PENDING -> VALUE      setResult, or the body returns
  // PENDING -> FAILED     setException, or the body throws
  // PENDING -> CANCELLED  cancel of a promise, or the body throws Cancelled
  private static final byte PENDING = 0;
  static final byte VALUE = 1;
  static final byte FAILED = 2;
  static final byte CANCELLED = 3;

  public final Loop loop;
  private byte state = PENDING;

  /** The value, or what was thrown. */
  private @Nullable Object outcome;

  // state      listeners
  // PENDING    null: nobody waits
  //            a Parked or a Listener: one
  //            a Listeners: several, told in the order of adding
  // VALUE      null
  // FAILED, or CANCELLED and carries failures
  //            an UnretrievedFailures.Entry: nobody was told of the failure
  //            null: somebody was
  // CANCELLED  null
  private @Nullable Object listeners;

  /** Whether somebody has left who would have been told of its failure. */
  private boolean isKnown;

  /** Whether an awaiter has left whose shield it goes on without. */
  private boolean isLeftAlone;

  LoopDeferred(Loop loop) {
    this.loop = loop;
  }

  /**
   * Ends it.
   *
   * @return false if it has ended before
   */
  boolean settle(byte how, @Nullable Object what) {
    assert loop.inLoop() : "outside of the loop";
    if (state != PENDING) {
      return false;
    }
    state = how;
    outcome = what;
    // From here on the field has its meaning of the new state: see the table.
    Object waiting = listeners;
    listeners = how == VALUE ? null : watched(Objects.requireNonNull(what));
    if (waiting instanceof Listeners several) {
      several.forEach(this::tell);
    } else if (waiting != null) {
      tell(waiting);
    }
    if (isLeftAlone && isUnretrieved()) {
      loop.kernel.ready(() -> OrphanFailures.ended(this));
    }
    return true;
  }

  /** Whether somebody would be told of its end. */
  final boolean isAwaited() {
    return state == PENDING && listeners != null;
  }

  private @Nullable Object watched(Object outcome) {
    List<Throwable> failures = isKnown ? List.of() : Cancellations.failuresIn((Throwable) outcome);
    return failures.isEmpty() ? null : loop.failures.unretrieved.watch(this, failures.get(0));
  }

  private void tell(Object listener) {
    if (listener instanceof Parked task) {
      task.wake();
    } else {
      loop.kernel.ready((Runnable) listener);
    }
  }

  /** Adds a task that waits, or a {@link Listener}. */
  private void add(Object listener) {
    if (state != PENDING) {
      tell(listener);
    } else if (listeners == null) {
      listeners = listener;
    } else if (listeners instanceof Listeners several) {
      several.add(listener);
    } else {
      listeners = new Listeners(listeners, listener);
    }
  }

  /** Adds a listener of the library's own. It is queued as a callback is. */
  public final void listen(Listener listener) {
    add(listener);
  }

  /** Forgets a listener that has not been told, in constant time. */
  public final void forget(Listener listener) {
    if (listeners == listener) {
      listeners = null;
    } else if (listeners instanceof Listeners several) {
      several.remove(listener);
      dropIfEmpty(several);
    }
  }

  private void dropIfEmpty(Listeners several) {
    if (several.isEmpty()) {
      listeners = null;
    }
  }

  /** Somebody leaves who would have been told of its failure, and would have dropped that. */
  public final void ignoreFailure() {
    isKnown = true;
  }

  /** An awaiter leaves its shield: a failure that nobody else gets is reported. */
  public final void leaveAlone() {
    isLeftAlone = true;
  }

  /** Cancels it, with this very instance if it is a promise. */
  abstract boolean cancelWith(Cancelled why);

  /** A noun for messages. */
  public abstract String noun();

  // Deferred

  @Override
  public final boolean done() {
    return state != PENDING;
  }

  @Override
  public final boolean cancelled() {
    return state == CANCELLED;
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // settled with a T
  public final T result() throws Exception {
    checkDone("result");
    if (state != VALUE) {
      throw thrown();
    }
    return (T) outcome;
  }

  /** Throws what it ended with. */
  private RuntimeException thrown() {
    markRetrieved();
    throw Throwing.sneaky((Throwable) Objects.requireNonNull(outcome));
  }

  @Override
  public final @Nullable Throwable exception() {
    checkDone("exception");
    if (state == CANCELLED) {
      throw thrown();
    }
    markRetrieved();
    return state == VALUE ? null : (Throwable) outcome;
  }

  /** The state in words. */
  public final String outcomeText() {
    return switch (state) {
      case PENDING -> "pending";
      case VALUE -> "finished";
      case FAILED -> "failed with " + Brief.of(outcome);
      default -> "cancelled";
    };
  }

  /** The failure or cancellation; null if it is pending or has a value. */
  public final @Nullable Throwable failure() {
    return state == FAILED || state == CANCELLED ? (Throwable) outcome : null;
  }

  /** Whether it has a failure that nobody has seen, or was cancelled and carries one. */
  public final boolean isUnretrieved() {
    return listeners instanceof UnretrievedFailures.Entry;
  }

  /** Counts its failure as seen. */
  public final void markRetrieved() {
    if (listeners instanceof UnretrievedFailures.Entry entry) {
      listeners = null;
      entry.retrieved();
    }
  }

  private void checkDone(String what) {
    if (state == PENDING) {
      throw new IllegalStateException(
          "no " + what + " yet: " + this + " is pending; await it, or ask done() first");
    }
  }

  @Override
  public final void addDoneCallback(Consumer<? super Deferred<T>> callback) {
    loop.check(this, "addDoneCallback()");
    add(new DoneCallback<>(this, callback, ContextState.captured()));
  }

  @Override
  public final void addDoneCallback(Consumer<? super Deferred<T>> callback, Context context) {
    loop.check(this, "addDoneCallback()");
    add(new DoneCallback<>(this, callback, ContextState.of(context)));
  }

  @Override
  public final int removeDoneCallback(Consumer<? super Deferred<T>> callback) {
    loop.check(this, "removeDoneCallback()");
    if (listeners instanceof Listeners several) {
      // equals() of a callback may change the list
      List<DoneCallback<?>> equal =
          several.callbacks().stream().filter(each -> each.callback.equals(callback)).toList();
      int removed = 0;
      if (listeners == several) {
        for (DoneCallback<?> each : equal) {
          removed += several.remove(each) ? 1 : 0;
        }
        dropIfEmpty(several);
      }
      return removed;
    }
    if (listeners instanceof DoneCallback<?> one && one.callback.equals(callback)) {
      listeners = null;
      return 1;
    }
    return 0;
  }

  @Override
  public final EventLoop loop() {
    return loop.face;
  }

  @Override
  public final Async<T> toAsync() {
    return new AwaitFrame<>(this);
  }

  @Override
  public final CompletableFuture<T> toCompletableFuture() {
    CompletableFuture<T> future = new TaskFuture<>(loop);
    addDoneCallback(done -> Throwing.copy(this, future));
    var unused =
        future.whenComplete(
            (value, failure) -> {
              if (future.isCancelled()) {
                loop.postIfOpen(() -> cancel("its CompletableFuture was cancelled"));
              }
            });
    return future;
  }

  // Waitable

  @Override
  public final boolean passes() {
    return state == VALUE;
  }

  @Override
  public final @Nullable Object passed() {
    return outcome;
  }

  @Override
  public final @Nullable Object park(Parked task) {
    if (state != PENDING) {
      return outcome(task);
    }
    // A deadlock of one: told here, where the line of the await is known.
    if (task == this) {
      throw Stacks.inAwait(
          (LoopTask<?>) task,
          new IllegalStateException(this + " awaits itself, which would never end"));
    }
    // Another loop runs on another thread: its callbacks must not touch this task.
    Kernel kernel = task.kernel();
    if (kernel != loop.kernel) {
      throw Stacks.inAwait(
          ((Waiter) task).task(),
          new IllegalStateException(
              this
                  + " belongs to another loop; await its toCompletableFuture(), taken on its own"
                  + " loop's thread"));
    }
    add(task);
    return PARKED;
  }

  @Override
  public final boolean pass(Parked task, Cancelled why, boolean isRequest, CancelWalk.Next on) {
    if (state != PENDING) {
      return false;
    }
    on.request(this, why);
    return true;
  }

  @Override
  public final boolean passed(Parked task, CancelWalk.Told told) {
    if (told == CancelWalk.Told.SOME) {
      return true;
    }
    // It awaits this task, and cannot end before it.
    if (listeners == task) {
      listeners = null;
    } else if (listeners instanceof Listeners several) {
      several.remove(task);
      dropIfEmpty(several);
    }
    ((LoopTask<?>) task).leave();
    return false;
  }

  @Override
  public final @Nullable Object outcome(Parked task) {
    if (state == PENDING) {
      throw Objects.requireNonNull(((LoopTask<?>) task).pending());
    }
    if (state != VALUE) {
      throw thrown();
    }
    return outcome;
  }

  // Selectable: a select leaves it without cancelling it

  @Override
  public final boolean isReady(LoopTask<?> task) {
    return state != PENDING;
  }

  @Override
  public final void retract(Listener standIn) {
    forget(standIn);
  }

  @Override
  public String toString() {
    return noun() + " (" + outcomeText() + ")";
  }
}
