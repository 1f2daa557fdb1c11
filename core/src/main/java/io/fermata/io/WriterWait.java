package io.fermata.io;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.runtime.door.Brief;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An await of a writer that puts no bytes: waits until something has become true. */
abstract class WriterWait extends QueuedParking<@Nullable Void> {
  final OutBuffer out;
  private final String verb;

  WriterWait(OutBuffer out, String verb) {
    this.out = out;
    this.verb = verb;
  }

  /** Begins the wait; called once, before the first question. */
  void start() {}

  /** Whether the wait is over. Asks, and changes nothing. */
  abstract boolean isDecided();

  /** Whether it has failed, as the stream was closed too early. */
  boolean wasCutShort() {
    return false;
  }

  @Override
  protected final boolean begin(Loop loop) throws IOException {
    checkHome(out.loop, loop);
    start();
    if (isDecided()) {
      return arrive();
    }
    out.add(this);
    return false;
  }

  @Override
  protected final boolean arrive() throws IOException {
    IOException broken = out.failure();
    if (broken != null) {
      fail(broken);
    } else if (wasCutShort()) {
      throw new IOException(
          "cannot flush " + Brief.of(out.name) + ": it was closed before all was written");
    }
    return true;
  }

  @Override
  protected final void abandon() {
    out.remove(this);
  }

  @Override
  public final String toString() {
    return verb + " of " + Brief.of(out.name);
  }
}
