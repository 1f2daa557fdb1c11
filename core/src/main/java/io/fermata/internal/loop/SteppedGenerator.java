package io.fermata.internal.loop;

import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncCoroutine;
import io.fermata.runtime.AsyncGeneratorFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous generator over a frame: it makes steps, refuses a second one at a time, and keeps
 * the last value that was yielded.
 *
 * <p>It belongs to a step ({@link GeneratorStep}) from {@link #begin} to {@link #end}.
 */
public final class SteppedGenerator<S extends @Nullable Object, Y extends @Nullable Object>
    implements AsyncCoroutine<S, Y> {
  final AsyncGeneratorFrame<Y> frame;

  /** Whether a step is under way. */
  private boolean stepping;

  private boolean hasCurrent;
  private @Nullable Object current;

  /** Whether another generator closes it, and not the loop. */
  private boolean isOwned;

  /**
   * Its entry with the loop that has to close it; null before its first step, at its end, and if it
   * is owned.
   */
  private OpenGenerators.@Nullable Entry entry;

  public SteppedGenerator(AsyncGeneratorFrame<Y> frame) {
    this.frame = frame;
  }

  /** Another generator closes it from now on; the loop closes that one. */
  public void handOver() {
    isOwned = true;
    if (entry != null) {
      entry.remove();
      entry = null;
    }
  }

  /** A step begins that runs the body. */
  void begin(Loop loop) {
    if (entry == null && !isOwned) {
      entry = loop.generators.add(this);
    }
    stepping = true;
    dropCurrent();
  }

  /** A select waits for a step, which takes no other one meanwhile. */
  void reserve(Loop loop, GeneratorStep<?> step) {
    if (stepping) {
      throw step.busy();
    }
    if (entry == null && !isOwned && frame.state() != State.CLOSED) {
      entry = loop.generators.add(this);
    }
    stepping = true;
  }

  /** The select has chosen. */
  void release() {
    stepping = false;
  }

  /** The step has yielded, returned or thrown. */
  void end() {
    stepping = false;
    if (entry != null && frame.state() == State.CLOSED) {
      entry.remove();
      entry = null;
    }
  }

  void dropCurrent() {
    hasCurrent = false;
    current = null;
  }

  void keep(@Nullable Object yielded) {
    hasCurrent = true;
    current = yielded;
  }

  @Override
  public Async<Boolean> advance() {
    return new GeneratorStep.Advance(this, null);
  }

  @Override
  public Async<Boolean> advance(S value) {
    return new GeneratorStep.Advance(this, value);
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // yielded as a Y
  public Y current() {
    if (!hasCurrent) {
      throw new IllegalStateException(
          "no current value: the last step of "
              + this
              + " was no advance() that gave true; await advance() first");
    }
    return (Y) current;
  }

  @Override
  public Async<Y> anext() {
    return new GeneratorStep.Next<>(this, null, null);
  }

  @Override
  public Async<Y> anext(Y atEnd) {
    return new GeneratorStep.NextOr<>(this, atEnd);
  }

  @Override
  public Async<Y> asend(S value) {
    return new GeneratorStep.Next<>(this, value, null);
  }

  @Override
  public Async<Y> athrow(Throwable exception) {
    return new GeneratorStep.Next<>(
        this,
        null,
        Objects.requireNonNull(
            exception, "athrow() needs an exception to throw, but got null; nothing was done"));
  }

  @Override
  public Async<Void> aclose() {
    return new GeneratorStep.Close(this);
  }

  @Override
  public State state() {
    return stepping ? State.RUNNING : frame.state();
  }

  @Override
  public String engine() {
    return frame.engine();
  }

  @Override
  public String engineReason() {
    return frame.engineReason();
  }

  @Override
  public String toString() {
    return frame.kind() + " at " + frame.place() + ", " + state();
  }
}
