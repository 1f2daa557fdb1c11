package io.fermata.internal.compose;

import io.fermata.async.AsyncGenerator;
import io.fermata.async.StopAsyncIteration;
import io.fermata.internal.loop.LibraryFrame;
import org.jspecify.annotations.Nullable;

/** The frame behind {@code anext} of an asynchronous generator of a user's type. */
public final class NextFrame<Y extends @Nullable Object> extends LibraryFrame<Y> {
  private final AsyncGenerator<Y> generator;
  private final boolean hasDefault;
  private final @Nullable Object atEnd;

  public NextFrame(AsyncGenerator<Y> generator) {
    this.generator = generator;
    this.hasDefault = false;
    this.atEnd = null;
  }

  public NextFrame(AsyncGenerator<Y> generator, Y atEnd) {
    this.generator = generator;
    this.hasDefault = true;
    this.atEnd = atEnd;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (raised != null) {
      throw raised;
    }
    if (place == 0) {
      return awaiting(generator.advance(), 1);
    }
    if (Boolean.TRUE.equals(sent)) {
      return done(generator.current());
    }
    if (hasDefault) {
      return done(atEnd);
    }
    throw new StopAsyncIteration(generator);
  }

  @Override
  protected @Nullable Object core() {
    return generator;
  }

  @Override
  protected String description() {
    return "anext() of " + generator;
  }
}
