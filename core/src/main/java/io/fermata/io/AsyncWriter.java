package io.fermata.io;

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
 * <p><b>Back-pressure.</b> What is written goes into a buffer, and from there, after the round of
 * the loop, in one batch to the system. A write waits as long as the buffer holds more than the
 * limit, until it holds no more than a quarter of it; then it puts its bytes and returns. Those who
 * wait go on in the order in which they came, and their bytes are not mixed. So the buffer never
 * holds more than the limit and one write. A writer without bytes holds no buffer.
 *
 * <p><b>Cancellation.</b> A write that is cancelled has written nothing; one that has returned is
 * written as a whole.
 *
 * <p><b>Failures.</b> If the stream breaks, everything that waits, and every write from now on,
 * throws the same {@code IOException}. As writing goes on after {@link #write} has returned, a
 * failure may show at a later call: {@link #flush} and {@link #aclose} tell for certain.
 *
 * <p><b>Threading.</b> For tasks of the loop in which it was opened.
 *
 * <p><b>Cost.</b> The bytes are copied once. A write is one small object, and {@link #tryWrite} not
 * even that; if there is room, the task keeps its turn.
 *
 * <p><b>Differences from Python.</b> {@code write} waits for room itself; {@link #tryWrite} and
 * {@link #drain} are the two halves. {@code write_eof} is {@link #end}, {@code wait_closed} is
 * {@link #whenClosed}.
 */
public final class AsyncWriter implements AsyncCloseable {
  /** The limit of a writer for which no other was given: 64 KiB. */
  public static final int DEFAULT_LIMIT = 1 << 16;

  final OutBuffer buffer;

  AsyncWriter(OutBuffer buffer) {
    this.buffer = buffer;
  }

  // Writing

  /**
   * Writes bytes; waits before if there is no room.
   *
   * @param bytes copied when the await returns, and not to be changed before
   * @return gives null when they are taken
   * @throws IllegalStateException from the await, after {@link #end}
   */
  public Async<@Nullable Void> write(byte[] bytes) {
    return write(bytes, 0, bytes.length);
  }

  /**
   * Writes a part of an array; waits before if there is no room.
   *
   * @param bytes copied when the await returns, and not to be changed before
   * @param offset of the first
   * @param length how many
   * @return gives null when they are taken
   * @throws IndexOutOfBoundsException if there is no such part
   * @throws IllegalStateException from the await, after {@link #end}
   */
  public Async<@Nullable Void> write(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return new Write(buffer) {
      @Override
      void putInto(OutBuffer buffer) {
        buffer.accept(bytes, offset, length);
      }
    };
  }

  /**
   * Writes what a buffer has left; waits before if there is no room.
   *
   * @param bytes its position moves to its end when they are taken; not to be changed before
   * @return gives null when they are taken
   * @throws IllegalStateException from the await, after {@link #end}
   */
  public Async<@Nullable Void> write(ByteBuffer bytes) {
    Objects.requireNonNull(bytes, "no bytes to write: null");
    return new Write(buffer) {
      @Override
      void putInto(OutBuffer buffer) {
        buffer.accept(bytes);
      }
    };
  }

  /**
   * Writes text in UTF-8; waits before if there is no room.
   *
   * @param text what to write; no line end is added
   * @return gives null when it is taken
   * @throws IllegalStateException from the await, after {@link #end}
   */
  public Async<@Nullable Void> write(String text) {
    return write(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes several pieces, as one write of all. Python: {@code writelines}.
   *
   * @param pieces copied when the await returns, and not to be changed before
   * @return gives null when they are taken
   * @throws IllegalStateException from the await, after {@link #end}
   */
  public Async<@Nullable Void> writeAll(Iterable<byte[]> pieces) {
    Objects.requireNonNull(pieces, "no pieces to write: null");
    return new Write(buffer) {
      @Override
      void putInto(OutBuffer buffer) {
        for (byte[] each : pieces) {
          buffer.accept(each, 0, each.length);
        }
      }
    };
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
   * Writes what a buffer has left if there is room, without waiting.
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
  public Async<@Nullable Void> drain() {
    return new Drain(buffer);
  }

  /**
   * Waits until all that was taken before is written; after {@link #end}, until that is told, too.
   *
   * @return gives null
   */
  public Async<@Nullable Void> flush() {
    return new Flush(buffer);
  }

  /**
   * Tells the other side that no more bytes come, after those that were taken; what it sends can
   * still be read. Does not wait: {@link #flush} does. Once more, or after {@link #close}, it does
   * nothing.
   */
  public void end() {
    buffer.end();
  }

  /**
   * Begins to close the stream: what was taken is still written, nothing else can be. Does not
   * wait: {@link #aclose} and {@link #whenClosed} do. Once more is harmless.
   */
  public void close() {
    buffer.close();
  }

  /**
   * Closes the stream, and waits until what was taken is written and it is closed. Cancelled, it
   * goes on to close.
   *
   * @return gives null; if the stream was broken, throws that
   */
  @Override
  @SuppressWarnings("NullAway") // a Void is null
  public Async<Void> aclose() {
    return new Closing(buffer, true);
  }

  /**
   * Waits until the stream is closed, by this side or the other; does not close it.
   *
   * @return gives null; if the stream was broken, throws that
   */
  @SuppressWarnings("NullAway") // a Void is null
  public Async<Void> whenClosed() {
    return new Closing(buffer, false);
  }

  /** Closes the stream at once, and drops what was not written yet. Once more is harmless. */
  public void abort() {
    buffer.abort();
  }

  /**
   * Whether it is closed, or being closed: nothing can be written.
   *
   * @return true after {@link #close}, {@link #abort} or a failure
   */
  public boolean isClosing() {
    return buffer.isClosing();
  }

  /**
   * How many bytes were taken and not yet written.
   *
   * @return their number
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
    void look() {
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
    void look() {
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
