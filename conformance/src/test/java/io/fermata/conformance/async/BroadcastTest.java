package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncBroadcast;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.Case;
import io.fermata.async.Overflow;
import io.fermata.async.QueueShutDown;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.List;

/** Broadcasts: every subscriber gets every value, once and in order. */
class BroadcastTest extends AsyncTest {
  private static Task<List<Integer>> collecting(AsyncGenerator<Integer> from, long pause) {
    return Task.start(
        Async.of(
            co -> {
              List<Integer> got = new ArrayList<>();
              while (co.await(from.advance())) {
                got.add(from.current());
                co.await(sleep(pause));
              }
              return got;
            }));
  }

  @EngineTest
  @Conforms({"F-020", "F-021"})
  void everySubscriberGetsEveryValue() throws Exception {
    runAction(
        co -> {
          AsyncBroadcast<Integer> numbers = AsyncBroadcast.of(2);
          Task<List<Integer>> fast = collecting(numbers.subscribe(), 0);
          Task<List<Integer>> slow = collecting(numbers.subscribe(), 10);
          assertEquals(2, numbers.subscribers());
          for (int i = 0; i < 6; i++) {
            co.await(numbers.put(i));
          }
          assertEquals(30, now()); // the slow one has taken three, and is to take the fourth
          AsyncGenerator<Integer> late = numbers.subscribe();
          numbers.shutdown();
          assertEquals(List.of(0, 1, 2, 3, 4, 5), co.await(fast));
          assertEquals(List.of(0, 1, 2, 3, 4, 5), co.await(slow));
          assertFalse(co.await(late.advance()));
          assertEquals(0, numbers.subscribers());
          assertEquals(0, numbers.dropped());
        });
  }

  @EngineTest
  @Conforms({"F-021"})
  void aPutThatWaitsPutsForAllOrNone() throws Exception {
    runAction(
        co -> {
          AsyncBroadcast<Integer> numbers = AsyncBroadcast.of(1);
          AsyncGenerator<Integer> a = numbers.subscribe();
          AsyncGenerator<Integer> b = numbers.subscribe();
          co.await(numbers.put(1));
          assertThrows(IllegalStateException.class, () -> numbers.putNowait(2));
          Task<Void> put = Task.start(numbers.put(2));
          Task<Void> next = Task.start(numbers.put(3));
          co.await(pause());
          assertEquals(1, co.await(a.anext()));
          assertThrows(
              Cancelled.class,
              () -> {
                Task<Integer> step = Task.start(a.anext());
                co.await(pause());
                step.cancel();
                co.await(step);
              });
          assertEquals(1, co.await(b.anext()));
          put.cancel(); // it was woken, and has put nothing
          assertThrows(Cancelled.class, () -> co.await(put));
          co.await(next);
          assertEquals(3, co.await(a.anext()));
          assertEquals(3, co.await(b.anext()));
          co.await(numbers.put(4));
          Task<Void> waits = Task.start(numbers.put(5));
          assertEquals(4, co.await(a.anext()));
          assertFalse(waits.done());
          co.await(b.aclose()); // the one without room leaves
          co.await(waits);
          assertEquals(5, co.await(a.anext()));
        });
  }

  @EngineTest
  @Conforms({"F-022"})
  void aFullSubscriberLosesTheOldestOrTheLatest() throws Exception {
    runAction(
        co -> {
          for (Overflow overflow : List.of(Overflow.DROP_OLDEST, Overflow.DROP_LATEST)) {
            AsyncBroadcast<Integer> numbers = AsyncBroadcast.of(2, overflow);
            AsyncGenerator<Integer> slow = numbers.subscribe();
            for (int i = 0; i < 5; i++) {
              if (i % 2 == 0) {
                co.await(numbers.put(i));
              } else {
                numbers.putNowait(i);
              }
            }
            assertEquals(3, numbers.dropped());
            numbers.shutdown();
            assertEquals(
                overflow == Overflow.DROP_OLDEST ? List.of(3, 4) : List.of(0, 1),
                co.await(collecting(slow, 0)));
          }
        });
  }

