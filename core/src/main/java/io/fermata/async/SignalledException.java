package io.fermata.async;

/**
 * The exception of a run that a signal to the JVM has ended: its main was cancelled, and the loop
 * is closed. Python: the {@code KeyboardInterrupt} out of {@code asyncio.run}.
 *
 * <p>The JVM ends soon, even if this exception is caught: when its main thread has ended, or five
 * seconds later. An uncaught one prints nothing.
 */
public final class SignalledException extends InterruptedException {
  private static final long serialVersionUID = 1L;

  /** The name of the signal, with SIG. */
  private final String signal;

  SignalledException(String message, String signal) {
    super(message);
    this.signal = signal;
  }

  /**
   * The name of the signal.
   *
   * @return {@code "SIGINT"} or {@code "SIGTERM"}
   */
  public String signal() {
    return signal;
  }
}
