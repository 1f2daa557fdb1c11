package io.fermata.internal.waiting;

import io.fermata.async.Async;
import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.kernel.Parked;
import io.fermata.internal.kernel.Waitable;
import io.fermata.internal.loop.Listener;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.loop.Waiter;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A wait for the first of several waits.
 *
 * <p><b>Guarantee.</b> At most one of them takes effect. The others leave no trace, and leave their
 * lines as soon as one is chosen, so that nothing is offered to them. A cancellation before the
 * step of the task gives back what the chosen one was given.
 *
 * <p><b>Structure.</b> Each wait has a {@link StandIn}, which waits in the task's place. A lock or
 * a queue wakes it as it wakes a task.
 *
 * <p><b>Protocol.</b> {@code chosen} is the one state that the stand-ins share.
 *
 * <pre>
 * none   -&gt; chosen  park(): one is ready, or its offer is over at once: the task goes on
 * none   -&gt; chosen  a stand-in is woken: the others are retracted, the task runs in the next round
 * chosen -&gt; none    the step: what it was woken for is gone. Another one that is ready is taken;
 *                   else all wait again
 * none   -&gt; (over)  the task was cancelled: all are retracted
 * chosen -&gt; (over)  the step takes the outcome, or the task was cancelled: refuse()
 * </pre>
 *
 * <p><b>Rejected.</b> A task for each wait: it takes its item, and has to give it back if another
 * one was faster. Stand-ins that stay in their lines when one is chosen: each line would have to
 * know which of its entries are dead.
 */
public final class SelectWait implements Waitable {
  private final List<StandIn> standIns;
  private final boolean isInOrder;

  /** Taken if none is ready; then no wait is parked. */
  private final boolean hasOtherwise;

  /** The task that waits; null before. */
  private @Nullable LoopTask<?> task;

  private @Nullable StandIn chosen;

  /** What ended the wait without a choice. */
  private @Nullable Throwable failure;

  /** Whether the choice was given back. */
  private boolean isRefused;

  /** Whether a stand-in may still be woken. */
  private boolean isOpen = true;

  public SelectWait(
      List<? extends Selectable> waits, boolean isInOrder, boolean hasOtherwise, LoopTask<?> task) {
    this.standIns = waits.stream().map(StandIn::new).collect(Collectors.toList());
    this.isInOrder = isInOrder;
    this.hasOtherwise = hasOtherwise;
    enter(waits, task);
  }

  private static void enter(List<? extends Selectable> waits, LoopTask<?> task) {
    int entered = 0;
    try {
      while (entered < waits.size()) {
        waits.get(entered).enter(task);
        entered++;
      }
    } catch (Throwable refused) {
      waits.subList(0, entered).forEach(Selectable::exit);
      throw refused;
    }
  }

  /** Waits in the task's place. */
  private final class StandIn extends Listener implements Waiter {
    final Selectable wait;

    StandIn(Selectable wait) {
      this.wait = wait;
    }

    @Override
    public LoopTask<?> task() {
      return Objects.requireNonNull(task);
    }

    @Override
    public Kernel kernel() {
      return task().kernel();
    }

    @Override
    public void wake() {
      if (isOpen && chosen == null) {
        choose(this);
        task().wake();
      }
    }

    @Override
    public void run() {
      wake();
    }
  }

  /** The place of the chosen wait in the list; -1 if none was ready and none waits. */
  public int choice() {
    StandIn one = chosen;
    return one == null ? -1 : standIns.indexOf(one);
  }

  /** What the task has to await after the choice; null if it has the value. */
  public @Nullable Async<?> rest() {
    StandIn one = chosen;
    return one == null ? null : one.wait.rest();
  }

  /** Ends it: the waits are spent. */
  public void leave() {
    isOpen = false;
    standIns.forEach(each -> each.wait.exit());
  }

  @Override
  public @Nullable Object park(Parked parking) throws Throwable {
    task = (LoopTask<?>) parking;
    return choose(parking.kernel(), null);
  }

  /** Takes what is ready, or waits for all; one of them may wait already. */
  private @Nullable Object choose(Kernel kernel, @Nullable StandIn waiting) throws Throwable {
    StandIn ready = firstReady(kernel, waiting);
    if (ready != null) {
      choose(ready);
      return ready.wait.offer(ready);
    }
    if (hasOtherwise) {
      return null;
    }
    for (StandIn each : standIns) {
      if (each != waiting && chosen == null) {
        Object given;
        try {
          given = each.wait.offer(each);
        } catch (Throwable thrown) {
          choose(each);
          throw thrown;
        }
        if (given != PARKED) {
          choose(each);
          return given;
        }
      }
    }
    return PARKED;
  }

  private @Nullable StandIn firstReady(Kernel kernel, @Nullable StandIn except) {
    StandIn[] ready = new StandIn[standIns.size()];
    int count = 0;
    for (StandIn each : standIns) {
      if (each != except && each.wait.isReady(each.task())) {
        if (isInOrder) {
          return each;
        }
        ready[count++] = each;
      }
    }
    return count == 0 ? null : ready[count == 1 ? 0 : kernel.choose(count)];
  }

  private void choose(StandIn one) {
    chosen = one;
    retractAllBut(one);
  }

  private void retractAllBut(@Nullable StandIn one) {
    for (StandIn each : standIns) {
      if (each != one) {
        each.wait.retract(each);
      }
    }
  }

  @Override
  public boolean undo(Parked parked, Throwable why) {
    if (chosen != null || !isOpen) {
      return false;
    }
    isOpen = false;
    failure = why;
    retractAllBut(null);
    parked.wake();
    return true;
  }

  @Override
  public void refuse(Parked parked) {
    StandIn one = chosen;
    isRefused = true;
    if (one != null) {
      one.wait.refuse(one);
    }
  }

  @Override
  public @Nullable Object outcome(Parked parked) throws Throwable {
    if (failure != null) {
      throw failure;
    }
    StandIn one = Objects.requireNonNull(chosen);
    if (isRefused) {
      return null;
    }
    Object given = one.wait.outcome(one);
    if (given != AGAIN) {
      return given;
    }
    chosen = null;
    given = choose(parked.kernel(), one);
    return given == PARKED ? AGAIN : given;
  }

  @Override
  public String toString() {
    return standIns.stream()
        .map(
            each ->
                each.wait instanceof Sleep<?> sleep
                    ? sleep.left()
                    : each.wait.toString().replace('\n', ' '))
        .collect(Collectors.joining("; ", "select of ", ""));
  }
}
