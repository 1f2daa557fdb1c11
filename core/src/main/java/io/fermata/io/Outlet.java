package io.fermata.io;

import io.fermata.async.EventLoop;
import io.fermata.internal.loop.Loop;
import java.io.IOException;
import java.util.Objects;

/**
 * The other side of an {@link AsyncWriter}: what a {@link ByteSink} answers through. Only those who
 * bring a new kind of stream need it.
 *
 * <p><b>Threading.</b> For the loop's thread; others go through {@link
 * EventLoop#callSoonThreadSafe}.
 */
public final class Outlet {
  private final AsyncWriter writer;

  private Outlet(AsyncWriter writer) {
    this.writer = writer;
  }

  /**
   * A new writer of the current loop, with the default limit of {@link AsyncWriter#DEFAULT_LIMIT}.
   *
   * @param name what is written to, for messages, which ask for its text: "the standard input of
   *     sort"
   * @param sink takes the bytes
   * @return what the sink answers through
   * @throws IllegalStateException if no loop runs here
   */
  public static Outlet open(Object name, ByteSink sink) {
    return open(name, sink, AsyncWriter.DEFAULT_LIMIT);
  }

  /**
   * A new writer of the current loop.
   *
   * @param name what is written to, for messages, which ask for its text: "the standard input of
   *     sort"
   * @param sink takes the bytes
   * @param limit when more bytes than this wait to be written, writing waits until a quarter does;
   *     zero to wait for each
   * @return what the sink answers through
   * @throws IllegalStateException if no loop runs here
   * @throws IllegalArgumentException if the limit is negative
   */
  public static Outlet open(Object name, ByteSink sink, int limit) {
    if (limit < 0) {
      throw new IllegalArgumentException("the limit of a writer cannot be negative: " + limit);
    }
    return new Outlet(
        new AsyncWriter(
            new OutBuffer(
                Loop.current(),
                Objects.requireNonNull(name, "name"),
                Objects.requireNonNull(sink, "sink"),
                limit)));
  }

  /**
   * The writer whose bytes the sink gets.
   *
   * @return always the same
   */
  public AsyncWriter writer() {
    return writer;
  }

  /** Answers {@link ByteSink#write} and {@link ByteSink#end}: the next may come. */
  public void written() {
    writer.buffer.answered();
  }

  /** Answers {@link ByteSink#close} and {@link ByteSink#abort}; or the stream is closed anyhow. */
  public void closed() {
    writer.buffer.sinkClosed(null);
  }

  /**
   * The stream has broken, and is closed: what waits to be written is dropped, and every write from
   * now on throws this. Only the first counts.
   *
   * @param failure says what was under way and what happened
   */
  public void failed(IOException failure) {
    writer.buffer.sinkClosed(Objects.requireNonNull(failure, "failure"));
  }

  @Override
  public String toString() {
    return "outlet of " + writer;
  }
}
