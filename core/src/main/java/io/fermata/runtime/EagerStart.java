package io.fermata.runtime;

/**
 * The start of a helper or a delegate on the stack of the frame that calls it. Most of them return
 * at once; then the delegator is never suspended, and no {@link Driver} takes part.
 *
 * <pre>
 * the started frame returns     its delegator goes on with the result
 * the started frame throws      the delegator's own code sees the exception, as of a plain call
 * the started frame suspends    the state keeps how (HAS_YIELDED, HAS_DELEGATED); the delegator is
 *                               suspended, and its Driver takes the outcome over by takeOutcome
 * </pre>
 *
 * <p>Every {@link #DEPTH}th frame is started by the Driver instead, from a stack that does not
 * grow: so a recursion of helpers is as deep as the heap allows, and not the stack.
 */
final class EagerStart {
  /** Frames that may run on top of each other; each of them takes some of the Java stack. */
  private static final int DEPTH = 64;

  private EagerStart() {}

  /** Whether a frame may run on top of its delegator; if so, it is one deeper. */
  static boolean nests(Frame<?> delegator, Frame<?> next) {
    byte nesting = (byte) ((delegator.nesting + 1) % DEPTH);
    next.nesting = nesting;
    if (nesting == 0) {
      return false;
    }
    next.token = delegator.token; // tells which frames are below the stack's
    return true;
  }

  /** Runs a generator that has not begun; apart, so that the question before it can be inlined. */
  static boolean runs(Frame<?> next) throws Throwable {
    next.claim();
    int outcome;
    try {
      outcome = next.resume(null, null);
    } catch (ContendedStep contended) {
      throw contended.isOf(next) ? contended.shown() : contended;
    } catch (Throwable thrown) {
      if (next.state == Frame.RUNNING) {
        next.state = Frame.FAILED; // before any call, for which there may be no stack left
      }
      next.inspect().joinTrace(thrown, null);
      throw Failures.sneaky(Ending.fail(next, thrown, null));
    }
    if (returned(next, outcome)) {
      Ending.finish(next, Frame.ENDED);
      return true;
    }
    return false;
  }

  /** Whether a started frame has returned; if not, notes how it was suspended. */
  static boolean returned(Frame<?> next, int outcome) {
    if (outcome == Frame.RETURNED) {
      return true;
    }
    next.state |= outcome == Frame.YIELDED ? Frame.HAS_YIELDED : Frame.HAS_DELEGATED;
    return false;
  }

  /**
   * Takes how a frame was suspended in the call that began it; {@link Driver#BEGIN} if it was not.
   */
  static int takeOutcome(Frame<?> next) {
    int state = next.state;
    if (state <= Frame.PLACE || state >= Frame.LINKED) {
      return Driver.BEGIN;
    }
    next.state = state & Frame.PLACE;
    next.token = null;
    return state >= Frame.HAS_YIELDED ? Frame.YIELDED : Frame.DELEGATED;
  }
}
