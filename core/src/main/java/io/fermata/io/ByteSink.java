package io.fermata.io;

import java.nio.ByteBuffer;

/**
 * Where the bytes of an {@link AsyncWriter} go: a pipe, a socket. It is given one batch after the
 * other, and answers through the writer's {@link Outlet}: so it needs no buffer of its own.
 *
 * <pre>
 * write  -&gt; outlet.written(), then comes the next
 * end    -&gt; outlet.written()
 * close  -&gt; outlet.closed()
 * abort  -&gt; outlet.closed()
 * any    -&gt; outlet.failed(e) instead
 * </pre>
 *
 * <p>All methods are called on the loop's thread, and must not block. The answer may come from
 * within the call, or later. But for {@link #abort}, there is no call before the last was answered.
 */
public interface ByteSink {
  /**
   * Writes all bytes that a buffer has left.
   *
   * @param bytes not empty; the sink's, with its array, until it has answered
   */
  void write(ByteBuffer bytes);

  /** Tells the other side that no more bytes come; at most once. What it sends may go on. */
  void end();

  /** Closes the stream, after all bytes were written; at most once. */
  void close();

  /**
   * Closes the stream at once and drops what is under way; at most once, also after {@link #close}
   * that was not answered.
   */
  void abort();
}
