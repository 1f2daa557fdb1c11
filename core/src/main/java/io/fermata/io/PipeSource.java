package io.fermata.io;

import io.fermata.internal.loop.Loop;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A source that reads a blocking stream, one piece after the other, each on another thread. At most
 * one piece is on its way to the loop, and none is read while the reader is paused.
 *
 * <pre>
 * on the loop:    read()  -&gt; a thread
 * on the thread:  blocks until there is a piece, posts it
 * on the loop:    feeds it; unless paused: read()
 * </pre>
 */
final class PipeSource implements ByteSource {
  /** The JDK would copy larger pieces a second time. */
  private static final int PIECE = 8192;

  private static final ThreadLocal<byte[]> BUFFER = ThreadLocal.withInitial(() -> new byte[PIECE]);

  private final Loop loop = Loop.current();
  private final InputStream stream;
  private final boolean closes;
  private final Inlet inlet;

  // Of the loop's thread

  private boolean reading;
  private boolean paused;
  private boolean closed;

  private PipeSource(String name, InputStream stream, int limit, boolean closes) {
    this.stream = stream;
    this.closes = closes;
    inlet = Inlet.open(name, this, limit);
  }

  /** A reader of a stream that is closed with it, and at its end. */
  static AsyncReader reader(String name, InputStream stream, int limit) {
    return new PipeSource(name, stream, limit, true).start();
  }

  /** A reader of a stream that stays open. */
  static AsyncReader readerThatLeavesOpen(String name, InputStream stream, int limit) {
    return new PipeSource(name, stream, limit, false).start();
  }

  private AsyncReader start() {
    read();
    return inlet.reader();
  }

  private void read() {
    if (!reading) {
      reading = true;
      PipeThreads.execute(this::readPiece);
    }
  }

  /** On another thread. */
  private void readPiece() {
    byte[] buffer = BUFFER.get();
    Runnable then;
    try {
      int length = stream.read(buffer);
      byte[] piece = length > 0 ? Arrays.copyOf(buffer, length) : buffer;
      then = length < 0 ? this::end : () -> feed(piece, length);
    } catch (IOException failure) {
      then = () -> fail(failure);
    }
    if (!PipeThreads.post(loop, then)) {
      closeStream();
    }
  }

  private void feed(byte[] piece, int length) {
    reading = false;
    inlet.feedOwned(piece, length);
    if (!paused && !closed) {
      read();
    }
  }

  private void end() {
    inlet.end();
    PipeThreads.execute(this::closeStream);
  }

  private void fail(IOException failure) {
    inlet.failReading(failure);
    PipeThreads.execute(this::closeStream);
  }

  /** On another thread. */
  private void closeStream() {
    if (!closes) {
      return;
    }
    try {
      stream.close();
    } catch (IOException ignored) {
      // no byte is lost: all were read, or the reader was closed
    }
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    if (!closed) {
      read();
    }
  }

  @Override
  public void abandon() {
    closed = true;
    PipeThreads.execute(this::closeStream);
  }
}
