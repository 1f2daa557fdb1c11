package io.fermata.internal.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.SteppedLoop;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class SubscriberBufferTest {
  private final SubscriberBuffer<Integer> buffer = new SubscriberBuffer<>(4);
  private final List<Object> said = new ArrayList<>();

  /** Notes what it is asked, and then does something. */
  private final class Noting implements Flow.Subscription {
    Runnable atRequest = () -> {};

    @Override
    public void request(long count) {
      said.add(count);
      atRequest.run();
    }

    @Override
    public void cancel() {
      said.add("cancel");
    }
  }

  private final Noting subscription = new Noting();

  private void send(int... items) {
    for (int each : items) {
      buffer.onNext(each);
    }
  }

  // NEW -> OPEN

  @Test
  void aSubscriptionIsAskedForTheFirstItems() {
    buffer.onSubscribe(subscription);
    assertEquals(List.of(4L), said);
    assertFalse(buffer.isReady());
  }

  @Test
  void aSecondSubscriptionIsCancelled() {
    buffer.onSubscribe(subscription);
    buffer.onSubscribe(new Noting());
    assertEquals(List.of(4L, "cancel"), said);
    send(1);
    assertEquals(1, buffer.take());
  }

  @Test
  void nothingIsPrefetchedIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new SubscriberBuffer<>(0));
    new SubscriberBuffer<>(1).onSubscribe(subscription);
    assertEquals(List.of(1L), said);
  }

  @Test
  void nullIsRefused() {
    assertThrows(NullPointerException.class, () -> buffer.onSubscribe(null));
    assertThrows(NullPointerException.class, () -> buffer.onNext(null));
    assertThrows(NullPointerException.class, () -> buffer.onError(null));
    buffer.onSubscribe(subscription);
    assertEquals(List.of(4L), said);
  }

  // OPEN

  @Test
  void itemsComeOutInOrder() throws Throwable {
    buffer.onSubscribe(subscription);
    send(1, 2);
    assertTrue(buffer.isReady());
    assertFalse(buffer.isAtEnd());
    assertEquals(1, buffer.take());
    assertEquals(2, buffer.take());
    assertFalse(buffer.isReady());
  }

  @Test
  void moreAreAskedForWhenThreeQuartersAreTaken() {
    buffer.onSubscribe(subscription);
    send(1, 2, 3, 4);
    buffer.take();
    buffer.take();
    assertEquals(List.of(4L), said);
    buffer.take();
    assertEquals(List.of(4L, 3L), said);
    send(5, 6, 7);
    buffer.take();
    buffer.take();
    assertEquals(List.of(4L, 3L), said);
    buffer.take();
    assertEquals(List.of(4L, 3L, 3L), said);
  }

  @Test
  void aRequestIsNotMadeWithinAnother() {
    int[] depth = new int[1];
    subscription.atRequest =
        () -> {
          depth[0]++;
          assertEquals(1, depth[0]);
          if (said.size() < 5) {
            send(1, 2, 3);
            buffer.take();
            buffer.take();
            buffer.take();
          }
          depth[0]--;
        };
    buffer.onSubscribe(subscription);
    assertEquals(List.of(4L, 3L, 3L, 3L, 3L), said);
  }

  // OPEN -> OVER

  @Test
  void theEndComesAfterTheItems() throws Throwable {
    buffer.onSubscribe(subscription);
    send(1);
    buffer.onComplete();
    assertTrue(buffer.isReady());
    assertFalse(buffer.isAtEnd());
    assertEquals(1, buffer.take());
    assertTrue(buffer.isReady());
    assertTrue(buffer.isAtEnd());
  }

  @Test
  void theFailureComesAfterTheItems() throws Throwable {
    IOException failure = new IOException("broken");
    buffer.onSubscribe(subscription);
    send(1);
    buffer.onError(failure);
    assertFalse(buffer.isAtEnd());
    assertEquals(1, buffer.take());
    assertSame(failure, assertThrows(IOException.class, buffer::isAtEnd));
  }

  @Test
  void nothingCountsAfterTheEnd() throws Throwable {
    buffer.onSubscribe(subscription);
    buffer.onComplete();
    buffer.onError(new IOException("late"));
    send(1);
    assertTrue(buffer.isAtEnd());
    assertEquals(List.of(4L), said);
  }

  @Test
  void nothingIsAskedForAfterTheEnd() {
    buffer.onSubscribe(subscription);
    send(1, 2, 3, 4);
    buffer.onComplete();
    for (int i = 0; i < 4; i++) {
      buffer.take();
    }
    buffer.cancel();
    assertEquals(List.of(4L), said);
  }

  @Test
  void anItemThatNobodyAskedForIsAFailure() throws Throwable {
    buffer.onSubscribe(subscription);
    send(1, 2, 3, 4, 5);
    assertEquals(List.of(4L, "cancel"), said);
    for (int i = 1; i <= 4; i++) {
      assertFalse(buffer.isAtEnd());
      assertEquals(i, buffer.take());
    }
    var failure = assertThrows(IllegalStateException.class, buffer::isAtEnd);
    assertTrue(failure.getMessage().contains("rule 1.1"), failure::toString);
  }

  @Test
  void aRequestThatThrowsIsAFailure() {
    IllegalStateException broken = new IllegalStateException("broken");
    subscription.atRequest =
        () -> {
          throw broken;
        };
    buffer.onSubscribe(subscription);
    assertSame(broken, assertThrows(IllegalStateException.class, buffer::isAtEnd));
  }

  @Test
  void anExitInARequestIsThrown() {
    InternalError exit = new InternalError("exit");
    subscription.atRequest =
        () -> {
          throw exit;
        };
    assertSame(exit, assertThrows(InternalError.class, () -> buffer.onSubscribe(subscription)));
  }

  @Test
  void leavingCancelsAndDropsWhatIsInIt() throws Throwable {
    buffer.onSubscribe(subscription);
    send(1, 2);
    buffer.cancel();
    assertEquals(List.of(4L, "cancel"), said);
    assertTrue(buffer.isAtEnd());
    send(3);
    buffer.cancel();
    assertTrue(buffer.isAtEnd());
    assertEquals(List.of(4L, "cancel"), said);
  }

  @Test
  void leavingAfterAFailureForgetsIt() throws Throwable {
    buffer.onSubscribe(subscription);
    buffer.onError(new IOException("broken"));
    buffer.cancel();
    assertTrue(buffer.isAtEnd());
    assertEquals(List.of(4L), said);
  }

  // NEW -> OVER

  @Test
  void aSubscriptionThatComesAfterLeavingIsCancelled() {
    buffer.cancel();
    buffer.onSubscribe(subscription);
    assertEquals(List.of("cancel"), said);
  }

  // Waiting

  @Test
  void aSignalEndsTheWait() {
    try (SteppedLoop stepped = new SteppedLoop()) {
      buffer.onSubscribe(subscription);
      LoopTask<Void> task = stepped.started(buffer.next());
      assertFalse(task.done());
      send(1, 2);
      assertEquals(1, stepped.host.wakes);
      stepped.settle();
      assertTrue(task.done());
    }
  }

  @Test
  void theEndEndsTheWait() {
    try (SteppedLoop stepped = new SteppedLoop()) {
      buffer.onSubscribe(subscription);
      LoopTask<Void> task = stepped.started(buffer.next());
      buffer.onComplete();
      stepped.settle();
      assertTrue(task.done());
    }
  }

  @Test
  void aWaitIsOverIfThereIsSomething() {
    try (SteppedLoop stepped = new SteppedLoop()) {
      buffer.onSubscribe(subscription);
      send(1);
      LoopTask<Void> task = stepped.start(buffer.next());
      stepped.round();
      assertTrue(task.done());
    }
  }

  @Test
  void aCancelledWaitIsForgotten() {
    try (SteppedLoop stepped = new SteppedLoop()) {
      buffer.onSubscribe(subscription);
      LoopTask<Void> task = stepped.started(buffer.next());
      task.cancel(null);
      send(1);
      assertEquals(0, stepped.host.wakes);
      stepped.settle();
      assertTrue(task.cancelled());
    }
  }

  @Test
  void aSignalAndACancellationEndTheWaitOnce() {
    try (SteppedLoop stepped = new SteppedLoop()) {
      buffer.onSubscribe(subscription);
      LoopTask<Void> task = stepped.started(buffer.next());
      send(1);
      task.cancel(null);
      stepped.settle();
      assertTrue(task.cancelled());
      assertEquals(1, buffer.take());
    }
  }

  @Test
  void itSaysWhatIsInIt() {
    assertEquals("subscriber (not subscribed, 0 of 4 waiting)", buffer.toString());
    buffer.onSubscribe(subscription);
    send(1);
    assertEquals("subscriber (subscribed, 1 of 4 waiting)", buffer.toString());
    buffer.onComplete();
    assertEquals("subscriber (over, 1 of 4 waiting)", buffer.toString());
    assertEquals("the next signal of subscriber (over, 1 of 4 waiting)", buffer.next().toString());
  }
}
