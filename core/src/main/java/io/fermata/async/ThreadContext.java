package io.fermata.async;

import org.jspecify.annotations.Nullable;

/**
 * A provider of the thread-bound values that tasks carry, such as logging contexts and the current
 * span of a trace. {@link java.util.ServiceLoader} finds providers beside this library, when the
 * first loop is opened; without one, tasks carry nothing and pay nothing. The module {@code
 * fermata-context} is a provider for all accessors of Micrometer's context-propagation.
 *
 * <p>Each step of a task runs with the values of that task, and the thread has its own values again
 * after the step. A task begins with the values of the code that starts it, at the moment of the
 * start. What a task changes stays with the task. Calls by {@code toThread} and {@code
 * runInExecutor} run with the values that the task has at the moment of the call; callbacks run
 * with those of the code that registered them. {@link Context} carries the values as well. A
 * generator has no values of its own: a step of it runs with those of its caller.
 *
 * <p>A snapshot is an object of the provider's choice. It must not change, as several tasks may
 * begin with the same one. Methods are called on any thread, and about that thread. A {@link
 * #restore} undoes the last {@link #install} on the same thread. Where a generator on the thread
 * engine changes values of a caller outside of any task, an {@code install} stays.
 *
 * <p>Methods should pass failures to {@code failures} and do what they can all the same. Whatever
 * they throw is reported likewise. Failures are reported to the exception handler of the loop, once
 * per source and class of failure.
 */
public interface ThreadContext {
  /**
   * Takes a snapshot.
   *
   * @param failures is told of failures
   * @return the values that the current thread has now
   */
  @Nullable Object capture(Failures failures);

  /**
   * Gives the current thread the values of a snapshot. Values that are not in it are removed.
   *
   * @param snapshot from {@link #capture} or {@link #restore}
   * @param failures is told of failures
   * @return the values that the thread had before, for {@link #restore}
   */
  @Nullable Object install(@Nullable Object snapshot, Failures failures);

  /**
   * Undoes an {@link #install}.
   *
   * @param before the result of that call
   * @param failures is told of failures
   * @return a snapshot of the values that the thread had until now
   */
  @Nullable Object restore(@Nullable Object before, Failures failures);

  /** A receiver of failures. */
  @FunctionalInterface
  interface Failures {
    /**
     * Reports a failure.
     *
     * @param source the part that failed
     * @param failure the failure
     */
    void failed(Object source, Throwable failure);
  }
}
