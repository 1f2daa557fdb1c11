package io.fermata.io;

import java.io.IOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** The read of a line: as text, or as bytes with the line end. */
final class LineRead<T extends @Nullable Object> extends Read<T> {
  /** Null to give the bytes. */
  private final @Nullable Charset charset;

  /** How many bytes are known to belong to the line, without its end. */
  private int length;

  /** Whether the line end was found. */
  private boolean found;

  private LineRead(AsyncReader in, @Nullable Charset charset) {
    super(in);
    this.charset = charset;
  }

  /** Gives null at the end of the stream. */
  static LineRead<@Nullable String> text(AsyncReader in, Charset charset) {
    return new LineRead<>(in, charset);
  }

  /** Gives no bytes at the end of the stream. */
  static LineRead<byte[]> bytes(AsyncReader in) {
    return new LineRead<>(in, null);
  }

  @Override
  void look() {
    if (!found) {
      int at = in.bytes.indexOf((byte) '\n', length);
      found = at >= 0;
      length = found ? at : in.bytes.size();
    }
  }

  @Override
  boolean isReady() {
    return found;
  }

  @Override
  boolean isOverLimit() {
    return length > in.limit;
  }

  /** At the end of the stream, the rest is a line. A line that is too long is dropped. */
  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // the factories fit T to the charset
  T take() throws IOException {
    int all = found ? length + 1 : length;
    if (isOverLimit()) {
      in.bytes.skip(all);
      throw overrun("a line", length, in.limit);
    }
    return (T) (charset == null ? in.bytes.take(all) : takeText(all, charset));
  }

  /** Null for the end of the stream; an empty line has a line end. */
  private @Nullable String takeText(int all, Charset encoding) {
    if (all == 0) {
      return null;
    }
    int terminator = all - length;
    if (found && length > 0 && in.bytes.at(length - 1) == '\r') {
      terminator++;
    }
    return in.bytes.takeText(all, terminator, encoding);
  }

  @Override
  String verb() {
    return charset == null ? "readLineBytes()" : "readLine()";
  }
}
