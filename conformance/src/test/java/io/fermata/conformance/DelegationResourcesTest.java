package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.Generator;
import io.fermata.Yielder;
import io.fermata.conformance.Delegates.Boom;
import io.fermata.conformance.Delegates.CloseableIterator;
import io.fermata.conformance.Delegates.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Delegates that are no generators but can be closed. */
final class DelegationResourcesTest {
  @EngineTest
  @Conforms("Y-026")
  void aCloseablePlainDelegateIsClosedBeforeTheOuter() {
    List<Object> log = new ArrayList<>();
    CloseableIterator<Integer> iterator =
        new CloseableIterator<>(List.of(1, 2), () -> log.add("iterator closed"));
    List<Iterable<Integer>> delegates =
        List.of(
            () -> iterator,
            new Resource<>(List.of(1, 2), () -> log.add("resource closed")),
            new Resource<>(
                () -> new CloseableIterator<>(List.of(1, 2), () -> log.add("inner closed")),
                () -> log.add("outer closed")));
    for (Iterable<Integer> delegate : delegates) {
      Generator<Integer> outer =
          Generator.of(
              co -> {
                try {
                  co.yieldFrom(delegate);
                } finally {
                  log.add("finally");
                }
              });
      outer.next();
      outer.close();
    }
    assertEquals(
        List.of(
            "iterator closed",
            "finally",
            "resource closed",
            "finally",
            "inner closed",
            "outer closed",
            "finally"),
        log);
    assertEquals(1, iterator.closed);
  }

  @EngineTest
  @Conforms("Y-026")
  void aStreamIsClosedBeforeTheOuter() {
    List<Object> log = new ArrayList<>();
    List<Stream<? extends Number>> streams = new ArrayList<>();
    streams.add(Stream.of(1, 2).onClose(() -> log.add("stream closed")));
    streams.add(DoubleStream.of(1, 2).onClose(() -> log.add("doubles closed")).boxed());
    streams.add(Generator.<Integer>stream(co -> noteTheEnd(co, log)));
    for (Stream<? extends Number> stream : streams) {
      Generator<Number> outer =
          Generator.of(
              co -> {
                try {
                  co.yieldFrom(stream);
                } finally {
                  log.add("finally");
                }
              });
      outer.next();
      outer.close();
    }
    assertEquals(
        List.of("stream closed", "finally", "doubles closed", "finally", "body finally", "finally"),
        log);
  }

  @EngineTest
  @Conforms("Y-028")
  void whatFailsInTheCloseOfAPlainDelegateIsRaisedInTheOuter() {
    IllegalStateException closing = new IllegalStateException("close fails");
    Runnable fail =
        () -> {
          throw closing;
        };
    List<Object> caught = new ArrayList<>();
    Generator<Integer> outer =
        Generator.of(
            co -> {
              try {
                co.yieldFrom(new CloseableIterator<>(List.of(1), fail));
              } catch (IllegalStateException e) {
                caught.add(e);
                throw e;
              }
            });
    outer.next();
    assertSame(closing, assertThrows(IllegalStateException.class, outer::close));
    assertEquals(List.of(closing), caught);
  }

  private static void noteTheEnd(Yielder<?, Integer> co, List<Object> log) {
    try {
      co.yield(1);
    } finally {
      log.add("body finally");
    }
  }

  @EngineTest
  @Conforms("Y-024")
  void aCloseablePlainDelegateIsClosedBeforeItArrivesInTheOuter() {
    List<String> log = new ArrayList<>();
    Boom boom = new Boom("raised");
    List<Iterable<Integer>> delegates =
        List.of(
            new Resource<>(List.of(1, 2), () -> log.add("closed")),
            () -> new CloseableIterator<>(List.of(1, 2), () -> log.add("closed")));
    for (Iterable<Integer> delegate : delegates) {
      Generator<Integer> outer =
          Generator.of(
              co -> {
                try {
                  co.yieldFrom(delegate);
                } finally {
                  log.add("outer finally");
                }
              });
      outer.next();
      assertSame(boom, assertThrows(Boom.class, () -> outer.raise(boom)));
    }
    assertEquals(List.of("closed", "outer finally", "closed", "outer finally"), log);
  }

  @EngineTest
  @Conforms("Y-024")
  void aStreamIsClosedBeforeItArrivesInTheOuter() {
    List<String> log = new ArrayList<>();
    Boom boom = new Boom("raised");
    Generator<Integer> outer =
        Generator.of(
            co -> {
              try {
                co.mayThrow(Boom.class);
                co.yieldFrom(Stream.of(1, 2).onClose(() -> log.add("stream closed")));
              } catch (Boom e) {
                log.add("caught");
              }
              co.yieldFrom(IntStream.of(3, 4).onClose(() -> log.add("ints closed")));
            });
    assertEquals(1, outer.next());
    assertEquals(3, assertRaisedYields(outer, boom));
    assertSame(boom, assertThrows(Boom.class, () -> outer.raise(boom)));
    assertEquals(List.of("stream closed", "caught", "ints closed"), log);
  }

  private static Object assertRaisedYields(Generator<?> generator, Boom raised) {
    try {
      return generator.raise(raised);
    } catch (Boom e) {
      throw new AssertionError(e);
    }
  }

  @EngineTest
  @Conforms("Y-024")
  void whatFailsInThatCloseIsSuppressedInWhatWasRaised() {
    IllegalStateException closing = new IllegalStateException("close fails");
    CloseableIterator<Integer> delegate =
        new CloseableIterator<>(
            List.of(1, 2),
            () -> {
              throw closing;
            });
    Generator<Integer> outer = Generator.of(co -> co.yieldFrom(delegate));
    outer.next();
    Boom boom = new Boom("raised");
    assertSame(boom, assertThrows(Boom.class, () -> outer.raise(boom)));
    assertEquals(List.of(closing), Arrays.asList(boom.getSuppressed()));
    assertEquals(1, delegate.closed);
  }

  @EngineTest
  @Conforms("Y-024")
  void aDelegateThatEndsOrFailsByItselfIsNotClosedUnlessItIsAStream() {
    List<String> log = new ArrayList<>();
    CloseableIterator<Integer> ends = new CloseableIterator<>(List.of(1), () -> log.add("no"));
    Generator<Integer> outer =
        Generator.of(
            co -> {
              co.yieldFrom(ends);
              co.yieldFrom(Stream.of(2).onClose(() -> log.add("ended")));
              Stream<Integer> fails =
                  Stream.of(3).peek(item -> failUnchecked()).onClose(() -> log.add("failed"));
              co.yieldFrom(fails);
            });
    assertEquals(1, outer.next());
    assertEquals(2, outer.next());
    assertThrows(UnsupportedOperationException.class, outer::next);
    assertEquals(List.of("ended", "failed"), log);
    assertEquals(0, ends.closed);
  }

  private static void failUnchecked() {
    throw new UnsupportedOperationException("in the stream");
  }
}
