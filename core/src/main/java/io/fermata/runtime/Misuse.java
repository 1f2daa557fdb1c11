package io.fermata.runtime;

import io.fermata.AlreadyRunningException;
import io.fermata.IgnoredExitException;
import io.fermata.NotPrimedException;
import io.fermata.WaitingValueException;
import io.fermata.runtime.door.Brief;
import org.jspecify.annotations.Nullable;

/** The exceptions for misuse of a generator: each says what happened, which rule, what to do. */
final class Misuse {
  private Misuse() {}

  static AlreadyRunningException busy(String call, Frame<?> frame) {
    return new AlreadyRunningException(
        "generator already running: "
            + call
            + " came while "
            + frame
            + " executes; only one caller may step a generator at a time, and never its own body; let it"
            + " reach its next yield first");
  }

  static AlreadyRunningException twoThreads(Frame<?> frame) {
    return new AlreadyRunningException(
        "generator already running: another thread steps "
            + frame.inspect().place()
            + " at the same time and took its value; a generator is stepped by one thread at a time:"
            + " guard it with a lock, or give each thread a generator of its own; run with"
            + " -Dfermata.debug=true to find each such step");
  }

  static NotPrimedException notPrimed(String call, Frame<?> frame, @Nullable Object sent) {
    return new NotPrimedException(
        call
            + " came before the coroutine was primed: "
            + frame
            + " waits at no yield yet that could take the value "
            + Brief.of(sent)
            + "; call next() once first, or create it with Coroutine.primed, or with"
            + " Coroutine.primedSink if its body returns nothing");
  }

  static WaitingValueException waiting(String call, Frame<?> frame) {
    return new WaitingValueException(
        call
            + " came while a value waits that hasNext() fetched: "
            + frame
            + " stands one yield further than its caller has seen; take the value with next() first");
  }

  static IgnoredExitException ignoredExit(Frame<?> frame) {
    return new IgnoredExitException(
        "generator ignored GeneratorExit: "
            + frame
            + " yielded while it was being closed; a body that catches GeneratorExit, or has a"
            + " finally block, has to end without yielding; it is suspended at that yield, and can"
            + " be closed again");
  }

  static IllegalStateException stopIteration(Frame<?> frame, Throwable stop) {
    return new IllegalStateException(
        (frame instanceof AsyncFrame ? "async" : "generator")
            + " raised StopIteration: it escaped from the body of "
            + frame
            + ", where it would silently end an enclosing loop (PEP 479); return from the body to"
            + " end it, and catch the StopIteration of a next() or use advance()",
        stop);
  }

  static IllegalStateException noCurrent(Frame<?> frame) {
    return new IllegalStateException(
        "no current value: "
            + frame
            + " does not stand at a yield; current() may be read after advance() has returned true");
  }

  static IllegalStateException noResult(Frame<?> frame, String why) {
    return new IllegalStateException(
        "no result: "
            + why
            + " ("
            + frame
            + "); result() is there once the body has returned: step it until advance() is false");
  }
}
