package io.fermata.async;

/** What happens to a value that comes while a buffer is full. */
public enum Overflow {
  /** Whoever has the value waits until there is room. Nothing is lost. */
  WAIT,

  /** The oldest value in the buffer is dropped, and makes room. */
  DROP_OLDEST,

  /** The value that comes is dropped. */
  DROP_LATEST
}
