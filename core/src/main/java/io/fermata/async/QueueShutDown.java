package io.fermata.async;

/**
 * The exception of an {@link AsyncQueue} that was shut down: puts fail, and gets fail once the
 * queue is empty. Python: {@code asyncio.QueueShutDown}.
 */
public class QueueShutDown extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * An exception with a message.
   *
   * @param message for people
   */
  public QueueShutDown(String message) {
    super(message);
  }
}
