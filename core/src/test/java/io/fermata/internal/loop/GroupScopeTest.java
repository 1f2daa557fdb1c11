package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupScopeTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final Group group = new Group();
  private final List<LoopPromise<String>> promises = new ArrayList<>();
  private final List<LoopTask<String>> members = new ArrayList<>();
  private GroupScope scope;

  @AfterEach
  void close() {
    stepped.close();
  }

  /** A task that enters the group, starts members, and waits for them. */
  private LoopTask<Object> entered(int size) {
    for (int i = 0; i < size; i++) {
      promises.add(stepped.promise());
    }
    LoopTask<Object> task =
        stepped.start(
            Scripted.of(
                sent -> {
                  scope = group.enter();
                  promises.forEach(each -> members.add(member(each.toAsync())));
                  return scope;
                },
                sent -> {
                  scope.close();
                  scope.leave();
                  return "over";
                }));
    stepped.settle();
    return task;
  }

  private LoopTask<String> member(Async<String> async) {
    return (LoopTask<String>) group.starting().start(async);
  }

  @Test
  void theWaitPassesWithoutMembers() throws Exception {
    LoopTask<Object> task = entered(0);
    assertEquals("over", task.result());
    assertFalse(scope.hasMembers());
  }

  @Test
  void theWaitEndsWithTheLastMember() throws Exception {
    LoopTask<Object> task = entered(3);
    promises.get(1).setResult("value");
    stepped.settle();
    assertEquals(List.of(members.get(0), members.get(2)), group.tasks());
    assertFalse(task.done());
    promises.get(2).setResult("value");
    promises.get(0).setResult("value");
    stepped.settle();
    assertEquals("over", task.result());
    assertEquals(List.of(), scope.failures);
  }

  @Test
  void membersAreSeenInOrderOfTheirStart() {
    entered(3);
    assertTrue(scope.hasMembers());
    assertEquals(members, group.tasks());
    promises.forEach(each -> each.setResult("value"));
  }

  @Test
  void aMemberThatEndedIsSeenARoundLater() {
    entered(1);
    promises.get(0).setResult("value");
    stepped.round();
    assertTrue(members.get(0).done());
    assertTrue(scope.hasMembers());
    assertEquals(List.of(), group.tasks());
    stepped.round();
    assertFalse(scope.hasMembers());
  }

  @Test
  void aFailedMemberCancelsTheOthers() {
    LoopTask<Object> task = entered(3);
    IOException failure = new IOException("broken");
    promises.get(1).setException(failure);
    stepped.settle();
    assertEquals(List.of(failure), scope.failures);
    assertTrue(promises.get(0).cancelled());
    assertTrue(promises.get(2).cancelled());
    String reason = scope.cancelled.reason();
    assertEquals(
        members.get(1).name() + " of the task group failed: java.io.IOException: broken", reason);
    assertTrue(task.done());
    assertTrue(members.get(0).cancelled());
    assertFalse(members.get(1).isUnretrieved());
  }

  @Test
  void failuresOfOneRoundAreListedInOrderOfEnding() {
    entered(3);
    IOException one = new IOException("one");
    IOException two = new IOException("two");
    promises.get(2).setException(one);
    promises.get(0).setException(two);
    stepped.settle();
    assertEquals(List.of(one, two), scope.failures);
  }

  @Test
  void aCancelledMemberIsNoFailure() throws Exception {
    LoopTask<Object> task = entered(2);
    members.get(0).cancel("enough");
    stepped.settle();
    assertEquals(List.of(), scope.failures);
    assertNull(scope.cancelled);
    promises.get(1).setResult("value");
    stepped.settle();
    assertEquals("over", task.result());
  }

  @Test
  void aCancellationFromOutsideEndsTheMembersAndTheWaitGoesOn() throws Exception {
    LoopTask<Object> task = entered(2);
    assertTrue(task.cancel("enough"));
    assertTrue(promises.get(0).cancelled());
    assertTrue(promises.get(1).cancelled());
    assertEquals("enough", scope.interruption.reason());
    stepped.settle();
    assertEquals("over", task.result());
  }

  @Test
  void itsOwnCancellationIsNoInterruption() {
    entered(1);
    group.cancel("enough");
    assertNull(scope.interruption);
    assertTrue(promises.get(0).cancelled());
    assertEquals("enough", scope.cancelled.reason());
  }

  @Test
  void aScopeThatDoesNotWaitIsNotUndone() {
    entered(0);
    assertFalse(scope.undo(null, new Cancelled(null)));
  }

  @Test
  void aFinishedGroupTakesNoTask() {
    LoopTask<Object> task = entered(0);
    assertTrue(task.done());
    var refused =
        assertThrows(
            IllegalStateException.class, () -> member(stepped.<String>promise().toAsync()));
    assertEquals("cannot start a task: the task group has finished", refused.getMessage());
    group.cancel("late");
    assertNull(scope.cancelled);
    assertEquals("task group (finished)", group.toString());
  }

  @Test
  void aGroupThatWasNotEnteredTakesNoTask() {
    assertThrows(IllegalStateException.class, () -> member(stepped.<String>promise().toAsync()));
    group.cancel("early");
    assertEquals(List.of(), group.tasks());
    assertEquals("task group (not entered)", group.toString());
  }

  @Test
  void aCancelledGroupTakesNoTask() {
    entered(1);
    group.cancel("enough");
    var refused =
        assertThrows(
            IllegalStateException.class, () -> member(stepped.<String>promise().toAsync()));
    assertEquals(
        "cannot start a task: the task group is shutting down: enough", refused.getMessage());
    assertEquals("task group (active)", group.toString());
  }

  @Test
  void aMemberIsInTheScopeOfItsGroup() {
    entered(1);
    assertSame(scope, members.get(0).group());
    assertSame(scope, members.get(0).scope);
    assertEquals("the tasks of a group", scope.toString());
    promises.get(0).setResult("value");
  }
}
