package io.fermata.conformance.thread;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.Yielder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A stack trace shows both threads as one stack: the lines of the body, then those of the one who
 * stepped it.
 *
 * <p>The bodies are named methods, so that a trace can be compared with a list of names.
 */
class StackTraceTest extends OnThreads {
  private static final int LIMIT = 1024;

  @Test
  void aTraceShowsTheBodysLinesThenTheCallersOnce() {
    Throwable thrown = failure(StackTraceTest::leaf);
    assertTrace(thrown, "helper", "leaf", "step", "failure");
  }

  @Test
  void aTraceOfALaterStepShowsTheCallerOfThatStep() {
    Generator<Integer> g = Generator.of(StackTraceTest::lateLeaf);
    stepElsewhere(g);
    Throwable thrown = step(g);
    assertTrace(thrown, "helper", "lateLeaf", "step");
  }

  @Test
  void aTraceOfACheckedExceptionIsCompletedToo() {
    Throwable thrown = failure(StackTraceTest::checkedLeaf);
    assertTrace(thrown, "checkedLeaf", "step", "failure");
  }

  @Test
  void aTraceShowsTheDelegatorBetweenBodyAndCaller() {
    Throwable thrown = failure(StackTraceTest::delegator);
    assertTrace(thrown, "helper", "leaf", "delegator", "step", "failure");
  }

  @Test
  void aTraceShowsAllDelegators() {
    Throwable thrown = failure(StackTraceTest::delegatorOfDelegator);
    assertTrace(thrown, "helper", "leaf", "delegator", "delegatorOfDelegator", "step", "failure");
  }

  @Test
  void aTraceOfALaterStepShowsAllDelegators() {
    Generator<Integer> g = Generator.of(StackTraceTest::delegatorToLateLeaf);
    stepElsewhere(g);
    Throwable thrown = step(g);
    assertTrace(thrown, "helper", "lateLeaf", "delegatorToLateLeaf", "step");
  }

  @Test
  void aTraceShowsTheBodyThatStepsBetweenBodyAndCaller() {
    Throwable thrown = failure(StackTraceTest::stepper);
    assertTrace(thrown, "helper", "leaf", "stepper", "step", "failure");
  }

  @Test
  void aTraceShowsAllBodiesThatStep() {
    Throwable thrown = failure(StackTraceTest::stepperOfStepper);
    assertTrace(thrown, "helper", "leaf", "stepper", "stepperOfStepper", "step", "failure");
  }

  @Test
  void aTraceShowsBodiesThatStepAndThatDelegate() {
    Throwable thrown = failure(StackTraceTest::stepperOfDelegator);
    assertTrace(thrown, "helper", "leaf", "delegator", "stepperOfDelegator", "step", "failure");
  }

  @Test
  void whatABodyCatchesHasTheTraceDownToThatBodysCaller() {
    Generator<Throwable> g = Generator.of(co -> co.yield(failure(StackTraceTest::delegator)));
    String[] names = names(g.next()).toArray(new String[0]);
    assertArrayEquals(
        new String[] {"helper", "leaf", "delegator", "step", "failure"}, Arrays.copyOf(names, 5));
  }

  @Test
  void aTraceEndsWithTheLinesBelowTheCaller() {
    StackTraceElement[] here = new Throwable().getStackTrace();
    StackTraceElement[] thrown = failure(StackTraceTest::leaf).getStackTrace();
    List<StackTraceElement> below = Arrays.asList(here).subList(1, here.length);
    assertEquals(below, Arrays.asList(thrown).subList(thrown.length - below.size(), thrown.length));
  }

