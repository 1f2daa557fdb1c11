package io.fermata.runtime;

import static io.fermata.runtime.Scripted.body;
import static io.fermata.runtime.Scripted.catching;
import static io.fermata.runtime.Scripted.delegating;
import static io.fermata.runtime.Scripted.echoing;
import static io.fermata.runtime.Scripted.helper;
import static io.fermata.runtime.Scripted.returning;
import static io.fermata.runtime.Scripted.throwing;
import static io.fermata.runtime.Scripted.yielding;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.AlreadyRunningException;
import io.fermata.GeneratorExit;
import io.fermata.IgnoredExitException;
import io.fermata.StopIteration;
import io.fermata.WaitingValueException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What reaches which frame of a delegation, and what comes back. */
class DriverTest {
  private final IOException raised = new IOException("raised");

  // Values

  @Test
  void aYieldReachesTheRoot() {
    Scripted root = body(delegating(body(delegating(body(yielding("deep"))))));

    assertEquals("deep", root.next());
  }

  @Test
  void aStepResumesTheInnermostFrameAlone() {
    Scripted inner = body(yielding(1), yielding(2));
    Scripted middle = body(delegating(inner));
    Scripted root = body(delegating(middle));
    root.next();

    assertEquals(2, root.next());

    assertEquals(2, inner.resumes.size());
    assertEquals(1, middle.resumes.size());
    assertEquals(1, root.resumes.size());
  }

  @Test
  void aSentValueReachesTheInnermostFrame() {
    Scripted inner = body(yielding(1), yielding(2));
    Scripted root = body(delegating(inner));
    root.next();

    root.send("sent");

    assertEquals(Arrays.asList(null, "sent"), inner.resumes);
  }

  @Test
  void aSentValueIsDroppedBeforeAGeneratorWithoutInput() {
    List<Object> received = new ArrayList<>();
    Scripted root = body(delegating(new Counter(received)));
    root.next();

    root.send("sent");

    assertEquals(Arrays.asList(null, null), received);
  }

  @Test
  void aHelperIsPartOfItsBodyAndTakesInput() {
    Scripted helper = helper(yielding(1), echoing());
    Scripted root = body(delegating(helper), echoing());
    root.next();

    assertEquals("sent", assertThrows(StopIteration.class, () -> root.send("sent")).value());
  }

  @Test
  void aResultGoesToTheDelegator() {
    Scripted root = body(delegating(body(yielding(1), returning("r"))), echoing());
    root.next();

    assertEquals("r", assertThrows(StopIteration.class, root::next).value());
  }

  @Test
  void aSentValueIsNoResultOfTheDelegation() {
    Scripted root = body(delegating(body(yielding(1), returning(null))), echoing());
    root.next();

    assertNull(assertThrows(StopIteration.class, () -> root.send("sent")).value());
  }

  @Test
  void nothingSentIsHeldBetweenSteps() throws Exception {
    Scripted root = body(delegating(body(yielding(1), catching(2))));
    root.next();

    root.raise(raised);

    for (String register : List.of("sent", "raised", "raisedByCaller", "unhandled", "thrown")) {
      var field = Driver.class.getDeclaredField(register);
      field.setAccessible(true);
      assertNull(field.get(root.driver), register);
    }
  }

  @Test
  void theStackDoesNotGrowWithTheDepth() {
    int[] lines = new int[2];
    Scripted shallow = body(delegating(measuring(lines, 0)));
    Scripted deep = body(delegating(measuring(lines, 1)));
    for (int i = 0; i < 1000; i++) {
      deep = body(delegating(deep));
    }

    shallow.next();
    deep.next();

    assertEquals(lines[0], lines[1]);
  }

  private static Scripted measuring(int[] lines, int index) {
    return body(
        (running, sent, exception) -> {
          lines[index] = new Throwable().getStackTrace().length;
          running.value = "measured";
          return Frame.YIELDED;
        });
  }

  // Exceptions

