package io.fermata.io;

import io.fermata.async.EventLoop;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A read: waits until it is decided what comes of it, and takes its bytes when it runs then. */
abstract class Read<T extends @Nullable Object> extends LoopWait<T> {
  final AsyncReader in;

  Read(AsyncReader in) {
    this.in = in;
  }

  @Override
  final EventLoop loop() {
    return in.loop;
  }

  /**
   * Whether there is enough.
   *
   * @throws IOException if there is too much
   */
  abstract boolean isReady() throws IOException;

  /** Takes what there is. The stream may have ended before there was enough. */
  abstract T take() throws IOException;

  /** How it is called. */
  abstract String verb();

  final boolean isDecided() {
    try {
      return in.failure != null || in.ended || isReady();
    } catch (IOException tooMuch) {
      return true;
    }
  }

  @Override
  final boolean begin() throws IOException {
    in.checkUse();
    if (isDecided()) {
      return true;
    }
    in.waiter = this;
    in.resume();
    return false;
  }

  @Override
  final T act() throws IOException {
    in.waiter = null;
    if (in.failure != null) {
      throw in.failure;
    }
    try {
      return take();
    } finally {
      in.taken();
    }
  }

  @Override
  final void leave() {
    in.waiter = null;
    in.pauseIfHigh();
  }

  /** All there is, which is not what was wanted. */
  final IncompleteReadException incomplete(String wanted, int expected) {
    int there = in.bytes.size();
    return new IncompleteReadException(
        "cannot read "
            + wanted
            + " from "
            + in.name
            + ": it ended after "
            + there
            + (there == 1 ? " byte" : " bytes"),
        in.bytes.take(there),
        expected);
  }

  final LimitOverrunException overrun(String wanted, int consumed, int limit) {
    return new LimitOverrunException(
        "cannot read "
            + wanted
            + " from "
            + in.name
            + ": the limit is "
            + limit
            + " bytes, and there are "
            + consumed
            + " or more; read it in parts, or raise the limit",
        consumed);
  }

  @Override
  public final String toString() {
    return verb() + " of " + in.name;
  }
}
