package io.fermata.internal.flow;

import io.fermata.internal.loop.LibraryFrame;
import io.fermata.runtime.AsyncGeneratorFrame;
import io.fermata.runtime.Inspection;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The frame of an asynchronous generator that yields what a publisher sends. */
public final class SubscriberFrame<T extends @Nullable Object> extends AsyncGeneratorFrame<T> {
  private final SubscriberBuffer<T> inflow;

  /** To be subscribed to in the first step; null if somebody else does that. */
  private Flow.@Nullable Publisher<? extends T> publisher;

  public SubscriberFrame(
      SubscriberBuffer<T> inflow, Flow.@Nullable Publisher<? extends T> publisher) {
    this.inflow = inflow;
    this.publisher = publisher;
  }

  @Override
  protected int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    state = RUNNING;
    if (raised != null) {
      throw raised;
    }
    Flow.Publisher<? extends T> source = publisher;
    if (source != null) {
      publisher = null;
      source.subscribe(inflow);
    }
    if (!inflow.isReady()) {
      value = inflow.next();
      state = 1;
      return DELEGATED;
    }
    if (inflow.isAtEnd()) {
      return RETURNED;
    }
    value = inflow.take();
    state = 1;
    return YIELDED;
  }

  @Override
  protected void ended() {
    inflow.leave();
  }

  @Override
  protected Inspection inspect() {
    return new LibraryFrame.View(inflow.toString(), null);
  }
}