  @Test
  void aRaisedExceptionReachesTheInnermostFrame() throws Exception {
    Scripted inner = body(yielding(1), catching("caught"));
    Scripted root = body(delegating(inner));
    root.next();

    assertEquals("caught", root.raise(raised));

    assertSame(raised, inner.resumes.get(1));
    assertEquals(1, root.resumes.size());
  }

  @Test
  void aFailureGoesUpLevelByLevel() {
    Scripted inner = body(yielding(1), throwing(raised));
    Scripted middle = body(delegating(inner));
    Scripted root = body(delegating(middle), catching("caught"));
    root.next();

    assertEquals("caught", root.next());

    assertSame(raised, middle.resumes.get(1));
    assertSame(raised, root.resumes.get(1));
    assertEquals(Frame.FAILED, inner.rawState());
    assertEquals(Frame.FAILED, middle.rawState());
  }

  @Test
  void aFailureKeepsTheRaisedExceptionAsSuppressed() {
    IOException second = new IOException("second");
    Scripted root = body(delegating(body(yielding(1), throwing(second))));
    root.next();

    assertSame(second, assertThrows(IOException.class, () -> root.raise(raised)));

    assertEquals(List.of(raised), List.of(second.getSuppressed()));
  }

  @Test
  void aHandledExceptionIsNotSuppressedLater() {
    IOException second = new IOException("second");
    Scripted inner =
        body(
            yielding(1),
            (running, sent, exception) -> {
              running.value = "handled";
              return Frame.RETURNED;
            });
    Scripted root = body(delegating(inner), throwing(second));
    root.next();

    assertSame(second, assertThrows(IOException.class, () -> root.raise(raised)));

    assertEquals(0, second.getSuppressed().length);
  }

  @Test
  void aHelpersReturnDoesNotHandleTheException() {
    IOException second = new IOException("second");
    Scripted inner =
        helper(
            yielding(1),
            (running, sent, exception) -> {
              running.value = "handled";
              return Frame.RETURNED;
            });
    Scripted root = body(delegating(inner), throwing(second));
    root.next();

    assertSame(second, assertThrows(IOException.class, () -> root.raise(raised)));

    assertEquals(List.of(raised), List.of(second.getSuppressed()));
  }

  @Test
  void aDelegateThatCannotBeginStaysAsItWas() {
    Unready inner = new Unready();
    Scripted root = body(delegating(inner), catching("caught"));

    assertEquals("caught", root.next());

    assertInstanceOf(IllegalStateException.class, root.resumes.get(1));
    assertEquals(Frame.CREATED, inner.state);
    inner.ready = true;
    assertEquals("ready", inner.next());
  }

  // Closing

  @Test
  void closingEndsTheInnermostFirst() {
    Scripted inner = body(yielding(1));
    Scripted middle = body(delegating(inner));
    Scripted root = body(delegating(middle));
    root.next();

    root.close();

    assertInstanceOf(GeneratorExit.class, inner.resumes.get(1));
    assertInstanceOf(GeneratorExit.class, middle.resumes.get(1));
    assertInstanceOf(GeneratorExit.class, root.resumes.get(1));
    assertEquals(Frame.EXITED, inner.rawState());
    assertEquals(Frame.EXITED, middle.rawState());
    assertEquals(Frame.EXITED, root.rawState());
    assertNull(root.delegate);
  }

  @Test
  void aFailureWhileClosingIsRaisedInTheDelegator() {
    Scripted inner = body(yielding(1), throwing(raised));
    Scripted root = body(delegating(inner), catching("caught"));
    root.next();

    assertThrows(IgnoredExitException.class, root::close);

    assertSame(raised, root.resumes.get(1));
  }

  @Test
  void aYieldWhileClosingIsRaisedInTheDelegator() {
    Scripted inner = body(yielding(1), catching(2));
    Scripted root = body(delegating(inner));
    root.next();

    assertThrows(IgnoredExitException.class, root::close);

    assertInstanceOf(IgnoredExitException.class, root.resumes.get(1));
    assertEquals(2 | Frame.LINKED, inner.rawState());
  }

