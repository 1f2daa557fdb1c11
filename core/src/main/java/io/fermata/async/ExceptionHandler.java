package io.fermata.async;

/** Gets the failures that nobody is there to catch, such as those of callbacks. */
@FunctionalInterface
public interface ExceptionHandler {
  /**
   * Called on the loop's thread.
   *
   * @param loop the loop
   * @param failure what happened
   */
  void handle(EventLoop loop, LoopFailure failure);
}
