package io.fermata.async;

/**
 * A run of a loop was ended by a signal to the JVM: its main was cancelled, and the loop is closed.
 * Python: the {@code KeyboardInterrupt} out of {@code asyncio.run}.
 *
 * <p>The JVM ends soon, whatever is done with this: when its main thread has ended, or five seconds
 * later. If nobody catches it, nothing is printed.
 */
public final class SignalledException extends InterruptedException {
  private static final long serialVersionUID = 1L;

  /** As it is called. */
  private final String signal;

  SignalledException(String message, String signal) {
    super(message);
    this.signal = signal;
  }

  /**
   * Which one it was.
   *
   * @return {@code "SIGINT"} or {@code "SIGTERM"}
   */
  public String signal() {
    return signal;
  }
}
