package io.fermata.io;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.QueuedParking;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An await that puts bytes into a buffer, as soon as there is room and no other write waits. */
abstract class Write extends QueuedParking<@Nullable Void> {
  private final OutBuffer out;

  Write(OutBuffer out) {
    this.out = out;
  }

  /** Puts the bytes; called once. */
  abstract void putInto(OutBuffer buffer);

  @Override
  protected final boolean begin(Loop loop) throws IOException {
    checkHome(out.loop, loop);
    if (out.refusesWrites() || out.hasRoom()) {
      return arrive();
    }
    out.add(this);
    return false;
  }

  @Override
  protected final boolean arrive() throws IOException {
    out.remove(this);
    IOException broken = out.failure();
    if (broken != null) {
      fail(broken);
      return true;
    }
    try {
      out.checkWritable();
      putInto(out);
    } finally {
      out.wakeFirstWrite();
    }
    return true;
  }

  @Override
  protected final void abandon() {
    out.remove(this);
    out.wakeFirstWrite();
  }

  @Override
  protected final void giveBack() {
    abandon();
  }

  @Override
  public final String toString() {
    return "write() to " + out.name;
  }
}
