package io.fermata.runtime;

import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.runtime.door.Brief;
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
 * <p>It runs once. The first await, start or run claims it; any other is refused.
 *
 * <p>{@link #value} holds, by state:
 *
 * <pre>
 * CREATED      null, or the Runnable of {@link #whenClaimed}
 * RUNNING      null, until the body sets it
 * suspended    in a step: the target of the await; after it: the leaf, until {@link #leaf} takes it
 * ENDED        the result
 * other ends   null
 * </pre>
 *
 * @param <T> what it returns
 */
public abstract class AsyncFrame<T extends @Nullable Object> extends Frame<@Nullable Object>
    implements Async<T> {
  /** Whether an await, a start or a run has it, or it was discarded. Never false again. */
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
   * The leaf that it waits for, after a step that returned true.
   *
   * @return the leaf; handed over
   */
  public final Leaf leaf() {
    return (Leaf) Objects.requireNonNull(takeYielded());
  }

  /**
   * The result of the body, after a step that returned false.
   *
   * @return the result
   */
  public final @Nullable Object returned() {
    return value;
  }

  /**
   * Claims it for its one run.
   *
   * @throws IllegalStateException if it is claimed already
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
   * Registers a callback for its claim or discard.
   *
   * @param told called once, then; the frame must not have been claimed
   */
  public final void whenClaimed(Runnable told) {
    value = told;
  }

  /**
   * Runs the callback of {@link #whenClaimed}, if there is one, and drops it.
   *
   * @return whether it has neither begun nor ended
   */
  public final boolean pardon() {
    if (state == CREATED && value instanceof Runnable told) {
      value = null;
      told.run();
    }
    return state == CREATED;
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
   * Views of the suspended frames: its own, and those that it awaits.
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
   * The place of its body.
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
    return awaited(target);
  }

  /** The frame or leaf for the target of an await. */
  static Object awaited(Object target) {
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
              + Brief.of(awaitable)
              + ": its toAsync() returned "
              + Brief.of(async)
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
