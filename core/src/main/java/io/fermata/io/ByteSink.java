package io.fermata.io;

import java.nio.ByteBuffer;

/**
 * The destination of the bytes of an {@link AsyncWriter}: a pipe, a socket. It gets one batch after
 * the other, and answers through the writer's {@link Outlet}, so it needs no buffer of its own.
 *
 * <pre>
 * write  -&gt; outlet.written(), then comes the next
 * end    -&gt; outlet.written()
 * close  -&gt; outlet.closed()
 * abort  -&gt; outlet.closed()
 * any    -&gt; outlet.failed(e) instead
 * </pre>
 *
 * <p>All methods are called on the loop's thread, and must not block. The answer may come during
 * the call, or later. Except {@link #abort}, no method is called before the last call was answered.
 */
public interface ByteSink {
  /**
   * Writes all bytes that a buffer has left.
   *
   * @param bytes not empty; it and its array belong to the sink until the answer
   */
  void write(ByteBuffer bytes);

  /**
   * Tells the other side that no more bytes come. Called at most once. The other direction stays as
   * it is.
   */
  void end();

  /** Closes the stream. Called at most once, after all bytes were written. */
  void close();

  /**
   * Closes the stream at once, and drops the batch under way. Called at most once, also after a
   * {@link #close} that was not answered.
   */
  void abort();
}
