package io.fermata;

import io.fermata.runtime.BodySite;
import io.fermata.runtime.GeneratorFrame;
import io.fermata.runtime.Inspection;
import org.jspecify.annotations.Nullable;

/**
 * A frame that holds an exception while it is suspended. As a generated class, it stands outside
 * the runtime's package.
 */
public final class HoldingFrame extends GeneratorFrame<Object> {
  private final @Nullable HoldingFrame next;

  /** The exception; null before the first step. */
  public @Nullable Exception held;

  /** The lines of its trace when it was made. */
  public int lines;

  /**
   * A frame.
   *
   * @param next what it delegates to, begun on its stack; null if it holds an exception and yields
   */
  public HoldingFrame(@Nullable HoldingFrame next) {
    this.next = next;
  }

  @Override
  protected int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    state = RUNNING;
    if (next != null) {
      boolean isOver = beginDelegate(next, null);
      value = next;
      state = 1;
      return isOver ? RETURNED : DELEGATED;
    }
    held = new Exception();
    lines = held.getStackTrace().length;
    hold(held);
    value = "held";
    state = 1;
    return YIELDED;
  }

  @Override
  protected Inspection inspect() {
    return new BodySite(
            "Host",
            "body",
            null,
            1,
            new int[] {1},
            java.util.List.of(),
            new java.util.BitSet(),
            "a test wrote it")
        .at(state);
  }

  @Override
  protected void ended() {}
}
