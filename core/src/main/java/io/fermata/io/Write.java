package io.fermata.io;

import io.fermata.async.EventLoop;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Puts its bytes when there is room, and nobody before it waits for that. */
abstract class Write extends LoopWait<@Nullable Void> {
  private final OutBuffer out;

  Write(OutBuffer out) {
    this.out = out;
  }

  @Override
  final EventLoop loop() {
    return out.loop;
  }

  abstract void put();

  @Override
  final boolean begin() throws IOException {
    out.checkWritable();
    if (out.hasRoom()) {
      return true;
    }
    out.add(this);
    return false;
  }

  @Override
  final @Nullable Void act() throws IOException {
    out.remove(this);
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
    out.remove(this);
    out.wakeFirstWrite();
  }

  @Override
  public final String toString() {
    return "write() to " + out.name;
  }
}
