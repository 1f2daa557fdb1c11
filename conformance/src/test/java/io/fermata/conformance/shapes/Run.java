package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.fermata.BaseGenerator;
import io.fermata.Coroutine;
import io.fermata.CoroutineBody;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.conformance.EveryEngine;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps a body and writes down what happens: what it logs and yields, {@code =result} at its end,
 * {@code !failure} where it throws. The n-th yield gets the number n.
 */
public final class Run {
  private static final int LIMIT = 2000;

  /** Of the latest run. Bodies on other threads write to it in turns with this one. */
  private static List<String> log = new ArrayList<>();

  private final Coroutine<Integer, Object, Object> coroutine;
  private int sent;

  private Run(Coroutine<Integer, Object, Object> coroutine) {
    this.coroutine = coroutine;
    log = new ArrayList<>();
  }

  /** A run of a body that has to be compiled. */
  static Run of(CoroutineBody<Integer, Object, Object> body) {
    return of(Coroutine.of(body));
  }

  /** A run of a coroutine that has to be compiled. */
  static Run of(Coroutine<Integer, Object, Object> coroutine) {
    assertCompiled(coroutine);
    return new Run(coroutine);
  }

  /** A run of a body, on whatever engine runs it. */
  static Run ofAny(CoroutineBody<Integer, Object, Object> body) {
    return new Run(Coroutine.of(body));
  }

  /** A run of a body that is for the thread engine, with a reason that says all of these. */
  static Run onThread(CoroutineBody<Integer, Object, Object> body, String... reasons) {
    Coroutine<Integer, Object, Object> coroutine = Coroutine.of(body);
    assertThread(coroutine, reasons);
    return new Run(coroutine);
  }

  /** Fails if the best engine is under test and had to run this on a thread. */
  static void assertCompiled(BaseGenerator<?> generator) {
    assertEquals(
        EveryEngine.compiles() ? "compiled" : "thread",
        generator.engine(),
        generator::engineReason);
  }

  /** Fails if it does not run on a thread, or the best engine does not say why. */
  static void assertThread(BaseGenerator<?> generator, String... reasons) {
    String reason = generator.engineReason();
    assertEquals("thread", generator.engine(), reason);
    if (EveryEngine.compiles()) {
      for (String part : reasons) {
        assertTrue(reason.contains(part), () -> "\"" + part + "\" is not in: " + reason);
      }
    }
  }

  /** Runs a body, which has to be compiled, to its end and compares the trace. */
  static void assertTrace(String expected, CoroutineBody<Integer, Object, Object> body) {
    assertEquals(expected, of(body).toEnd());
  }

  /** Writes something into the trace. */
  public static void log(Object event) {
    log.add(String.valueOf(event));
  }

  /** As {@link #log}, as an expression. */
  public static <T> T seen(T value) {
    log.add(String.valueOf(value));
    return value;
  }

  Coroutine<Integer, Object, Object> coroutine() {
    return coroutine;
  }

  /** One step: starts it, or sends the next number. */
  Run step() {
    return record(
        () -> coroutine.state() == State.CREATED ? coroutine.next() : coroutine.send(++sent));
  }

  /** Raises an exception where it stands. */
  Run raise(Throwable exception) {
    return record(() -> coroutine.raise(exception));
  }

  /** Leaves out a number that would have been sent. */
  Run skip() {
    sent++;
    return this;
  }

  /** Closes it. */
  Run close() {
    try {
      coroutine.close();
    } catch (Throwable thrown) {
      log("!" + shown(thrown));
    }
    return this;
  }

  /** All steps until it ends; the trace. */
  String toEnd() {
    for (int steps = 0; coroutine.state() != State.CLOSED; steps++) {
      if (steps > LIMIT) {
        fail("does not end: " + this);
      }
      step();
    }
    return toString();
  }

  private interface Step {
    Object run() throws Throwable;
  }

  private Run record(Step step) {
    try {
      log(step.run());
    } catch (StopIteration end) {
      log("=" + end.value());
    } catch (Throwable thrown) {
      log("!" + shown(thrown));
    }
    return this;
  }

  private static String shown(Throwable thrown) {
    String name = thrown.getClass().getSimpleName();
    return thrown.getMessage() == null ? name : name + ":" + thrown.getMessage();
  }

  /** The trace. */
  @Override
  public String toString() {
    return String.join(" ", log);
  }
}
