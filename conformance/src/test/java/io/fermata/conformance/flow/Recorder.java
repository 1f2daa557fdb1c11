package io.fermata.conformance.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A subscriber that notes every signal, and asks for items only when it is told to. */
class Recorder<T> implements Flow.Subscriber<T> {
  private static final int PATIENCE_SECONDS = 20;

  /** What it notes for a signal without a value. */
  enum Mark {
    SUBSCRIBED,
    COMPLETE
  }

  private final LinkedBlockingQueue<Object> signals = new LinkedBlockingQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private volatile Flow.Subscription subscription;

  /** The next signal: a mark, an item, or what it failed with. */
  Object next() throws InterruptedException {
    Object signal = signals.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (signal == null) {
      throw new AssertionError("no signal in " + PATIENCE_SECONDS + " seconds");
    }
    return signal;
  }

  boolean isSilent() {
    return signals.isEmpty();
  }

  Flow.Subscription subscription() {
    return subscription;
  }

  /** The threads of the signals so far; to be read when the last one was taken. */
  List<Thread> threads() {
    return threads;
  }

  private void note(Object signal) {
    threads.add(Thread.currentThread());
    signals.add(signal);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    note(Mark.SUBSCRIBED);
  }

  @Override
  public void onNext(T item) {
    note(item);
  }

  @Override
  public void onError(Throwable failure) {
    note(failure);
  }

  @Override
  public void onComplete() {
    note(Mark.COMPLETE);
  }
}
