package io.fermata.internal.flow;

import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Throwing;
import io.fermata.internal.waiting.Parking;
import io.fermata.internal.waiting.Pause;
import org.jspecify.annotations.Nullable;

/**
 * The frame of a task that steps one source of a stage, and hands over what that yields. It waits
 * for room before a step, not after it.
 */
final class StagePump<Y extends @Nullable Object> extends LibraryFrame<Void> {
  private static final int ADVANCED = 1;
  private static final int READY = 2;

  /** A source that never waits gives so many values in a round; then the others get their turn. */
  private static final int MOST_IN_A_ROUND = 256;

  private final StageFrame<Y, ?> stage;
  private final int index;
  private final AsyncGenerator<?> source;
  @Nullable Task<?> task;
  private @Nullable Room waiting;

  /** Whether the stage knows that it has ended. */
  private boolean isTold;

  /** The round in which a value came, and how many came in it. */
  private int beat;

  private int inBeat;

  StagePump(StageFrame<Y, ?> stage, int index, AsyncGenerator<?> source) {
    this.stage = stage;
    this.index = index;
    this.source = source;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    try {
      if (raised != null) {
        throw raised;
      }
      return proceed(place, sent);
    } catch (Throwable thrown) {
      isTold = true;
      stage.pumpFailed(thrown);
      if (Throwing.endsTheRun(thrown)) {
        throw thrown;
      }
      return done(null);
    }
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // the source yields what the stage was made for
  private int proceed(int place, @Nullable Object sent) {
    boolean hasValue = place == ADVANCED && Boolean.TRUE.equals(sent);
    if (place == ADVANCED && !hasValue) {
      isTold = true;
      stage.sourceEnded();
      return done(null);
    }
    if (stage.isStopped()) { // the source has swallowed the cancellation
      isTold = true;
      stage.closeOne();
      return done(null);
    }
    if (hasValue) {
      forgetRequests();
      stage.arrived(index, (Y) source.current());
      if (isTurnOver()) {
        return awaiting(new Pause<>(null), READY);
      }
    }
    return stage.hasRoom(index)
        ? awaiting(StepFrame.stepOf(source), ADVANCED)
        : awaiting(new Room(), READY);
  }

  /** The source has yielded, so it has swallowed what somebody asked of this task. */
  private void forgetRequests() {
    LoopTask<?> own = LoopTask.entering("a source");
    for (int swallowed = own.gotRequests(); swallowed > 0; swallowed--) {
      own.uncancel();
    }
  }

  private boolean isTurnOver() {
    Kernel kernel = stage.loop().kernel;
    if (kernel.beat() != beat) {
      beat = kernel.beat();
      inBeat = 0;
    }
    inBeat++;
    return inBeat % MOST_IN_A_ROUND == 0;
  }

  /** Ends the wait for room, if there is some now. */
  void roomMayBe() {
    Room room = waiting;
    if (room != null && stage.hasRoom(index)) {
      waiting = null;
      room.give(null);
    }
  }

  /** A wait until the stage has room for a value. A failure of the stage cancels it. */
  private final class Room extends Parking<@Nullable Object> {
    @Override
    protected boolean begin(Loop here) {
      waiting = this;
      return false;
    }

    @Override
    protected void abandon() {
      waiting = null;
    }

    @Override
    public String toString() {
      return "room in " + stage.name() + "()";
    }
  }

  /** Also if the task was cancelled before its first step. */
  @Override
  protected void ended() {
    stage.over(task);
    if (!isTold) {
      isTold = true;
      stage.pumpFailed(new Cancelled("the task of " + stage.name() + "() was cancelled"));
    }
  }

  @Override
  protected @Nullable Object core() {
    return source;
  }

  @Override
  protected String description() {
    return "source of " + stage.name() + "()";
  }
}
