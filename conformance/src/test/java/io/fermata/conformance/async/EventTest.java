package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncEvent;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.util.List;

/** The event: all that wait go on when it is set. */
class EventTest extends AsyncTest {
  private final AsyncEvent event = AsyncEvent.open();

  private Task<Void> waiter(String name) {
    return Task.start(
        Async.action(
            co -> {
              co.await(event.whenSet());
              log.add(name);
            }));
  }

  @EngineTest
  @Conforms({"S-013"})
  void aSetEventIsPassedWithoutGivingUpTheTurn() throws Exception {
    runAction(
        co -> {
          event.set();
          EventLoop.current().callSoon(() -> log.add("turn given up"));
          co.await(event.whenSet());
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"S-013"})
  void anEventIsWaitedForUntilItIsSet() throws Exception {
    runAction(
        co -> {
          EventLoop.current().callLater(ms(7), event::set);
          co.await(event.whenSet());
          assertEquals(7, now());
        });
  }

  @EngineTest
  @Conforms({"S-014"})
  void settingWakesAllInTheOrderOfTheirComing() throws Exception {
    runAction(
        co -> {
          waiter("a");
          waiter("b");
          waiter("c");
          co.await(pause());
          event.set();
          co.await(event.whenSet());
          log.add("passed");
          co.await(pause());
          co.await(pause());
          assertEquals(List.of("passed", "a", "b", "c"), log);
        });
  }

  @EngineTest
  @Conforms({"S-015"})
  void anEventThatIsClearedAtOnceHasWokenAllThatWaited() throws Exception {
    runAction(
        co -> {
          waiter("a");
          waiter("b");
          co.await(pause());
          event.set();
          event.clear();
          waiter("late");
          co.await(sleep(1));
          assertEquals(List.of("a", "b"), log);
        });
  }

  @EngineTest
  @Conforms({"S-016"})
  void settingAndClearingTwiceIsAsOnce() throws Exception {
    runAction(
        co -> {
          event.set();
          event.set();
          assertTrue(event.isSet());
          event.clear();
          event.clear();
          assertFalse(event.isSet());
          Task<Void> waiter = waiter("a");
          co.await(sleep(1));
          assertFalse(waiter.done());
        });
  }

  @EngineTest
  @Conforms({"S-017"})
  void aCancelledWaiterLeavesTheLine() throws Exception {
    runAction(
        co -> {
          Task<Void> a = waiter("a");
          waiter("b");
          co.await(pause());
          a.cancel();
          assertEquals("event (not set, 1 waiting)", event.toString());
          event.set();
          co.await(sleep(1));
          assertTrue(a.cancelled());
          assertEquals(List.of("b"), log);
        });
  }

  @EngineTest
  @Conforms({"S-009"})
  void anEventThatWasWaitedForBelongsToThatLoop() throws Exception {
    runAction(
        co -> {
          waiter("a");
          co.await(pause());
        });
    runAction(co -> assertThrows(IllegalStateException.class, () -> co.await(event.whenSet())));
  }
}
