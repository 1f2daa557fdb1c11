package io.fermata.io;

import java.nio.ByteBuffer;

/**
 * A sink that collects the bytes of a batch itself, in memory from which it can be written without
 * another copy. It is given the bytes as they are put, and is told when the batch is full:
 *
 * <pre>
 * collect, collect, ...  -&gt; no answer
 * writeCollected         -&gt; outlet.written(), then comes the next
 * </pre>
 *
 * <p>Bytes of the next batch may be collected before {@link #writeCollected} was answered. {@link
 * #write} is never called. What was collected, and not written, is dropped by {@link #abort} and
 * when the sink answers that the stream is closed or broken.
 */
public interface CollectingSink extends ByteSink {
  /**
   * Takes bytes into the batch.
   *
   * @param bytes where they are; not kept
   * @param offset of the first
   * @param length how many
   */
  void collect(byte[] bytes, int offset, int length);

  /**
   * Takes bytes into the batch.
   *
   * @param bytes all that it has left is taken; not kept
   */
  void collect(ByteBuffer bytes);

  /** Writes what was collected, at least one byte. */
  void writeCollected();
}
