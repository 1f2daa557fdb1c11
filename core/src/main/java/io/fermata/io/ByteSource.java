package io.fermata.io;

/**
 * The origin of the bytes of an {@link AsyncReader}: a pipe, a socket. It pushes them into the
 * reader's {@link Inlet}, which pauses and resumes it.
 *
 * <p>It begins in the state after {@link #resume}. All methods are called on the loop's thread, and
 * must not block.
 */
public interface ByteSource {
  /** The reader holds enough bytes: stop pushing. Bytes under way are still taken. */
  void pause();

  /** The reader needs more bytes. Called only after {@link #pause}. */
  void resume();

  /**
   * The reader was closed. Bytes that are pushed later are dropped. Called once; not after the end
   * of the stream, nor after a failure.
   */
  void abandon();
}
