package io.fermata.internal.loop;

import io.fermata.async.ExceptionHandler;
import io.fermata.async.LoopFailure;
import io.fermata.runtime.door.Brief;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reporter of failures that no code catches.
 *
 * <p><b>Guarantee.</b> Each failure of a task, promise or callback reaches the exception handler
 * once, unless somebody has looked at it. A handler that fails is logged, and its failure with it.
 *
 * <p><b>Who reports what.</b>
 *
 * <pre>
 * a callback throws                    runCallback(), at once
 * a failed promise or task is dropped  UnretrievedFailures, when it was collected
 * a task fails while the loop closes   LoopShutdown, when all tasks have ended
 * a failure is left at the end         LoopShutdown, last
 * a thread context fails in a step     contextFailed(), once per source and class of failure
 * </pre>
 */
public final class FailureReporter {
  private static final System.Logger LOG = System.getLogger("io.fermata.async");

  private final Loop loop;
  public final UnretrievedFailures unretrieved = new UnretrievedFailures(this::report);
  private @Nullable ExceptionHandler handler;

  /** The last failure that has ended a run. */
  private @Nullable Throwable lastEnd;

  /** Sources of thread contexts that have failed, with the classes of their failures. */
  private final Set<List<Object>> brokenContexts = new HashSet<>(0);

  FailureReporter(Loop loop) {
    this.loop = loop;
  }

  public void use(@Nullable ExceptionHandler handler) {
    this.handler = handler;
  }

  /**
   * Whether a failure has yet to end a run; then it has. A group throws that of its member again.
   */
  boolean endsARun(Throwable failure) {
    boolean isNew = lastEnd != failure;
    lastEnd = failure;
    return isNew;
  }

  void callbackFailed(Throwable failure, Object source) {
    if (Throwing.endsTheRun(failure)) {
      throw Throwing.sneaky(failure);
    }
    report(new LoopFailure("a callback failed", failure, source));
  }

  /** Once per source and class of failure: a provider that is broken may fail at each step. */
  void contextFailed(Object source, Throwable failure) {
    if (brokenContexts.add(List.of(source, failure.getClass()))) {
      report(new LoopFailure("a thread context failed", failure, source));
    }
  }

  void reportLeftover(LoopTask<?> task) {
    if (task.isUnretrieved()) {
      task.markRetrieved();
      for (Throwable failure : Cancellations.failuresIn(task.failure())) {
        report(
            new LoopFailure(
                Brief.of(task.name()) + " failed while the loop was being closed", failure, task));
      }
    }
  }

  void report(LoopFailure failure) {
    if (handler == null) {
      log(failure);
      return;
    }
    try {
      handler.handle(loop.face, failure);
    } catch (Throwable broken) {
      if (Throwing.endsTheRun(broken)) {
        throw Throwing.sneaky(broken);
      }
      // Both are logged: the handler's failure, and the one that it was to handle.
      log(new LoopFailure("the exception handler failed", broken, handler));
      log(failure);
    }
  }

  /** Logs it; on any thread. */
  public static void log(LoopFailure failure) {
    String source = failure.source() == null ? "" : " (" + Brief.of(failure.source()) + ")";
    LOG.log(Level.ERROR, failure.message() + source, failure.exception());
  }
}
