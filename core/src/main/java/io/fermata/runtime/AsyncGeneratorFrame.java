package io.fermata.runtime;

import io.fermata.GeneratorExit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frame of an asynchronous generator: it yields to whoever steps it, and it awaits, in which
 * case a {@link Leaf} comes out of the step instead. The step is over when it yields, returns or
 * throws; until then the one who steps it waits for each leaf and goes on.
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

  private boolean waits;

  /** Its {@code co}, once something has captured it. */
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
   * What came out of the last step.
   *
   * @return the value or the leaf; handed over
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
   * Where its body is.
   *
   * @return {@code Printer.java:12}, or what is known of it
   */
  public final String place() {
    return inspect().place();
  }

  /**
   * Where it and what it awaits stand suspended.
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
    return AsyncFrame.opened(target);
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
