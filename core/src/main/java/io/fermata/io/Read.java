package io.fermata.io;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.Parking;
import io.fermata.runtime.door.Brief;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * An await of bytes of a reader.
 *
 * <p><b>Guarantee.</b> A read takes its bytes when its task runs, and at no other time: a cancelled
 * one has taken none. If enough bytes are there, it does not wait. Each byte is searched once for a
 * separator, however small the pieces are in which bytes come.
 *
 * <p><b>Structure.</b> The {@link AsyncReader} holds the bytes and at most one read that waits. A
 * subclass says when there are enough bytes, and takes them.
 *
 * <p><b>Protocol.</b> The reader never asks a read before it has looked.
 *
 * <pre>
 * begin    look(); if it is decided: arrive(); else it becomes the reader's waiter
 * changed  bytes, the end or a failure came: look(); if it is decided: its task is woken
 * arrive   the task runs: take(), with all bytes that came after the wake-up, too
 * </pre>
 *
 * {@link #look} alone changes a read. {@link #isReady} and {@link #isOverLimit} ask, and change
 * nothing.
 *
 * <p><b>Rejected.</b> Taking the bytes at the wake-up: a cancelled read would have to put them back
 * in front. An exception from the question for a stream that has too many bytes: it would be made
 * for each piece that comes, and thrown away.
 */
abstract class Read<T extends @Nullable Object> extends Parking<T> {
  final AsyncReader in;

  Read(AsyncReader in) {
    this.in = in;
  }

  /** Searches the bytes that are there, and notes what it has found. */
  void look() {}

  /** Whether there are enough bytes. */
  abstract boolean isReady();

  /** Whether there are too many bytes, so that waiting for more cannot help. */
  boolean isOverLimit() {
    return false;
  }

  /**
   * Takes the bytes that are there. The stream may have ended before there were enough.
   *
   * @throws IOException if there are too many or too few
   */
  abstract T take() throws IOException;

  /** The call, for messages. */
  abstract String verb();

  private boolean isDecided() {
    return in.ended || in.failure != null || isReady() || isOverLimit();
  }

  @Override
  protected final boolean begin(Loop loop) throws IOException {
    checkHome(in.loop, loop);
    in.checkIdle();
    look();
    if (isDecided()) {
      return arrive();
    }
    in.waiter = this;
    in.resume();
    return false;
  }

  /** The stream has changed. Also called if the task was woken, and did not run yet. */
  final void changed() {
    look();
    if (isDecided()) {
      wake();
    }
  }

  @Override
  protected final boolean arrive() throws IOException {
    in.waiter = null;
    IOException broken = in.failure;
    if (broken != null) {
      fail(broken);
      return true;
    }
    try {
      give(take());
    } finally {
      in.taken();
    }
    return true;
  }

  @Override
  protected final void abandon() {
    in.waiter = null;
    in.pauseIfHigh();
  }

  @Override
  protected final void giveBack() {
    abandon();
  }

  /** The failure of a read that wanted more; takes all bytes. */
  final IncompleteReadException incomplete(String wanted, int expected) {
    int there = in.bytes.size();
    return new IncompleteReadException(
        "cannot read "
            + wanted
            + " from "
            + Brief.of(in.name)
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
            + Brief.of(in.name)
            + ": the limit is "
            + limit
            + " bytes, and there are "
            + consumed
            + " or more; read it in parts, or raise the limit",
        consumed);
  }

  @Override
  public final String toString() {
    return verb() + " of " + Brief.of(in.name);
  }
}
