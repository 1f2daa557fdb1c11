package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** A race that ends as the first of several does. */
class RaceTest extends AsyncTest {
  @EngineTest
  @Conforms("F-130")
  void theFirstEndIsThatOfTheRace() throws Exception {
    IOException failure = new IOException("no");
    runAction(
        co -> {
          assertEquals("b", co.await(Async.race(step("a", 20), step("b", 10), step("c", 30))));
          assertEquals(10, now());
          assertEquals(List.of("b"), log);
          assertSame(
              failure,
              assertThrows(
                  IOException.class,
                  () -> co.await(Async.race(List.of(step("a", 20), failing(failure, 10))))));
          assertEquals("a", co.await(Async.race(step("a", 20), failing(failure, 30))));
          Promise<String> promise = Promise.open();
          promise.cancel("enough");
          Cancelled why =
              assertThrows(Cancelled.class, () -> co.await(Async.race(step("a", 5), promise)));
          assertEquals("enough", why.reason());
          assertEquals("only", co.await(Async.race(step("only", 1))));
        });
  }

  @EngineTest
  @Conforms("F-130")
  void inOneRoundTheFirstOfTheListCounts() throws Exception {
    runAction(
        co -> {
          assertEquals("a", co.await(Async.race(step("a", 10), step("b", 10))));
          assertEquals("b", co.await(Async.race(step("b", 10), step("a", 10))));
          // One round later is later, also for the first of the list.
          for (int late = 1; late < 4; late++) {
            int rounds = late;
            Async<String> first =
                Async.of(
                    in -> {
                      for (int i = 0; i < rounds; i++) {
                        in.await(pause());
                      }
                      return "a";
                    });
            assertEquals("b", co.await(Async.race(first, Async.of(in -> "b"))));
          }
        });
  }

  @EngineTest
  @Conforms("F-130")
  void theOthersAreCancelledAndHaveEnded() throws Exception {
    runAction(
        co -> {
          Task<String> given = Task.start(step("given", 50));
          assertEquals("b", co.await(Async.race(cleaningUp("a"), step("b", 10), given)));
          assertEquals(List.of("b", "cleaned up"), log);
          assertEquals(15, now());
          assertTrue(given.cancelled());
        });
  }

  private Async<String> cleaningUp(String name) {
    Async<Void> inner = cleaningUp();
    return Async.of(
        co -> {
          co.await(inner);
          return name;
        });
  }

  private static Async<String> cleaningUpBadly(IOException failure) {
    Async<Void> inner = cleaningUpWith(failure, 5);
    return Async.of(
        co -> {
          co.await(inner);
          return "";
        });
  }

  @EngineTest
  @Conforms("F-131")
  void whatALoserFailsWithIsNotLost() throws Exception {
    IOException cleanup = new IOException("cleanup");
    IOException failure = new IOException("first");
    List<Throwable> reported = new ArrayList<>();
    runAction(
        co -> {
          EventLoop.current().setExceptionHandler((loop, each) -> reported.add(each.exception()));
          assertEquals("b", co.await(Async.race(cleaningUpBadly(cleanup), step("b", 10))));
          assertEquals(List.of(cleanup), reported);
          assertSame(
              failure,
              assertThrows(
                  IOException.class,
                  () -> co.await(Async.race(cleaningUpBadly(cleanup), failing(failure, 10)))));
          assertEquals(List.of(cleanup), List.of(failure.getSuppressed()));
          assertEquals(List.of(cleanup), reported);
        });
  }

  @EngineTest
  @Conforms("F-132")
  void aCancelledRaceCancelsAllAndWaits() throws Exception {
    for (long at = 0; at <= 25; at++) { // the winner ends at 10, the last cleanup at 20 or before
      long when = at;
      log.clear();
      runAction(
          co -> {
            Task<String> race =
                Task.start(Async.race(cleaningUp("a"), cleaningUp("c"), step("b", 10)));
            co.await(sleep(when));
            boolean cancelled = race.cancel("enough");
            try {
              assertEquals("b", co.await(race));
              assertFalse(cancelled);
            } catch (Cancelled why) {
              assertTrue(cancelled);
              assertEquals("enough", why.reason());
            }
            List<Object> left = new ArrayList<>(log);
            left.remove("b");
            assertTrue(
                left.isEmpty() || left.equals(List.of("cleaned up", "cleaned up")), "" + log);
            assertEquals(List.of(Task.current()), List.copyOf(EventLoop.current().tasks()));
          });
    }
  }

  @EngineTest
  @Conforms("F-132")
  void aCancelledRaceLeavesNoneBehindInAnyWindow() throws Exception {
    for (int rounds = 0; rounds < 12; rounds++) {
      for (boolean scope : new boolean[] {false, true}) {
        int before = rounds;
        runAction(
            co -> {
              Async<Void> racing =
                  Async.action(
                      in ->
                          in.await(Async.<Object>race(roundsThen(4), roundsThen(6), cleaningUp())));
              Task<Void> race =
                  Task.start(
                      scope
                          ? Timeout.action(
                              ms(1000),
                              (in, limit) -> {
                                Task.start(
                                    Async.action(
                                        in2 -> {
                                          in2.await(roundsThen(before));
                                          limit.rescheduleIn(ms(0));
                                        }));
                                in.await(racing);
                              })
                          : racing);
              if (!scope) {
                co.await(roundsThen(before));
                race.cancel("enough");
              }
              try {
                co.await(race);
              } catch (Cancelled | TimeoutException expected) {
                // or it was over
              } catch (IllegalStateException late) {
                assertTrue(scope, late.toString());
              }
              co.await(sleep(1));
              assertEquals(List.of(Task.current()), List.copyOf(EventLoop.current().tasks()));
            });
      }
    }
  }

  private static Async<String> roundsThen(int rounds) {
    return Async.of(
        co -> {
          for (int i = 0; i < rounds; i++) {
            co.await(pause());
          }
          return "";
        });
  }

  @EngineTest
  @Conforms("F-130")
  void aRaceRefusesWhatMakesNoSense() throws Exception {
    assertThrows(IllegalArgumentException.class, () -> Async.race(List.<Async<String>>of()));
    assertThrows(IllegalArgumentException.class, Async::<String>race);
    assertThrows(NullPointerException.class, () -> Async.race(step("a", 1), null));
    runAction(
        co -> {
          Async<String> twice = step("twice", 1);
          assertEquals("twice", co.await(Async.race(twice, twice)));
          assertEquals(List.of("twice"), log);
          Async<String> used = step("used", 1);
          co.await(used);
          Async<String> other = step("other", 5);
          assertThrows(IllegalStateException.class, () -> co.await(Async.race(other, used)));
          co.await(pause());
          co.await(pause());
          assertEquals(List.of(Task.current()), List.copyOf(EventLoop.current().tasks()));
        });
  }
}
