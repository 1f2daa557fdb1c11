package io.fermata.internal.loop;

/** A frame that has something to close although it has not begun. */
public interface SourceOwner {
  /**
   * Has its first step throw an exception where a body would begin, after it has closed what it
   * owns.
   *
   * @param exception the exception
   */
  void beginWith(Throwable exception);
}
