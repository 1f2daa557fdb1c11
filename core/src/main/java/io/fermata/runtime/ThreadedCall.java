package io.fermata.runtime;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The frame of one call that runs on a thread, while the body that makes the call is compiled: a
 * call of a method that cannot be compiled, with a {@code co} of that thread.
 *
 * <p>It is a helper's frame to the body, whatever the body yields: what the call yields comes out
 * of the body, what is sent to the body or raised in it arrives in the call, and what the call
 * throws is thrown where it was called.
 *
 * <p>Locks and thread-locals of the body are not those of the call. So the first such call of a
 * body is reported, and the engine makes no more frames of that body.
 */
public final class ThreadedCall extends Frame<@Nullable Object> {
  private static final StackWalker WALKER =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private final Resumable run;
  private final boolean awaits;

  /** Is told the class of the body's frame; null as soon as it has been. */
  private @Nullable Consumer<Class<?>> report;

  private ThreadedCall(Resumable run, boolean awaits, Consumer<Class<?>> report) {
    this.run = run;
    this.awaits = awaits;
    this.report = report;
  }

  /**
   * The frame of a call; called by the code of the body, or by a helper of the body.
   *
   * @param run the call, not started
   * @param awaits whether it awaits; else what it delegates to are generators
   * @param report is told the class of the frame of the body that makes the call
   * @return a frame for {@link Frame#begin}
   */
  public static Frame<?> of(Resumable run, boolean awaits, Consumer<Class<?>> report) {
    ThreadedCall call = new ThreadedCall(run, awaits, report);
    WALKER.walk(ThreadedCall::bodyOnStack).ifPresent(call::isCalledBy);
    return call;
  }

  /** The class of the body that executes, unless a helper of it was resumed alone. */
  private static Optional<Class<?>> bodyOnStack(
      java.util.stream.Stream<StackWalker.StackFrame> stack) {
    return stack
        .<Class<?>>map(StackWalker.StackFrame::getDeclaringClass)
        .takeWhile(type -> type != Stepping.class && type != Driver.class)
        .filter(Linkage::isBody)
        .findFirst();
  }

  /** Reports the body that makes the call, unless that was done. */
  void isCalledBy(Class<?> body) {
    Consumer<Class<?>> told = report;
    report = null;
    if (told != null) {
      told.accept(body);
    }
  }

  @Override
  protected Resumable run() {
    return run;
  }

  @Override
  protected boolean isCall() {
    return true;
  }

  @Override
  protected int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    int outcome;
    try {
      outcome = super.resume(sent, raised);
    } catch (Throwable thrown) {
      if (state == RUNNING) {
        run.inspect().joinTrace(thrown, raised); // now: the delegators may be on this stack
        run.end();
      }
      throw thrown;
    }
    if (outcome == RETURNED) {
      run.end(); // nobody else ends a call that returned in the step that began it
    }
    return outcome;
  }

  @Override
  Object delegateFor(Object target) {
    return awaits ? AsyncFrame.awaited(target) : super.delegateFor(target);
  }

  @Override
  public String kind() {
    return "call";
  }
}
