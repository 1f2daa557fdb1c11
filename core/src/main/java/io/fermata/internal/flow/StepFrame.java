package io.fermata.internal.flow;

import io.fermata.State;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frame of an operator that steps its sources in the caller's task, one step at a time. A
 * subclass decides what a value of a source leads to: a value of its own, another step, a body, the
 * end. {@link StepOperators} has them.
 *
 * <p>A cancellation of a source's step ends the operator if it has ended the source. Else the
 * source has lost nothing, and neither does the operator: the next step goes on where this one was.
 */
abstract class StepFrame<Y extends @Nullable Object, R extends @Nullable Object>
    extends OwningFrame<R> {
  private static final int ADVANCED = 2;
  private static final int EXECUTED = 3;

  /** The source that was stepped last. */
  private int at;

  StepFrame(String name, AsyncGenerator<?>... sources) {
    super(name, List.of(sources));
  }

  /** A step begins; also after an interrupted one. */
  int start() throws Throwable {
    return advancing(0);
  }

  /** A source has a value. */
  abstract int took(int source, Y taken) throws Throwable;

  /** The body has given something. */
  int executed(@Nullable Object result) throws Throwable {
    return yielding(result);
  }

  int sourceEnded() throws Throwable {
    return RETURNED;
  }

  int sourceFailed(Throwable failure) throws Throwable {
    throw failure;
  }

  /** A cancelled step has ended a source. */
  int sourceCancelled(Cancelled why) throws Throwable {
    throw why;
  }

  /** Steps a source. */
  final int advancing(int source) {
    at = source;
    return awaiting(sources.get(source).advance(), ADVANCED);
  }

  /** Runs a body, whose result {@link #executed} gets. */
  final int running(Object body) {
    return awaiting(body, EXECUTED);
  }

  @Override
  @SuppressWarnings({"unchecked", "NullAway"}) // sources yield what the operator was made for
  final int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == REST) {
      return start();
    }
    if (place == EXECUTED) {
      if (raised != null) {
        throw raised;
      }
      return executed(sent);
    }
    AsyncGenerator<?> source = sources.get(at);
    if (raised instanceof Cancelled why) {
      return source.state() == State.CLOSED ? sourceCancelled(why) : interrupted(why);
    }
    if (raised != null) {
      return sourceFailed(raised);
    }
    return Boolean.TRUE.equals(sent) ? took(at, (Y) source.current()) : sourceEnded();
  }
}
