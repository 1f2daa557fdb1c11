package io.fermata.io;

import java.io.IOException;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** The read of a line: as text, or as bytes with the line end. */
final class LineRead<T extends @Nullable Object> extends Read<T> {
  /** Null to give the bytes. */
  private final @Nullable Charset charset;

  /** No line end is before. */
  private int searched;

  /** After the line end; 0 until it is found. */
  private int end;

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
    if (end == 0) {
      int found = in.bytes.indexOf((byte) '\n', searched);
      end = found + 1;
      searched = in.bytes.size();
    }
  }

  @Override
  boolean isReady() {
    return end > 0;
  }

  @Override
  boolean isOverLimit() {
    return lengthWithoutEnd() > in.limit;
  }

  private int lengthWithoutEnd() {
    return end > 0 ? end - 1 : searched;
  }

  /** At the end of the stream, the rest is a line. A line that is too long is dropped. */
  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // the factories fit T to the charset
  T take() throws IOException {
    int length = end > 0 ? end : in.bytes.size();
    if (isOverLimit()) {
      in.bytes.skip(length);
      throw overrun("a line", lengthWithoutEnd(), in.limit);
    }
    return (T) (charset == null ? in.bytes.take(length) : takeText(length, charset));
  }

  private @Nullable String takeText(int length, Charset encoding) {
    if (length == 0) {
      return null;
    }
    Bytes bytes = in.bytes;
    int terminator = 0;
    if (bytes.at(length - 1) == '\n') {
      terminator = length > 1 && bytes.at(length - 2) == '\r' ? 2 : 1;
    }
    return bytes.takeText(length, terminator, encoding);
  }

  @Override
  String verb() {
    return charset == null ? "readLineBytes()" : "readLine()";
  }
}
