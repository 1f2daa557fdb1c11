package io.fermata.internal.flow;

import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.LoopFailure;
import io.fermata.internal.compose.ClosingFrame;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Throwing;
import io.fermata.internal.waiting.Parking;
import io.fermata.internal.waiting.Pause;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to an asynchronous generator, and the task that serves it: steps the generator
 * when there is demand, and sends all signals. What it shares with other threads is what the
 * subscriber wants: {@link #demand}, {@link #cancelled} and {@link #invalid}. They write it and
 * then post a job; so the task, which reads it before it waits, misses nothing.
 *
 * <pre>
 * NEW      -&gt; BEGUN     the task runs: onSubscribe
 * NEW      -&gt; REFUSED   the loop is closed: onSubscribe and onError, on the thread that tells
 * BEGUN    -&gt; LEAVING   the subscriber has cancelled, asked for nothing, or thrown: the step is
 *                       cancelled, and the generator closed
 * BEGUN    -&gt; ENDED     the generator was closed after its end: onComplete or onError
 * LEAVING  -&gt; ENDED     it was closed: nothing, or onError with what is invalid
 * </pre>
 */
final class GeneratorSubscription<T extends @Nullable Object> extends LibraryFrame<Void>
    implements Flow.Subscription {
  /** How many items are sent before other tasks get a turn, if no step waits. */
  private static final int TURN = 64;

  private final Loop loop;
  private final Supplier<? extends AsyncGenerator<? extends T>> source;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicLong demand = new AtomicLong();
  private volatile boolean cancelled;
  private volatile @Nullable IllegalArgumentException invalid;

  // Of the loop's thread

  /** Null at the end, so that who keeps the subscription does not keep it (rule 3.13). */
  private Flow.@Nullable Subscriber<? super T> subscriber;

  private @Nullable LoopTask<?> task;
  private @Nullable Demand waiting;
  private boolean leaving;

  /** Whether the subscriber has thrown something. */
  private boolean broken;

  GeneratorSubscription(
      Loop loop,
      Supplier<? extends AsyncGenerator<? extends T>> source,
      Flow.Subscriber<? super T> subscriber) {
    this.loop = loop;
    this.source = source;
    this.subscriber = subscriber;
  }

  void begin() {
    try {
      var unused =
          loop.startThreadSafe(this)
              .whenComplete(
                  (nothing, failure) -> {
                    if (failure != null) {
                      refuse(failure);
                    }
                  });
    } catch (IllegalStateException closed) {
      refuse(closed);
    }
  }

  private void refuse(Throwable why) {
    Flow.Subscriber<? super T> refused = subscriber;
    if (refused != null && begun.compareAndSet(false, true)) {
      cancelled = true;
      subscriber = null;
      refused.onSubscribe(this);
      refused.onError(
          new IllegalStateException("nothing is published: the loop was closed before", why));
    }
  }

  // What the subscriber says, on any thread

  @Override
  public void request(long count) {
    if (isOver()) {
      return;
    }
    if (count <= 0) {
      invalid =
          new IllegalArgumentException(
              "request("
                  + count
                  + ") asks for nothing: a subscriber has to ask for at least one item (rule 3.9);"
                  + " its subscription has ended");
      loop.postIfOpen(this::leave);
    } else if (demand.getAndUpdate(before -> sum(before, count)) == 0) {
      if (Loop.running() == loop) {
        arrived();
      } else {
        loop.postIfOpen(this::arrived);
      }
    }
  }

  /** Saturates: so many are without end (rule 3.17). */
  private static long sum(long before, long more) {
    long sum = before + more;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      cancelled = true;
      loop.postIfOpen(this::leave);
    }
  }

  private boolean isOver() {
    return cancelled || invalid != null;
  }

  /** There is demand. */
  private void arrived() {
    Demand woken = waiting;
    waiting = null;
    if (woken != null && woken.isWaiting()) {
      woken.give(null);
    }
  }

  /** Interrupts the task; once, so that the generator's cleanup is not interrupted as well. */
  private void leave() {
    LoopTask<?> serving = task;
    if (!leaving && serving != null) {
      leaving = true;
      serving.cancel("its subscriber has cancelled the subscription");
    }
  }

  // The task

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      if (!begun.compareAndSet(false, true)) {
        return done(null);
      }
      try {
        return start();
      } catch (Throwable thrown) {
        return end(thrown);
      }
    }
    return end(raised);
  }

  private int start() throws Throwable {
    task = LoopTask.entering("a subscription");
    broken = true;
    Objects.requireNonNull(subscriber).onSubscribe(this);
    broken = false;
    if (isOver()) {
      return end(null);
    }
    return awaiting(
        new Emission(Objects.requireNonNull(source.get(), "the source gave no generator")), 1);
  }

  private int end(@Nullable Throwable raised) throws Throwable {
    Flow.Subscriber<? super T> told = Objects.requireNonNull(subscriber);
    IllegalArgumentException wrong = invalid;
    boolean silent = cancelled;
    subscriber = null;
    leaving = true;
    cancelled = true;
    if (raised != null && Throwing.endsTheRun(raised)) {
      throw raised;
    }
    if (broken) {
      report("a subscriber threw what its rules forbid (2.13)", Objects.requireNonNull(raised));
    } else if (silent) {
      for (Throwable failure : failures(raised)) {
        report("an async generator failed after its subscription was cancelled", failure);
      }
    } else {
      try {
        signalEnd(told, wrong, raised);
      } catch (Throwable thrown) {
        report("a subscriber threw what its rules forbid (2.13)", thrown);
      }
    }
    return done(null);
  }

  /** What the generator failed with besides the cancellation that ended it. */
  private static List<Throwable> failures(@Nullable Throwable raised) {
    return raised == null
        ? List.of()
        : raised instanceof Cancelled ? List.of(raised.getSuppressed()) : List.of(raised);
  }

  private static void signalEnd(
      Flow.Subscriber<?> told, @Nullable Throwable wrong, @Nullable Throwable raised) {
    if (wrong != null) {
      failures(raised).forEach(wrong::addSuppressed);
      told.onError(wrong);
    } else if (raised != null) {
      told.onError(raised);
    } else {
      told.onComplete();
    }
  }

  private void report(String message, Throwable failure) {
    if (Throwing.endsTheRun(failure)) {
      throw Throwing.sneaky(failure);
    }
    loop.report(new LoopFailure(message, failure, this));
  }

  @Override
  protected String description() {
    return "subscription of " + subscriber;
  }

  /** The steps that there is demand for; closes the generator after them. */
  private final class Emission extends ClosingFrame<AsyncGenerator<? extends T>, Void> {
    private static final int ADVANCED = 1;
    private static final int WAITED = 2;

    /** Items that were sent since it waited last. */
    private int sent;

    Emission(AsyncGenerator<? extends T> generator) {
      super(generator);
    }

    @Override
    protected int run(int place, @Nullable Object given) {
      if (place == ADVANCED) {
        if (!Boolean.TRUE.equals(given)) {
          return done(null);
        }
        if (!isOver()) {
          send(resource.current());
        }
      }
      if (isOver()) {
        leaving = true;
        return done(null);
      }
      if (demand.get() == 0) {
        sent = 0;
        return awaiting(new Demand(), WAITED);
      }
      if (sent == TURN) {
        sent = 0;
        return awaiting(new Pause<>(null), WAITED);
      }
      return awaiting(resource.advance(), ADVANCED);
    }

    private void send(T item) {
      if (item == null) {
        leaving = true;
        throw new NullPointerException(
            resource + " yielded null, which cannot be published (rule 2.13)");
      }
      demand.getAndUpdate(before -> before == Long.MAX_VALUE ? before : before - 1);
      sent++;
      broken = true;
      Objects.requireNonNull(subscriber).onNext(item);
      broken = false;
    }

    @Override
    protected String description() {
      return "publication of " + resource;
    }
  }

  /** A wait for demand. */
  private final class Demand extends Parking<@Nullable Void> {
    @Override
    protected boolean begin(Loop here) {
      if (demand.get() > 0 || isOver()) {
        return true;
      }
      waiting = this;
      return false;
    }

    @Override
    protected void abandon() {
      waiting = null;
    }

    @Override
    public String toString() {
      return "demand of " + subscriber;
    }
  }
}
