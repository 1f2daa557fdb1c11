package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.BaseGenerator;
import io.fermata.Coroutine;
import io.fermata.DoubleGenerator;
import io.fermata.Generator;
import io.fermata.IntGenerator;
import io.fermata.LongGenerator;
import io.fermata.NotPrimedException;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.Yielder;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** What a step that finds the end tells, and the coroutines that take values at once. */
class EndOfStepTest {
  private static void asksForOneTooMany(Executable step) throws Throwable {
    step.execute();
  }

  private static void check(BaseGenerator<?> ended, Executable step) {
    String place = ended.toString().replaceFirst(".* at (\\S+), .*", "$1");
    assertTrue(place.startsWith("EndOfStepTest.java:"), place);
    for (int i = 0; i < 2; i++) { // in the step of the end, and ever after
      StopIteration end = assertThrows(StopIteration.class, () -> asksForOneTooMany(step));
      assertTrue(end.getMessage().startsWith("generator has ended"), end.getMessage());
      assertTrue(end.getMessage().contains(place), end.getMessage());
      assertTrue(
          Arrays.stream(end.getStackTrace())
              .anyMatch(line -> line.getMethodName().equals("asksForOneTooMany")),
          Arrays.toString(end.getStackTrace()));
    }
  }

  @EngineTest
  @Conforms("M-001")
  void anEndNamesTheGeneratorAndTheCall() {
    Generator<String> strings = Generator.of(co -> {});
    Coroutine<String, String, Integer> coroutine = Coroutine.of(co -> 1);
    Coroutine<String, String, Void> sink = Coroutine.sink(co -> co.yield("a"));
    IntGenerator ints = IntGenerator.of(co -> {});
    LongGenerator longs = LongGenerator.of(co -> {});
    DoubleGenerator doubles = DoubleGenerator.of(co -> {});

    check(strings, strings::next);
    check(coroutine, coroutine::next);
    sink.next();
    check(sink, () -> sink.send("late"));
    check(ints, ints::nextInt);
    check(longs, longs::nextLong);
    check(doubles, doubles::nextDouble);
    check(ints, ints::next);
  }

  @EngineTest
  @Conforms("M-001")
  void anEndAfterRaiseNamesThem() {
    Generator<String> caught =
        Generator.of(
            co -> {
              try {
                co.yield("a");
              } catch (IllegalArgumentException expected) {
                return;
              }
            });
    caught.next();

    StopIteration end =
        assertThrows(StopIteration.class, () -> caught.raise(new IllegalArgumentException()));
    assertTrue(end.getMessage().contains("EndOfStepTest.java:"), end.getMessage());
    assertTrue(end.getStackTrace().length > 0);
  }

  /** A generator of a user's own. */
  private static class Handmade implements Generator<String> {
    @Override
    public boolean advance() {
      return false;
    }

    @Override
    public String current() {
      throw new IllegalStateException();
    }

    @Override
    public boolean hasNext() {
      return false;
    }

    @Override
    public <E extends Throwable> String raise(E exception) throws E {
      throw exception;
    }

    @Override
    public State state() {
      return State.CLOSED;
    }

    @Override
    public String toString() {
      return "y".repeat(1000);
    }
  }

  @EngineTest
  @Conforms({"M-001", "M-004"})
  void aGeneratorOfTheUsersIsNamedInShort() {
    StopIteration end = assertThrows(StopIteration.class, new Handmade()::next);

    assertTrue(end.getMessage().contains("yyyy"), end.getMessage());
    assertFalse(end.getMessage().contains("y".repeat(81)), end.getMessage());
    assertEquals(
        Handmade.class.getInterfaces()[0].getName(), end.getStackTrace()[0].getClassName());
  }

