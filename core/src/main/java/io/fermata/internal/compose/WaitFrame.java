package io.fermata.internal.compose;

import io.fermata.async.Deferred;
import io.fermata.async.ReturnWhen;
import io.fermata.async.Waited;
import io.fermata.internal.kernel.Timer;
import io.fermata.internal.loop.DependentWait;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Listener;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.TaskStarter;
import io.fermata.internal.waiting.Parking;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The frame behind {@code Async.wait}: a wait for one or all of several tasks and promises, which
 * leaves them alone.
 */
public final class WaitFrame<D extends Deferred<?>> extends LibraryFrame<Waited<D>> {
  private final Set<D> watched;
  private final ReturnWhen when;

  /** In nanoseconds; null for no limit. */
  private final @Nullable Long limit;

  public WaitFrame(Iterable<? extends D> deferreds, ReturnWhen when, @Nullable Duration limit) {
    this.watched = distinct(deferreds);
    this.when = Objects.requireNonNull(when, "when to return is null");
    this.limit = limit == null ? null : Durations.nanos(limit);
    if (watched.isEmpty()) {
      throw new IllegalArgumentException(
          "nothing to wait for: the collection is empty, so nothing in it would ever end");
    }
  }

  /** The tasks and promises in their order, without repetitions. */
  public static <D extends Deferred<?>> Set<D> distinct(Iterable<? extends D> deferreds) {
    Set<D> all = new LinkedHashSet<>();
    for (D each : Objects.requireNonNull(deferreds, "nothing to wait for")) {
      all.add(Objects.requireNonNull(each, "a task or promise to wait for is null"));
    }
    return all;
  }

  static void checkLoop(Iterable<? extends Deferred<?>> deferreds) {
    deferreds.forEach(TaskStarter::ensure);
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (raised != null) {
      throw raised;
    }
    if (place == 0) {
      checkLoop(watched);
      return awaiting(new EndsWait(), 1);
    }
    Set<D> done = new LinkedHashSet<>();
    Set<D> pending = new LinkedHashSet<>();
    for (D each : watched) {
      (each.done() ? done : pending).add(each);
    }
    return done(
        new Waited<>(Collections.unmodifiableSet(done), Collections.unmodifiableSet(pending)));
  }

  /** A wait until enough have ended, or the limit has passed. */
  private final class EndsWait extends Parking<@Nullable Object> implements DependentWait {
    private final List<End> ends = new ArrayList<>();
    private final Timer timer =
        new Timer() {
          @Override
          public void run() {
            end();
          }
        };
    private @Nullable Loop loop;
    private int pending;

    @Override
    protected boolean begin(Loop loop) {
      this.loop = loop;
      for (D each : watched) {
        if (!each.done()) {
          pending++;
        } else if (suffices(each)) {
          return true;
        }
      }
      if (pending == 0) {
        return true;
      }
      for (Deferred<?> each : watched) { // only now: a wait that passes adds no callbacks
        if (!each.done()) {
          End end = new End((LoopDeferred<?>) each);
          ends.add(end);
          end.watched.listen(end);
        }
      }
      if (limit != null) {
        loop.kernel.schedule(timer, loop.kernel.now() + Math.max(limit, 0));
      }
      return false;
    }

    private boolean suffices(Deferred<?> ended) {
      return switch (when) {
        case FIRST_COMPLETED -> true;
        case FIRST_EXCEPTION -> ended.done() && !ended.cancelled() && hasFailed(ended);
        case ALL_COMPLETED -> false;
      };
    }

    private boolean hasFailed(Deferred<?> ended) {
      return ((LoopDeferred<?>) ended).failure() != null;
    }

    /** Hears of the end of one of them. */
    private final class End extends Listener {
      final LoopDeferred<?> watched;

      End(LoopDeferred<?> watched) {
        this.watched = watched;
      }

      @Override
      public void run() {
        pending--;
        // Several may end in one round; the first sufficient end has ended the wait.
        if (isWaiting() && (pending == 0 || suffices(watched))) {
          end();
        }
      }
    }

    private void end() {
      if (isWaiting()) {
        abandon();
        give(null);
      }
    }

    @Override
    protected void abandon() {
      Objects.requireNonNull(loop).kernel.cancel(timer);
      for (End end : ends) {
        if (!end.watched.done()) {
          end.watched.forget(end);
        }
      }
    }

    @Override
    public void forEachAwaited(Consumer<? super LoopDeferred<?>> action) {
      for (Deferred<?> each : watched) {
        if (!each.done()) {
          action.accept((LoopDeferred<?>) each);
        }
      }
    }

    @Override
    public boolean hasLimit() {
      return timer.isScheduled();
    }

    @Override
    public String toString() {
      return (when == ReturnWhen.ALL_COMPLETED ? "all of " : "some of ") + watched.size();
    }
  }

  @Override
  protected String description() {
    return "wait for " + watched.size();
  }
}
