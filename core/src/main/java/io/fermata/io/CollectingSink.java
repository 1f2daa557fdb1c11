package io.fermata.io;

import java.nio.ByteBuffer;

/**
 * A sink that collects the bytes of a batch itself, in memory that it can write without another
 * copy. It gets the bytes of each write, and then the call to write the batch:
 *
 * <pre>
 * collect, collect, ...  -&gt; no answer
 * writeCollected         -&gt; outlet.written(), then comes the next
 * </pre>
 *
 * <p>Bytes of the next batch may be collected before {@link #writeCollected} was answered. {@link
 * #write} is never called. The sink drops bytes that were collected and not written at {@link
 * #abort}, and when it answers that the stream is closed or broken.
 */
public interface CollectingSink extends ByteSink {
  /**
   * Takes bytes into the batch.
   *
   * @param bytes an array, which is not kept
   * @param offset of the first byte
   * @param length the number of bytes
   */
  void collect(byte[] bytes, int offset, int length);

  /**
   * Takes bytes into the batch.
   *
   * @param bytes a buffer, which is not kept; all bytes that it has left are taken
   */
  void collect(ByteBuffer bytes);

  /** Writes what was collected, at least one byte. */
  void writeCollected();
}
