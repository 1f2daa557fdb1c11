package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.GeneratorExit;
import io.fermata.IgnoredExitException;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.Yielder;
import io.fermata.conformance.Delegates.Boom;
import io.fermata.conformance.Delegates.Crash;
import io.fermata.conformance.Delegates.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.function.Executable;

/**
 * Everything that a delegate may do when it is left by an exception, times everything that may be
 * done to the outer, times the places where the delegate does it, times the forms of a delegate.
 */
final class DelegationMatrixTest {
  /** What is done to the outer, and with what. */
  private enum Operation {
    CLOSE(() -> null),
    RAISE_EXIT(GeneratorExit::new),
    RAISE_ERROR(() -> new Crash("raised")),
    RAISE_EXCEPTION(() -> new Boom("raised")),
    RAISE_STOP(() -> new StopIteration("raised"));

    final Supplier<Throwable> raised;

    Operation(Supplier<Throwable> raised) {
      this.raised = raised;
    }

    /** Whether it closes the delegate. */
    boolean closes() {
      return this == CLOSE || this == RAISE_EXIT;
    }
  }

  /** Where the delegate does it. */
  private enum Place {
    HANDLER,
    FINALLY
  }

  /** What the delegate does. */
  private enum Inner {
    PASSIVE,
    THROWS,
    YIELDS,
    RETURNS
  }

  /** One cell: after {@link #run}, what came of it. */
  private static final class Cell {
    final Operation operation;
    final Inner does;
    final Throwable raised;

    /** What the delegate throws, if it does. */
    final Throwable own;

    /** What reached the delegate. */
    Throwable seen;

    Throwable thrown;
    Object value;
    final Coroutine<Object, Integer, Object> inner;
    final Coroutine<Object, Integer, Object> outer;

    Cell(Operation operation, Inner does, Throwable own, Place place, Form form) {
      this.operation = operation;
      this.does = does;
      this.raised = operation.raised.get();
      this.own = own;
      this.inner = Coroutine.of(place == Place.HANDLER ? this::inHandler : this::inFinally);
      this.outer = Coroutine.of(co -> form.yieldFrom(co, inner));
    }

    private Object inHandler(Yielder<Object, Integer> co) throws Exception {
      try {
        return co.yield(1);
      } catch (Throwable e) {
        seen = e;
        if (react(co)) {
          return 2;
        }
        throw e;
      }
    }

    private Object inFinally(Yielder<Object, Integer> co) throws Exception {
      try {
        try {
          return co.yield(1);
        } catch (Throwable e) {
          seen = e;
          throw e;
        }
      } finally {
        if (react(co)) {
          return 2;
        }
      }
    }

    private boolean react(Yielder<Object, Integer> co) throws Exception {
      if (does == Inner.THROWS) {
        if (own instanceof Error error) {
          throw error;
        }
        throw (Exception) own;
      }
      if (does == Inner.YIELDS) {
        co.yield(2);
      }
      return does == Inner.RETURNS;
    }

    void run() {
      assertEquals(1, outer.next());
      try {
        if (operation == Operation.CLOSE) {
          outer.close();
        } else {
          value = outer.raise(raised);
        }
      } catch (Throwable e) {
        thrown = e;
      }
      if (operation.closes()) {
        assertTrue(seen instanceof GeneratorExit);
        assertNotSame(raised, seen);
      } else {
        assertSame(raised, seen);
      }
    }

    /** The close went well, or the raised exit came out again, untouched. */
    void assertClosedWell() {
      assertSame(raised, thrown);
      if (raised != null) {
        assertContext(raised);
      }
      assertFinished();
    }

    void assertFinished() {
      assertEquals(State.CLOSED, outer.state());
      assertEquals(State.CLOSED, inner.state());
      assertThrows(StopIteration.class, outer::next);
    }
  }

  private static void assertContext(Throwable exception, Throwable... context) {
    assertEquals(Arrays.asList(context), Arrays.asList(exception.getSuppressed()));
  }

  /** A StopIteration that escaped: the error that it becomes. */
  private static void assertEscaped(Throwable stop, Throwable thrown) {
    assertSame(IllegalStateException.class, thrown.getClass());
    assertSame(stop, thrown.getCause());
    assertContext(thrown);
  }

