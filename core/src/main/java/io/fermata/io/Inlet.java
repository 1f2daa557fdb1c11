package io.fermata.io;

import io.fermata.async.EventLoop;
import io.fermata.internal.loop.Loop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The other side of an {@link AsyncReader}: whoever has a source of bytes pushes them in here. Only
 * those who bring a new kind of stream need it.
 *
 * <pre>{@code
 * Inlet inlet = Inlet.open("the radio", source);        // in the loop
 * AsyncReader reader = inlet.reader();                  // for the user
 * inlet.feed(bytes);                                    // on the loop's thread, any number of times
 * inlet.end();                                          // or inlet.fail(new IOException(...))
 * }</pre>
 *
 * <p><b>Threading.</b> For the loop's thread; others go through {@link
 * EventLoop#callSoonThreadSafe}.
 */
public final class Inlet {
  private final AsyncReader reader;

  private Inlet(AsyncReader reader) {
    this.reader = reader;
  }

  /**
   * A new reader of the current loop, with the default limit of {@link AsyncReader#DEFAULT_LIMIT}.
   *
   * @param name what is read, for messages, which ask for its text: "the standard output of ls"
   * @param source is told when to stop and to go on
   * @return where to push the bytes
   * @throws IllegalStateException if no loop runs here
   */
  public static Inlet open(Object name, ByteSource source) {
    return open(name, source, AsyncReader.DEFAULT_LIMIT);
  }

  /**
   * A new reader of the current loop.
   *
   * @param name what is read, for messages, which ask for its text: "the standard output of ls"
   * @param source is told when to stop and to go on
   * @param limit the longest line, in bytes; if twice as much waits to be read, the source is
   *     paused
   * @return where to push the bytes
   * @throws IllegalStateException if no loop runs here
   * @throws IllegalArgumentException if the limit is not positive
   */
  public static Inlet open(Object name, ByteSource source, int limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("the limit of a reader must be positive, not " + limit);
    }
    return new Inlet(
        new AsyncReader(
            Loop.current(),
            Objects.requireNonNull(name, "name"),
            Objects.requireNonNull(source, "source"),
            limit));
  }

  /**
   * The reader that gets the bytes.
   *
   * @return always the same
   */
  public AsyncReader reader() {
    return reader;
  }

  /**
   * Pushes bytes. They are copied; if the reader was closed, they are dropped.
   *
   * @param bytes all that it has left is taken
   * @throws IllegalStateException after {@link #end}
   */
  public void feed(ByteBuffer bytes) {
    reader.feed(bytes);
  }

  /**
   * Pushes bytes. They are copied; if the reader was closed, they are dropped.
   *
   * @param bytes where they are
   * @param offset of the first
   * @param length how many
   * @throws IllegalStateException after {@link #end}
   */
  public void feed(byte[] bytes, int offset, int length) {
    reader.feed(ByteBuffer.wrap(bytes, offset, length));
  }

  /** Pushes bytes at the start of an array that nobody else uses any more. */
  void feedOwned(byte[] array, int length) {
    reader.feedOwned(array, length);
  }

  /** Reading from the system has failed. */
  void failReading(IOException failure) {
    reader.fail(
        new IOException("cannot read " + reader.name + ": " + failure.getMessage(), failure));
  }

  /** The stream has come to its end; once more is harmless. */
  public void end() {
    reader.feedEnd();
  }

  /**
   * The stream has broken: every read from now on throws this, also if there are bytes that were
   * not read. Only the first counts, and none after the reader was closed.
   *
   * @param failure says what was under way and what happened
   */
  public void fail(IOException failure) {
    reader.fail(Objects.requireNonNull(failure, "failure"));
  }

  @Override
  public String toString() {
    return "inlet of " + reader;
  }
}
