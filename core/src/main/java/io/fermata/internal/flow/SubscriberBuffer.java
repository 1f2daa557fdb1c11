package io.fermata.internal.flow;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.Throwing;
import io.fermata.internal.waiting.Items;
import io.fermata.internal.waiting.Parking;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher has sent and nobody has taken yet: filled on the publisher's threads, emptied on
 * the loop's.
 *
 * <pre>
 * NEW   -&gt; OPEN   onSubscribe(): asks for the first items
 * NEW   -&gt; OVER   leave(): a subscription that comes later is cancelled
 * OPEN  -&gt; OVER   onComplete(), onError(): what is in it can be taken, then comes the end
 *                 an item that nobody asked for, a request() that throws: likewise
 *                 leave(): the subscription is cancelled, what is in it dropped
 * </pre>
 *
 * <p>Everything is guarded by {@code lock}. Nothing foreign is called under it: what is to be said
 * to the subscription is noted, and said by one thread at a time ({@link #speak}), as rule 2.7
 * wants.
 */
public final class SubscriberBuffer<T extends @Nullable Object> implements Flow.Subscriber<T> {
  private final Object lock = new Object();
  private final int prefetch;

  /** How many have to be taken until more are asked for. */
  private final int batch;

  private final Items<T> items = new Items.Fifo<>();
  private boolean subscribed;

  /** Null before, and once nothing is to be said to it any more. */
  private Flow.@Nullable Subscription subscription;

  /** No signal counts any more. */
  private boolean over;

  /** What the last step throws; null if it is the end. */
  private @Nullable Throwable failure;

  /** Items that were asked for and have not come. */
  private long outstanding;

  private int takenSinceRequest;

  /** To be said to the subscription. */
  private long toRequest;

  private boolean toCancel;

  /** Whether a thread is saying it. */
  private boolean speaking;

  /** Who waits for the next signal, and the loop where it does. */
  private @Nullable Arrival waiting;

  private @Nullable Loop loop;

  public SubscriberBuffer(int prefetch) {
    if (prefetch < 1) {
      throw new IllegalArgumentException(
          "cannot prefetch " + prefetch + " items: nothing would ever be published; at least 1");
    }
    this.prefetch = prefetch;
    this.batch = prefetch - (prefetch >> 2);
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
        toRequest = prefetch;
      }
    }
    if (isSecond) {
      subscription.cancel();
    } else {
      speak();
    }
  }

  @Override
  public void onNext(T item) {
    Objects.requireNonNull(item, "onNext(null): null cannot be published (rule 2.13)");
    synchronized (lock) {
      if (over) {
        return;
      }
      if (outstanding == 0) {
        over = true;
        toCancel = true;
        failure = unrequested();
      } else {
        outstanding--;
        items.add(item);
      }
    }
    speak();
    wake();
  }

  private IllegalStateException unrequested() {
    return new IllegalStateException(
        "a publisher sent more than it was asked for (rule 1.1), which has no room here; its"
            + " subscription was cancelled");
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
      if (over) {
        return;
      }
      over = true;
      failure = with;
      subscription = null;
    }
    wake();
  }

  private void wake() {
    Arrival woken;
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

  /** Says what is to be said to the subscription, unless somebody is about it. */
  private void speak() {
    synchronized (lock) {
      if (speaking) {
        return;
      }
      speaking = true;
    }
    while (true) {
      Flow.Subscription to;
      long count;
      boolean cancels;
      synchronized (lock) {
        to = subscription;
        if (to == null || (toRequest == 0 && !toCancel)) {
          speaking = false;
          return;
        }
        count = toRequest;
        toRequest = 0;
        cancels = toCancel;
        if (cancels) {
          subscription = null;
        } else {
          outstanding += count;
        }
      }
      say(to, cancels, count);
    }
  }

  private void say(Flow.Subscription to, boolean cancels, long count) {
    try {
      if (cancels) {
        to.cancel();
      } else {
        to.request(count);
      }
    } catch (Throwable broken) { // rules 3.15 and 3.16 forbid it
      if (Throwing.endsTheRun(broken)) {
        throw broken;
      }
      end(broken);
    }
  }

  // The loop's side

  /** Whether {@link #take} need not wait; what it throws is what the publisher failed with. */
  boolean isReady() {
    synchronized (lock) {
      return items.size > 0 || over;
    }
  }

  /** Whether it is at its end; only if it is ready. */
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

  /** Takes the next item; there must be one. */
  T take() {
    T taken;
    synchronized (lock) {
      taken = items.take();
      takenSinceRequest++;
      if (over || takenSinceRequest < batch) {
        return taken;
      }
      toRequest += takenSinceRequest;
      takenSinceRequest = 0;
    }
    speak();
    return taken;
  }

  /** A wait for the next signal. */
  Arrival next() {
    return new Arrival();
  }

  /** Nobody will take anything any more. */
  void leave() {
    synchronized (lock) {
      over = true;
      toCancel = true;
      failure = null;
      while (items.size > 0) {
        items.take();
      }
    }
    speak();
  }

  /** A wait for the next signal. */
  final class Arrival extends Parking<@Nullable Void> {
    @Override
    protected boolean begin(Loop here) {
      synchronized (lock) {
        if (isReady()) {
          return true;
        }
        waiting = this;
        loop = here;
        return false;
      }
    }

    /** On the loop's thread. */
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
      String where = over ? "over" : subscribed ? "subscribed" : "not subscribed";
      return "subscriber (" + where + ", " + items.size + " of " + prefetch + " waiting)";
    }
  }
}
