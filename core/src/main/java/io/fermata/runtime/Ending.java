package io.fermata.runtime;

import io.fermata.GeneratorExit;
import io.fermata.StopIteration;
import org.jspecify.annotations.Nullable;

/** The end of a frame: its body returns or fails, and its result is delivered. */
final class Ending {
  private Ending() {}

  /**
   * Ends a frame whose body threw something.
   *
   * @param injected what was raised in the frame and not yet handled; null if nothing
   * @return what its caller gets; PEP 479: a {@link StopIteration} must not pass for an end
   */
  static Throwable fail(Frame<?> frame, Throwable thrown, @Nullable Throwable injected) {
    if (frame.state >= Frame.CREATED) {
      return thrown; // it has not even been resumed
    }
    if (frame.isCall()) {
      finish(frame, Frame.FAILED);
      return thrown;
    }
    if (injected != null) {
      Failures.addContext(thrown, injected);
    }
    frame.value = null;
    finish(frame, thrown instanceof GeneratorExit ? Frame.EXITED : Frame.FAILED);
    if (thrown instanceof StopIteration) {
      return Misuse.stopIteration(frame, thrown);
    }
    return thrown;
  }

  /** Ends a frame, and drops everything but its result. */
  static void finish(Frame<?> frame, int how) {
    frame.state = how;
    frame.delegate = null;
    frame.token = null;
    frame.ended();
  }

  /** Takes the result of a body that ended in {@code hasNext()}; null from the second time on. */
  static @Nullable Object takeResult(Frame<?> frame) {
    if (frame.state != Frame.ENDED_UNREAD) {
      return null;
    }
    frame.state = Frame.ENDED;
    return frame.value;
  }

  /**
   * The exception for a step that found the end.
   *
   * @param live whether the body ended in this step
   */
  static StopIteration stop(Frame<?> frame, boolean live) {
    return new StopIteration(live && frame.state == Frame.ENDED ? frame.value : null, frame);
  }

  /** What the body returned, or an exception that says why there is nothing. */
  static @Nullable Object result(Frame<?> frame) {
    String why =
        switch (frame.state) {
          case Frame.ENDED, Frame.ENDED_UNREAD -> null;
          case Frame.FAILED -> "its body failed";
          case Frame.EXITED -> "it was closed, and its body returned nothing";
          case Frame.NEVER_RAN ->
              "it was closed, or something was raised in it, before its first step";
          default -> "its body has not ended";
        };
    if (why != null) {
      throw Misuse.noResult(frame, why);
    }
    return frame.value;
  }
}
