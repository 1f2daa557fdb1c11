package io.fermata.async;

/**
 * Thrown by the operations of an {@link AsyncQueue} that was shut down: nothing can be put any
 * more, or there is nothing left to get. Python: {@code asyncio.QueueShutDown}.
 */
public class QueueShutDown extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * A failure of a queue.
   *
   * @param message for people
   */
  public QueueShutDown(String message) {
    super(message);
  }
}
