package io.fermata.async;

import io.fermata.State;
import io.fermata.internal.flow.SubscriberBuffer;
import io.fermata.internal.flow.SubscriberFrame;
import io.fermata.internal.loop.SteppedGenerator;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that is the asynchronous generator of what it is sent: for APIs that take a {@link
 * Flow.Subscriber}.
 *
 * <pre>{@code
 * AsyncSubscriber<Integer> numbers = AsyncSubscriber.open();
 * SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
 * publisher.subscribe(numbers);
 * co.await(numbers.forEach((in, number) -> System.out.println(number)));
 * }</pre>
 *
 * <p>Where you have the publisher, {@link AsyncGenerator#from(Flow.Publisher)} is shorter, and
 * subscribes only when it is stepped. Back-pressure and the end are described there. This one asks
 * for its first items as soon as it is subscribed, and holds them until it is stepped.
 *
 * <p><b>Threading.</b> The methods of {@code Subscriber} may be called on any thread, one at a time
 * and in the order of the Reactive Streams specification; it needs no loop yet. The steps belong to
 * the loop whose tasks take them. What is not stepped is not closed by a loop: {@code aclose} it,
 * which cancels its subscription.
 *
 * <p><b>Rules.</b> It takes one subscription; any other is cancelled (2.5). Signals after the end
 * or after {@code aclose} are dropped (2.8). A null is a {@code NullPointerException} (2.13).
 *
 * @param <T> the items
 */
public final class AsyncSubscriber<T extends @Nullable Object>
    implements AsyncGenerator<T>, Flow.Subscriber<T> {
  private final SubscriberBuffer<T> inflow;
  private final SteppedGenerator<?, T> steps;

  private AsyncSubscriber(int prefetch) {
    inflow = new SubscriberBuffer<>(prefetch);
    steps = new SteppedGenerator<>(new SubscriberFrame<>(inflow, null));
  }

  /**
   * A subscriber in which {@link Flow#defaultBufferSize} items may wait.
   *
   * @param <T> the items
   * @return a new one, not subscribed
   */
  public static <T extends @Nullable Object> AsyncSubscriber<T> open() {
    return open(Flow.defaultBufferSize());
  }

  /**
   * A subscriber.
   *
   * @param prefetch how many items may wait, at least 1
   * @param <T> the items
   * @return a new one, not subscribed
   * @throws IllegalArgumentException if {@code prefetch} is less than 1
   */
  public static <T extends @Nullable Object> AsyncSubscriber<T> open(int prefetch) {
    return new AsyncSubscriber<>(prefetch);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    inflow.onSubscribe(subscription);
  }

  @Override
  public void onNext(T item) {
    inflow.onNext(item);
  }

  @Override
  public void onError(Throwable failure) {
    inflow.onError(failure);
  }

  @Override
  public void onComplete() {
    inflow.onComplete();
  }

  @Override
  public Async<Boolean> advance() {
    return steps.advance();
  }

  @Override
  public T current() {
    return steps.current();
  }

  @Override
  public Async<T> anext() {
    return steps.anext();
  }

  @Override
  public Async<T> anext(T atEnd) {
    return steps.anext(atEnd);
  }

  @Override
  public Async<T> athrow(Throwable exception) {
    return steps.athrow(exception);
  }

  @Override
  public Async<Void> aclose() {
    return steps.aclose();
  }

  @Override
  public State state() {
    return steps.state();
  }

  @Override
  public String toString() {
    return inflow.toString();
  }
}
