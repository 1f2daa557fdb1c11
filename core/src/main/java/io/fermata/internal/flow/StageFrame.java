package io.fermata.internal.flow;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.LoopFailure;
import io.fermata.async.Task;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.DependentWait;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.TaskStarter;
import io.fermata.internal.loop.Throwing;
import io.fermata.internal.waiting.Parking;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The frame of an operator that has tasks of its own, a stage. A {@link StagePump} for each source
 * steps it, ahead of the steps of the stage, and a step takes what is there. A subclass decides
 * what becomes of a value, and how far ahead the pumps go.
 *
 * <p><b>Guarantee.</b> Values come out in the order of their slots, and a failure after all values
 * before it. A cancelled step takes nothing. When the end or a failure is told, or {@code aclose}
 * has returned, all tasks have ended and all sources are closed.
 *
 * <p><b>Structure.</b> {@link #slots} are the results that no step has taken, in order. A slot may
 * be there before its value. {@link #open} counts what may still add slots: pumps, and bodies
 * without a slot.
 *
 * <pre>
 * a slot   PENDING -&gt; VALUE, FAILED   its body has ended
 *          PENDING -&gt; DROPPED         a slot before it has failed: its body is cancelled
 * </pre>
 *
 * <p><b>Protocol.</b> The first step starts the pumps. A pump asks {@link #hasRoom} before each
 * step of its source, so no value is in nobody's hands when it has to wait. A step that finds no
 * value waits in an {@link Arrival}. A failure drops all slots behind its own, and cancels the
 * pumps and the bodies of these slots. It is thrown when the step has waited for them. What fails
 * later is suppressed in it.
 *
 * <p><b>Rejected.</b> A queue between two tasks: its wait cannot tell values from the end, and a
 * failure would be a value. A group for the tasks: a scope must not stay open over a yield.
 */
abstract class StageFrame<Y extends @Nullable Object, R extends @Nullable Object>
    extends OwningFrame<R> {
  private static final int ARRIVED = 2;

  /** The place of one result. */
  static final class Slot {
    static final byte PENDING = 0;
    static final byte VALUE = 1;
    static final byte FAILED = 2;
    static final byte DROPPED = 3;

    byte state = PENDING;

    /** The value or the failure. */
    @Nullable Object content;

    /** The task of the body that fills it; null if there is none. */
    @Nullable Task<?> task;

    /** The source of its value. */
    final int source;

    Slot(int source) {
      this.source = source;
    }
  }

  final Deque<Slot> slots = new ArrayDeque<>();

  /** What may still add slots. */
  int open;

  private final Set<Task<?>> running = new LinkedHashSet<>();
  private final List<StagePump<Y>> pumps = new ArrayList<>();
  private @Nullable Loop loop;
  private @Nullable Arrival arrival;

  /** What a slot has failed with; null if none has, and once it was reported. */
  private @Nullable Throwable failure;

  /** Whether a step throws the failure. */
  private boolean isTold;

  /** Whether it is being closed: nothing is taken any more. */
  private boolean isClosing;

  /** What its tasks have failed with while it was being closed. */
  private final List<Throwable> late = new ArrayList<>(0);

  StageFrame(String name, List<AsyncGenerator<?>> sources) {
    super(name, sources);
  }

  // What a subclass decides

  /** Whether the pump of a source may take one more step. */
  abstract boolean hasRoom(int source);

  /** A source has yielded a value. */
  abstract void arrived(int source, Y value);

  /** A source has come to its end: what was kept back comes out. */
  void flush() {}

  /** A source has failed. */
  void sourceFailed(Throwable thrown) {
    flush();
    fail(null, thrown);
  }

  /** A step has taken a slot. */
  void taken(Slot slot) {}

  /** Nothing comes any more: timers stop. */
  void stopTimers() {}

  /** Whether a timer brings the next value. */
  boolean hasTimer() {
    return false;
  }

  // What a subclass calls

  /** The loop of its tasks. */
  final Loop loop() {
    Loop here = loop;
    if (here == null) {
      throw new IllegalStateException(name() + "() has not begun");
    }
    return here;
  }

  /** Adds a result behind all others, unless there was a failure. */
  final void give(int source, R result) {
    if (isStopped()) {
      return;
    }
    Slot slot = new Slot(source);
    slot.state = Slot.VALUE;
    slot.content = result;
    slots.add(slot);
    tell();
  }

  /** Fills a slot that was added before. */
  final void fill(Slot slot, R result) {
    if (slot.state == Slot.PENDING) {
      slot.state = Slot.VALUE;
      slot.content = result;
      tell();
    }
  }

  /** Something has failed: in a slot, or behind all of them if that is null. */
  final void fail(@Nullable Slot in, Throwable thrown) {
    boolean isLate = in == null ? isStopped() : isClosing || in.state != Slot.PENDING;
    if (isLate) {
      noteLate(thrown);
      return;
    }
    Slot slot = in;
    if (slot == null) {
      slot = new Slot(-1);
      slots.add(slot);
    }
    slot.state = Slot.FAILED;
    slot.content = thrown;
    while (slots.peekLast() != slot) {
      slots.removeLast().state = Slot.DROPPED;
    }
    Throwable later = failure; // its slot was dropped
    failure = thrown;
    if (later != null) {
      noteLate(later);
    }
    stopTimers();
    cancelAllBut(slots);
    tell();
  }

  /** Whether no value is taken any more: it has failed, or is being closed. */
  final boolean isStopped() {
    return isClosing || failure != null;
  }

  private void noteLate(Throwable thrown) {
    for (Throwable each : Cancellations.failuresIn(thrown)) {
      if (failure != null) {
        Throwing.note(failure, each);
      } else {
        late.add(each);
      }
    }
  }

  private void cancelAllBut(Deque<Slot> kept) {
    Set<Task<?>> going = new LinkedHashSet<>(running);
    kept.forEach(slot -> going.remove(slot.task));
    going.remove(LoopTask.current());
    going.forEach(task -> cancel(task, name() + "() has failed"));
  }

  /** Cancels a task, unless it was asked before: its cleanup may be under way. */
  static void cancel(Task<?> task, String reason) {
    if (task.cancelling() == 0) {
      task.cancel(reason);
    }
  }

  // Tasks

  @Override
  final void begin() {
    loop = Loop.current();
    started();
    for (int i = 0; i < sources.size(); i++) {
      StagePump<Y> pump = new StagePump<>(this, i, sources.get(i));
      pumps.add(pump);
      open++;
      pump.task = start(pump);
    }
  }

  /** The first step begins. */
  void started() {}

  /** Starts a task in the context of the running one, in no scope. */
  final Task<?> start(LibraryFrame<Void> frame) {
    Task<?> task = TaskStarter.INHERITING.namedAfter(name()).start(frame);
    running.add(task);
    return task;
  }

  /** A task has ended, or is about to in this step. */
  final void over(@Nullable Task<?> task) {
    if (task != null) {
      running.remove(task);
    }
  }

  /** A pump has come to the end of its source. */
  final void sourceEnded() {
    if (!isStopped()) {
      flush();
    }
    closeOne();
  }

  /** A pump has failed. */
  final void pumpFailed(Throwable thrown) {
    if (isStopped()) {
      noteLate(thrown);
    } else {
      sourceFailed(thrown);
    }
    closeOne();
  }

  /** Something that could add slots has ended. */
  final void closeOne() {
    open--;
    tell();
  }

  // Steps

  @Override
  final int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (raised != null) {
      return interrupted(raised); // the tasks go on, and the next step takes the value
    }
    if (Loop.current() != loop) {
      return interrupted(
          new IllegalStateException(
              name() + "() is stepped in another loop than that of its tasks, where it has begun"));
    }
    if (!isReady()) {
      return awaiting(new Arrival(), ARRIVED);
    }
    Slot slot = slots.poll();
    if (slot == null) {
      return RETURNED;
    }
    if (slot.state == Slot.FAILED && slot.content instanceof Throwable thrown) {
      isTold = true;
      throw thrown;
    }
    taken(slot);
    pumps.forEach(StagePump::roomMayBe);
    return yielding(slot.content);
  }

  private boolean isReady() {
    Slot next = slots.peek();
    return next == null ? open == 0 : next.state != Slot.PENDING;
  }

  /** Wakes the step that waits, if it has something to take now. */
  private void tell() {
    Arrival waiting = arrival;
    if (waiting != null && isReady()) {
      arrival = null;
      waiting.give(null);
    }
  }

  /** The wait of a step for the next value. */
  private final class Arrival extends Parking<@Nullable Object> implements DependentWait {
    @Override
    protected boolean begin(Loop here) {
      checkHome(loop(), here);
      arrival = this;
      return false;
    }

    @Override
    protected void abandon() {
      arrival = null;
    }

    @Override
    public void forEachAwaited(Consumer<? super LoopDeferred<?>> action) {
      running.forEach(task -> action.accept((LoopDeferred<?>) task));
    }

    @Override
    public boolean hasLimit() {
      return hasTimer();
    }

    @Override
    public String toString() {
      return "the next value of " + name() + "()";
    }
  }

  // The end

  @Override
  final @Nullable Async<Void> stop() {
    isClosing = true;
    if (loop != null) {
      stopTimers();
    }
    if (!isTold) {
      Cancellations.failuresIn(failure).forEach(this::reportUntold);
      failure = null;
    }
    return running.isEmpty() ? null : new StageEnd(name(), running, this::takeLate);
  }

  private void reportUntold(Throwable untold) {
    loop()
        .report(
            new LoopFailure(
                name() + "() has failed, and was closed before a step told it", untold, null));
  }

  private List<Throwable> takeLate() {
    List<Throwable> all = List.copyOf(late);
    late.clear();
    return all;
  }

  @Override
  protected final void ended() {
    super.ended();
    slots.clear();
    pumps.clear();
    running.clear();
  }
}
