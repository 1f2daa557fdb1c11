package io.fermata;

/**
 * The state of a generator.
 *
 * <pre>
 * CREATED   -&gt; RUNNING     first step
 * CREATED   -&gt; CLOSED      close() or raise() before the first step: the body never runs
 * RUNNING   -&gt; SUSPENDED   the body yielded
 * RUNNING   -&gt; CLOSED      the body returned or threw
 * SUSPENDED -&gt; RUNNING     any step: next, send, raise, close, advance, hasNext
 * </pre>
 *
 * Source: Python's {@code inspect.getgeneratorstate}.
 *
 * @see BaseGenerator#state()
 */
public enum State {
  /** Nothing of the body has run yet. */
  CREATED,
  /** The body, or a generator that it delegates to, is executing now. */
  RUNNING,
  /** The body waits at a yield. */
  SUSPENDED,
  /** The body has ended, by return, by an exception or by {@code close()}; it runs no more. */
  CLOSED
}
