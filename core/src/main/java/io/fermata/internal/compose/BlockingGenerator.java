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
 * An asynchronous generator as a plain one, for threads outside of its loop.
 *
 * <p>Its fields belong to whoever steps it, one thread at a time, as those of any generator.
 */
public final class BlockingGenerator<Y extends @Nullable Object> implements Generator<Y> {
  private final Loop loop;
  private final AsyncGenerator<Y> generator;

  /** Where it stood after the last step. */
  private State state;

  private boolean stepping;
  private boolean hasCurrent;
  private @Nullable Y current;

  /** Whether hasNext() has fetched the current value, and nobody has taken it. */
  private boolean waiting;

  public BlockingGenerator(Loop loop, AsyncGenerator<Y> generator) {
    this.loop = loop;
    this.generator = generator;
    state = generator.state();
  }

  @Override
  public boolean advance() {
    if (waiting) {
      waiting = false;
      return true;
    }
    dropCurrent();
    if (state == State.CLOSED || !step(generator.advance())) {
      return false;
    }
    current = generator.current();
    hasCurrent = true;
    return true;
  }

  @Override
  public boolean hasNext() {
    waiting = waiting || advance();
    return waiting;
  }

  @Override
  @SuppressWarnings("NullAway") // yielded as a Y
  public Y current() {
    if (!hasCurrent || waiting) {
      throw new IllegalStateException(
          "no current value: the last step of " + this + " was no advance() that returned true");
    }
    return current;
  }

  @Override
  public <E extends Throwable> Y raise(E exception) throws E {
    if (waiting) {
      throw new WaitingValueException(
          "raise() came while a value that hasNext() fetched waits: take it by next() first");
    }
    try {
      return step(generator.athrow(exception));
    } catch (StopAsyncIteration end) {
      throw new StopIteration();
    }
  }

  @Override
  public void close() {
    waiting = false;
    dropCurrent();
    if (state == State.CLOSED || loop.refusesTasks()) {
      return; // a loop has closed what was open
    }
    var unused = step(generator.aclose());
  }

  private void dropCurrent() {
    hasCurrent = false;
    current = null;
  }

  /** Has the loop take a step, and waits for it. */
  private <T extends @Nullable Object> T step(Async<T> step) {
    if (stepping) {
      throw new AlreadyRunningException(
          "generator already running: another thread steps " + generator + "; one at a time");
    }
    dropCurrent();
    stepping = true;
    try {
      return new BlockingStep<>(loop, step).outcome();
    } catch (Throwable thrown) {
      throw Throwing.sneaky(thrown);
    } finally {
      stepping = false;
      state = generator.state();
    }
  }

  @Override
  public State state() {
    return stepping ? State.RUNNING : state;
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
