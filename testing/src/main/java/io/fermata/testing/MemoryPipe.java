package io.fermata.testing;

import io.fermata.async.EventLoop;
import io.fermata.io.AsyncReader;
import io.fermata.io.AsyncWriter;
import io.fermata.io.ByteSink;
import io.fermata.io.ByteSource;
import io.fermata.io.Inlet;
import io.fermata.io.Outlet;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A stream in memory: the bytes of its writer come out of its reader, in pieces of a size that the
 * test chooses. It uses no threads, files or time, so a test is the same in each run.
 *
 * <pre>{@code
 * MemoryPipe pipe = MemoryPipe.open().inPiecesOf(1);    // in a loop
 * co.await(pipe.writer().write("PING\r\n"));
 * assertEquals("PING", co.await(pipe.reader().readLine()));
 * }</pre>
 *
 * <p>Two pipes make a connection. A pipe holds one batch of its writer until the reader has taken
 * it. In each round of the loop it moves one piece, unless the reader is paused.
 *
 * <p><b>Threading.</b> For the loop in which it was opened.
 */
public final class MemoryPipe {
  private final EventLoop loop = EventLoop.current();
  private final Inlet inlet;
  private final Outlet outlet;
  private int piece = Integer.MAX_VALUE;
  private @Nullable ByteBuffer batch;
  private boolean readerPaused;
  private boolean held;
  private boolean scheduled;
  private boolean broken;

  private MemoryPipe(int readLimit, int writeLimit) {
    inlet = Inlet.open("the pipe", new ToReader(), readLimit);
    outlet = Outlet.open("the pipe", new FromWriter(), writeLimit);
  }

  /**
   * A pipe with the default limits.
   *
   * @return a new pipe
   * @throws IllegalStateException if no loop runs here
   */
  public static MemoryPipe open() {
    return open(AsyncReader.DEFAULT_LIMIT, AsyncWriter.DEFAULT_LIMIT);
  }

  /**
   * A pipe with other limits.
   *
   * @param readLimit the limit of its reader, in bytes
   * @param writeLimit the limit of its writer, in bytes
   * @return a new pipe
   * @throws IllegalStateException if no loop runs here
   * @throws IllegalArgumentException if a limit is not possible
   */
  public static MemoryPipe open(int readLimit, int writeLimit) {
    return new MemoryPipe(readLimit, writeLimit);
  }

  /**
   * Lets the bytes arrive in pieces, one in each round of the loop.
   *
   * @param most the largest number of bytes of a piece
   * @return this
   * @throws IllegalArgumentException if it is not positive
   */
  public MemoryPipe inPiecesOf(int most) {
    if (most <= 0) {
      throw new IllegalArgumentException("a piece must have at least one byte, not " + most);
    }
    piece = most;
    return this;
  }

  /**
   * The end to write to.
   *
   * @return the same writer each time
   */
  public AsyncWriter writer() {
    return outlet.writer();
  }

  /**
   * The end to read from.
   *
   * @return the same reader each time
   */
  public AsyncReader reader() {
    return inlet.reader();
  }

  /** Lets no bytes through until {@link #release}, like a slow network. */
  public void hold() {
    held = true;
  }

  /** Ends {@link #hold}. */
  public void release() {
    held = false;
    schedule();
  }

  /**
   * Breaks the pipe: both ends fail.
   *
   * @param failure which both ends throw
   */
  public void fail(IOException failure) {
    broken = true;
    batch = null;
    inlet.fail(failure);
    outlet.failed(failure);
  }

  /**
   * Whether the reader has paused the pipe.
   *
   * @return true while enough bytes wait to be read
   */
  public boolean isReaderPaused() {
    return readerPaused;
  }

  private void schedule() {
    if (!scheduled && batch != null && !held && !readerPaused) {
      scheduled = true;
      loop.callSoon(this::move);
    }
  }

  private void move() {
    scheduled = false;
    ByteBuffer moving = batch;
    if (moving == null || held || readerPaused) {
      return;
    }
    int length = Math.min(piece, moving.remaining());
    inlet.feed(moving.slice(moving.position(), length));
    moving.position(moving.position() + length);
    if (moving.hasRemaining()) {
      schedule();
    } else {
      batch = null;
      outlet.written();
    }
  }

  private final class ToReader implements ByteSource {
    @Override
    public void pause() {
      readerPaused = true;
    }

    @Override
    public void resume() {
      readerPaused = false;
      schedule();
    }

    @Override
    public void abandon() {
      broken = true;
      batch = null;
      outlet.failed(new IOException("cannot write to the pipe: its reader was closed"));
    }
  }

  private final class FromWriter implements ByteSink {
    @Override
    public void write(ByteBuffer bytes) {
      batch = bytes;
      schedule();
    }

    @Override
    public void end() {
      inlet.end();
      outlet.written();
    }

    @Override
    public void close() {
      inlet.end();
      outlet.closed();
    }

    @Override
    public void abort() {
      batch = null;
      if (!broken) {
        inlet.end();
      }
      outlet.closed();
    }
  }

  @Override
  public String toString() {
    return "pipe from " + writer() + " to " + reader();
  }
}
