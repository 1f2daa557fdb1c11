package io.fermata.io;

/**
 * Where the bytes of an {@link AsyncReader} come from: a pipe, a socket. It pushes them into the
 * reader's {@link Inlet}, and is told here when to stop and to go on.
 *
 * <p>It begins in the state after {@link #resume}. All methods are called on the loop's thread, and
 * must not block.
 */
public interface ByteSource {
  /** The reader holds enough: stop pushing soon. What is under way already is taken. */
  void pause();

  /** The reader wants more; only after {@link #pause}. */
  void resume();

  /**
   * Nobody is going to read any more. What is pushed from now on is dropped. Once; not after the
   * end of the stream, nor after a failure.
   */
  void abandon();
}
