package io.fermata.internal.flow;

import io.fermata.async.AsyncGenerator;
import io.fermata.async.LoopFailure;
import io.fermata.internal.compose.ClosingFrame;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Throwing;
import io.fermata.internal.waiting.Parking;
import io.fermata.internal.waiting.Pause;
import io.fermata.runtime.door.Brief;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to an asynchronous generator, and the root frame of the task that serves it.
 *
 * <pre>
 * NEW      -&gt; BEGUN     the task runs: onSubscribe
 * NEW      -&gt; REFUSED   the loop is closed: onSubscribe and onError, on the thread that notices it
 * BEGUN    -&gt; LEAVING   the subscriber has cancelled, made an invalid request, or thrown: the
 *                       step is cancelled, and the generator closed
 * BEGUN    -&gt; ENDED     the generator was closed after its end: onComplete or onError
 * LEAVING  -&gt; ENDED     it was closed: no signal, or onError with the invalid request
 * </pre>
 *
 * <p><b>Guarantee.</b> The generator is stepped only while there is demand. All signals come from
 * the task, so they are serial and on the loop's thread; only a refused subscriber gets its signals
 * on another thread. After a cancellation no signal comes, and the generator is closed before the
 * task ends.
 *
 * <p><b>Structure.</b> The subscriber writes {@link #demand}, {@link #cancelled} and {@link
 * #invalid} on any thread; the other fields belong to the loop's thread. {@link Emission} is the
 * frame that steps and closes the generator.
 *
 * <p><b>Protocol.</b> The subscriber writes first, and then posts a job that wakes or cancels the
 * task. The task reads these fields on the loop's thread before it waits, so it misses nothing.
 * {@link #begun} decides between the first step of the task and a refusal. {@link #leaving} lets
 * the task be cancelled once only, so that the cleanup of the generator is not cancelled as well.
 *
 * <p><b>Rejected.</b> A step ahead of the demand, which would signal the end sooner. It would run
 * code of the generator without demand.
 */
final class GeneratorSubscription<T extends @Nullable Object> extends LibraryFrame<Void>
    implements Flow.Subscription {
  /** The number of items after which other tasks get a turn, if no step waits. */
  private static final int ITEMS_PER_TURN = 64;

  private final Loop loop;
  private final Supplier<? extends AsyncGenerator<? extends T>> source;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final AtomicLong demand = new AtomicLong();
  private volatile boolean cancelled;
  private volatile @Nullable IllegalArgumentException invalid;

  // Fields of the loop's thread

  /** Null at the end, so that a kept subscription does not keep its subscriber (rule 3.13). */
  private Flow.@Nullable Subscriber<? super T> subscriber;

  private @Nullable LoopTask<?> task;
  private @Nullable DemandWait demandWait;

  /** Whether the task must not be cancelled any more: it was cancelled, or is closing. */
  private boolean leaving;

  /** Whether a method of the subscriber runs, or has thrown. */
  private boolean isInSubscriber;

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
                      reject(failure);
                    }
                  });
    } catch (IllegalStateException closed) {
      reject(closed);
    }
  }

  private void reject(Throwable why) {
    Flow.Subscriber<? super T> refused = subscriber;
    if (refused != null && begun.compareAndSet(false, true)) {
      cancelled = true;
      subscriber = null;
      refused.onSubscribe(this);
      refused.onError(new IllegalStateException("nothing is published: the loop is closed", why));
    }
  }

  // Calls of the subscriber, on any thread

  @Override
  public void request(long count) {
    if (isOver()) {
      return;
    }
    if (count <= 0) {
      // The spec wants onError for this, not an exception out of request().
      invalid =
          new IllegalArgumentException(
              "request("
                  + count
                  + ") requests nothing: request at least one item (rule 3.9); the subscription has"
                  + " ended");
      loop.postIfOpen(this::stopServing);
    } else if (demand.getAndUpdate(before -> sum(before, count)) == 0) {
      // Only the first demand finds the task waiting. On the loop's thread it is woken directly.
      if (Loop.running() == loop) {
        demandArrived();
      } else {
        loop.postIfOpen(this::demandArrived);
      }
    }
  }

  /** The sum, at most {@link Long#MAX_VALUE}, which means no limit (rule 3.17). */
  private static long sum(long before, long more) {
    long sum = before + more;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  @Override
  public void cancel() {
    if (!cancelled) {
      cancelled = true;
      loop.postIfOpen(this::stopServing);
    }
  }

  private boolean isOver() {
    return cancelled || invalid != null;
  }

  /** Wakes the task, because there is demand. */
  private void demandArrived() {
    DemandWait woken = demandWait;
    demandWait = null;
    if (woken != null && woken.isWaiting()) {
      woken.give(null);
    }
  }

  /** Cancels the task, once only: the cleanup of the generator must not be cancelled as well. */
  private void stopServing() {
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
        return done(null); // refused meanwhile
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
    isInSubscriber = true;
    Objects.requireNonNull(subscriber).onSubscribe(this);
    isInSubscriber = false;
    if (isOver()) {
      return end(null);
    }
    return awaiting(
        new Emission(Objects.requireNonNull(source.get(), "the source gave no generator")), 1);
  }

  private int end(@Nullable Throwable raised) throws Throwable {
    Flow.Subscriber<? super T> receiver = Objects.requireNonNull(subscriber);
    IllegalArgumentException invalidRequest = invalid;
    boolean isSilent = cancelled;
    subscriber = null;
    leaving = true;
    cancelled = true; // later requests do nothing (rule 3.6)
    if (raised != null && Throwing.endsTheRun(raised)) {
      throw raised;
    }
    if (isInSubscriber) {
      report(
          "a subscriber threw an exception, which rule 2.13 forbids",
          Objects.requireNonNull(raised));
    } else if (isSilent) {
      for (Throwable failure : failures(raised)) {
        report("an async generator failed after its subscription was cancelled", failure);
      }
    } else {
      try {
        signalEnd(receiver, invalidRequest, raised);
      } catch (Throwable thrown) {
        report("a subscriber threw an exception, which rule 2.13 forbids", thrown);
      }
    }
    return done(null);
  }

  /** The failures of the generator, without the cancellation that ended it. */
  private static List<Throwable> failures(@Nullable Throwable raised) {
    return Cancellations.failuresIn(raised);
  }

  private static void signalEnd(
      Flow.Subscriber<?> receiver, @Nullable Throwable invalidRequest, @Nullable Throwable raised) {
    if (invalidRequest != null) {
      failures(raised).forEach(invalidRequest::addSuppressed);
      receiver.onError(invalidRequest);
    } else if (raised != null) {
      receiver.onError(raised);
    } else {
      receiver.onComplete();
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
    return "subscription of " + Brief.of(subscriber);
  }

  /** The frame that steps the generator while there is demand, and closes it. */
  private final class Emission extends ClosingFrame<AsyncGenerator<? extends T>, Void> {
    private static final int ADVANCED = 1;
    private static final int WAITED = 2;

    /** The number of items since the last wait. */
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
        return awaiting(new DemandWait(), WAITED);
      }
      if (sent == ITEMS_PER_TURN) { // steps that never wait would hold the loop
        sent = 0;
        return awaiting(new Pause<>(null), WAITED);
      }
      return awaiting(resource.advance(), ADVANCED);
    }

    private void send(T item) {
      if (item == null) {
        leaving = true; // the task ends by itself, so a cancellation would only disturb the closing
        throw new NullPointerException(
            resource + " yielded null, which cannot be published (rule 2.13)");
      }
      demand.getAndUpdate(before -> before == Long.MAX_VALUE ? before : before - 1);
      sent++;
      isInSubscriber = true;
      Objects.requireNonNull(subscriber).onNext(item);
      isInSubscriber = false;
    }

    @Override
    protected String description() {
      return "publication of " + resource;
    }
  }

  /** A wait for demand. */
  private final class DemandWait extends Parking<@Nullable Void> {
    @Override
    protected boolean begin(Loop here) {
      if (demand.get() > 0 || isOver()) {
        return true;
      }
      demandWait = this;
      return false;
    }

    @Override
    protected void abandon() {
      demandWait = null;
    }

    @Override
    public String toString() {
      return "demand of " + Brief.of(subscriber);
    }
  }
}
