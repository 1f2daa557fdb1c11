package io.fermata.internal.compose;

import io.fermata.AlreadyRunningException;
import io.fermata.Generator;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.WaitingValueException;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.StopAsyncIteration;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.Throwing;
import org.jspecify.annotations.Nullable;

/**
 * A blocking view of an asynchronous generator, for threads outside of its loop.
 *
 * <p>The fields belong to the thread that steps the view. Only one thread steps it at a time, as
 * with any generator.
 */
public final class BlockingGenerator<Y extends @Nullable Object> implements Generator<Y> {
  private final Loop loop;
  private final AsyncGenerator<Y> generator;

  /** The state of the generator after the last step. */
  private State state;

  private boolean isStepping;
  private boolean hasCurrent;
  private @Nullable Y current;

  /** Whether hasNext() has fetched the current value, and no call has taken it. */
  private boolean isFetched;

  public BlockingGenerator(Loop loop, AsyncGenerator<Y> generator) {
    this.loop = loop;
    this.generator = generator;
    state = generator.state();
  }

  @Override
  public boolean advance() {
    if (isFetched) {
      isFetched = false;
      return true;
    }
    dropCurrent();
    // After the end no task is started, so the view also works when its loop is closed.
    if (state == State.CLOSED || !step(generator.advance())) {
      return false;
    }
    // The loop's thread wrote the value; waiting for the step makes it visible here.
    current = generator.current();
    hasCurrent = true;
    return true;
  }

  @Override
  public boolean hasNext() {
    isFetched = isFetched || advance();
    return isFetched;
  }

  @Override
  @SuppressWarnings("NullAway") // yielded as a Y
  public Y current() {
    if (!hasCurrent || isFetched) {
      throw new IllegalStateException(
          "no current value: the last step of " + this + " was no advance() that returned true");
    }
    return current;
  }

  @Override
  public <E extends Throwable> Y raise(E exception) throws E {
    if (isFetched) {
      throw new WaitingValueException(
          "raise() came while a value that hasNext() fetched waits: take it by next() first");
    }
    try {
      return step(generator.athrow(exception));
    } catch (StopAsyncIteration end) {
      throw new StopIteration(null, this);
    }
  }

  @Override
  public void close() {
    isFetched = false;
    dropCurrent();
    if (state == State.CLOSED || loop.refusesTasks()) {
      return; // a closed loop has closed its open generators already
    }
    var unused = step(generator.aclose());
  }

  private void dropCurrent() {
    hasCurrent = false;
    current = null;
  }

  /** Takes a step on the loop, and waits for its end. */
  private <T extends @Nullable Object> T step(Async<T> step) {
    if (isStepping) {
      throw new AlreadyRunningException(
          "generator already running: another thread steps " + generator + "; one at a time");
    }
    dropCurrent();
    isStepping = true;
    try {
      return new BlockingStep<>(loop, step).outcome();
    } catch (Throwable thrown) {
      throw Throwing.sneaky(thrown);
    } finally {
      isStepping = false;
      state = generator.state(); // a step that was refused may leave it open
    }
  }

  @Override
  public State state() {
    return isStepping ? State.RUNNING : state;
  }

  @Override
  public String engine() {
    return generator.engine();
  }

  @Override
  public String engineReason() {
    return generator.engineReason();
  }

  @Override
  public String toString() {
    return "blocking view of " + generator;
  }
}
