package io.fermata.internal.flow;

import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.loop.SelectableSource;
import io.fermata.runtime.AsyncGeneratorFrame;
import io.fermata.runtime.Inspection;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The frame of an asynchronous generator that yields the items of a publisher. */
public final class SubscriberFrame<T extends @Nullable Object> extends AsyncGeneratorFrame<T>
    implements SelectableSource {
  private final SubscriberBuffer<T> buffer;

  /**
   * The publisher to which the first step subscribes; null after that, and if the user subscribes.
   */
  private Flow.@Nullable Publisher<? extends T> publisher;

  public SubscriberFrame(
      SubscriberBuffer<T> buffer, Flow.@Nullable Publisher<? extends T> publisher) {
    this.buffer = buffer;
    this.publisher = publisher;
  }

  @Override
  protected int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    state = RUNNING;
    if (raised != null) {
      throw raised;
    }
    subscribe();
    if (!buffer.isReady()) {
      value = buffer.next();
      state = 1;
      return DELEGATED;
    }
    if (buffer.isAtEnd()) {
      return RETURNED;
    }
    value = buffer.take();
    state = 1;
    return YIELDED;
  }

  private void subscribe() {
    Flow.Publisher<? extends T> source = publisher;
    if (source != null) {
      publisher = null;
      source.subscribe(buffer);
    }
  }

  @Override
  public boolean isReady(LoopTask<?> task) {
    try {
      subscribe();
    } catch (Throwable failure) {
      buffer.onError(failure); // the step throws it
    }
    return buffer.isReady();
  }

  @Override
  public Selectable untilReady(LoopTask<?> task) {
    return buffer.next();
  }

  @Override
  protected void ended() {
    buffer.cancel();
  }

  @Override
  protected Inspection inspect() {
    return new LibraryFrame.View(buffer.toString(), null);
  }
}
