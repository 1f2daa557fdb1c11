package io.fermata.runtime;

import static io.fermata.runtime.Scripted.beginning;
import static io.fermata.runtime.Scripted.body;
import static io.fermata.runtime.Scripted.catching;
import static io.fermata.runtime.Scripted.delegating;
import static io.fermata.runtime.Scripted.helper;
import static io.fermata.runtime.Scripted.returning;
import static io.fermata.runtime.Scripted.throwing;
import static io.fermata.runtime.Scripted.yielding;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.AlreadyRunningException;
import io.fermata.GeneratorExit;
import io.fermata.IgnoredExitException;
import io.fermata.NotPrimedException;
import io.fermata.State;
import io.fermata.StopIteration;
import io.fermata.WaitingValueException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The transitions of the table at {@link Frame#state}, one by one. */
class FrameStateTest {
  private static final int FIRST = 1;
  private static final int SECOND = 2;

  // From CREATED

  @Test
  void aNewFrameIsCreated() {
    Scripted frame = body(yielding(1));

    assertEquals(Frame.CREATED, frame.rawState());
    assertEquals(State.CREATED, frame.state());
    assertEquals(List.of(), frame.resumes);
  }

  @Test
  void createdBecomesThePlaceOfTheFirstYield() {
    Scripted frame = body(yielding("a"));

    assertTrue(frame.advance());

    assertEquals(FIRST, frame.rawState());
    assertEquals("a", frame.current());
    assertEquals(State.SUSPENDED, frame.state());
  }

  @Test
  void createdBecomesNeverRanByClose() {
    Scripted frame = body(yielding(1));

    frame.close();

    assertEquals(Frame.NEVER_RAN, frame.rawState());
    assertEquals(List.of(), frame.resumes);
    assertEquals(1, frame.ends);
  }

  @Test
  void createdBecomesNeverRanByRaise() {
    Scripted frame = body(yielding(1));
    IOException raised = new IOException();

    assertSame(raised, assertThrows(IOException.class, () -> frame.raise(raised)));

    assertEquals(Frame.NEVER_RAN, frame.rawState());
    assertEquals(List.of(), frame.resumes);
  }

  @Test
  void aValueSentTooEarlyLeavesItCreated() {
    Scripted frame = body(yielding(1));

    assertThrows(NotPrimedException.class, () -> frame.send("early"));

    assertEquals(Frame.CREATED, frame.rawState());
    assertEquals(List.of(), frame.resumes);
  }

  @Test
  void aResumeThatFailsToBeginLeavesTheState() {
    Unready frame = new Unready();

    assertThrows(IllegalStateException.class, frame::advance);

    assertEquals(Frame.CREATED, frame.state);
    frame.ready = true;
    assertTrue(frame.advance());
    assertEquals(1, frame.state);
  }

  // RUNNING

  @Test
  void aFrameIsRunningWhileItsBodyExecutes() {
    Scripted frame =
        body(
            (running, sent, raised) -> {
              assertEquals(Frame.RUNNING, running.rawState());
              assertEquals(State.RUNNING, running.state());
              assertThrows(AlreadyRunningException.class, running::advance);
              assertThrows(AlreadyRunningException.class, running::close);
              running.value = "done";
              return Frame.RETURNED;
            });

    assertFalse(frame.advance());

    assertEquals("done", frame.result());
  }

  @Test
  void runningBecomesEndedByReturn() {
    Scripted frame = body(returning("r"));

    assertEquals("r", assertThrows(StopIteration.class, frame::next).value());

    assertEquals(Frame.ENDED, frame.rawState());
    assertEquals(State.CLOSED, frame.state());
    assertEquals(1, frame.ends);
  }

  @Test
  void runningBecomesFailedByAnException() {
    IOException failure = new IOException();
    Scripted frame = body(throwing(failure));

    assertSame(failure, assertThrows(IOException.class, frame::advance));

    assertEquals(Frame.FAILED, frame.rawState());
    assertEquals(1, frame.ends);
    assertNull(frame.value);
  }

  @Test
  void runningBecomesExitedByAnExit() {
    Scripted frame = body(yielding(1));
    frame.advance();

    assertThrows(GeneratorExit.class, () -> frame.raise(new GeneratorExit()));

    assertEquals(Frame.EXITED, frame.rawState());
  }

  @Test
  void aStopIterationOfTheBodyIsAFailure() {
    StopIteration stop = new StopIteration();
    Scripted frame = body(throwing(stop));

    assertSame(stop, assertThrows(IllegalStateException.class, frame::advance).getCause());

    assertEquals(Frame.FAILED, frame.rawState());
  }

  // Suspended

  @Test
  void aRaiseDropsTheCurrentValueFirst() throws Exception {
    Object[] seen = {"nothing seen"};
    Scripted frame =
        body(
            yielding(1),
            (running, sent, raised) -> {
              seen[0] = running.value;
              running.value = 2;
              return Frame.YIELDED;
            });
    frame.advance();

    assertEquals(2, frame.raise(new IOException()));

    assertNull(seen[0]);
  }

  @Test
  void aPlaceBecomesTheNextPlace() {
    Scripted frame = body(yielding(1), yielding(2));
    frame.advance();

    assertEquals(2, frame.send("sent"));

    assertEquals(SECOND, frame.rawState());
    assertEquals(Arrays.asList(null, "sent"), frame.resumes);
  }

  @Test
  void aPlaceBecomesEndedWhenTheBodyCatchesTheExit() {
    Scripted frame =
        body(
            yielding(1),
            (running, sent, raised) -> {
              running.value = "caught";
              return Frame.RETURNED;
            });
    frame.advance();

    frame.close();

    assertEquals(Frame.ENDED, frame.rawState());
    assertEquals("caught", frame.result());
  }

  @Test
  void anIgnoredExitLeavesItSuspended() {
    Scripted frame = body(yielding(1), catching(2), yielding(3));
    frame.advance();

    assertThrows(IgnoredExitException.class, frame::close);

    assertEquals(SECOND, frame.rawState());
    assertNull(frame.current());
    frame.close();
    assertEquals(Frame.EXITED, frame.rawState());
  }

  @Test
  void aFailureOfTheDriverEndsTheRoot() {
    Scripted frame =
        body(
            (running, sent, raised) -> {
              running.value = null; // no target
              return Frame.DELEGATED;
            });

    assertThrows(NullPointerException.class, frame::advance);

    assertEquals(Frame.FAILED, frame.rawState());
    assertEquals(1, frame.ends);
  }

  // LINKED

  @Test
  void aDelegationLinksBoth() {
    Scripted inner = body(yielding("inner"));
    Scripted outer = body(delegating(inner));

    assertEquals("inner", outer.next());

    assertEquals(FIRST | Frame.LINKED, outer.rawState());
    assertEquals(FIRST | Frame.LINKED, inner.rawState());
    assertSame(inner, outer.delegate());
  }

  @Test
  void theEndOfADelegationUnlinksTheRoot() {
    Scripted inner = body(yielding("inner"), returning("r"));
    Scripted outer = body(delegating(inner), yielding("outer"), yielding("more"));
    outer.next();

    assertEquals("outer", outer.next());

    assertNull(outer.delegate);
    assertEquals(SECOND, outer.rawState());
    assertEquals(Frame.ENDED, inner.rawState());
    assertNull(inner.token);
    assertEquals("r", outer.resumes.get(1));
  }

  @Test
  void aStepOfItsOwnUnlinksADelegate() {
    Scripted inner = body(yielding(1), yielding(2));
    Scripted outer = body(delegating(inner));
    outer.next();

    assertEquals(2, inner.next());

    assertEquals(SECOND, inner.rawState());
    assertNull(inner.token);
  }

  @Test
  void aBodyThatKeepsItsStateIsUnlinkedToo() {
    Unready inner = new Unready();
    inner.ready = true;
    Scripted outer = body(delegating(inner));
    outer.next();
    assertEquals(FIRST | Frame.LINKED, inner.state);

    assertEquals("ready", inner.next());

    assertEquals(FIRST, inner.state);
  }

  @Test
  void aDelegateRunsWhileItsRootIsStepped() {
    Scripted outer =
        body(
            (running, sent, raised) -> {
              running.value =
                  body(
                      yielding(1),
                      (inner, innerSent, innerRaised) -> {
                        assertThrows(AlreadyRunningException.class, running::advance);
                        assertEquals(State.RUNNING, running.state());
                        inner.value = null;
                        return Frame.RETURNED;
                      });
              return Frame.DELEGATED;
            },
            returning(null));
    outer.next();

    assertFalse(outer.advance());
  }

  // HAS_YIELDED, HAS_DELEGATED

  @Test
  void aHelperThatYieldsAtOnceKeepsThatForItsDriver() {
    Scripted helper = helper(yielding("h"), returning("r"));
    int[] seen = new int[1];
    Scripted outer =
        body(
            (running, sent, raised) -> {
              assertFalse(running.begin(helper));
              seen[0] = helper.rawState();
              running.value = helper;
              return Frame.DELEGATED;
            },
            Scripted.echoing());

    assertEquals("h", outer.next());

    assertEquals(FIRST | Frame.HAS_YIELDED, seen[0]);
    assertEquals(FIRST | Frame.LINKED, helper.rawState());
    assertEquals(1, helper.resumes.size());
    assertEquals("r", assertThrows(StopIteration.class, outer::next).value());
  }

  @Test
  void aHelperThatDelegatesAtOnceKeepsThatForItsDriver() {
    Scripted inner = body(yielding("i"));
    Scripted helper = helper(delegating(inner));
    int[] seen = new int[1];
    Scripted outer =
        body(
            (running, sent, raised) -> {
              assertFalse(running.begin(helper));
              seen[0] = helper.rawState();
              running.value = helper;
              return Frame.DELEGATED;
            });

    assertEquals("i", outer.next());

    assertEquals(FIRST | Frame.HAS_DELEGATED, seen[0]);
    assertEquals(FIRST | Frame.LINKED, helper.rawState());
    assertEquals(1, helper.resumes.size());
  }

  @Test
  void aHelperThatReturnsAtOnceIsNoDelegate() {
    Scripted helper = helper(returning("r"));
    Scripted outer = body(beginning(helper));

    assertEquals("r", assertThrows(StopIteration.class, outer::next).value());

    assertNull(outer.driver);
  }

  @Test
  void aGeneratorThatReturnsAtOnceHasEnded() {
    Scripted inner = body(returning("r"));
    Scripted outer = body(beginning(inner));

    assertEquals("r", assertThrows(StopIteration.class, outer::next).value());

    assertEquals(Frame.ENDED, inner.rawState());
    assertEquals(1, inner.ends);
    assertNull(outer.driver);
  }

  @Test
  void aGeneratorThatYieldsAtOnceBecomesADelegate() {
    Scripted inner = body(yielding("y"), returning("r"));
    Scripted outer = body(beginning(inner), Scripted.echoing());

    assertEquals("y", outer.next());

    assertEquals(1, inner.resumes.size());
    assertSame(inner, outer.delegate());
    assertEquals("r", assertThrows(StopIteration.class, outer::next).value());
  }

  @Test
  void aGeneratorThatFailsAtOnceHasFailed() {
    IOException failure = new IOException();
    Scripted inner = body(throwing(failure));
    Scripted outer = body(beginning(inner));

    assertSame(failure, assertThrows(IOException.class, outer::next));

    assertEquals(Frame.FAILED, inner.rawState());
    assertEquals(Frame.FAILED, outer.rawState());
  }

  @Test
  void startsOnTheStackAreNoDeeperThanTheLimit() {
    int depth = 200;
    int[] deepest = new int[1];
    Scripted outer = nested(depth, deepest);

    assertEquals("bottom", outer.next());

    assertTrue(deepest[0] < 64 * 6, "lines of nested starts: " + deepest[0]);
  }

  /** Helpers in helpers; the innermost one counts the lines on the stack. */
  private static Scripted nested(int depth, int[] lines) {
    return helperOrBody(depth, lines, false);
  }

  private static Scripted helperOrBody(int depth, int[] lines, boolean isHelper) {
    Scripted.Part part =
        (running, sent, raised) -> {
          if (depth == 0) {
            StackTraceElement[] here = new Throwable().getStackTrace();
            lines[0] =
                (int)
                    Arrays.stream(here)
                        .filter(line -> line.getClassName().startsWith("io.fermata.runtime."))
                        .count();
            running.value = "bottom";
            return Frame.YIELDED;
          }
          Scripted next = helperOrBody(depth - 1, lines, true);
          assertFalse(running.begin(next));
          running.value = next;
          return Frame.DELEGATED;
        };
    return isHelper ? helper(part) : body(part);
  }

  // hasNext()

  @Test
  void aFetchedValueWaits() {
    Scripted frame = body(yielding("a"), yielding("b"));

    assertTrue(frame.hasNext());
    assertTrue(frame.hasNext());

    assertTrue(frame.isPeeked());
    assertEquals(1, frame.resumes.size());
    assertEquals("a", frame.next());
    assertFalse(frame.isPeeked());
    assertEquals("b", frame.next());
  }

  @Test
  void advanceTakesAFetchedValue() {
    Scripted frame = body(yielding("a"));
    assertTrue(frame.hasNext());

    assertTrue(frame.advance());

    assertEquals(1, frame.resumes.size());
    assertEquals("a", frame.current());
  }

  @Test
  void aFetchedValueRefusesInput() {
    Scripted frame = body(yielding("a"));
    assertTrue(frame.hasNext());

    assertThrows(WaitingValueException.class, () -> frame.send("x"));
    assertThrows(WaitingValueException.class, () -> frame.advance("x"));
    assertThrows(WaitingValueException.class, () -> frame.raise(new IOException()));

    assertEquals("a", frame.next());
  }

  @Test
  void closeDropsAFetchedValue() {
    Scripted frame = body(yielding("a"));
    assertTrue(frame.hasNext());

    frame.close();

    assertFalse(frame.isPeeked());
    assertEquals(Frame.EXITED, frame.rawState());
  }

  @Test
  void anEndFoundByLookingIsUnread() {
    Scripted frame = body(returning("r"));

    assertFalse(frame.hasNext());

    assertEquals(Frame.ENDED_UNREAD, frame.rawState());
    assertEquals("r", assertThrows(StopIteration.class, frame::next).value());
    assertEquals(Frame.ENDED, frame.rawState());
    assertNull(assertThrows(StopIteration.class, frame::next).value());
    assertEquals("r", frame.result());
  }

  @Test
  void aDelegatorReadsAnUnreadEnd() {
    Scripted inner = body(returning("r"));
    assertFalse(inner.hasNext());
    Scripted outer = body(delegating(inner), Scripted.echoing());

    assertEquals("r", assertThrows(StopIteration.class, outer::next).value());

    assertEquals(Frame.ENDED, inner.rawState());
  }

  // Results and current values

  @Test
  void eachEndSaysWhyThereIsNoResult() {
    Scripted failed = body(throwing(new IOException()));
    assertThrows(IOException.class, failed::advance);
    Scripted exited = body(yielding(1));
    exited.advance();
    exited.close();
    Scripted neverRan = body(yielding(1));
    neverRan.close();

    assertTrue(noResult(failed).contains("its body failed"));
    assertTrue(noResult(exited).contains("it was closed, and its body returned nothing"));
    assertTrue(noResult(neverRan).contains("before its first step"));
    assertTrue(noResult(body(yielding(1))).contains("its body has not ended"));
  }

  private static String noResult(Scripted frame) {
    return assertThrows(IllegalStateException.class, frame::result).getMessage();
  }

  @Test
  void thereIsNoCurrentValueBeforeTheFirstStepAndAfterTheEnd() {
    Scripted frame = body(returning("r"));

    assertThrows(IllegalStateException.class, frame::current);
    frame.advance();
    assertThrows(IllegalStateException.class, frame::current);
  }
}
