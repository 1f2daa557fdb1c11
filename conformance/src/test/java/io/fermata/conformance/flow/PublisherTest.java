package io.fermata.conformance.flow;

import static io.fermata.conformance.flow.Recorder.Mark.COMPLETE;
import static io.fermata.conformance.flow.Recorder.Mark.SUBSCRIBED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopFailure;
import io.fermata.async.Promise;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.thread.Eventually;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;

/** What a publisher of a generator does that the TCK does not ask for. */
final class PublisherTest {
  private final LoopThread thread = new LoopThread();
  private final EventLoop loop = thread.loop();
  private final List<Object> log = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    thread.close();
  }

  private AsyncGenerator<Integer> counting(int n) {
    List<Object> to = log;
    return AsyncGenerator.of(
        co -> {
          try {
            for (int i = 0; i < n; i++) {
              co.await(Async.sleep(Duration.ZERO));
              to.add("step " + i);
              co.yield(i);
            }
          } finally {
            to.add("finally");
          }
        });
  }

  private <T> Recorder<T> subscribed(Flow.Publisher<T> publisher) throws InterruptedException {
    Recorder<T> recorder = new Recorder<>();
    publisher.subscribe(recorder);
    assertEquals(SUBSCRIBED, recorder.next());
    return recorder;
  }

  /** Has the loop run a round: what was asked of it before has been done. */
  private void settle() {
    for (int round = 0; round < 5; round++) {
      loop.startThreadSafe(Async.sleep(Duration.ZERO)).join();
    }
  }

  @EngineTest
  void aStepIsTakenForEachItemThatWasAskedForAndNoOther() throws Exception {
    Recorder<Integer> recorder = subscribed(counting(5).toPublisher(loop));
    settle();
    assertEquals(List.of(), log);

    recorder.subscription().request(2);
    assertEquals(0, recorder.next());
    assertEquals(1, recorder.next());
    settle();
    assertEquals(List.of("step 0", "step 1"), log);

    recorder.subscription().request(1);
    assertEquals(2, recorder.next());
  }

  @EngineTest
  void allSignalsComeOnTheThreadOfTheLoop() throws Exception {
    Recorder<Integer> recorder = subscribed(counting(3).toPublisher(loop));
    recorder.subscription().request(Long.MAX_VALUE);
    for (int i = 0; i < 3; i++) {
      assertEquals(i, recorder.next());
    }
    assertEquals(COMPLETE, recorder.next());

    assertEquals(Set.of(thread.thread()), Set.copyOf(recorder.threads()));
  }

  @EngineTest
  void theSubscriberGetsTheVeryFailureOfTheBody() throws Exception {
    IOException failure = new IOException("broken");
    AsyncGenerator<Integer> failing =
        AsyncGenerator.of(
            co -> {
              co.yield(1);
              throw failure;
            });
    Recorder<Integer> recorder = subscribed(failing.toPublisher(loop));
    recorder.subscription().request(9);

    assertEquals(1, recorder.next());
    assertSame(failure, recorder.next());
  }

  @EngineTest
  void cancellingInterruptsTheStepThatIsUnderWayAndClosesTheGenerator() throws Exception {
    CompletableFuture<String> begun = new CompletableFuture<>();
    CompletableFuture<String> ended = new CompletableFuture<>();
    AsyncGenerator<Integer> stuck =
        AsyncGenerator.of(
            co -> {
              try {
                begun.complete("begun");
                co.await(Promise.<Integer>open());
              } catch (Cancelled cancelled) {
                ended.complete(cancelled.reason());
                throw cancelled;
              }
            });
    Recorder<Integer> recorder = subscribed(stuck.toPublisher(loop));
    recorder.subscription().request(1);
    begun.get(20, TimeUnit.SECONDS);

    recorder.subscription().cancel();

    assertEquals("its subscriber has cancelled the subscription", ended.get(20, TimeUnit.SECONDS));
    settle();
    assertTrue(recorder.isSilent());
  }

  @EngineTest
  void cancellingBetweenStepsRunsTheFinallyBlocksOnTheLoop() throws Exception {
    Recorder<Integer> recorder = subscribed(counting(5).toPublisher(loop));
    recorder.subscription().request(1);
    assertEquals(0, recorder.next());

    recorder.subscription().cancel();
    settle();

    assertEquals(List.of("step 0", "finally"), log);
    assertTrue(recorder.isSilent());
  }

  @EngineTest
  void cleanupThatAwaitsIsNotCancelledOnceMore() throws Exception {
    List<Object> to = log;
    AsyncGenerator<Integer> careful =
        AsyncGenerator.of(
            co -> {
              try {
                co.yield(1);
              } finally {
                co.await(Async.sleep(Duration.ofMillis(1)));
                to.add("cleaned up");
              }
            });
    List<Recorder<Integer>> one = new ArrayList<>();
    Recorder<Integer> recorder =
        new Recorder<>() {
          @Override
          public void onNext(Integer item) {
            one.get(0).subscription().cancel();
            super.onNext(item);
          }
        };
    one.add(recorder);
    careful.toPublisher(loop).subscribe(recorder);
    assertEquals(SUBSCRIBED, recorder.next());
    recorder.subscription().request(1);
    assertEquals(1, recorder.next());
    loop.startThreadSafe(Async.sleep(Duration.ofMillis(50))).join();

    assertEquals(List.of("cleaned up"), log);
  }

  @EngineTest
  void askingForNothingClosesTheGeneratorAndIsToldAsItsRule() throws Exception {
    Recorder<Integer> recorder = subscribed(counting(5).toPublisher(loop));
    recorder.subscription().request(1);
    assertEquals(0, recorder.next());

    recorder.subscription().request(0);

    IllegalArgumentException told =
        assertInstanceOf(IllegalArgumentException.class, recorder.next());
    assertTrue(told.getMessage().contains("rule 3.9"), told.getMessage());
    assertEquals(List.of("step 0", "finally"), log);
  }

  @EngineTest
  void nullCannotBePublished() throws Exception {
    AsyncGenerator<Integer> nothing = AsyncGenerator.of(co -> co.yield(null));
    Recorder<Integer> recorder = subscribed(nothing.toPublisher(loop));
    recorder.subscription().request(1);

    assertInstanceOf(NullPointerException.class, recorder.next());
  }

  @EngineTest
  void whatASubscriberThrowsCancelsItAndGoesToTheExceptionHandler() throws Exception {
    LinkedBlockingQueue<LoopFailure> reported = handlerOf(loop);
    RuntimeException thrown = new IllegalStateException("thrown by the subscriber");
    Recorder<Integer> recorder =
        new Recorder<>() {
          @Override
          public void onNext(Integer item) {
            throw thrown;
          }
        };
    counting(5).toPublisher(loop).subscribe(recorder);
    assertEquals(SUBSCRIBED, recorder.next());
    recorder.subscription().request(3);

    assertSame(thrown, reported.poll(20, TimeUnit.SECONDS).exception());
    settle();
    assertEquals(List.of("step 0", "finally"), log);
    assertTrue(recorder.isSilent());
  }

  @EngineTest
  void aFailureAfterTheCancellationGoesToTheExceptionHandler() throws Exception {
    LinkedBlockingQueue<LoopFailure> reported = handlerOf(loop);
    IOException failure = new IOException("in the cleanup");
    AsyncGenerator<Integer> failing =
        AsyncGenerator.of(
            co -> {
              try {
                co.yield(1);
              } finally {
                throwIt(failure);
              }
            });
    Recorder<Integer> recorder = subscribed(failing.toPublisher(loop));
    recorder.subscription().request(1);
    assertEquals(1, recorder.next());
    recorder.subscription().cancel();

    Throwable told = reported.poll(20, TimeUnit.SECONDS).exception();
    assertTrue(told == failure || List.of(told.getSuppressed()).contains(failure), told.toString());
    settle();
    assertTrue(recorder.isSilent());
  }

  private static void throwIt(IOException failure) throws IOException {
    throw failure;
  }

  private static LinkedBlockingQueue<LoopFailure> handlerOf(EventLoop loop) {
    LinkedBlockingQueue<LoopFailure> reported = new LinkedBlockingQueue<>();
    loop.callSoonThreadSafe(() -> loop.setExceptionHandler((at, failure) -> reported.add(failure)));
    return reported;
  }

  @EngineTest
  void closingTheLoopClosesTheGeneratorAndTellsTheSubscriber() throws Exception {
    Recorder<Integer> recorder = subscribed(counting(5).toPublisher(loop));
    recorder.subscription().request(1);
    assertEquals(0, recorder.next());

    thread.close();

    Cancelled told = assertInstanceOf(Cancelled.class, recorder.next());
    assertEquals("the loop is closed", told.reason());
    assertEquals(List.of("step 0", "finally"), log);
  }

  @EngineTest
  void aClosedLoopPublishesNothingAndSaysSo() throws Exception {
    thread.close();
    Recorder<Integer> recorder = subscribed(counting(5).toPublisher(loop));

    assertInstanceOf(IllegalStateException.class, recorder.next());
    recorder.subscription().request(1);
    recorder.subscription().cancel();
    assertTrue(recorder.isSilent());
  }

  @EngineTest
  void aSecondSubscriberOfOneGeneratorIsRefused() throws Exception {
    Flow.Publisher<Integer> publisher = counting(1).toPublisher(loop);
    Recorder<Integer> first = subscribed(publisher);
    Recorder<Integer> second = subscribed(publisher);

    IllegalStateException told = assertInstanceOf(IllegalStateException.class, second.next());
    assertTrue(told.getMessage().startsWith("cannot subscribe twice"), told.getMessage());
    first.subscription().request(2);
    assertEquals(0, first.next());
    assertEquals(COMPLETE, first.next());
  }

  @EngineTest
  void eachSubscriberOfASourceHasAGeneratorOfItsOwn() throws Exception {
    Flow.Publisher<Integer> publisher = AsyncGenerator.publisher(loop, () -> counting(2));
    for (int subscriber = 0; subscriber < 2; subscriber++) {
      Recorder<Integer> recorder = subscribed(publisher);
      recorder.subscription().request(3);
      assertEquals(0, recorder.next());
      assertEquals(1, recorder.next());
      assertEquals(COMPLETE, recorder.next());
    }
  }

  @EngineTest
  void aSubscriberWithoutEndDoesNotKeepOtherTasksFromRunning() throws Exception {
    AsyncGenerator<Integer> endless =
        AsyncGenerator.of(
            co -> {
              for (int i = 0; ; i++) {
                co.yield(i);
              }
            });
    CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
    endless
        .toPublisher(loop)
        .subscribe(
            new Recorder<>() {
              @Override
              public void onSubscribe(Flow.Subscription given) {
                given.request(Long.MAX_VALUE);
                subscription.complete(given);
              }

              @Override
              public void onNext(Integer item) {}
            });
    subscription.get(20, TimeUnit.SECONDS);

    String other =
        loop.startThreadSafe(Async.sleep(Duration.ZERO, "ran")).get(20, TimeUnit.SECONDS);

    assertEquals("ran", other);
    subscription.get().cancel();
  }

  @EngineTest
  void whoKeepsTheSubscriptionDoesNotKeepTheSubscriber() throws Exception {
    Recorder<Integer> recorder = subscribed(counting(1).toPublisher(loop));
    Flow.Subscription kept = recorder.subscription();
    kept.request(2);
    assertEquals(0, recorder.next());
    assertEquals(COMPLETE, recorder.next());
    settle();
    WeakReference<Object> dropped = new WeakReference<>(recorder);
    recorder = null;

    Eventually.collected(() -> dropped.get() == null, () -> "the subscriber is kept");
    kept.request(1);
  }
}