  // Frames that are stepped by others too

  @Test
  void aDelegateSteppedDirectlyIsStillFollowed() {
    Scripted inner = body(yielding(1), yielding(2), yielding(3));
    Scripted root = body(delegating(inner));
    root.next();

    assertEquals(2, inner.next());
    assertEquals(3, root.next());
  }

  @Test
  void aNewDelegateOfADelegateIsFollowed() {
    Scripted deepest = body(yielding("deep"), yielding("deeper"));
    Scripted inner = body(yielding(1), delegating(deepest));
    Scripted root = body(delegating(inner));
    root.next();
    assertEquals("deep", inner.next());

    assertEquals("deeper", root.next());

    assertEquals(2, inner.resumes.size());
  }

  @Test
  void aDelegateEndedByAnotherGivesNull() {
    Scripted inner = body(yielding(1), returning("r"));
    Scripted root = body(delegating(inner), echoing());
    root.next();
    assertFalse(inner.advance());

    assertNull(assertThrows(StopIteration.class, root::next).value());
  }

  @Test
  void aWaitingValueOfADelegateComesFirst() {
    Scripted inner = body(yielding(1), yielding(2), yielding(3));
    Scripted root = body(delegating(inner));
    root.next();
    assertTrue(inner.hasNext());

    assertEquals(2, root.next());
    assertEquals(3, root.next());
  }

  @Test
  void aWaitingValueOfADelegateRefusesInput() {
    Scripted inner = body(yielding(1), yielding(2));
    Scripted root = body(delegating(inner));
    root.next();
    assertTrue(inner.hasNext());

    assertThrows(WaitingValueException.class, () -> root.send("sent"));

    assertTrue(inner.isPeeked());
    assertInstanceOf(WaitingValueException.class, root.resumes.get(1));
  }

  @Test
  void closingDropsTheWaitingValueOfADelegate() {
    Scripted inner = body(yielding(1), yielding(2));
    Scripted root = body(delegating(inner));
    root.next();
    assertTrue(inner.hasNext());

    root.close();

    assertFalse(inner.isPeeked());
    assertEquals(Frame.EXITED, inner.rawState());
  }

  @Test
  void aFrameCannotDelegateToItself() {
    Scripted[] self = new Scripted[1];
    self[0] =
        body(
            (running, sent, exception) -> {
              running.value = running;
              return Frame.DELEGATED;
            });

    assertThrows(AlreadyRunningException.class, self[0]::next);
  }

  @Test
  void aDelegateThatRunsIsRefused() {
    Scripted other = body(yielding(1));
    other.state = Frame.RUNNING;
    Scripted root = body(delegating(other), catching("refused"));

    assertEquals("refused", root.next());

    assertInstanceOf(AlreadyRunningException.class, root.resumes.get(1));
    assertEquals(Frame.RUNNING, other.state);
  }

  @Test
  void twoRootsTakeTurnsWithOneDelegate() {
    Scripted inner = body(yielding(1), yielding(2), yielding(3), yielding(4));
    Scripted first = body(delegating(inner));
    Scripted second = body(delegating(inner));

    assertEquals(1, first.next());
    assertEquals(2, second.next());
    assertEquals(3, first.next());
    assertEquals(4, second.next());
  }

  /** A generator that takes no input, and records what it is given. */
  private static final class Counter extends GeneratorFrame<Object> {
    private final List<Object> received;

    Counter(List<Object> received) {
      this.received = received;
    }

    @Override
    protected int resume(Object sent, Throwable exception) {
      received.add(sent);
      value = received.size();
      state = 1;
      return YIELDED;
    }

    @Override
    protected Inspection inspect() {
      return BodySite.unknown(getClass()).at(state);
    }

    @Override
    protected void ended() {}
  }
}
