package io.fermata.io;

import java.io.IOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** The reads that look for a separator. */
final class SeparatorReads {
  private static final byte[][] NEWLINE = {{'\n'}};

  private SeparatorReads() {}

  /** Remembers how far it has looked. */
  abstract static class Looking<T extends @Nullable Object> extends Read<T> {
    private final byte[][] separators;
    private final int longest;

    /** No separator begins before. */
    private int from;

    /** The first byte of the separator that was found, and the first one after it; else 0. */
    private int start;

    int end;

    Looking(AsyncReader in, byte[][] separators) {
      super(in);
      this.separators = separators;
      int most = 0;
      for (byte[] each : separators) {
        most = Math.max(most, each.length);
      }
      longest = most;
    }

    @Override
    final boolean isReady() throws IOException {
      if (end == 0) {
        look();
      }
      int before = end > 0 ? start : from;
      if (before > in.limit) {
        throw overrun(wanted(), before, in.limit);
      }
      return end > 0;
    }

    private void look() {
      for (byte[] each : separators) {
        int at = in.bytes.indexOf(each, from);
        if (at >= 0 && (end == 0 || at + each.length < end)) {
          start = at;
          end = at + each.length;
        }
      }
      from = Math.max(from, in.bytes.size() + 1 - longest);
    }

    abstract String wanted();
  }

  static final class Until extends Looking<byte[]> {
    Until(AsyncReader in, byte[][] separators) {
      super(in, separators);
    }

    @Override
    byte[] take() throws IOException {
      if (!isReady()) {
        throw incomplete(wanted(), -1);
      }
      return in.bytes.take(end);
    }

    @Override
    String wanted() {
      return "up to a separator";
    }

    @Override
    String verb() {
      return "readUntil(separator)";
    }
  }

  /** At the end of the stream, what is left is a line. */
  abstract static class Lines<T extends @Nullable Object> extends Looking<T> {
    Lines(AsyncReader in) {
      super(in, NEWLINE);
    }

    /** How long the line is; none at the end. If it is too long, it is dropped. */
    final int length() throws IOException {
      try {
        return isReady() ? end : in.bytes.size();
      } catch (LimitOverrunException tooLong) {
        in.bytes.skip(end > 0 ? end : in.bytes.size());
        throw tooLong;
      }
    }

    @Override
    final String wanted() {
      return "a line";
    }
  }

  static final class LineBytes extends Lines<byte[]> {
    LineBytes(AsyncReader in) {
      super(in);
    }

    @Override
    byte[] take() throws IOException {
      return in.bytes.take(length());
    }

    @Override
    String verb() {
      return "readLineBytes()";
    }
  }

  static final class Line extends Lines<@Nullable String> {
    private final Charset charset;

    Line(AsyncReader in, Charset charset) {
      super(in);
      this.charset = charset;
    }

    @Override
    @Nullable String take() throws IOException {
      int length = length();
      if (length == 0) {
        return null;
      }
      int terminator = 0;
      if (in.bytes.at(length - 1) == '\n') {
        terminator = length > 1 && in.bytes.at(length - 2) == '\r' ? 2 : 1;
      }
      return in.bytes.takeText(length, terminator, charset);
    }

    @Override
    String verb() {
      return "readLine()";
    }
  }
}
