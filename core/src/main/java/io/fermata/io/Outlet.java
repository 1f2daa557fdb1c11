package io.fermata.io;

import io.fermata.async.EventLoop;
import io.fermata.internal.loop.Loop;
import java.io.IOException;
import java.util.Objects;

/**
 * The sink's side of an {@link AsyncWriter}: a {@link ByteSink} answers through it. It serves new
 * kinds of streams; other programs do not need it.
 *
 * <p><b>Threading.</b> For the loop's thread. Other threads use {@link
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
   * @param name the name of the stream in messages, such as "the standard input of sort"; its text
   *     is made when it is needed
   * @param sink takes the bytes
   * @return the outlet for the sink's answers
   * @throws IllegalStateException if no loop runs here
   */
  public static Outlet open(Object name, ByteSink sink) {
    return open(name, sink, AsyncWriter.DEFAULT_LIMIT);
  }

  /**
   * A new writer of the current loop.
   *
   * @param name the name of the stream in messages, such as "the standard input of sort"; its text
   *     is made when it is needed
   * @param sink takes the bytes
   * @param limit if more bytes than this wait to be written, a write waits until a quarter is left;
   *     zero to wait for each write
   * @return the outlet for the sink's answers
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
   * @return the same writer each time
   */
  public AsyncWriter writer() {
    return writer;
  }

  /** Answers {@link ByteSink#write} and {@link ByteSink#end}: the next call may come. */
  public void written() {
    writer.buffer.answered();
  }

  /**
   * Answers {@link ByteSink#close} and {@link ByteSink#abort}, or reports that the stream was
   * closed.
   */
  public void closed() {
    writer.buffer.sinkClosed(null);
  }

  /**
   * Breaks and closes the stream: the bytes that wait are dropped, and every later write throws
   * this. A second failure has no effect.
   *
   * @param failure names the operation and the reason
   */
  public void failed(IOException failure) {
    writer.buffer.sinkClosed(Objects.requireNonNull(failure, "failure"));
  }

  @Override
  public String toString() {
    return "outlet of " + writer;
  }
}
