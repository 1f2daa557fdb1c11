package io.fermata.conformance.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncSubscriber;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** What the asynchronous generator of a publisher does that the TCK does not ask for. */
final class SubscriberTest {
  private static final Duration ZERO = Duration.ZERO;

  /** Notes what is asked of it. */
  private static final class Asked implements Flow.Subscription {
    final List<Object> log = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void request(long n) {
      log.add(n);
    }

    @Override
    public void cancel() {
      log.add("cancel");
    }
  }

  @EngineTest
  void itemsComeInTheirOrderFromAnotherThread() throws Exception {
    List<Integer> seen = new ArrayList<>();
    CompletableFuture<Void> sent;
    try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
      AsyncSubscriber<Integer> numbers = AsyncSubscriber.open(3);
      publisher.subscribe(numbers);
      sent = CompletableFuture.runAsync(() -> IntStream.range(0, 2000).forEach(publisher::submit));
      EventLoop.run(
          Async.action(
              co -> {
                while (seen.size() < 2000) {
                  seen.add(co.await(numbers.anext()));
                }
                co.await(numbers.aclose());
              }));
    }
    sent.get(20, TimeUnit.SECONDS);
    assertEquals(IntStream.range(0, 2000).boxed().toList(), seen);
  }

  @EngineTest
  void thePublisherIsSubscribedToInTheFirstStep() throws Exception {
    SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>();
    EventLoop.run(
        Async.action(
            co -> {
              AsyncGenerator<Integer> numbers = AsyncGenerator.from(publisher);
              co.await(Async.sleep(ZERO));
              assertEquals(0, publisher.getNumberOfSubscribers());
              Task<Integer> first = Task.start(numbers.anext());
              co.await(Async.sleep(ZERO));
              assertEquals(1, publisher.getNumberOfSubscribers());
              publisher.submit(7);
              assertEquals(7, co.await(first));
              publisher.close();
              assertFalse(co.await(numbers.advance()));
              assertEquals(State.CLOSED, numbers.state());
            }));
  }

  @EngineTest
  void itAsksForMoreInBatches() throws Exception {
    Asked asked = new Asked();
    AsyncSubscriber<Integer> numbers = AsyncSubscriber.open(4);
    numbers.onSubscribe(asked);
    EventLoop.run(
        Async.action(
            co -> {
              for (int i = 0; i < 4; i++) {
                numbers.onNext(i);
              }
              for (int i = 0; i < 4; i++) {
                assertEquals(i, co.await(numbers.anext()));
                asked.log.add("took " + i);
              }
            }));
    assertEquals(List.of(4L, "took 0", "took 1", 3L, "took 2", "took 3", "cancel"), asked.log);
  }

  @EngineTest
  void aPublisherThatIgnoresDemandIsCancelledAndTold() throws Exception {
    Asked asked = new Asked();
    AsyncSubscriber<Integer> numbers = AsyncSubscriber.open(1);
    numbers.onSubscribe(asked);
    numbers.onNext(1);
    numbers.onNext(2);
    numbers.onNext(3);
    EventLoop.run(
        Async.action(
            co -> {
              assertEquals(1, co.await(numbers.anext()));
              IllegalStateException told =
                  assertThrows(IllegalStateException.class, () -> co.await(numbers.anext()));
              assertTrue(told.getMessage().contains("rule 1.1"), told.getMessage());
            }));
    assertEquals(List.of(1L, "cancel"), asked.log);
  }

  @EngineTest
  void theFailureIsThrownAsItIsAfterWhatCameBefore() throws Exception {
    IOException failure = new IOException("broken");
    AsyncSubscriber<Integer> numbers = AsyncSubscriber.open(4);
    numbers.onSubscribe(new Asked());
    numbers.onNext(1);
    numbers.onError(failure);
    EventLoop.run(
        Async.action(
            co -> {
              assertEquals(1, co.await(numbers.anext()));
              assertSame(failure, assertThrows(IOException.class, () -> co.await(numbers.anext())));
              assertFalse(co.await(numbers.advance()));
            }));
  }

  @EngineTest
  void closingCancelsAndDropsWhatComesLater() throws Exception {
    Asked asked = new Asked();
    AsyncSubscriber<Integer> numbers = AsyncSubscriber.open(4);
    numbers.onSubscribe(asked);
    EventLoop.run(
        Async.action(
            co -> {
              numbers.onNext(1);
              numbers.onNext(2);
              assertTrue(co.await(numbers.advance()));
              co.await(numbers.aclose());
              numbers.onNext(3);
              numbers.onError(new IOException("late"));
              numbers.onComplete();
              assertFalse(co.await(numbers.advance()));
            }));
    assertEquals(List.of(4L, "cancel"), asked.log);
  }

  @EngineTest
  void closedBeforeItIsSubscribedItCancelsTheSubscription() throws Exception {
    Asked asked = new Asked();
    AsyncSubscriber<Integer> numbers = AsyncSubscriber.open();
    EventLoop.run(Async.action(co -> co.await(numbers.aclose())));

    numbers.onSubscribe(asked);

    assertEquals(List.of("cancel"), asked.log);
  }

  @EngineTest
  void aStepThatIsCancelledEndsItAndCancelsTheSubscription() throws Exception {
    Asked asked = new Asked();
    AsyncSubscriber<Integer> numbers = AsyncSubscriber.open(2);
    numbers.onSubscribe(asked);
    EventLoop.run(
        Async.action(
            co -> {
              assertThrows(
                  TimeoutException.class,
                  () -> co.await(Async.waitFor(numbers.advance(), Duration.ofMillis(1))));
              assertEquals(State.CLOSED, numbers.state());
            }));
    assertEquals(List.of(2L, "cancel"), asked.log);
  }

  @EngineTest
  void closingTheLoopCancelsTheSubscription() throws Exception {
    Asked asked = new Asked();
    AsyncSubscriber<Integer> numbers = AsyncSubscriber.open(2);
    numbers.onSubscribe(asked);
    numbers.onNext(1);
    EventLoop.run(Async.action(co -> assertTrue(co.await(numbers.advance()))));
    assertEquals(List.of(2L, "cancel"), asked.log);
  }

  @EngineTest
  void aSubscriptionThatThrowsEndsItWithThat() throws Exception {
    RuntimeException broken = new IllegalStateException("a broken subscription");
    AsyncSubscriber<Integer> numbers = AsyncSubscriber.open(2);
    numbers.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long n) {
            throw broken;
          }

          @Override
          public void cancel() {}
        });
    EventLoop.run(
        Async.action(
            co ->
                assertSame(
                    broken,
                    assertThrows(IllegalStateException.class, () -> co.await(numbers.advance())))));
  }

  @EngineTest
  void nothingCanBePrefetchedOnlyByAMistake() {
    assertThrows(IllegalArgumentException.class, () -> AsyncSubscriber.open(0));
  }

  @EngineTest
  void aGeneratorComesThroughAPublisherOfTheSameLoop() throws Exception {
    List<Integer> seen = new ArrayList<>();
    EventLoop.run(
        Async.action(
            co -> {
              AsyncGenerator<Integer> source =
                  AsyncGenerator.of(
                      in -> {
                        for (int i = 0; i < 500; i++) {
                          if (i % 7 == 0) {
                            in.await(Async.sleep(ZERO));
                          }
                          in.yield(i);
                        }
                      });
              Flow.Publisher<Integer> publisher = source.toPublisher(EventLoop.current());
              co.await(AsyncGenerator.from(publisher, 8).forEach((in, item) -> seen.add(item)));
            }));
    assertEquals(IntStream.range(0, 500).boxed().toList(), seen);
  }
}