  @EngineTest
  @Conforms({"F-023"})
  void newSubscribersFirstGetTheLastValues() throws Exception {
    runAction(
        co -> {
          AsyncBroadcast<Integer> numbers = AsyncBroadcast.replaying(3, 1, Overflow.WAIT);
          for (int i = 0; i < 5; i++) {
            co.await(numbers.put(i)); // nobody is there: it never waits
          }
          AsyncGenerator<Integer> one = numbers.subscribe();
          assertEquals(2, co.await(one.anext()));
          numbers.putNowait(5);
          numbers.shutdown();
          assertEquals(List.of(3, 4, 5), co.await(collecting(one, 0)));
          assertEquals(List.of(3, 4, 5), co.await(collecting(numbers.subscribe(), 0)));
          AsyncBroadcast<Integer> forgetful = AsyncBroadcast.of(1);
          co.await(forgetful.put(1));
          co.await(forgetful.put(2));
          forgetful.putNowait(3);
          AsyncGenerator<Integer> late = forgetful.subscribe();
          forgetful.putNowait(4);
          assertEquals(4, co.await(late.anext()));
        });
  }

  @EngineTest
  @Conforms({"F-024"})
  void aWaitForSubscribersEndsWithTheLastOfThem() throws Exception {
    runAction(
        co -> {
          AsyncBroadcast<Integer> numbers = AsyncBroadcast.of(1);
          co.await(numbers.whenSubscribed(0));
          Task<Void> two = Task.start(numbers.whenSubscribed(2));
          Task<Void> nine = Task.start(numbers.whenSubscribed(9));
          co.await(pause());
          AsyncGenerator<Integer> first = numbers.subscribe();
          co.await(pause());
          assertFalse(two.done());
          AsyncGenerator<Integer> second = numbers.subscribe();
          co.await(two);
          co.await(first.aclose());
          co.await(second.aclose());
          co.await(second.aclose());
          assertEquals(0, numbers.subscribers());
          numbers.shutdown();
          numbers.shutdown();
          assertThrows(QueueShutDown.class, () -> co.await(nine));
          assertThrows(QueueShutDown.class, () -> co.await(numbers.put(1)));
          assertThrows(QueueShutDown.class, () -> numbers.putNowait(1));
        });
  }

  @EngineTest
  @Conforms({"F-024"})
  void shuttingDownFailsPutsThatWait() throws Exception {
    runAction(
        co -> {
          AsyncBroadcast<Integer> numbers = AsyncBroadcast.of(1);
          AsyncGenerator<Integer> one = numbers.subscribe();
          co.await(numbers.put(1));
          Task<Void> put = Task.start(numbers.put(2));
          co.await(pause());
          numbers.shutdown();
          assertThrows(QueueShutDown.class, () -> co.await(put));
          assertEquals(1, co.await(one.anext()));
          assertEquals(-1, co.await(one.anext(-1)));
        });
  }

  @EngineTest
  @Conforms({"F-010", "F-025"})
  void aCancelledStepTakesNothing() throws Exception {
    runAction(
        co -> {
          AsyncBroadcast<Integer> numbers = AsyncBroadcast.of(4);
          AsyncGenerator<Integer> one = numbers.subscribe();
          for (int i = 0; i < 2; i++) {
            Task<Integer> step = Task.start(one.anext());
            co.await(pause());
            if (i == 1) {
              numbers.putNowait(7); // cancelled in the round of the wake-up
            }
            step.cancel();
            assertThrows(Cancelled.class, () -> co.await(step));
          }
          assertEquals(7, co.await(one.anext()));
          Task<String> select =
              Task.start(
                  Async.select(
                      Case.of(one.anext(), (in, n) -> "got " + n),
                      Case.of(sleep(5), (in, v) -> "idle")));
          assertEquals("idle", co.await(select));
          numbers.putNowait(8);
          assertEquals(8, co.await(Async.select(Case.of(one.anext()))));
          assertEquals(null, co.await(Async.select(Case.of(numbers.put(9)), Case.of(sleep(5)))));
          assertEquals(9, co.await(one.anext()));
          assertThrows(IllegalArgumentException.class, () -> AsyncBroadcast.of(0));
          assertThrows(
              IllegalArgumentException.class, () -> AsyncBroadcast.replaying(-1, 1, Overflow.WAIT));
        });
  }

  @EngineTest
  @Conforms({"F-025"})
  void aSubscriptionThatEndsFreesItsRoom() throws Exception {
    runAction(
        co -> {
          AsyncBroadcast<Integer> numbers = AsyncBroadcast.of(1);
          AsyncGenerator<Integer> thrown = numbers.subscribe();
          co.await(numbers.put(1));
          assertEquals(1, co.await(thrown.anext()));
          co.await(numbers.put(2));
          Task<Void> put = Task.start(numbers.put(3));
          assertThrows(
              IllegalArgumentException.class,
              () -> co.await(thrown.athrow(new IllegalArgumentException())));
          co.await(put);
          assertTrue(numbers.toString().contains("0 subscribed"), numbers.toString());
        });
  }
}
