package io.fermata.async;

/** A block that runs on another thread, and may throw. */
@FunctionalInterface
public interface ThreadAction {
  /**
   * Runs it.
   *
   * @throws Exception whatever it likes; who awaits it gets the same instance
   */
  void run() throws Exception;
}
