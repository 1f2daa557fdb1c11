package io.fermata.async;

/** A handler of failures that nobody catches, such as those of callbacks. */
@FunctionalInterface
public interface ExceptionHandler {
  /**
   * Called on the loop's thread.
   *
   * @param loop the loop
   * @param failure the failure
   */
  void handle(EventLoop loop, LoopFailure failure);
}
