package io.fermata.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimersTest {
  private final Timers timers = new Timers();

  private static final class Alarm extends Timer {
    private final String name;

    Alarm(String name) {
      this.name = name;
    }

    @Override
    public void run() {}

    @Override
    public String toString() {
      return name;
    }
  }

  private Alarm add(String name, long when) {
    Alarm alarm = new Alarm(name);
    timers.add(alarm, when);
    return alarm;
  }

  private List<Timer> takeAll() {
    List<Timer> taken = new ArrayList<>();
    for (Timer first = timers.first(); first != null; first = timers.first()) {
      timers.remove(first);
      taken.add(first);
    }
    return taken;
  }

  @Test
  void theEarliestIsFirst() {
    Alarm late = add("late", 30);
    Alarm early = add("early", 10);
    Alarm middle = add("middle", 20);
    assertEquals(List.of(early, middle, late), takeAll());
  }

  @Test
  void timersOfOneTimeComeInOrderOfScheduling() {
    List<Timer> added = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      added.add(add("same" + i, 7));
    }
    assertEquals(added, takeAll());
  }

  @Test
  void anEmptyHeapHasNoFirst() {
    assertNull(timers.first());
  }

  @Test
  void aTimerKnowsItsTimeAndWhetherItIsScheduled() {
    Alarm alarm = new Alarm("alarm");
    assertFalse(alarm.isScheduled());
    timers.add(alarm, 42);
    assertTrue(alarm.isScheduled());
    assertEquals(42, alarm.whenDue());
    timers.remove(alarm);
    assertFalse(alarm.isScheduled());
    assertEquals(42, alarm.whenDue());
  }

  @Test
  void aScheduledTimerCannotBeAddedAgain() {
    Alarm alarm = add("alarm", 5);
    var refused = assertThrows(IllegalStateException.class, () -> timers.add(alarm, 6));
    assertEquals("alarm is scheduled already", refused.getMessage());
    assertEquals(5, alarm.whenDue());
    assertEquals(List.of(alarm), takeAll());
  }

  @Test
  void aRemovedTimerCanBeAddedAgain() {
    Alarm alarm = add("alarm", 5);
    Alarm other = add("other", 6);
    timers.remove(alarm);
    timers.add(alarm, 6);
    assertEquals(List.of(other, alarm), takeAll());
  }

  @Test
  void removingATimerTwiceDoesNothing() {
    Alarm alarm = add("alarm", 5);
    Alarm other = add("other", 6);
    timers.remove(alarm);
    timers.remove(alarm);
    assertSame(other, timers.first());
    assertEquals(List.of(other), takeAll());
  }

  @Test
  void timesMayPassTheLargestNumber() {
    Alarm beyond = add("beyond", Long.MAX_VALUE + 5);
    Alarm before = add("before", Long.MAX_VALUE - 5);
    assertEquals(List.of(before, beyond), takeAll());
  }

  @Test
  void aRemovedTimerIsNotHeld() throws ReflectiveOperationException {
    Alarm first = add("first", 1);
    Alarm second = add("second", 2);
    timers.remove(first);
    timers.remove(second);
    var heap = Timers.class.getDeclaredField("heap");
    heap.setAccessible(true);
    for (Object held : (Object[]) heap.get(timers)) {
      assertNull(held);
    }
  }

  /** Against a list sorted by time, where equal times keep their order. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aHeapIsASortedList(long seed) {
    Random random = new Random(seed);
    List<Timer> model = new ArrayList<>();
    List<Timer> idle = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      idle.add(new Alarm("#" + i));
    }
    for (int step = 0; step < 2000; step++) {
      boolean grows = random.nextInt(1000) < 700 - model.size() * 2;
      if (grows && !idle.isEmpty()) {
        Timer added = idle.remove(random.nextInt(idle.size()));
        timers.add(added, random.nextInt(40));
        model.add(added);
        model.sort(Comparator.comparingLong(Timer::whenDue)); // stable
      } else if (!model.isEmpty()) {
        Timer removed = model.remove(random.nextBoolean() ? 0 : random.nextInt(model.size()));
        timers.remove(removed);
        idle.add(removed);
      }
      assertSame(model.isEmpty() ? null : model.get(0), timers.first(), "step " + step);
    }
    assertEquals(model, takeAll());
  }
}
