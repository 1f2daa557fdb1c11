package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.BaseGenerator;
import io.fermata.Coroutine;
import io.fermata.DoubleGenerator;
import io.fermata.Generator;
import io.fermata.IntGenerator;
import io.fermata.LongGenerator;
import io.fermata.State;
import io.fermata.Yielder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** What a generator tells about itself. */
class IntrospectionTest {
  private static final String FILE = "IntrospectionTest.java";

  private static int line() {
    return StackWalker.getInstance()
        .walk(frames -> frames.skip(1).findFirst())
        .orElseThrow()
        .getLineNumber();
  }

  private static List<BaseGenerator<?>> oneOfEachKind() {
    return List.of(
        Generator.of(co -> co.yield(1)),
        Coroutine.of(co -> co.yield(1)),
        Coroutine.sink(co -> co.yield(1)),
        IntGenerator.of(co -> co.yield(1)),
        LongGenerator.of(co -> co.yield(1)),
        DoubleGenerator.of(co -> co.yield(1)));
  }

  @EngineTest
  void everyKindIsAGeneratorInPythonsWords() {
    for (BaseGenerator<?> g : oneOfEachKind()) {
      assertEquals("generator", g.kind());
    }
  }

  @EngineTest
  @Conforms("G-025")
  void itsNameIsItsKindAndTheFileAndLineOfItsBody() {
    int line = line() + 1;
    Generator<Integer> g = Generator.of(co -> co.yield(1));

    assertEquals("generator at " + FILE + ":" + line + ", CREATED", g.toString());
  }

  @EngineTest
  @Conforms("G-025")
  void theLineOfABlockIsThatOfItsFirstStatement() {
    int line = line() + 4;
    Generator<Integer> g =
        Generator.of(
            co -> {
              co.yield(1);
              co.yield(2);
            });
    g.next();

    assertEquals("generator at " + FILE + ":" + line + ", SUSPENDED", g.toString());
  }

  @EngineTest
  void theLineOfAMethodReferenceIsThatOfTheMethod() {
    Generator<Integer> g = Generator.of(IntrospectionTest::helper);

    assertEquals("generator at " + FILE + ":" + (HELPER_LINE - 1) + ", CREATED", g.toString());
  }

  private static final int HELPER_LINE = line() + 4;

  private static void helper(Yielder<?, Integer> co) {
    int value = 1;
    co.yield(value);
  }

  @EngineTest
  @Conforms({"G-071", "G-073"})
  void itsTextTellsTheStateInEveryPhase() {
    List<String> inside = new ArrayList<>();
    AtomicReference<BaseGenerator<?>> self = new AtomicReference<>();
    Generator<Integer> g =
        Generator.of(
            co -> {
              inside.add(self.get().toString());
              co.yield(1);
            });
    self.set(g);
    Pattern text = Pattern.compile("generator at " + FILE + ":\\d+, [A-Z]+");
    for (State state : List.of(State.CREATED, State.SUSPENDED, State.CLOSED)) {
      assertTrue(text.matcher(g.toString()).matches(), g.toString());
      assertTrue(g.toString().endsWith(", " + state), g.toString());
      g.advance();
    }
    assertEquals(1, inside.size());
    assertTrue(inside.get(0).endsWith(", RUNNING"), inside.get(0));
  }

  @EngineTest
  void everyKindTellsItsPlace() {
    for (BaseGenerator<?> g : oneOfEachKind()) {
      assertTrue(g.toString().startsWith("generator at " + FILE + ":"), g.toString());
    }
  }

  @EngineTest
  void thePositionIsTheLineOfTheYield() {
    int[] line = new int[1];
    Generator<Integer> g =
        Generator.of(
            co -> {
              line[0] = line() + 1;
              co.yield(1);
              line[0] = line() + 1;
              co.yield(2);
            });
    for (int i = 0; i < 2; i++) {
      g.next();
      assertEquals(FILE, g.position().getFileName());
      assertEquals(line[0], g.position().getLineNumber());
    }
  }

