package io.fermata.async;

/** A block of code without a result that runs on another thread and may throw. */
@FunctionalInterface
public interface ThreadAction {
  /**
   * Runs the block.
   *
   * @throws Exception any exception; the awaiter gets the same instance
   */
  void run() throws Exception;
}
