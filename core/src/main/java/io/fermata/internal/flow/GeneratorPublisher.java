package io.fermata.internal.flow;

import io.fermata.async.AsyncGenerator;
import io.fermata.internal.loop.Loop;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A publisher of the values of asynchronous generators, with a new generator for each subscriber.
 */
public record GeneratorPublisher<T extends @Nullable Object>(
    Loop loop, Supplier<? extends AsyncGenerator<? extends T>> source)
    implements Flow.Publisher<T> {
  /** Subscribers may come on any thread. */
  public GeneratorPublisher {
    loop.noteOutside();
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscribe(null): there is no subscriber (rule 1.9)");
    new GeneratorSubscription<T>(loop, source, subscriber).begin();
  }

  /** A source that gives a generator once; later calls throw. */
  public static <T extends @Nullable Object> Supplier<AsyncGenerator<T>> once(
      AsyncGenerator<T> generator) {
    AtomicBoolean given = new AtomicBoolean();
    return () -> {
      if (given.getAndSet(true)) {
        throw new IllegalStateException(
            "cannot subscribe twice: "
                + generator
                + " runs once, and has a subscriber; AsyncGenerator.publisher makes one for each");
      }
      return generator;
    };
  }
}
