package io.fermata.conformance.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.WaitingValueException;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.Promise;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/** An asynchronous generator as an iterator and a stream of a thread outside of its loop. */
final class BlockingTest {
  private final LoopThread thread = new LoopThread();
  private final List<Object> log = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void close() {
    thread.close();
  }

  private Generator<Integer> counting(int n) {
    List<Object> to = log;
    return AsyncGenerator.<Integer>of(
            co -> {
              try {
                for (int i = 0; i < n; i++) {
                  co.await(Async.sleep(Duration.ZERO));
                  to.add(Thread.currentThread().getName() + " " + i);
                  co.yield(i);
                }
              } finally {
                to.add("finally");
              }
            })
        .blocking(thread.loop());
  }

  @EngineTest
  void aLoopOverItGetsAllValues() {
    List<Integer> seen = new ArrayList<>();
    for (int i : counting(100)) {
      seen.add(i);
    }
    assertEquals(Stream.iterate(0, i -> i + 1).limit(100).toList(), seen);
    assertEquals(101, log.size());
  }

  @EngineTest
  void aStreamTakesNoMoreStepsThanItNeedsAndClosesIt() {
    try (Stream<Integer> stream = counting(100).stream()) {
      assertEquals(List.of(0, 10, 20), stream.map(i -> 10 * i).limit(3).toList());
      assertEquals(3, log.size());
    }
    assertEquals(4, log.size());
    assertEquals("finally", log.get(3));
  }

  @EngineTest
  void itHasTheStatesOfAGenerator() {
    Generator<Integer> numbers = counting(1);
    assertEquals(State.CREATED, numbers.state());
    assertThrows(IllegalStateException.class, numbers::current);
    assertTrue(numbers.advance());
    assertEquals(0, numbers.current());
    assertEquals(State.SUSPENDED, numbers.state());
    assertFalse(numbers.advance());
    assertEquals(State.CLOSED, numbers.state());
    assertThrows(StopIteration.class, numbers::next);
    thread.close();
    assertFalse(numbers.advance());
    numbers.close();
  }

  @EngineTest
  void lookingAheadKeepsTheValueUntilItIsTaken() {
    Generator<Integer> numbers = counting(3);
    assertTrue(numbers.hasNext());
    assertTrue(numbers.hasNext());
    assertThrows(IllegalStateException.class, numbers::current);
    assertThrows(WaitingValueException.class, () -> numbers.raise(new IOException()));
    assertEquals(0, numbers.next());
    assertTrue(numbers.hasNext());
    assertTrue(numbers.advance());
    assertEquals(1, numbers.current());
    numbers.close();
  }

  @EngineTest
  void whatTheBodyThrowsComesOutAsItIs() {
    IOException failure = new IOException("broken");
    AsyncGenerator<Integer> failing =
        AsyncGenerator.of(
            co -> {
              co.yield(1);
              throw failure;
            });
    Generator<Integer> numbers = failing.blocking(thread.loop());
    assertEquals(1, numbers.next());
    assertSame(failure, assertThrows(IOException.class, numbers::next));
    assertEquals(State.CLOSED, numbers.state());
  }

  @EngineTest
  void whatIsRaisedIsThrownAtTheYield() throws Exception {
    AsyncGenerator<String> catching =
        AsyncGenerator.of(
            co -> {
              try {
                co.yield("first");
              } catch (IllegalArgumentException caught) {
                co.yield("caught " + caught.getMessage());
              }
            });
    Generator<String> words = catching.blocking(thread.loop());
    assertEquals("first", words.next());
    assertEquals("caught it", words.raise(new IllegalArgumentException("it")));
    IOException uncaught = new IOException();
    assertSame(uncaught, assertThrows(IOException.class, () -> words.raise(uncaught)));
    assertEquals(State.CLOSED, words.state());
  }

  @EngineTest
  void anInterruptCancelsTheStepAndWaitsForItsEnd() throws Exception {
    Thread caller = Thread.currentThread();
    List<Object> to = log;
    AsyncGenerator<Integer> stuck =
        AsyncGenerator.of(
            co -> {
              try {
                caller.interrupt();
                co.await(Promise.<Integer>open());
              } finally {
                co.await(Async.sleep(Duration.ofMillis(1)));
                to.add("cleaned up");
              }
            });
    Generator<Integer> numbers = stuck.blocking(thread.loop());

    InterruptedException told = assertThrows(InterruptedException.class, numbers::advance);

    assertEquals(List.of("cleaned up"), log);
    assertInstanceOf(Cancelled.class, told.getCause());
    assertFalse(Thread.interrupted());
    assertEquals(State.CLOSED, numbers.state());
  }

  @EngineTest
  void aStepThatGivesAValueInSpiteOfAnInterruptKeepsBoth() {
    Thread caller = Thread.currentThread();
    AsyncGenerator<Integer> stubborn =
        AsyncGenerator.of(
            co -> {
              try {
                caller.interrupt();
                co.await(Promise.<Integer>open());
              } catch (Cancelled ignored) {
                co.yield(7);
              }
            });
    Generator<Integer> numbers = stubborn.blocking(thread.loop());

    assertTrue(numbers.advance());

    assertTrue(Thread.interrupted());
    assertEquals(7, numbers.current());
    numbers.close();
  }

  @EngineTest
  void onTheThreadOfItsLoopItIsRefused() {
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    Generator<Integer> numbers = counting(1);
    thread
        .loop()
        .callSoonThreadSafe(
            () -> told.complete(assertThrows(IllegalStateException.class, numbers::advance)));
    assertTrue(told.join().getMessage().startsWith("would wait for itself"), told.join() + "");
    assertEquals(0, numbers.next());
  }

  @EngineTest
  void whereTheLoopIsClosedAStepSaysSo() {
    Generator<Integer> numbers = counting(3);
    assertEquals(0, numbers.next());
    thread.close();
    assertThrows(IllegalStateException.class, numbers::advance);
    assertEquals("finally", log.get(log.size() - 1));
    numbers.close();
  }
}
