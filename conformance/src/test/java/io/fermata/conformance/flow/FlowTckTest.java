package io.fermata.conformance.flow;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncSubscriber;
import io.fermata.async.EventLoop;
import io.fermata.internal.engine.BestEngine;
import io.fermata.internal.engine.Engine;
import io.fermata.internal.engine.EngineChoice;
import io.fermata.internal.engine.ThreadEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.SubscriberPuppet;
import org.reactivestreams.tck.SubscriberWhiteboxVerification.WhiteboxSubscriberProbe;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.reactivestreams.tck.flow.FlowSubscriberBlackboxVerification;
import org.reactivestreams.tck.flow.FlowSubscriberWhiteboxVerification;

/** The bridges to {@link Flow} keep every rule of Reactive Streams, as far as its TCK can tell. */
final class FlowTckTest {
  /** How long what must come may take, and for how long nothing must come, in milliseconds. */
  private static final int PATIENCE = 3_000;

  private static final int SILENCE = 20;
  private static final long COLLECTION = 10;

  /** What the TCK skips for publishers that take one subscriber. */
  private static final Set<String> ONLY_FOR_SEVERAL =
      Set.of(
          "optional_spec111_maySupportMultiSubscribe",
          "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfront",
          "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingManyUpfrontAndCompleteAsExpected",
          "optional_spec111_multicast_mustProduceTheSameElementsInTheSameSequenceToAllOfItsSubscribersWhenRequestingOneByOne",
          "optional_spec111_registeredSubscribersMustReceiveOnNextOrOnCompleteSignals");

  private static LoopThread thread;

  @BeforeAll
  static void open() {
    thread = new LoopThread();
  }

  @AfterAll
  static void close() {
    EngineChoice.useDefault();
    thread.close();
  }

  private static TestEnvironment environment() {
    return new TestEnvironment(PATIENCE, SILENCE, SILENCE);
  }

  private static EventLoop loop() {
    return thread.loop();
  }

  private static Stream<Engine> engines() {
    return Stream.of(new ThreadEngine(), new BestEngine());
  }

  @TestFactory
  Stream<DynamicContainer> aPublisherOfAGeneratorKeepsTheRules() {
    return engines()
        .map(
            engine ->
                dynamicContainer(
                    engine.name(),
                    Tck.tests(
                        OfGenerators.class,
                        OfGenerators::new,
                        () -> EngineChoice.use(engine),
                        Set.of())));
  }

  @TestFactory
  Stream<DynamicContainer> aPublisherForOneSubscriberKeepsTheRules() {
    return Stream.of(
        dynamicContainer(
            "iteration",
            Tck.tests(OfOneGenerator.class, OfOneGenerator::new, () -> {}, ONLY_FOR_SEVERAL)));
  }

  @TestFactory
  Stream<DynamicContainer> aSubscriberKeepsTheRulesInside() {
    return engines()
        .map(
            engine ->
                dynamicContainer(
                    engine.name(),
                    Tck.tests(
                        Whitebox.class, Whitebox::new, () -> EngineChoice.use(engine), Set.of())));
  }

  @TestFactory
  Stream<DynamicContainer> aSubscriberKeepsTheRulesOutside() {
    return engines()
        .map(
            engine ->
                dynamicContainer(
                    engine.name(),
                    Tck.tests(
                        Blackbox.class, Blackbox::new, () -> EngineChoice.use(engine), Set.of())));
  }

  // What is verified

  /** Bodies that yield and await; a generator for each subscriber. */
  public static final class OfGenerators extends FlowPublisherVerification<Long> {
    OfGenerators() {
      super(environment(), COLLECTION);
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
      return AsyncGenerator.publisher(
          loop(),
          () ->
              AsyncGenerator.of(
                  co -> {
                    for (long i = 0; i < elements; i++) {
                      if (i % 3 == 0) {
                        co.await(Async.sleep(Duration.ZERO));
                      }
                      co.yield(i);
                    }
                  }));
    }

    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
      return AsyncGenerator.publisher(
          loop(),
          () -> {
            throw new UncheckedIOException(new IOException("there is nothing to read"));
          });
    }

    @Override
    public long boundedDepthOfOnNextAndRequestRecursion() {
      return 1;
    }
  }

  /** One generator, over what is there without waiting. */
  public static final class OfOneGenerator extends FlowPublisherVerification<Long> {
    OfOneGenerator() {
      super(environment(), COLLECTION);
    }

    @Override
    public Flow.Publisher<Long> createFlowPublisher(long elements) {
      return AsyncGenerator.<Long>from(Stream.iterate(0L, i -> i < elements, i -> i + 1))
          .toPublisher(loop());
    }

    /** It has a subscriber. */
    @Override
    public Flow.Publisher<Long> createFailedFlowPublisher() {
      Flow.Publisher<Long> taken = createFlowPublisher(1);
      taken.subscribe(AsyncSubscriber.open());
      return taken;
    }

    @Override
    public long boundedDepthOfOnNextAndRequestRecursion() {
      return 1;
    }
  }

  /** Consumed by a body from the start; the TCK sees what it gets. */
  public static final class Whitebox extends FlowSubscriberWhiteboxVerification<Integer> {
    Whitebox() {
      super(environment());
    }

    @Override
    protected Flow.Subscriber<Integer> createFlowSubscriber(
        WhiteboxSubscriberProbe<Integer> probe) {
      return new Probed(probe);
    }

    @Override
    public Integer createElement(int element) {
      return element;
    }
  }

  /** Consumed by a body from the start. */
  public static final class Blackbox extends FlowSubscriberBlackboxVerification<Integer> {
    Blackbox() {
      super(environment());
    }

    @Override
    public Flow.Subscriber<Integer> createFlowSubscriber() {
      AsyncSubscriber<Integer> subscriber = AsyncSubscriber.open(4);
      List<Integer> seen = new ArrayList<>();
      loop().startThreadSafe(subscriber.forEach((in, item) -> seen.add(item)));
      return subscriber;
    }

    @Override
    public Integer createElement(int element) {
      return element;
    }
  }

  /** A subscriber whose consumer tells the TCK what it gets, and is cancelled by it. */
  private static final class Probed implements Flow.Subscriber<Integer> {
    private final AsyncSubscriber<Integer> subscriber = AsyncSubscriber.open(4);
    private final WhiteboxSubscriberProbe<Integer> probe;
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> consumer;
    private boolean subscribed;

    Probed(WhiteboxSubscriberProbe<Integer> probe) {
      this.probe = probe;
      consumer = loop().startThreadSafe(consumer());
      begun.join(); // what has not begun would close nothing when it is cancelled
    }

    private Async<Void> consumer() {
      AsyncSubscriber<Integer> items = subscriber;
      WhiteboxSubscriberProbe<Integer> told = probe;
      CompletableFuture<Void> first = begun;
      return Async.action(
          co -> {
            first.complete(null);
            try {
              co.await(items.forEach((in, item) -> told.registerOnNext(item)));
            } catch (Exception failure) {
              told.registerOnError(failure);
              return;
            }
            told.registerOnComplete();
          });
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      if (!subscribed) {
        subscribed = true;
        probe.registerOnSubscribe(
            new SubscriberPuppet() {
              @Override
              public void triggerRequest(long elements) {} // it has asked already

              @Override
              public void signalCancel() {
                consumer.cancel(false);
              }
            });
      }
      subscriber.onSubscribe(subscription);
    }

    @Override
    public void onNext(Integer item) {
      subscriber.onNext(item);
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }
}
