package io.fermata.io;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.async.AsyncCloseable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stream of bytes to write to: the standard input of a process, a connection. Python: {@code
 * asyncio.StreamWriter}.
 *
 * <pre>{@code
 * co.await(out.write("hello\n"));                       // takes it; waits while too much is under way
 * co.await(out.flush());                                // all that was taken is written
 * co.await(out.aclose());                               // flushes, closes, waits for that
 * }</pre>
 *
 * <p><b>Back-pressure.</b> Bytes go into a buffer. After the round of the loop, the buffer goes to
 * the system in one batch. If the buffer holds more than the limit, a write waits until it holds no
 * more than a quarter of the limit; then the write puts its bytes and returns. Waiting writes go on
 * in their order, and their bytes are not mixed. The buffer never holds more than the limit and one
 * write. A writer without bytes holds no buffer.
 *
 * <p><b>Cancellation.</b> A cancelled write has written nothing. A write that has returned is
 * written as a whole.
 *
 * <p><b>Failures.</b> If the stream breaks, every waiting and later call throws the same {@code
 * IOException}. A write returns before its bytes have gone out, so a later call may throw its
 * failure. {@link #flush} and {@link #aclose} return only if all bytes have gone out.
 *
 * <p><b>Threading.</b> For tasks of the loop in which it was opened.
 *
 * <p><b>Cost.</b> The bytes are copied once. A write is one small object; {@link #tryWrite}
 * allocates nothing. If there is room, the task keeps its turn.
 *
 * <p><b>Differences from Python.</b> {@code write} waits for room itself; {@link #tryWrite} and
 * {@link #drain} are the two halves. {@code write_eof} is {@link #end}, {@code wait_closed} is
 * {@link #whenClosed}.
 */
public final class AsyncWriter implements AsyncCloseable {
  /** The default limit: 64 KiB. */
  public static final int DEFAULT_LIMIT = 1 << 16;

  final OutBuffer buffer;

  AsyncWriter(OutBuffer buffer) {
    this.buffer = buffer;
  }

  // Writing

  /**
   * Waits for room if there is none, and writes bytes.
   *
   * @param bytes copied when the await returns, and not to be changed before
   * @return gives null when they are taken
   * @throws IllegalStateException from the await, after {@link #end}
   */
  @CheckReturnValue
  public Async<@Nullable Void> write(byte[] bytes) {
    return write(bytes, 0, bytes.length);
  }

  /**
   * Waits for room if there is none, and writes a part of an array.
   *
   * @param bytes copied when the await returns, and not to be changed before
   * @param offset of the first
   * @param length how many
   * @return gives null when they are taken
   * @throws IndexOutOfBoundsException if there is no such part
   * @throws IllegalStateException from the await, after {@link #end}
   */
  @CheckReturnValue
  public Async<@Nullable Void> write(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return new Write.OfArray(buffer, bytes, offset, length);
  }

  /**
   * Waits for room if there is none, and writes the rest of a buffer.
   *
   * @param bytes its position moves to its end when they are taken; not to be changed before
   * @return gives null when they are taken
   * @throws IllegalStateException from the await, after {@link #end}
   */
  @CheckReturnValue
  public Async<@Nullable Void> write(ByteBuffer bytes) {
    Objects.requireNonNull(bytes, "no bytes to write: null");
    return new Write.OfBuffer(buffer, bytes);
  }

  /**
   * Waits for room if there is none, and writes text in UTF-8.
   *
   * @param text what to write; no line end is added
   * @return gives null when it is taken
   * @throws IllegalStateException from the await, after {@link #end}
   */
  @CheckReturnValue
  public Async<@Nullable Void> write(String text) {
    return write(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes several arrays as one write. Python: {@code writelines}.
   *
   * @param pieces copied when the await returns, and not to be changed before
   * @return gives null when they are taken
   * @throws IllegalStateException from the await, after {@link #end}
   */
  @CheckReturnValue
  public Async<@Nullable Void> writeAll(Iterable<byte[]> pieces) {
    Objects.requireNonNull(pieces, "no pieces to write: null");
    return new Write.OfArrays(buffer, pieces);
  }

  /**
   * Writes bytes if there is room, without waiting; else await {@link #write} or {@link #drain}.
   *
   * @param bytes copied
   * @return whether they are taken
   * @throws IOException if the stream is broken or closed
   * @throws IllegalStateException after {@link #end}
   */
  public boolean tryWrite(byte[] bytes) throws IOException {
    return tryWrite(bytes, 0, bytes.length);
  }

  /**
   * Writes a part of an array if there is room, without waiting.
   *
   * @param bytes copied
   * @param offset of the first
   * @param length how many
   * @return whether they are taken
   * @throws IndexOutOfBoundsException if there is no such part
   * @throws IOException if the stream is broken or closed
   * @throws IllegalStateException after {@link #end}
   */
  public boolean tryWrite(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    buffer.checkWritable();
    if (!buffer.hasRoom()) {
      return false;
    }
    buffer.accept(bytes, offset, length);
    return true;
  }

  /**
   * Writes the rest of a buffer if there is room, without waiting.
   *
   * @param bytes its position moves to its end if they are taken
   * @return whether they are taken
   * @throws IOException if the stream is broken or closed
   * @throws IllegalStateException after {@link #end}
   */
  public boolean tryWrite(ByteBuffer bytes) throws IOException {
    Objects.requireNonNull(bytes, "no bytes to write: null");
    buffer.checkWritable();
    if (!buffer.hasRoom()) {
      return false;
    }
    buffer.accept(bytes);
    return true;
  }

  /**
   * Waits until there is room in the buffer.
   *
   * @return gives null
   */
  @CheckReturnValue
  public Async<@Nullable Void> drain() {
    return new Drain(buffer);
  }

  /**
   * Waits until all bytes that were taken before are written. After {@link #end}, waits until the
   * other side was told, too.
   *
   * @return gives null
   */
  @CheckReturnValue
  public Async<@Nullable Void> flush() {
    return new Flush(buffer);
  }

  /**
   * Tells the other side that no bytes follow those that were taken. Bytes of the other side can
   * still be read. Does not wait: {@link #flush} does. A second call, or one after {@link #close},
   * does nothing.
   */
  public void end() {
    buffer.end();
  }

  /**
   * Begins to close the stream. Bytes that were taken are still written; later writes fail. Does
   * not wait: {@link #aclose} and {@link #whenClosed} do. May be repeated.
   */
  public void close() {
    buffer.close();
  }

  /**
   * Closes the stream, and waits until the taken bytes are written and the stream is closed.
   * Cancelling the wait does not stop the close.
   *
   * @return gives null; if the stream is broken, throws its failure
   */
  @Override
  @SuppressWarnings("NullAway") // a Void is null
  @CheckReturnValue
  public Async<Void> aclose() {
    return new Closing(buffer, true);
  }

  /**
   * Waits until either side has closed the stream. Does not close it.
   *
   * @return gives null; if the stream is broken, throws its failure
   */
  @SuppressWarnings("NullAway") // a Void is null
  @CheckReturnValue
  public Async<Void> whenClosed() {
    return new Closing(buffer, false);
  }

  /** Closes the stream at once, and drops bytes that were not written yet. May be repeated. */
  public void abort() {
    buffer.abort();
  }

  /**
   * Whether the stream is closed or being closed, so that writes fail.
   *
   * @return true after {@link #close}, {@link #abort} or a failure
   */
  public boolean isClosing() {
    return buffer.isClosing();
  }

  /**
   * The number of bytes that were taken and are not written yet.
   *
   * @return zero if there are none
   */
  public int pending() {
    return buffer.pending();
  }

  @Override
  public String toString() {
    return buffer.toString();
  }

  private static final class Drain extends WriterWait {
    Drain(OutBuffer out) {
      super(out, "drain()");
    }

    @Override
    boolean isDecided() {
      return out.isDrained();
    }
  }

  private static final class Flush extends WriterWait {
    private long upTo;

    Flush(OutBuffer out) {
      super(out, "flush()");
    }

    @Override
    void start() {
      upTo = out.accepted();
    }

    @Override
    boolean isDecided() {
      return out.isOver() || out.isFlushed(upTo);
    }

    @Override
    boolean wasCutShort() {
      return out.written() < upTo;
    }
  }

  private static final class Closing extends WriterWait {
    private final boolean closes;

    Closing(OutBuffer out, boolean closes) {
      super(out, closes ? "aclose()" : "whenClosed()");
      this.closes = closes;
    }

    @Override
    void start() {
      if (closes) {
        out.close();
      }
    }

    @Override
    boolean isDecided() {
      return out.isClosed();
    }
  }
}
