package io.fermata.runtime;

import static io.fermata.runtime.Scripted.body;
import static io.fermata.runtime.Scripted.delegating;
import static io.fermata.runtime.Scripted.yielding;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.HoldingFrame;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Stack traces, made by hand or by steps of hand-written frames. */
class TracesTest {
  private static final String RUNTIME = "io.fermata.runtime.";
  private static final StackTraceElement BODY = line("Host$fermata$walk$0", "walk", 5);
  private static final StackTraceElement DRIVER = line(RUNTIME + "Stepping", "resumeAlone", 9);
  private static final StackTraceElement STEP = line(RUNTIME + "Frame", "advance", 9);
  private static final StackTraceElement CALLER = line("User", "main", 3);

  private final Inspection delegator =
      new BodySite(
              "Host",
              "delegator",
              "Host.java",
              1,
              new int[] {7},
              java.util.List.of(),
              new java.util.BitSet(),
              "")
          .at(1);

  // tidy

  @Test
  void aGeneratedClassShowsAsItsMethod() {
    assertEquals(List.of("Host.walk:5", "User.main:3"), tidied(BODY, DRIVER, STEP, CALLER));
  }

  @Test
  void linesOfTheRuntimeDoNotShow() {
    StackTraceElement begin = line(RUNTIME + "Frame", "begin", 1);

    assertEquals(
        List.of("Host.walk:5", "Host.walk:5", "User.main:3"),
        tidied(BODY, begin, BODY, DRIVER, STEP, CALLER));
  }

  @Test
  void theCallersLinesStayAsTheyAre() {
    assertEquals(
        List.of("Host.walk:5", "Host$fermata$walk$0.walk:5", RUNTIME + "Driver.drive:1"),
        tidied(BODY, DRIVER, STEP, BODY, line(RUNTIME + "Driver", "drive", 1)));
  }

  @Test
  void causesAndSuppressedExceptionsAreTidiedToo() {
    Exception cause = traced(BODY, DRIVER, CALLER);
    Exception suppressed = traced(BODY, DRIVER, CALLER);
    Exception failure = new Exception(cause);
    failure.addSuppressed(suppressed);

    Traces.tidy(failure);

    assertEquals(List.of("Host.walk:5", "User.main:3"), shown(cause));
    assertEquals(List.of("Host.walk:5", "User.main:3"), shown(suppressed));
  }

  @Test
  void aCircleOfCausesEnds() {
    Exception first = traced(BODY, DRIVER, CALLER);
    first.initCause(new Exception(first));

    Traces.tidy(first);

    assertEquals(List.of("Host.walk:5", "User.main:3"), shown(first));
  }

  @Test
  void aTraceIsNoLongerThanTheJvmsOwn() {
    StackTraceElement[] lines = new StackTraceElement[3000];
    Arrays.fill(lines, BODY);

    assertEquals(1024, tidied(lines).size());
  }

  @Test
  void aTraceThatThrowsDoesNotReplaceTheFailure() {
    Traces.tidy(
        new Exception() {
          @Override
          public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException();
          }
        });
  }

  @Test
  void aTraceThatCannotBeSetStays() {
    Exception failure =
        new Exception() {
          @Override
          public void setStackTrace(StackTraceElement[] trace) {
            throw new IllegalStateException();
          }

          @Override
          public StackTraceElement[] getStackTrace() {
            return new StackTraceElement[] {BODY, DRIVER, CALLER};
          }
        };

    Traces.tidy(failure);

    assertEquals(3, failure.getStackTrace().length);
  }

  // insert

  @Test
  void aDelegatorsLineStandsBelowThoseOfItsDelegate() {
    Exception failure = traced(BODY, DRIVER, STEP, CALLER);

    Traces.insert(failure, delegator);

    assertEquals(
        List.of(
            "Host$fermata$walk$0.walk:5",
            "Host.delegator:7",
            RUNTIME + "Stepping.resumeAlone:9",
            RUNTIME + "Frame.advance:9",
            "User.main:3"),
        shown(failure));
  }

  @Test
  void aTraceWithoutADriverStays() {
    StackTraceElement[] lines = {BODY, CALLER};
    Exception failure = traced(lines);

    Traces.insert(failure, delegator);

    assertArrayEquals(lines, failure.getStackTrace());
  }

  @Test
  void aUsersMethodOfADriversNameIsNone() {
    StackTraceElement[] lines = {BODY, line("User", "drive", 1)};
    Exception failure = traced(lines);

    Traces.insert(failure, delegator);

    assertArrayEquals(lines, failure.getStackTrace());
  }

  // Steps

  @Test
  void aDelegationReadsAsOneStack() {
    Scripted inner =
        body(
            yielding(1),
            (running, sent, raised) -> {
              throw new IllegalStateException();
            });
    Scripted root = body(delegating(body(delegating(inner))));
    root.next();

    Exception failure = assertThrows(IllegalStateException.class, root::next);

    assertEquals(
        List.of("Host.body:11", "Host.body:11"),
        shown(failure).stream().filter(line -> line.startsWith("Host.")).toList());
  }

  @Test
  void aHeldFailureLosesTheLinesOfTheStackItBeganOn() {
    HoldingFrame inner = new HoldingFrame(null);
    HoldingFrame root = new HoldingFrame(inner);

    assertEquals("held", root.next());

    List<String> kept = shown(inner.held);
    assertEquals(inner.lines - 3, kept.size()); // EagerStart.runs, Frame.beginDelegate, the root's
    assertTrue(kept.get(0).startsWith("io.fermata.HoldingFrame.resume:"));
    assertTrue(kept.get(1).startsWith(RUNTIME + "Stepping.resumeAlone:"));
  }

  @Test
  void aFailureHeldByTheSteppedFrameKeepsItsLines() {
    HoldingFrame root = new HoldingFrame(null);

    assertEquals("held", root.next());

    assertEquals(root.lines, root.held.getStackTrace().length);
  }

  @Test
  void theDriversAreTheMethodsThatResume() {
    List<String> drivers = new ArrayList<>();
    for (Class<?> type : List.of(Stepping.class, Driver.class)) {
      for (var method : type.getDeclaredMethods()) {
        drivers.add(method.getName());
      }
    }

    for (String driver : List.of("drive", "resumeInnermost", "resumeAlone", "stepToLeaf")) {
      Exception failure = traced(BODY, line(RUNTIME + "Any", driver, 1), CALLER);
      Traces.insert(failure, delegator);
      assertEquals(4, shown(failure).size(), driver);
      assertTrue(drivers.contains(driver), driver);
    }
  }

  private static List<String> tidied(StackTraceElement... lines) {
    Exception failure = traced(lines);
    Traces.tidy(failure);
    return shown(failure);
  }

  private static Exception traced(StackTraceElement... lines) {
    Exception failure = new Exception();
    failure.setStackTrace(lines);
    return failure;
  }

  private static List<String> shown(Throwable failure) {
    return Arrays.stream(failure.getStackTrace())
        .map(line -> line.getClassName() + "." + line.getMethodName() + ":" + line.getLineNumber())
        .toList();
  }

  private static StackTraceElement line(String type, String method, int line) {
    return new StackTraceElement(type, method, "File.java", line);
  }
}
