package io.fermata.internal.flow;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.loop.Throwing;
import io.fermata.internal.waiting.Items;
import io.fermata.internal.waiting.Parking;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The buffer of a subscriber: the items that a publisher has sent and no step has taken yet. The
 * publisher's threads fill it, and the loop's thread empties it.
 *
 * <pre>
 * NEW   -&gt; OPEN   onSubscribe(): requests the first items
 * NEW   -&gt; OVER   cancel(): a later subscription is cancelled
 * OPEN  -&gt; OVER   onComplete(), onError(): its items can be taken, then comes the end
 *                 an item that was not requested, a request() that throws: likewise
 *                 cancel(): the subscription is cancelled, the items are dropped
 * </pre>
 *
 * <p><b>Guarantee.</b> The buffer never holds more than {@code prefetch} items. Items come out in
 * the order in which they were sent; a failure or the end comes after them, the failure as the same
 * instance. The subscription is called by one thread at a time (rule 2.7), and not any more after
 * the end.
 *
 * <p><b>Structure.</b> All fields are guarded by {@link #lock}. A request or a cancellation is
 * first noted in {@link #pendingRequest} and {@link #isCancelPending}, and {@link #signalPublisher}
 * passes it on. {@link SignalWait} is the wait of a step for the next signal; at most one waits.
 *
 * <p><b>Protocol.</b> No foreign code is called under the lock: a subscription may answer a request
 * by sending items from within that call, on the same thread. The thread that sets {@link
 * #isSignalling} passes on everything that is noted, including the notes that others make
 * meanwhile. Items are requested in batches of three quarters of {@code prefetch}. {@link
 * #outstanding} grows before the request is made, because items may come during the call.
 *
 * <p><b>Rejected.</b> A buffer that grows when a publisher sends more than was requested. It would
 * hide the mistake, and have no limit.
 */
public final class SubscriberBuffer<T extends @Nullable Object> implements Flow.Subscriber<T> {
  private final Object lock = new Object();
  private final int prefetch;

  /** The number of taken items after which more are requested. */
  private final int batch;

  private final Items<T> items = new Items.Fifo<>();

  /** Whether {@link #onSubscribe} was called. */
  private boolean subscribed;

  /** Null before {@link #onSubscribe}, and when it must not be called any more. */
  private Flow.@Nullable Subscription subscription;

  /** Whether the state is OVER: later signals are dropped. */
  private boolean isOver;

  /** The exception of the last step; null if the generator just ends. */
  private @Nullable Throwable failure;

  /** The number of requested items that have not come. */
  private long outstanding;

  private int takenSinceRequest;

  /** The request that {@link #signalPublisher} has to make; 0 for none. */
  private long pendingRequest;

  /** Whether {@link #signalPublisher} has to cancel the subscription. */
  private boolean isCancelPending;

  /** Whether a thread is in {@link #signalPublisher}. */
  private boolean isSignalling;

  /** The step that waits for the next signal, and its loop. */
  private @Nullable SignalWait waiting;

  private @Nullable Loop loop;

  public SubscriberBuffer(int prefetch) {
    if (prefetch < 1) {
      throw new IllegalArgumentException(
          "a buffer of " + prefetch + " items: it needs at least 1, or nothing is ever published");
    }
    this.prefetch = prefetch;
    this.batch = prefetch - (prefetch >> 2); // three quarters, rounded up
  }

  // The publisher's side

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Objects.requireNonNull(subscription, "onSubscribe(null): there is no subscription (rule 2.13)");
    boolean isSecond;
    synchronized (lock) {
      isSecond = subscribed;
      if (!isSecond) {
        subscribed = true;
        this.subscription = subscription;
        pendingRequest = prefetch;
      }
    }
    if (isSecond) {
      subscription.cancel(); // rule 2.5; outside of the lock
    } else {
      signalPublisher();
    }
  }

  @Override
  public void onNext(T item) {
    Objects.requireNonNull(item, "onNext(null): null cannot be published (rule 2.13)");
    synchronized (lock) {
      if (isOver) {
        return;
      }
      if (outstanding == 0) { // more than was requested
        isOver = true;
        isCancelPending = true;
        failure = overflow();
      } else {
        outstanding--;
        items.add(item);
      }
    }
    signalPublisher();
    wake();
  }

  private IllegalStateException overflow() {
    return new IllegalStateException(
        "a publisher sent more items than were requested (rule 1.1); its subscription was"
            + " cancelled");
  }

  @Override
  public void onError(Throwable failure) {
    end(Objects.requireNonNull(failure, "onError(null): there is no failure (rule 2.13)"));
  }

  @Override
  public void onComplete() {
    end(null);
  }

  private void end(@Nullable Throwable with) {
    synchronized (lock) {
      if (isOver) {
        return;
      }
      isOver = true;
      failure = with;
      subscription = null; // it must not be called after the end (rule 2.8)
    }
    wake();
  }

  private void wake() {
    SignalWait woken;
    Loop on;
    synchronized (lock) {
      woken = waiting;
      on = loop;
      waiting = null;
    }
    if (woken != null && on != null) {
      on.postIfOpen(woken::arrived);
    }
  }

  /**
   * Passes pending requests and a pending cancellation to the subscription, unless another thread
   * is doing so.
   */
  private void signalPublisher() {
    synchronized (lock) {
      if (isSignalling) {
        return;
      }
      isSignalling = true;
    }
    while (true) {
      Flow.Subscription to;
      long count;
      boolean isCancel;
      synchronized (lock) {
        to = subscription;
        if (to == null || (pendingRequest == 0 && !isCancelPending)) {
          isSignalling = false;
          return;
        }
        count = pendingRequest;
        pendingRequest = 0;
        isCancel = isCancelPending;
        if (isCancel) {
          subscription = null; // a cancellation makes the request needless
        } else {
          outstanding += count; // before the call, during which items may come
        }
      }
      send(to, isCancel, count);
    }
  }

  private void send(Flow.Subscription to, boolean isCancel, long count) {
    try {
      if (isCancel) {
        to.cancel();
      } else {
        to.request(count);
      }
    } catch (Throwable violation) { // of rules 3.15 and 3.16
      if (Throwing.endsTheRun(violation)) {
        throw violation;
      }
      end(violation);
    }
  }

  // The loop's side

  /** Whether a step need not wait: there is an item, or the end. */
  boolean isReady() {
    synchronized (lock) {
      return items.size > 0 || isOver;
    }
  }

  /** Whether the end is reached. Throws the failure of the publisher. Only if {@link #isReady}. */
  boolean isAtEnd() throws Throwable {
    synchronized (lock) {
      if (items.size > 0) {
        return false;
      }
      if (failure != null) {
        throw failure;
      }
      return true;
    }
  }

  /** Takes the next item, which must exist. */
  T take() {
    T taken;
    synchronized (lock) {
      taken = items.take();
      takenSinceRequest++;
      if (isOver || takenSinceRequest < batch) {
        return taken;
      }
      pendingRequest += takenSinceRequest;
      takenSinceRequest = 0;
    }
    signalPublisher();
    return taken;
  }

  /** A wait of a step for the next signal. */
  SignalWait next() {
    return new SignalWait();
  }

  /** Cancels the subscription and drops the items, because no step will follow. */
  void cancel() {
    synchronized (lock) {
      isOver = true;
      isCancelPending = true;
      failure = null;
      while (items.size > 0) {
        items.take();
      }
    }
    signalPublisher();
  }

  /** A wait of a step for the next signal. */
  final class SignalWait extends Parking<@Nullable Void> implements Selectable {
    @Override
    protected boolean begin(Loop here) {
      synchronized (lock) {
        if (SubscriberBuffer.this.isReady()) {
          return true;
        }
        waiting = this;
        loop = here;
        return false;
      }
    }

    /** Ends the wait. On the loop's thread, by a job: the wait may have been cancelled since. */
    void arrived() {
      if (isWaiting()) {
        give(null);
      }
    }

    @Override
    protected void abandon() {
      synchronized (lock) {
        waiting = null;
      }
    }

    @Override
    public String toString() {
      return "the next signal of " + SubscriberBuffer.this;
    }
  }

  @Override
  public String toString() {
    synchronized (lock) {
      String where = isOver ? "over" : subscribed ? "subscribed" : "not subscribed";
      return "subscriber (" + where + ", " + items.size + " of " + prefetch + " waiting)";
    }
  }
}