  private static void everyCell(Inner does, Supplier<Throwable> own, Consumer<Cell> expectation) {
    List<Executable> cells = new ArrayList<>();
    for (Form form : Form.values()) {
      for (Place place : Place.values()) {
        for (Operation operation : Operation.values()) {
          cells.add(
              () -> {
                Cell cell = new Cell(operation, does, own.get(), place, form);
                try {
                  cell.run();
                  expectation.accept(cell);
                } catch (Throwable e) {
                  throw new AssertionError(
                      operation + ", in the " + place + " of a delegate as " + form, e);
                }
              });
        }
      }
    }
    assertAll(cells);
  }

  @EngineTest
  @Conforms("Y-035")
  void aPassiveDelegateLetsEverythingPassAsTheSameObjectWithoutContext() {
    everyCell(
        Inner.PASSIVE,
        () -> null,
        cell -> {
          if (cell.operation == Operation.RAISE_STOP) {
            assertEscaped(cell.raised, cell.thrown);
          } else {
            assertSame(cell.raised, cell.thrown);
          }
          assertContext(cell.seen);
          cell.assertFinished();
        });
  }

  @EngineTest
  @Conforms("Y-036")
  void aDelegateThatThrowsAnExitOfItsOwn() {
    everyCell(
        Inner.THROWS,
        GeneratorExit::new,
        cell -> {
          if (cell.operation.closes()) {
            cell.assertClosedWell();
          } else {
            assertSame(cell.own, cell.thrown);
          }
          assertContext(cell.own, cell.seen);
          assertContext(cell.seen);
          cell.assertFinished();
        });
  }

  @EngineTest
  @Conforms("Y-037")
  void aDelegateThatThrowsAStopIteration() {
    everyCell(
        Inner.THROWS,
        () -> new StopIteration("own"),
        cell -> {
          assertEscaped(cell.own, cell.thrown);
          assertContext(cell.own, cell.seen);
          assertContext(cell.seen);
          cell.assertFinished();
        });
  }

  @EngineTest
  @Conforms("Y-038")
  void aDelegateThatThrowsAnError() {
    everyCell(Inner.THROWS, () -> new Crash("own"), DelegationMatrixTest::assertOwnWithContext);
  }

  @EngineTest
  @Conforms("Y-039")
  void aDelegateThatThrowsAnException() {
    everyCell(Inner.THROWS, () -> new Boom("own"), DelegationMatrixTest::assertOwnWithContext);
  }

  private static void assertOwnWithContext(Cell cell) {
    assertSame(cell.own, cell.thrown);
    assertContext(cell.own, cell.seen);
    assertContext(cell.seen);
    cell.assertFinished();
  }

  @EngineTest
  @Conforms("Y-040")
  void aDelegateThatYields() {
    everyCell(
        Inner.YIELDS,
        () -> null,
        cell -> {
          if (cell.operation.closes()) {
            assertSame(IgnoredExitException.class, cell.thrown.getClass());
            assertContext(cell.thrown);
            assertEquals(State.CLOSED, cell.outer.state());
            assertEquals(State.SUSPENDED, cell.inner.state());
            cell.inner.close();
          } else {
            assertNull(cell.thrown);
            assertEquals(2, cell.value);
            assertEquals(State.SUSPENDED, cell.outer.state());
            Throwable pending = assertThrows(Throwable.class, cell.outer::next);
            if (cell.operation == Operation.RAISE_STOP) {
              assertEscaped(cell.raised, pending);
            } else {
              assertSame(cell.raised, pending);
            }
            assertContext(cell.raised);
          }
          cell.assertFinished();
        });
  }

  @EngineTest
  @Conforms("Y-041")
  void aDelegateThatReturns() {
    everyCell(
        Inner.RETURNS,
        () -> null,
        cell -> {
          if (cell.operation.closes()) {
            cell.assertClosedWell();
          } else {
            assertSame(StopIteration.class, cell.thrown.getClass());
            assertEquals(2, ((StopIteration) cell.thrown).value());
            assertEquals(2, cell.outer.result());
          }
          assertEquals(2, cell.inner.result());
          cell.assertFinished();
        });
  }
}
