package io.fermata.internal.engine;

import io.fermata.BaseGenerator;
import io.fermata.Coroutine;
import io.fermata.DoubleYielder;
import io.fermata.IntYielder;
import io.fermata.LongYielder;
import io.fermata.Yielder;
import io.fermata.async.AsyncYielder;
import io.fermata.async.Awaitable;
import io.fermata.internal.compiler.Shape;
import io.fermata.runtime.CapturedAwaiter;
import io.fermata.runtime.Resumable;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code co} of bodies on the thread engine. Each holds nothing but the hand-off.
 *
 * <p>The frames of these calls stay on the stack of the suspended body, where a parameter counts as
 * reachable. So they forget it: a value that has been taken, and a delegate, which else would be
 * held until the thread of its abandoned delegator has ended, one level per collection.
 */
final class HandOffYielders {
  private HandOffYielders() {}

  /** The {@code co} of a body of some shape. */
  static Object of(Shape shape, HandOff handOff) {
    return switch (shape) {
      case GENERATOR, COROUTINE -> new OfObject<>(handOff);
      case INT -> new OfInt(handOff);
      case LONG -> new OfLong(handOff);
      case DOUBLE -> new OfDouble(handOff);
      case ASYNC -> new OfAwaits(handOff);
      case ASYNC_GENERATOR -> new OfAsyncYields<>(handOff);
    };
  }

  /** Apart from the suspension, so that the stack of the suspended body does not hold it. */
  private static void offer(HandOff handOff, @Nullable Object delegate) {
    Objects.requireNonNull(
        delegate, "yieldFrom() needs a generator, iterable, iterator or stream, but got null");
    handOff.offer(Resumable.DELEGATED, delegate);
  }

  static final class OfObject<S extends @Nullable Object, Y extends @Nullable Object>
      implements Yielder<S, Y> {
    private final HandOff handOff;

    OfObject(HandOff handOff) {
      this.handOff = handOff;
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // what is sent is an S or, by any other step, null
    public S yield(Y value) {
      handOff.offer(Resumable.YIELDED, value);
      value = null;
      return (S) handOff.suspend();
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // a bare yield yields null, whatever Y is
    public S yield() {
      handOff.offer(Resumable.YIELDED, null);
      return (S) handOff.suspend();
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // a coroutine that had ended before gives null
    public <R extends @Nullable Object> R yieldFrom(Coroutine<?, ? extends Y, R> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return (R) handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(BaseGenerator<? extends Y> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(Iterable<? extends Y> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(Iterator<? extends Y> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(BaseStream<? extends Y, ?> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }
  }

  /**
   * Says what a body is about to wait for; returns the hand-off that suspends it.
   *
   * @param suspending finds the body, once it is known that there is something to wait for
   */
  static HandOff offerAwait(@Nullable Object awaited, Supplier<HandOff> suspending) {
    Objects.requireNonNull(awaited, "await() needs something to wait for, but got null");
    HandOff awaiting = suspending.get();
    awaiting.offer(Resumable.DELEGATED, awaited);
    return awaiting;
  }

  static class OfAwaits implements CapturedAwaiter {
    final HandOff handOff;

    OfAwaits(HandOff handOff) {
      this.handOff = handOff;
    }

    @Override
    public <T extends @Nullable Object> T await(Awaitable<T> awaitable) {
      return await((Object) awaitable);
    }

    @Override
    public <T extends @Nullable Object> T await(CompletionStage<T> stage) {
      return await((Object) stage);
    }

    @Override
    public <T extends @Nullable Object> T await(Future<T> future) {
      return await((Object) future);
    }

    @Override
    public <T extends @Nullable Object> T await(CompletableFuture<T> future) {
      return await((Object) future);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
    private <T extends @Nullable Object> T await(Object awaited) {
      HandOff awaiting = offerAwait(awaited, handOff::inUse);
      awaited = null; // the frame of this call stays on the body's stack
      return (T) awaiting.suspend();
    }

    @Override
    public void checkNested() {
      handOff.checkNested();
    }

    @Override
    public void stepped() {} // the hand-off notes it
  }

  static final class OfAsyncYields<S extends @Nullable Object, Y extends @Nullable Object>
      extends OfAwaits implements AsyncYielder<S, Y> {
    OfAsyncYields(HandOff handOff) {
      super(handOff);
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // what is sent is an S or, by any other step, null
    public S yield(Y value) {
      handOff.offer(Resumable.YIELDED, value);
      value = null; // the frame of this call stays on the body's stack
      return (S) handOff.suspend();
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // a bare yield yields null, whatever Y is
    public S yield() {
      handOff.offer(Resumable.YIELDED, null);
      return (S) handOff.suspend();
    }
  }

  static final class OfInt implements IntYielder {
    private final HandOff handOff;

    OfInt(HandOff handOff) {
      this.handOff = handOff;
    }

    @Override
    public void yield(int value) {
      handOff.offer(Resumable.YIELDED, value);
      handOff.suspend();
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // a coroutine that had ended before gives null
    public <R extends @Nullable Object> R yieldFrom(Coroutine<?, Integer, R> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return (R) handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(BaseGenerator<Integer> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(Iterable<Integer> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(Iterator<Integer> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(IntStream delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }
  }

  static final class OfLong implements LongYielder {
    private final HandOff handOff;

    OfLong(HandOff handOff) {
      this.handOff = handOff;
    }

    @Override
    public void yield(long value) {
      handOff.offer(Resumable.YIELDED, value);
      handOff.suspend();
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // a coroutine that had ended before gives null
    public <R extends @Nullable Object> R yieldFrom(Coroutine<?, Long, R> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return (R) handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(BaseGenerator<Long> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(Iterable<Long> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(Iterator<Long> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(LongStream delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }
  }

  static final class OfDouble implements DoubleYielder {
    private final HandOff handOff;

    OfDouble(HandOff handOff) {
      this.handOff = handOff;
    }

    @Override
    public void yield(double value) {
      handOff.offer(Resumable.YIELDED, value);
      handOff.suspend();
    }

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // a coroutine that had ended before gives null
    public <R extends @Nullable Object> R yieldFrom(Coroutine<?, Double, R> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return (R) handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(BaseGenerator<Double> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(Iterable<Double> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(Iterator<Double> delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }

    @Override
    public @Nullable Object yieldFrom(DoubleStream delegate) {
      offer(handOff, delegate);
      delegate = null;
      return handOff.suspend();
    }
  }
}