  @EngineTest
  @Conforms("M-001")
  void anEscapedEndKeepsTheLineThatAsked() {
    Generator<String> inner = Generator.of(co -> {});
    Generator<String> outer = Generator.of(co -> co.yield(inner.next()));

    Throwable cause = assertThrows(IllegalStateException.class, outer::next).getCause();
    assertTrue(cause instanceof StopIteration);
    assertTrue(
        Arrays.stream(cause.getStackTrace())
            .anyMatch(line -> "EndOfStepTest.java".equals(line.getFileName())),
        Arrays.toString(cause.getStackTrace()));
  }

  /** A coroutine of a user's own, whose steps with an exception fail the test. */
  private static final class WithoutExceptions extends Handmade
      implements Coroutine<String, String, Integer> {
    @Override
    public boolean advance() {
      return false;
    }

    @Override
    public boolean advance(String value) {
      return false;
    }

    @Override
    public String next() {
      throw new AssertionError("a delegation asked with next()");
    }

    @Override
    public String send(String value) {
      throw new AssertionError("a delegation asked with send()");
    }

    @Override
    public Integer result() {
      return 1;
    }
  }

  @EngineTest
  @Conforms("M-002")
  void aDelegationNeedsNoException() {
    Generator<String> outer =
        Generator.of(
            co -> {
              co.yieldFrom(new Handmade());
              co.yieldFrom(new WithoutExceptions());
              co.yieldFrom(Generator.of(inner -> inner.yield("a")));
            });
    List<String> all = new ArrayList<>();
    for (String each : outer) {
      all.add(each);
    }

    assertEquals(List.of("a"), all);
  }

  private static void keeps(Yielder<String, Void> co, List<String> kept) {
    while (true) {
      kept.add(co.yield());
    }
  }

  @EngineTest
  @Conforms("M-003")
  void aPrimedSinkTakesValuesAtOnce() {
    List<String> kept = new ArrayList<>();
    Coroutine<String, Void, Void> sink = Coroutine.primedSink(co -> keeps(co, kept));
    sink.send("a");
    Coroutine<String, Void, Void> other =
        Coroutine.primedSink(MethodHandles.lookup(), co -> keeps(co, kept));
    other.send("b");
    sink.send("c");

    assertEquals(List.of("a", "b", "c"), kept);
    sink.close();
    assertThrows(IllegalStateException.class, sink::result);
  }

  @EngineTest
  @Conforms("M-003")
  void aPrimedSinkThatEndsEarlyThrowsItsEnd() {
    assertThrows(StopIteration.class, () -> Coroutine.primedSink(co -> {}));
    assertThrows(
        ArithmeticException.class,
        () ->
            Coroutine.primedSink(
                co -> {
                  throw new ArithmeticException();
                }));
    Coroutine<String, String, Void> brief = Coroutine.primedSink(co -> co.yield("dropped"));
    assertFalse(brief.advance("x"));
    assertNull(brief.result());
  }

  @EngineTest
  @Conforms("M-003")
  void whatIsNotPrimedProposesBothForms() {
    Coroutine<String, Void, Void> sink = Coroutine.sink(co -> co.yield());

    String message = assertThrows(NotPrimedException.class, () -> sink.send("early")).getMessage();
    assertTrue(message.contains("Coroutine.primed,"), message);
    assertTrue(message.contains("Coroutine.primedSink"), message);
  }

  private static final class Sly {
    private final boolean fails;

    Sly(boolean fails) {
      this.fails = fails;
    }

    @Override
    public String toString() {
      if (fails) {
        throw new UnsupportedOperationException("no text");
      }
      return null;
    }
  }

  @EngineTest
  @Conforms("M-004")
  void aMessageShowsLittleOfAValue() {
    List<Object> round = new ArrayList<>();
    round.add(round);
    round.add(round.subList(0, 1));
    for (Object value :
        List.of(
            "x".repeat(5_000), List.of("x".repeat(200)), new Sly(true), new Sly(false), round)) {
      Coroutine<Object, Void, Void> sink = Coroutine.sink(co -> co.yield());
      String message = assertThrows(NotPrimedException.class, () -> sink.send(value)).getMessage();
      assertTrue(message.length() < 450, message);
      assertFalse(message.contains("x".repeat(81)), message);
    }
  }
}
