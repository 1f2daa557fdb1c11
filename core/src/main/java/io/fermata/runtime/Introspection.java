package io.fermata.runtime;

import io.fermata.State;
import org.jspecify.annotations.Nullable;

/** The views of a frame that people ask for. They change nothing. */
final class Introspection {
  private Introspection() {}

  static State state(Frame<?> frame) {
    if (frame.isClosed()) {
      return State.CLOSED;
    }
    if (frame.isRunning()) {
      return State.RUNNING;
    }
    return frame.state == Frame.CREATED ? State.CREATED : State.SUSPENDED;
  }

  /** The generator or iterator that gets the next step of a suspended frame. */
  static @Nullable Object delegate(Frame<?> frame) {
    if (frame.isRunning()) {
      return null;
    }
    Object shown = innermostCall(frame).delegate;
    return shown instanceof ForeignDelegate foreign ? foreign.shown() : shown;
  }

  /** The line at which a suspended frame stands. */
  static @Nullable StackTraceElement position(Frame<?> frame) {
    return frame.state() == State.SUSPENDED ? innermostCall(frame).inspect().position() : null;
  }

  /** The frame in which a body stands: its own, or that of a helper. */
  private static Frame<?> innermostCall(Frame<?> body) {
    Frame<?> frame = body;
    while (frame.delegate instanceof Frame<?> called && called.isCall()) {
      frame = called;
    }
    return frame;
  }
}
