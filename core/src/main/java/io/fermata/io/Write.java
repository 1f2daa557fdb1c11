package io.fermata.io;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Puts its bytes when there is room, and nobody before it waits for that. */
abstract class Write extends LoopWait<@Nullable Void> {
  private final OutBuffer out;

  Write(OutBuffer out) {
    super(out.loop);
    this.out = out;
  }

  abstract void put();

  @Override
  final boolean begin() throws IOException {
    out.checkWritable();
    if (out.hasRoom()) {
      return true;
    }
    out.writes.add(this);
    return false;
  }

  @Override
  final @Nullable Void act() throws IOException {
    out.writes.remove(this);
    try {
      out.checkWritable();
      put();
    } finally {
      out.wakeFirstWrite();
    }
    return null;
  }

  @Override
  final void leave() {
    out.writes.remove(this);
    out.wakeFirstWrite();
  }

  @Override
  public final String toString() {
    return "write() to " + out.name;
  }
}
