package io.fermata.conformance.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.EventLoop;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Iterables, iterators, generators and streams as asynchronous generators. */
final class IterationTest {
  private final List<Object> log = new ArrayList<>();

  private static <T> List<T> all(AsyncGenerator<T> generator) throws Exception {
    List<T> seen = new ArrayList<>();
    EventLoop.run(generator.forEach((co, item) -> seen.add(item)));
    return seen;
  }

  @EngineTest
  void eachSourceGivesItsElements() throws Exception {
    List<String> list = Arrays.asList("a", null, "b");
    assertEquals(list, all(AsyncGenerator.from(list)));
    assertEquals(list, all(AsyncGenerator.from(list.iterator())));
    assertEquals(list, all(AsyncGenerator.from(list.stream())));
    assertEquals(List.of(0, 1, 2), all(AsyncGenerator.from(IntStream.range(0, 3))));
    Generator<Integer> generator =
        Generator.of(
            co -> {
              co.yield(1);
              co.yield(2);
            });
    assertEquals(List.of(1, 2), all(AsyncGenerator.from(generator)));
  }

  @EngineTest
  void nothingIsAskedOfTheSourceBeforeTheFirstStep() throws Exception {
    Iterable<Integer> source =
        () -> {
          log.add("iterator()");
          return List.of(1).iterator();
        };
    EventLoop.run(
        Async.action(
            co -> {
              AsyncGenerator<Integer> numbers = AsyncGenerator.from(source);
              assertEquals(List.of(), log);
              assertEquals(1, co.await(numbers.anext()));
              assertEquals(List.of("iterator()"), log);
            }));
  }

  @EngineTest
  void aStreamIsClosedAtTheEndAndOnClosing() throws Exception {
    all(AsyncGenerator.from(Stream.of(1).onClose(() -> log.add("at the end"))));
    EventLoop.run(
        Async.action(
            co -> {
              AsyncGenerator<Integer> begun =
                  AsyncGenerator.from(Stream.of(1, 2).onClose(() -> log.add("in its midst")));
              assertTrue(co.await(begun.advance()));
              co.await(begun.aclose());
              co.await(begun.aclose());
              AsyncGenerator<Integer> unused =
                  AsyncGenerator.from(Stream.of(1).onClose(() -> log.add("unused")));
              co.await(unused.aclose());
              assertEquals(State.CLOSED, unused.state());
            }));
    assertEquals(List.of("at the end", "in its midst", "unused"), log);
  }

  @EngineTest
  void aFailureOfTheSourceIsThrownAndItIsClosed() throws Exception {
    IllegalStateException failure = new IllegalStateException("no more");
    IllegalStateException closing = new IllegalStateException("while closing");
    Stream<Integer> failing =
        Stream.<Integer>generate(
                () -> {
                  throw failure;
                })
            .onClose(
                () -> {
                  throw closing;
                });
    EventLoop.run(
        Async.action(
            co -> {
              AsyncGenerator<Integer> numbers = AsyncGenerator.from(failing);
              assertSame(
                  failure,
                  assertThrows(IllegalStateException.class, () -> co.await(numbers.advance())));
              assertEquals(List.of(closing), List.of(failure.getSuppressed()));
            }));
  }

  @EngineTest
  void whatIsThrownIntoItClosesTheSource() throws Exception {
    IOException thrown = new IOException();
    Generator<Integer> source =
        Generator.of(
            in -> {
              try {
                in.yield(1);
              } finally {
                log.add("closed");
              }
            });
    EventLoop.run(
        Async.action(
            co -> {
              AsyncGenerator<Integer> numbers = AsyncGenerator.from(source);
              assertTrue(co.await(numbers.advance()));
              assertSame(
                  thrown, assertThrows(IOException.class, () -> co.await(numbers.athrow(thrown))));
            }));
    assertEquals(List.of("closed"), log);
  }

  @EngineTest
  void anIteratorThatCanBeClosedIs() throws Exception {
    class Closing implements Iterator<Integer>, AutoCloseable {
      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public Integer next() {
        return 1;
      }

      @Override
      public void close() {
        log.add("closed");
      }
    }
    EventLoop.run(
        Async.action(
            co -> {
              AsyncGenerator<Integer> ones = AsyncGenerator.from((Iterator<Integer>) new Closing());
              assertEquals(1, co.await(ones.anext()));
              co.await(ones.aclose());
            }));
    assertEquals(List.of("closed"), log);
  }
}
