package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.AlreadyRunningException;
import io.fermata.Coroutine;
import io.fermata.State;
import io.fermata.StopIteration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One delegate of two delegators, and chains that have changed since their last step. */
final class DelegationSharingTest {
  private static Coroutine<Object, String, String> counter(String name, int count) {
    return Coroutine.of(
        co -> {
          for (int i = 1; i <= count; i++) {
            Object sent = co.yield(name + i);
            if (sent != null) {
              return "sent " + sent;
            }
          }
          return name;
        });
  }

  @EngineTest
  @Conforms({"Y-009", "Y-007"})
  void twoMayDelegateToOneAndEachItemGoesToWhoeverAsks() {
    Coroutine<Object, String, String> shared = counter("s", 4);
    Coroutine<Object, String, Object> one = Coroutine.of(co -> co.yieldFrom(shared));
    Coroutine<Object, String, Object> middle = Coroutine.of(co -> co.yieldFrom(shared));
    Coroutine<Object, String, Object> two = Coroutine.of(co -> co.yieldFrom(middle));
    assertEquals("s1", one.next());
    assertEquals("s2", two.next());
    assertSame(shared, one.delegate());
    assertSame(shared, middle.delegate());
    assertEquals("s3", one.next());
    assertEquals("s4", two.next());
    assertEquals("s", assertThrows(StopIteration.class, one::next).value());
    assertNull(assertThrows(StopIteration.class, two::next).value());
    assertEquals(State.CLOSED, two.state());
  }

  @EngineTest
  @Conforms("Y-026")
  void closingOneDelegatorEndsTheDelegateOfTheOther() {
    Coroutine<Object, String, String> shared = counter("s", 4);
    Coroutine<Object, String, Object> one = Coroutine.of(co -> co.yieldFrom(shared));
    Coroutine<Object, String, Object> two = Coroutine.of(co -> co.yieldFrom(shared));
    one.next();
    two.next();
    one.close();
    assertEquals(State.CLOSED, shared.state());
    assertEquals(State.SUSPENDED, two.state());
    assertNull(assertThrows(StopIteration.class, two::next).value());
  }

  @EngineTest
  @Conforms({"Y-043", "Y-009"})
  void delegatingToWhatRunsElsewhereIsBusyAndHarmsNobody() {
    List<Coroutine<Object, String, Object>> second = new ArrayList<>();
    Coroutine<Object, String, Object> shared =
        Coroutine.of(
            co -> {
              co.yield("before");
              assertThrows(AlreadyRunningException.class, second.get(0)::next);
              return co.yield("after");
            });
    Coroutine<Object, String, Object> first = Coroutine.of(co -> co.yieldFrom(shared));
    second.add(Coroutine.of(co -> co.yieldFrom(shared)));
    assertEquals("before", first.next());
    assertEquals("after", first.next());
    assertEquals(State.CLOSED, second.get(0).state());
    assertEquals(State.SUSPENDED, shared.state());
  }

  @EngineTest
  @Conforms({"Y-044", "Y-045"})
  void aMiddleThatHasMovedToAnotherDelegateIsFollowedThere() {
    for (int steps = 1; steps <= 3; steps++) {
      Coroutine<Object, String, String> first = counter("a", 2);
      Coroutine<Object, String, String> second = counter("b", 5);
      Coroutine<Object, String, Object> middle =
          Coroutine.of(co -> Arrays.asList(co.yieldFrom(first), co.yieldFrom(second)));
      Coroutine<Object, String, Object> outer = Coroutine.of(co -> co.yieldFrom(middle));
      List<String> expected = List.of("a1", "a2", "b1", "b2", "b3", "b4");
      assertEquals(expected.get(0), outer.next());
      for (int i = 1; i <= steps; i++) {
        assertEquals(expected.get(i), middle.next());
      }
      assertEquals(expected.get(steps + 1), outer.next());
      assertSame(second, middle.delegate());
      Object result = assertThrows(StopIteration.class, () -> outer.send("x")).value();
      assertEquals(List.of("a", "sent x"), result);
    }
  }

  @EngineTest
  @Conforms({"Y-007", "Y-045"})
  void aMiddleWhoseDelegateWasClosedMovesOnInTheNextStep() {
    Coroutine<Object, String, String> first = counter("a", 2);
    Coroutine<Object, String, Object> middle =
        Coroutine.of(co -> Arrays.asList(co.yieldFrom(first), co.yieldFrom(counter("b", 1))));
    Coroutine<Object, String, Object> outer = Coroutine.of(co -> co.yieldFrom(middle));
    outer.next();
    first.close();
    assertEquals("b1", outer.next());
    Object result = assertThrows(StopIteration.class, outer::next).value();
    assertEquals(Arrays.asList(null, "b"), result);
  }

  @EngineTest
  @Conforms("Y-045")
  void aLeafThatHasBegunToDelegateInAnOutsidersStepIsFollowedThere() {
    Coroutine<Object, String, String> below = counter("below", 3);
    Coroutine<Object, String, Object> leaf =
        Coroutine.of(
            co -> {
              co.yield("leaf");
              return co.yieldFrom(below);
            });
    Coroutine<Object, String, Object> outer = Coroutine.of(co -> co.yieldFrom(leaf));
    assertEquals("leaf", outer.next());
    assertEquals("below1", leaf.next());
    assertEquals("below2", outer.next());
    assertEquals("sent x", assertThrows(StopIteration.class, () -> outer.send("x")).value());
  }
}
