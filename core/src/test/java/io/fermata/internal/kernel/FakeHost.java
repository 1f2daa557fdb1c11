package io.fermata.internal.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A host and clock of tests. A sleep takes no time: it runs the next job of {@link #whileAsleep},
 * or moves the clock to the deadline. A sleep that nothing could end is an error.
 */
public final class FakeHost implements Host, Clock {
  public long now;
  public int wakes;
  public int polls;
  public int closes;
  public boolean isPolled;
  public Runnable atPoll = () -> {};
  public final List<Long> sleeps = new ArrayList<>();
  public final Deque<Runnable> whileAsleep = new ArrayDeque<>();

  /** Everything of it, in the order in which things become ready. */
  public LoopEnvironment environment() {
    return new LoopEnvironment(this, this);
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public void wake() {
    wakes++;
  }

  @Override
  public void sleep(long deadline) {
    sleeps.add(deadline);
    Runnable job = whileAsleep.poll();
    if (job != null) {
      job.run();
    } else if (deadline == Long.MAX_VALUE) {
      throw new AssertionError("the loop sleeps, and nothing can wake it");
    } else {
      now = Math.max(now, deadline);
    }
  }

  @Override
  public boolean polls() {
    return isPolled;
  }

  @Override
  public void poll() {
    polls++;
    atPoll.run();
  }

  @Override
  public void close() {
    closes++;
  }
}
