package io.fermata.runtime;

import io.fermata.GeneratorExit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frame of an asynchronous generator. Its step ends when the body yields, returns or throws. An
 * await before that interrupts the step: {@link #step} returns {@link #WAITS}, and the caller calls
 * it again with the outcome of the {@link Leaf}.
 *
 * @param <Y> what it yields
 */
public abstract class AsyncGeneratorFrame<Y extends @Nullable Object> extends Frame<Y> {
  /** {@link #step}: it yielded; {@link #taken} is the value. */
  public static final int YIELDED = Resumable.YIELDED;

  /** {@link #step}: it waits; {@link #taken} is the leaf. */
  public static final int WAITS = Resumable.DELEGATED;

  /** {@link #step}: it has returned. */
  public static final int RETURNED = Resumable.RETURNED;

  /** Whether the last step ended in an await; written by {@link #adopt(Leaf)} within the step. */
  private boolean waits;

  /** Its {@code co} as an object; null until something captures it. */
  private @Nullable CapturedAwaiter co;

  /** For subclasses only. */
  protected AsyncGeneratorFrame() {}

  /**
   * A step, or the rest of one.
   *
   * @param sent goes to the yield, or is what the last leaf gave
   * @param raised if not null, is thrown there instead
   * @return {@link #YIELDED}, {@link #WAITS} or {@link #RETURNED}; what the body throws is thrown,
   *     as it is
   */
  public final int step(@Nullable Object sent, @Nullable Throwable raised) {
    waits = false;
    if (co != null) {
      co.stepped();
    }
    if (!Stepping.stepToLeaf(this, sent, raised)) {
      return RETURNED;
    }
    return waits ? WAITS : YIELDED;
  }

  final void keep(CapturedAwaiter co) {
    this.co = co;
  }

  /**
   * The value or the leaf of the last step.
   *
   * @return it; the frame keeps nothing
   */
  public final @Nullable Object taken() {
    return takeYielded();
  }

  /** Ends it if it has not run; does nothing if it has. */
  public final void discard() {
    if (state == CREATED) {
      Ending.finish(this, NEVER_RAN);
    }
  }

  /**
   * The place of its body.
   *
   * @return {@code Printer.java:12}, or what is known of it
   */
  public final String place() {
    return inspect().place();
  }

  /**
   * Views of the suspended frames: its own, and those that it awaits.
   *
   * @return a view of each frame, the innermost first
   */
  public final List<Inspection> suspended() {
    return AsyncFrame.suspended(this);
  }

  @Override
  public String kind() {
    return "async generator";
  }

  @Override
  public final Y next() {
    return super.next();
  }

  @Override
  final void adopt(Leaf leaf) {
    waits = true;
    super.adopt(leaf);
  }

  @Override
  final Object delegateFor(Object target) {
    return AsyncFrame.awaited(target);
  }

  @Override
  final boolean chains(Throwable raised) {
    return AsyncFrame.isCancellation(raised) || raised instanceof GeneratorExit;
  }

  @Override
  final boolean takesInput() {
    return true;
  }
}
