package io.fermata.io;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The reads that count bytes. */
final class CountedReads {
  private CountedReads() {}

  static final class Some extends Read<byte[]> {
    private final int max;

    Some(AsyncReader in, int max) {
      super(in);
      this.max = max;
    }

    @Override
    boolean isReady() {
      return max == 0 || !in.bytes.isEmpty();
    }

    @Override
    byte[] take() {
      return in.bytes.take(Math.min(max, in.bytes.size()));
    }

    @Override
    String verb() {
      return "read(" + max + ")";
    }
  }

  static final class Into extends Read<Integer> {
    private final ByteBuffer target;

    Into(AsyncReader in, ByteBuffer target) {
      super(in);
      this.target = target;
    }

    @Override
    boolean isReady() {
      return !target.hasRemaining() || !in.bytes.isEmpty();
    }

    @Override
    Integer take() {
      int count = Math.min(target.remaining(), in.bytes.size());
      if (count == 0) {
        return target.hasRemaining() ? -1 : 0;
      }
      in.bytes.take(target, count);
      return count;
    }

    @Override
    String verb() {
      return "read(buffer)";
    }
  }

  static final class All extends Read<byte[]> {
    private final int max;

    All(AsyncReader in, int max) {
      super(in);
      this.max = max;
    }

    /** It has all when the stream ends. */
    @Override
    boolean isReady() {
      return false;
    }

    @Override
    boolean isOverLimit() {
      return in.bytes.size() > max;
    }

    @Override
    byte[] take() throws IOException {
      if (isOverLimit()) {
        throw overrun("all", in.bytes.size(), max);
      }
      return in.bytes.take(in.bytes.size());
    }

    @Override
    String verb() {
      return "readAll()";
    }
  }

  static final class Exactly extends Read<byte[]> {
    private final int count;

    Exactly(AsyncReader in, int count) {
      super(in);
      this.count = count;
    }

    @Override
    boolean isReady() {
      return in.bytes.size() >= count;
    }

    @Override
    byte[] take() throws IOException {
      if (!isReady()) {
        throw incomplete(count + " bytes", count);
      }
      return in.bytes.take(count);
    }

    @Override
    String verb() {
      return "readExactly(" + count + ")";
    }
  }

  static final class More extends Read<Boolean> {
    /** How many there were; -1 before it is awaited. */
    private int before = -1;

    More(AsyncReader in) {
      super(in);
    }

    @Override
    void look() {
      if (before < 0) {
        before = in.bytes.size();
      }
    }

    @Override
    boolean isReady() {
      return in.bytes.size() > before;
    }

    @Override
    boolean isOverLimit() {
      return !isReady() && !in.ended && in.bytes.size() >= 2L * in.limit;
    }

    @Override
    Boolean take() throws IOException {
      if (isOverLimit()) {
        throw overrun("more", in.bytes.size(), in.limit);
      }
      return isReady();
    }

    @Override
    String verb() {
      return "more()";
    }
  }
}
