package io.fermata.internal.loop;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Context;
import io.fermata.async.Deferred;
import io.fermata.async.EventLoop;
import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The completion state of promises and tasks: one outcome, and the listeners that it wakes.
 *
 * <p><b>Guarantee.</b> The outcome is settled once. Each listener is told once, in the order of
 * adding: a task becomes ready, a callback is queued. A failure that no listener and no caller has
 * seen is reported ({@link UnretrievedFailures}).
 *
 * <p><b>Structure.</b> It is itself the {@link Waitable} of its awaiters, so that an await of it
 * allocates nothing. The first listener needs no list; few promises have a second one.
 *
 * <p><b>Protocol.</b> Cancelling an awaiter cancels what it awaits: {@link #undo} calls {@link
 * #cancelWith}. A task in a circle refuses, and its awaiter leaves the wait instead.
 *
 * <p><b>Rejected.</b> A listener object per awaiter: a task would allocate for each await.
 *
 * <p>Belongs to the loop's thread.
 */
public abstract class LoopDeferred<T extends @Nullable Object> implements Deferred<T>, Waitable {
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

  // state      callbacks
  // PENDING    null: nobody waits
  //            a Parked or a DoneCallback: one listener
  //            an ArrayList of these: several, told in the order of adding
  // VALUE      null
  // CANCELLED  null
  // FAILED     an UnretrievedFailures.Entry: nobody was told of the failure
  //            null: somebody was
  private @Nullable Object callbacks;

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
    Object waiting = callbacks;
    callbacks = how == FAILED ? watched((Throwable) Objects.requireNonNull(what)) : null;
    if (waiting instanceof ArrayList<?> several) {
      several.forEach(this::tell);
    } else if (waiting != null) {
      tell(waiting);
    }
    return true;
  }

  private Object watched(Throwable failure) {
    return loop.failures.unretrieved.watch(this, failure);
  }

  private void tell(Object callback) {
    if (callback instanceof Parked task) {
      task.wake();
    } else {
      loop.kernel.ready((Runnable) callback);
    }
  }

  private void add(Object callback) {
    if (state != PENDING) {
      tell(callback);
    } else if (callbacks == null) {
      callbacks = callback;
    } else if (callbacks instanceof ArrayList<?>) {
      list().add(callback);
    } else {
      List<Object> several = new ArrayList<>(4);
      several.add(callbacks);
      several.add(callback);
      callbacks = several;
    }
  }

  @SuppressWarnings("unchecked") // made in add()
  private List<Object> list() {
    return (List<Object>) Objects.requireNonNull(callbacks);
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
      case FAILED -> "failed with " + outcome;
      default -> "cancelled";
    };
  }

  /** The failure or cancellation; null if it is pending or has a value. */
  public final @Nullable Throwable failure() {
    return state == FAILED || state == CANCELLED ? (Throwable) outcome : null;
  }

  /** Whether it has a failure that nobody has seen. */
  public final boolean isUnretrieved() {
    return state == FAILED && callbacks != null;
  }

  /** Counts its failure as seen. */
  public final void markRetrieved() {
    if (callbacks instanceof UnretrievedFailures.Entry entry) {
      callbacks = null;
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
    if (callbacks instanceof ArrayList<?>) {
      // equals() of a callback may change the list
      List<Object> before = List.copyOf(list());
      List<Object> equal = before.stream().filter(each -> isFor(each, callback)).toList();
      if (callbacks instanceof ArrayList<?>) {
        int size = list().size();
        list().removeIf(each -> contains(equal, each));
        return size - list().size();
      }
      return 0;
    }
    if (callbacks != null && isFor(callbacks, callback)) {
      callbacks = null;
      return 1;
    }
    return 0;
  }

  private static boolean isFor(Object entry, Object callback) {
    return entry instanceof DoneCallback<?> done && done.callback.equals(callback);
  }

  private static boolean contains(List<Object> objects, Object wanted) {
    return objects.stream().anyMatch(each -> each == wanted);
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
          (LoopTask<?>) task,
          new IllegalStateException(
              this
                  + " belongs to another loop; await its toCompletableFuture(), taken on its own"
                  + " loop's thread"));
    }
    add(task);
    return PARKED;
  }

  @Override
  public final boolean undo(Parked task, Throwable why) {
    if (state != PENDING) {
      return false;
    }
    boolean cancelled = cancelWith((Cancelled) why);
    if (!cancelled) { // it awaits this task, and cannot end before it
      removeAwaiter(task);
      ((LoopTask<?>) task).leave();
    }
    return cancelled;
  }

  private void removeAwaiter(Parked task) {
    if (callbacks == task) {
      callbacks = null;
    } else {
      list().removeIf(each -> each == task);
    }
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

  @Override
  public String toString() {
    return noun() + " (" + outcomeText() + ")";
  }
}
