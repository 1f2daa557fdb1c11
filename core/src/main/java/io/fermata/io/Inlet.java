package io.fermata.io;

import io.fermata.async.EventLoop;
import io.fermata.internal.loop.Loop;
import io.fermata.runtime.door.Brief;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * The producer's side of an {@link AsyncReader}: a source of bytes pushes them in here. It serves
 * new kinds of streams; other programs do not need it.
 *
 * <pre>{@code
 * Inlet inlet = Inlet.open("the radio", source);        // in the loop
 * AsyncReader reader = inlet.reader();                  // for the user
 * inlet.feed(bytes);                                    // on the loop's thread, any number of times
 * inlet.end();                                          // or inlet.fail(new IOException(...))
 * }</pre>
 *
 * <p><b>Threading.</b> For the loop's thread. Other threads use {@link
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
   * @param name the name of the stream in messages, such as "the standard output of ls"; its text
   *     is made when it is needed
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
   * @param name the name of the stream in messages, such as "the standard output of ls"; its text
   *     is made when it is needed
   * @param source is told when to stop and to go on
   * @param limit the longest line, in bytes; if more than twice as much waits to be read, the
   *     source is paused
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
   * @return the same reader each time
   */
  public AsyncReader reader() {
    return reader;
  }

  /**
   * Pushes bytes, which are copied. If the reader is closed, drops them.
   *
   * @param bytes all bytes that it has left are taken
   * @throws IllegalStateException after {@link #end}
   */
  public void feed(ByteBuffer bytes) {
    reader.feed(bytes);
  }

  /**
   * Pushes bytes, which are copied. If the reader is closed, drops them.
   *
   * @param bytes the array
   * @param offset of the first byte
   * @param length the number of bytes
   * @throws IllegalStateException after {@link #end}
   */
  public void feed(byte[] bytes, int offset, int length) {
    reader.feed(ByteBuffer.wrap(bytes, offset, length));
  }

  /** Pushes the start of an array that the caller does not use again. */
  void feedOwned(byte[] array, int length) {
    reader.feedOwned(array, length);
  }

  /** Fails the stream: the system could not read. */
  void failReading(IOException failure) {
    reader.fail(
        new IOException(
            "cannot read " + Brief.of(reader.name) + ": " + Brief.of(failure.getMessage()),
            failure));
  }

  /** Ends the stream. May be repeated. */
  public void end() {
    reader.feedEnd();
  }

  /**
   * Breaks the stream: every later read throws this, even if bytes were not read. A second failure,
   * or one after the reader was closed, has no effect.
   *
   * @param failure names the operation and the reason
   */
  public void fail(IOException failure) {
    reader.fail(Objects.requireNonNull(failure, "failure"));
  }

  @Override
  public String toString() {
    return "inlet of " + reader;
  }
}
