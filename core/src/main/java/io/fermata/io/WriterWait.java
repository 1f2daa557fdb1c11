package io.fermata.io;

import io.fermata.async.EventLoop;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An await of a writer that puts nothing: waits until something has become true. */
abstract class WriterWait extends LoopWait<@Nullable Void> {
  private final OutBuffer out;
  private final String verb;

  WriterWait(OutBuffer out, String verb) {
    this.out = out;
    this.verb = verb;
  }

  @Override
  final EventLoop loop() {
    return out.loop;
  }

  abstract boolean isDecided();

  /** Whether it cannot have succeeded if the stream was closed. */
  boolean mustHaveWritten() {
    return false;
  }

  @Override
  boolean begin() {
    if (isDecided()) {
      return true;
    }
    out.add(this);
    return false;
  }

  @Override
  @Nullable Void act() throws IOException {
    leave();
    out.checkNotFailed();
    if (mustHaveWritten()) {
      throw new IOException("cannot flush " + out.name + ": it was closed before all was written");
    }
    return null;
  }

  @Override
  final void leave() {
    out.remove(this);
  }

  @Override
  public final String toString() {
    return verb + " of " + out.name;
  }
}
