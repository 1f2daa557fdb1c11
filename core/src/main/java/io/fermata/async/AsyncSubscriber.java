package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.State;
import io.fermata.internal.flow.SubscriberBuffer;
import io.fermata.internal.flow.SubscriberFrame;
import io.fermata.internal.loop.SteppedGenerator;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that is also the asynchronous generator of its items, for APIs that take a {@link
 * Flow.Subscriber}.
 *
 * <pre>{@code
 * AsyncSubscriber<Integer> numbers = AsyncSubscriber.open();
 * SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
 * publisher.subscribe(numbers);
 * co.await(numbers.forEach((in, number) -> System.out.println(number)));
 * }</pre>
 *
 * <p>If you have the publisher, {@link AsyncGenerator#from(Flow.Publisher)} is shorter, and
 * subscribes only at its first step; back-pressure and the end are described there. An {@code
 * AsyncSubscriber} requests its first items as soon as it is subscribed, and buffers them until it
 * is stepped.
 *
 * <p><b>Threading.</b> The methods of {@code Subscriber} may be called on any thread, one at a time
 * and in the order of the Reactive Streams specification; they need no loop. The steps belong to
 * the loop whose tasks take them. No loop closes a subscriber that was never stepped: await its
 * {@code aclose}, which cancels its subscription.
 *
 * <p><b>Rules.</b> A subscriber accepts one subscription, and cancels any other (2.5). It drops
 * signals after the end and after {@code aclose} (2.8). A null argument throws a {@code
 * NullPointerException} (2.13).
 *
 * @param <T> the type of the items
 */
public final class AsyncSubscriber<T extends @Nullable Object>
    implements AsyncGenerator<T>, Flow.Subscriber<T> {
  private final SubscriberBuffer<T> buffer;
  private final SteppedGenerator<?, T> steps;

  private AsyncSubscriber(int prefetch) {
    buffer = new SubscriberBuffer<>(prefetch);
    steps = new SteppedGenerator<>(new SubscriberFrame<>(buffer, null));
  }

  /**
   * A subscriber with a buffer of {@link Flow#defaultBufferSize} items.
   *
   * @param <T> the type of the items
   * @return a new subscriber without a subscription
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> AsyncSubscriber<T> open() {
    return open(Flow.defaultBufferSize());
  }

  /**
   * A subscriber with a buffer of a given size.
   *
   * @param prefetch the size of the buffer in items, at least 1
   * @param <T> the type of the items
   * @return a new subscriber without a subscription
   * @throws IllegalArgumentException if {@code prefetch} is less than 1
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> AsyncSubscriber<T> open(int prefetch) {
    return new AsyncSubscriber<>(prefetch);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    buffer.onSubscribe(subscription);
  }

  @Override
  public void onNext(T item) {
    buffer.onNext(item);
  }

  @Override
  public void onError(Throwable failure) {
    buffer.onError(failure);
  }

  @Override
  public void onComplete() {
    buffer.onComplete();
  }

  @Override
  @CheckReturnValue
  public Async<Boolean> advance() {
    return steps.advance();
  }

  @Override
  public T current() {
    return steps.current();
  }

  @Override
  @CheckReturnValue
  public Async<T> anext() {
    return steps.anext();
  }

  @Override
  @CheckReturnValue
  public Async<T> anext(T atEnd) {
    return steps.anext(atEnd);
  }

  @Override
  @CheckReturnValue
  public Async<T> athrow(Throwable exception) {
    return steps.athrow(exception);
  }

  @Override
  @CheckReturnValue
  public Async<Void> aclose() {
    return steps.aclose();
  }

  @Override
  public State state() {
    return steps.state();
  }

  @Override
  public String toString() {
    return buffer.toString();
  }
}
