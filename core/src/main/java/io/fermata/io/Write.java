package io.fermata.io;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.runtime.door.Brief;
import java.io.IOException;
import java.nio.ByteBuffer;
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
    return "write() to " + Brief.of(out.name);
  }

  /** The write of a part of an array. */
  static final class OfArray extends Write {
    private final byte[] bytes;
    private final int offset;
    private final int length;

    OfArray(OutBuffer out, byte[] bytes, int offset, int length) {
      super(out);
      this.bytes = bytes;
      this.offset = offset;
      this.length = length;
    }

    @Override
    void putInto(OutBuffer buffer) {
      buffer.accept(bytes, offset, length);
    }
  }

  /** The write of the rest of a buffer. */
  static final class OfBuffer extends Write {
    private final ByteBuffer bytes;

    OfBuffer(OutBuffer out, ByteBuffer bytes) {
      super(out);
      this.bytes = bytes;
    }

    @Override
    void putInto(OutBuffer buffer) {
      buffer.accept(bytes);
    }
  }

  /** The write of several arrays. */
  static final class OfArrays extends Write {
    private final Iterable<byte[]> pieces;

    OfArrays(OutBuffer out, Iterable<byte[]> pieces) {
      super(out);
      this.pieces = pieces;
    }

    @Override
    void putInto(OutBuffer buffer) {
      for (byte[] each : pieces) {
        buffer.accept(each, 0, each.length);
      }
    }
  }
}
