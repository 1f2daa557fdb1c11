package io.fermata.runtime;

import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.runtime.door.FutureDoor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frame of an {@link Async}. An await is a delegation: to another frame, or to a {@link Leaf},
 * which comes out of {@link #step}.
 *
 * <p>It runs once. The first one to await, start or run it claims it; any other is refused.
 *
 * @param <T> what it returns
 */
public abstract class AsyncFrame<T extends @Nullable Object> extends Frame<@Nullable Object>
    implements Async<T> {
  // Until somebody claims it, value is nothing, or who is told of that: a Runnable.
  private boolean claimed;

  /** For subclasses only. */
  protected AsyncFrame() {}

  /**
   * Runs it, and what it awaits, until a leaf has to be waited for.
   *
   * @param sent what the last leaf gave
   * @param raised if not null, is thrown instead at the await
   * @return true if {@link #leaf} tells what it waits for; false if it has returned, and {@link
   *     #returned()} tells what. What the body throws is thrown, as it is.
   */
  public final boolean step(@Nullable Object sent, @Nullable Throwable raised) {
    return Stepping.stepToLeaf(this, sent, raised);
  }

  /**
   * What it waits for, after a step that returned true.
   *
   * @return the leaf; handed over
   */
  public final Leaf leaf() {
    return (Leaf) Objects.requireNonNull(takeYielded());
  }

  /**
   * What the body returned, after a step that returned false.
   *
   * @return the result
   */
  public final @Nullable Object returned() {
    return value;
  }

  /**
   * Takes it, for its one run.
   *
   * @throws IllegalStateException if somebody has
   */
  @Override
  public final void claim() {
    if (claimed) {
      throw new IllegalStateException(
          "cannot await or start twice: "
              + this
              + "; an Async runs once: make a new one for each run, or start a Task and await that as"
              + " often as you like");
    }
    claimed = true;
    pardon();
  }

  /**
   * Has somebody told when it is claimed or discarded.
   *
   * @param told called once, if it is; it must not have been claimed
   */
  public final void whenClaimed(Runnable told) {
    value = told;
  }

  /** Tells whoever waits for it to be claimed that it need not be. */
  public final void pardon() {
    if (state == CREATED && value instanceof Runnable told) {
      value = null;
      told.run();
    }
  }

  /** Ends it before it has run; does nothing if it is under way or has ended. */
  public final void discard() {
    claimed = true;
    if (state == CREATED) {
      pardon();
      Ending.finish(this, NEVER_RAN);
    }
  }

  /**
   * Where it and what it awaits stand suspended.
   *
   * @return a view of each frame, the innermost first
   */
  public final List<Inspection> suspended() {
    return suspended(this);
  }

  static List<Inspection> suspended(Frame<?> outermost) {
    List<Inspection> all = new ArrayList<>();
    for (Object at = outermost; at instanceof Frame<?> frame; at = frame.delegate) {
      all.add(frame.inspect());
    }
    Collections.reverse(all);
    return all;
  }

  /**
   * Where its body is.
   *
   * @return {@code Printer.java:12}, or what is known of it
   */
  public final String place() {
    return inspect().place();
  }

  @Override
  public final Async<T> toAsync() {
    return this;
  }

  @Override
  public String kind() {
    return "async";
  }

  @Override
  final Object delegateFor(Object target) {
    return opened(target);
  }

  /** What an await delegates to: a frame or a leaf. */
  static Object opened(Object target) {
    if (target instanceof Frame<?> || target instanceof Leaf) {
      return target;
    }
    if (target instanceof Awaitable<?> awaitable) {
      Async<?> async = awaitable.toAsync();
      if (async instanceof Frame<?> || async instanceof Leaf) {
        return async;
      }
      throw new IllegalStateException(
          "cannot await "
              + awaitable
              + ": its toAsync() returned "
              + async
              + ", which the library has not made; return what a factory of Async gives");
    }
    return FutureDoor.leaf(target);
  }

  @Override
  final boolean chains(Throwable raised) {
    return isCancellation(raised);
  }

  static boolean isCancellation(Throwable raised) {
    return raised instanceof Cancelled;
  }

  @Override
  final boolean takesInput() {
    return true;
  }
}
