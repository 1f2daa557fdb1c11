package io.fermata.internal.compose;

import io.fermata.async.Deferred;
import io.fermata.internal.kernel.Timer;
import io.fermata.internal.loop.DependentWait;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Listener;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.waiting.Parking;
import io.fermata.runtime.AsyncGeneratorFrame;
import io.fermata.runtime.Inspection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The frame behind {@code Async.asCompleted}: a hand-written asynchronous generator that yields
 * tasks and promises in the order in which they end. It leaves them alone.
 */
public final class CompletionFrame<D extends Deferred<?>> extends AsyncGeneratorFrame<D> {
  /** Gives the tasks and promises in the first step; starts tasks for plain awaitables. */
  private final Supplier<? extends Iterable<? extends D>> source;

  private final @Nullable Duration limit;

  /** So many run at a time, and so many that have ended wait to be taken. */
  private final int most;

  /** The rest of the source; null if it has been read. */
  private @Nullable Iterator<? extends D> rest;

  private final Expiry timer = new Expiry();
  private final Map<D, End> pending = new LinkedHashMap<>();
  private final Deque<D> ended = new ArrayDeque<>();
  private @Nullable Loop loop;
  private @Nullable Arrival arrival;
  private boolean expired;

  public CompletionFrame(
      Supplier<? extends Iterable<? extends D>> source, @Nullable Duration limit) {
    this(source, limit, Integer.MAX_VALUE);
  }

  /** The source is read when one may start. */
  public CompletionFrame(
      Supplier<? extends Iterable<? extends D>> source, @Nullable Duration limit, int most) {
    this.source = source;
    this.limit = limit;
    this.most = most;
  }

  /** The timer of the limit. */
  private final class Expiry extends Timer {
    @Override
    public void run() {
      expired = true;
      arrived();
    }
  }

  /** A wait for the next end. */
  private final class Arrival extends Parking<@Nullable Object> implements DependentWait {
    @Override
    protected boolean begin(Loop here) {
      arrival = this;
      return false;
    }

    @Override
    protected void abandon() {
      arrival = null;
    }

    @Override
    public void forEachAwaited(Consumer<? super LoopDeferred<?>> action) {
      pending.values().forEach(end -> action.accept(end.watched));
    }

    @Override
    public boolean hasLimit() {
      return timer.isScheduled();
    }

    @Override
    public String toString() {
      return "the next of " + pending.size() + " to end";
    }
  }

  @Override
  protected int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    boolean isFirst = (state & PLACE) == CREATED;
    state = RUNNING;
    if (raised != null) {
      throw raised;
    }
    if (isFirst) {
      listen();
    }
    startSome();
    // Those that ended in time come first, even after the limit.
    if (!ended.isEmpty()) {
      value = ended.poll();
      state = 1;
      return YIELDED;
    }
    if (pending.isEmpty()) {
      return RETURNED;
    }
    if (expired) {
      throw new TimeoutException(
          pending.size() + " have not ended within the limit of " + limit + "; they go on");
    }
    value = new Arrival();
    state = 1;
    return DELEGATED;
  }

  private void listen() {
    Loop here = Loop.current();
    loop = here;
    if (most < Integer.MAX_VALUE) {
      rest = source.get().iterator();
      return;
    }
    var all = WaitFrame.<D>distinct(source.get());
    WaitFrame.checkLoop(all);
    all.forEach(this::watch);
    if (limit != null && !pending.isEmpty()) {
      here.kernel.schedule(timer, here.kernel.now() + Math.max(Durations.nanos(limit), 0));
    }
  }

  private void startSome() {
    Iterator<? extends D> source = rest;
    while (source != null && pending.size() < most && ended.size() < most) {
      if (source.hasNext()) {
        watch(source.next());
      } else {
        source = null;
        rest = null;
      }
    }
  }

  private void watch(D each) {
    if (each.done()) {
      ended.add(each);
    } else {
      End end = new End(each);
      pending.put(each, end);
      end.watched.listen(end);
    }
  }

  /** Hears of the end of one of them. */
  private final class End extends Listener {
    private final D ending;
    final LoopDeferred<?> watched;

    End(D ending) {
      this.ending = ending;
      this.watched = (LoopDeferred<?>) ending;
    }

    @Override
    public void run() {
      // It may come after ended() has cleared the lists.
      if (pending.remove(ending) != null) {
        ended.add(ending);
        arrived();
      }
    }
  }

  private void arrived() {
    Arrival waiting = arrival;
    arrival = null;
    if (waiting != null) {
      waiting.give(null);
    }
  }

  @Override
  protected void ended() {
    Loop here = loop;
    if (here != null) {
      here.kernel.cancel(timer);
      for (End end : pending.values()) { // they go on, and must not keep this frame
        if (!end.watched.done()) {
          end.watched.forget(end);
        }
      }
    }
    pending.clear();
    ended.clear();
    rest = null;
    value = null;
  }

  @Override
  protected Inspection inspect() {
    return new LibraryFrame.View("asCompleted", null);
  }
}