  @Test
  void theLinesOfADelegatorLookLikeThoseOfAnyOtherTrace() {
    StackTraceElement[] trace = failure(StackTraceTest::delegator).getStackTrace();
    StackTraceElement delegator =
        Arrays.stream(trace)
            .filter(frame -> frame.getMethodName().equals("delegator"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        StackTraceTest.class.getName()
            + ".delegator(StackTraceTest.java:"
            + delegator.getLineNumber()
            + ")",
        delegator.toString());
  }

  @Test
  void theTraceOfACauseShowsNoEngineEither() {
    Throwable thrown = failure(StackTraceTest::wrappingLeaf);
    assertTrace(thrown, "wrappingLeaf", "step", "failure");
    assertNoEngine(thrown.getCause());
  }

  // Exceptions that keep the trace they have

  @Test
  void anExceptionWithoutATraceStaysWithoutOne() {
    Throwable thrown =
        failure(
            co -> {
              throw new Traceless();
            });
    assertEquals(0, thrown.getStackTrace().length);
  }

  @Test
  void aRaisedExceptionKeepsItsTrace() {
    assertKeepsItsTrace(Generator.of(StackTraceTest::lateLeaf));
  }

  @Test
  void anExceptionThatIsRaisedIntoADelegateKeepsItsTrace() {
    assertKeepsItsTrace(Generator.of(StackTraceTest::delegatorToLateLeaf));
  }

  @Test
  void anExceptionThatIsRaisedBeforeTheStartKeepsItsTrace() {
    Generator<Integer> g = Generator.of(StackTraceTest::lateLeaf);
    RuntimeException raised = new RuntimeException("raised");
    StackTraceElement[] before = raised.getStackTrace();
    assertRaised(g, raised);
    assertArrayEquals(before, raised.getStackTrace());
  }

  @Test
  void anExceptionThatABodyRaisesInAnotherKeepsItsTrace() {
    Generator<Integer> outer =
        Generator.of(
            co -> {
              assertKeepsItsTrace(Generator.of(StackTraceTest::delegatorToLateLeaf));
              co.yield(1);
            });
    assertEquals(1, outer.next());
  }

  @Test
  void aRaisedExceptionThatComesOutAStepLaterKeepsItsTrace() {
    assertKeepsItsTraceAStepLater();
  }

  @Test
  void anExceptionThatABodyRaisesInAnotherKeepsItsTraceAStepLater() {
    Generator<Integer> outer =
        Generator.of(
            co -> {
              assertKeepsItsTraceAStepLater();
              co.yield(1);
            });
    assertEquals(1, outer.next());
  }

  @Test
  void anExceptionThatReplacesARaisedOneShowsTheDelegators() {
    Generator<Integer> g = Generator.of(StackTraceTest::delegatorToReplacer);
    g.next();
    try {
      g.raise(new RuntimeException("raised"));
    } catch (IllegalArgumentException replacing) {
      assertTrace(replacing, "helper", "replacer", "delegatorToReplacer");
      return;
    }
    fail("nothing was thrown");
  }

  private static void assertKeepsItsTrace(Generator<Integer> g) {
    g.next();
    RuntimeException raised = new RuntimeException("raised");
    StackTraceElement[] before = raised.getStackTrace();
    assertRaised(g, raised);
    assertArrayEquals(before, raised.getStackTrace());
  }

  private static void assertRaised(Generator<Integer> g, RuntimeException raised) {
    try {
      g.raise(raised);
    } catch (RuntimeException thrown) {
      assertSame(raised, thrown);
      return;
    }
    fail("nothing was thrown");
  }

  private static void assertKeepsItsTraceAStepLater() {
    Generator<Integer> g = Generator.of(StackTraceTest::keeper);
    g.next();
    RuntimeException raised = new RuntimeException("raised");
    StackTraceElement[] before = raised.getStackTrace();
    assertEquals(2, g.raise(raised));
    assertSame(raised, step(g));
    assertArrayEquals(before, raised.getStackTrace());
  }

  // The limit

  @Test
  void aTraceHasAsManyLinesAsTheJvmWouldGiveIt() {
    StackTraceElement[] trace = failureBelow(600, co -> recurse(600)).getStackTrace();
    assertEquals(LIMIT, trace.length);
    assertEquals("recurse", trace[600].getMethodName());
    assertEquals("failureBelow", trace[LIMIT - 1].getMethodName());
  }

  @Test
  void aTraceOfManyDelegatorsHasAsManyLinesAsTheJvmWouldGiveIt() {
    Throwable thrown = failure(co -> delegate(300, co));
    assertTrue(thrown.getStackTrace().length <= LIMIT);
    assertEquals(301, count(thrown, "delegate"));
    assertNoEngine(thrown);
  }

  @Test
  void aTraceOfMoreDelegatorsThanItHasLinesShowsNoEngine() {
    Throwable thrown = failure(co -> delegate(LIMIT + 20, co));
    assertEquals(LIMIT, thrown.getStackTrace().length);
    assertNoEngine(thrown);
  }

  @Test
  void aTraceThatTheJvmHasCutShowsNoEngine() {
    for (int depth = LIMIT - 15; depth < LIMIT + 5; depth++) {
      int levels = depth;
      Throwable thrown = failure(co -> recurse(levels));
      assertTrue(thrown.getStackTrace().length <= LIMIT);
      assertNoEngine(thrown);
    }
  }

  private static Throwable failureBelow(int levels, GeneratorBody<Integer> body) {
    return levels == 0 ? failure(body) : failureBelow(levels - 1, body);
  }

  private static void recurse(int levels) {
    if (levels == 0) {
      throw new IllegalArgumentException("from the body");
    }
    recurse(levels - 1);
  }

  private static void delegate(int levels, Yielder<?, Integer> co) {
    if (levels == 0) {
      throw new IllegalArgumentException("from the body");
    }
    Generator<Integer> next = Generator.of(in -> delegate(levels - 1, in));
    co.yieldFrom(next);
  }

  private static long count(Throwable thrown, String method) {
    return names(thrown).stream().filter(method::equals).count();
  }

  // Bodies

  private static void helper() {
    throw new IllegalArgumentException("from the body");
  }

  private static void leaf(Yielder<?, Integer> co) {
    helper();
  }

  private static void lateLeaf(Yielder<?, Integer> co) {
    co.yield(1);
    helper();
  }

  private static void checkedLeaf(Yielder<?, Integer> co) throws IOException {
    throw new IOException("from the body");
  }

  private static void wrappingLeaf(Yielder<?, Integer> co) {
    try {
      helper();
    } catch (IllegalArgumentException cause) {
      throw new IllegalStateException("wrapped", cause);
    }
  }

  private static void replacer(Yielder<?, Integer> co) {
    try {
      co.yield(1);
    } catch (RuntimeException raised) {
      helper();
    }
  }

  private static void keeper(Yielder<?, Integer> co) {
    RuntimeException kept = null;
    try {
      co.yield(1);
    } catch (RuntimeException raised) {
      kept = raised;
    }
    co.yield(2);
    if (kept != null) {
      throw kept;
    }
  }

  private static void delegator(Yielder<?, Integer> co) {
    co.yieldFrom(Generator.<Integer>of(StackTraceTest::leaf));
  }

  private static void delegatorOfDelegator(Yielder<?, Integer> co) {
    co.yieldFrom(Generator.<Integer>of(StackTraceTest::delegator));
  }

  private static void delegatorToLateLeaf(Yielder<?, Integer> co) {
    co.yieldFrom(Generator.<Integer>of(StackTraceTest::lateLeaf));
  }

  private static void delegatorToReplacer(Yielder<?, Integer> co) {
    co.yieldFrom(Generator.<Integer>of(StackTraceTest::replacer));
  }

  private static void stepper(Yielder<?, Integer> co) {
    co.yield(Generator.<Integer>of(StackTraceTest::leaf).next());
  }

  private static void stepperOfStepper(Yielder<?, Integer> co) {
    co.yield(Generator.<Integer>of(StackTraceTest::stepper).next());
  }

  private static void stepperOfDelegator(Yielder<?, Integer> co) {
    co.yield(Generator.<Integer>of(StackTraceTest::delegator).next());
  }

  // Stepping and comparing

  /** What the first step of a body throws. */
  private static Throwable failure(GeneratorBody<Integer> body) {
    return step(Generator.of(body));
  }

  private static Throwable step(Generator<Integer> g) {
    try {
      g.advance();
    } catch (Throwable thrown) {
      return thrown;
    }
    return fail("nothing was thrown");
  }

  private static void stepElsewhere(Generator<Integer> g) {
    assertTrue(g.advance());
  }

  /** The lines of this class are exactly these methods, innermost first, and then the test. */
  private static void assertTrace(Throwable thrown, String... methods) {
    String test =
        StackWalker.getInstance()
            .walk(
                frames ->
                    frames
                        .map(StackWalker.StackFrame::getMethodName)
                        .filter(name -> !name.equals("assertTrace"))
                        .findFirst()
                        .orElseThrow());
    List<String> expected = new ArrayList<>(List.of(methods));
    expected.add(test);
    assertEquals(expected, names(thrown));
    assertNoEngine(thrown);
  }

  private static List<String> names(Throwable thrown) {
    return Arrays.stream(thrown.getStackTrace())
        .filter(frame -> frame.getClassName().equals(StackTraceTest.class.getName()))
        .map(StackTraceElement::getMethodName)
        .toList();
  }

  private static void assertNoEngine(Throwable thrown) {
    for (StackTraceElement frame : thrown.getStackTrace()) {
      String owner = frame.getClassName();
      if (owner.startsWith("io.fermata.internal.") || owner.startsWith("io.fermata.runtime.")) {
        fail("a line of the engine: " + frame, thrown);
      }
    }
  }

  private static final class Traceless extends RuntimeException {
    Traceless() {
      super("without a trace", null, true, false);
    }
  }
}