  @EngineTest
  void thePositionReadsAsALineOfAStackTrace() {
    int[] line = new int[1];
    Generator<Integer> g =
        Generator.of(
            co -> {
              line[0] = line() + 1;
              co.yield(1);
            });
    g.next();

    String position = g.position().toString();
    assertTrue(position.startsWith(IntrospectionTest.class.getName() + ".lambda$"), position);
    assertTrue(position.endsWith("(" + FILE + ":" + line[0] + ")"), position);
  }

  @EngineTest
  void thePositionOfEveryKindIsKnown() {
    for (BaseGenerator<?> g : oneOfEachKind()) {
      g.next();

      assertEquals(FILE, g.position().getFileName());
    }
  }

  @EngineTest
  void thePositionIsTheLineOfTheHelperThatYields() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              helper(co);
              co.yield(2);
            });
    g.next();

    assertEquals(FILE, g.position().getFileName());
    assertEquals(HELPER_LINE, g.position().getLineNumber());
    assertEquals("helper", g.position().getMethodName());
  }

  @EngineTest
  void thePositionOfADelegatorIsTheLineOfItsDelegation() {
    int[] line = new int[1];
    Generator<Integer> inner = Generator.of(IntrospectionTest::helper);
    Generator<Integer> outer =
        Generator.of(
            co -> {
              line[0] = line() + 1;
              co.yieldFrom(inner);
            });
    outer.next();

    assertEquals(line[0], outer.position().getLineNumber());
    assertEquals(HELPER_LINE, inner.position().getLineNumber());
  }

  @EngineTest
  void thereIsNoPositionUnlessItIsSuspended() {
    List<StackTraceElement> inside = new ArrayList<>();
    AtomicReference<BaseGenerator<?>> self = new AtomicReference<>();
    Generator<Integer> g =
        Generator.of(
            co -> {
              inside.add(self.get().position());
              co.yield(1);
            });
    self.set(g);

    assertNull(g.position());
    g.next();
    assertEquals(1, inside.size());
    assertNull(inside.get(0));
    g.close();
    assertNull(g.position());
  }

  @EngineTest
  void theDelegateIsWhatItStandsSuspendedFor() {
    Generator<Integer> inner = Generator.of(co -> co.yield(1));
    Iterator<Integer> iterator = List.of(2).iterator();
    Generator<Integer> outer =
        Generator.of(
            co -> {
              co.yieldFrom(inner);
              co.yieldFrom(iterator);
              co.yield(3);
            });

    assertNull(outer.delegate());
    outer.next();
    assertSame(inner, outer.delegate());
    outer.next();
    assertSame(iterator, outer.delegate());
    outer.next();
    assertNull(outer.delegate());
    outer.close();
    assertNull(outer.delegate());
  }

  @EngineTest
  void theEngineTellsItsName() {
    for (BaseGenerator<?> g : oneOfEachKind()) {
      assertTrue(List.of("thread", "compiled").contains(g.engine()), g.engine());
    }
  }

  @EngineTest
  void theReasonForTheEngineNamesFileAndLine() {
    int line = line() + 1;
    Generator<Integer> g = Generator.of(co -> co.yield(1));

    assertTrue(g.engineReason().contains(FILE + ":" + line), g.engineReason());
    assertTrue(g.engineReason().contains(g.engine()), g.engineReason());
  }

  @EngineTest
  void whatItTellsDoesNotStepIt() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              throw new AssertionError("stepped");
            });
    g.kind();
    g.state();
    g.toString();
    g.position();
    g.delegate();
    g.engine();
    g.engineReason();

    assertEquals(State.CREATED, g.state());
  }

  @EngineTest
  void aGeneratorOfAUserSaysSo() {
    Generator<Integer> g =
        new Generator<>() {
          @Override
          public boolean advance() {
            return false;
          }

          @Override
          public boolean hasNext() {
            return false;
          }

          @Override
          public Integer current() {
            throw new IllegalStateException();
          }

          @Override
          public <E extends Throwable> Integer raise(E exception) throws E {
            throw exception;
          }

          @Override
          public State state() {
            return State.CLOSED;
          }
        };

    assertEquals("user", g.engine());
    assertTrue(g.engineReason().contains("implements its steps itself"), g.engineReason());
    assertNull(g.delegate());
    assertNull(g.position());
    assertThrows(NoSuchElementException.class, g::next);
    g.close();
  }
}
