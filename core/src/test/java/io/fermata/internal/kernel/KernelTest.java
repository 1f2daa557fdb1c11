package io.fermata.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelTest {
  private final FakeHost host = new FakeHost();
  private final List<Object> log = new ArrayList<>();
  private boolean here = true;
  private final Kernel kernel = kernel(null);

  private Kernel kernel(Order order) {
    return new Kernel(new LoopEnvironment(host, host, order), () -> here);
  }

  private Runnable job(Object name) {
    return () -> log.add(name);
  }

  private Timer timer(Object name) {
    return new Timer() {
      @Override
      public void run() {
        log.add(name);
      }
    };
  }

  // Rounds

  @Test
  void jobsRunInOrder() {
    kernel.ready(job(1));
    kernel.ready(job(2));
    kernel.ready(job(3));
    kernel.round(false);
    assertEquals(List.of(1, 2, 3), log);
  }

  @Test
  void aJobRunsOnce() {
    kernel.ready(job(1));
    kernel.round(false);
    kernel.round(false);
    assertEquals(List.of(1), log);
  }

  @Test
  void aJobMadeReadyInARoundRunsInTheNext() {
    kernel.ready(() -> kernel.ready(job("next")));
    kernel.ready(job("this"));
    kernel.round(false);
    assertEquals(List.of("this"), log);
    kernel.round(false);
    assertEquals(List.of("this", "next"), log);
  }

  @Test
  void whatWasReadyRunsBeforePostedJobsAndTimers() {
    kernel.schedule(timer("timer"), 0);
    kernel.inbox().post(job("posted"));
    kernel.ready(job("ready"));
    kernel.round(false);
    assertEquals(List.of("ready", "posted", "timer"), log);
  }

  @Test
  void aJobThatThrowsLeavesTheRestReady() {
    kernel.ready(
        () -> {
          throw new IllegalStateException("the end");
        });
    kernel.ready(job("rest"));
    assertThrows(IllegalStateException.class, () -> kernel.round(false));
    assertEquals(List.of(), log);
    kernel.round(false);
    assertEquals(List.of("rest"), log);
  }

  @Test
  void aJobOfARoundIsNotHeld() {
    kernel.ready(job(1));
    kernel.round(false);
    for (int i = 0; i < 200; i++) {
      kernel.ready(job(2));
    }
    List<Runnable> ready = new ArrayList<>();
    kernel.forEachReady(ready::add);
    assertEquals(200, ready.size());
  }

  // Waiting

  @Test
  void anIdleRoundWaitsForTheFirstTimer() {
    kernel.schedule(timer("late"), 20);
    kernel.schedule(timer("early"), 10);
    kernel.round(true);
    assertEquals(List.of(10L), host.sleeps);
    assertEquals(List.of("early"), log);
  }

  @Test
  void aRoundWithoutTimersWaitsForOthers() {
    host.whileAsleep.add(() -> kernel.inbox().post(job("posted")));
    kernel.round(true);
    assertEquals(List.of(Long.MAX_VALUE), host.sleeps);
    assertEquals(List.of("posted"), log);
  }

  @Test
  void aRoundThatMustNotWaitDoesNot() {
    kernel.schedule(timer("late"), 20);
    kernel.round(false);
    assertEquals(List.of(), host.sleeps);
    assertEquals(List.of(), log);
  }

  @Test
  void aRoundWithSomethingReadyDoesNotWait() {
    kernel.ready(job(1));
    kernel.round(true);
    assertEquals(List.of(), host.sleeps);
  }

  @Test
  void aRoundWithSomethingPostedDoesNotWait() {
    kernel.inbox().post(job(1));
    kernel.round(true);
    assertEquals(List.of(), host.sleeps);
    assertEquals(List.of(1), log);
  }

  @Test
  void theDeadlineIsToldWhileItWaits() {
    kernel.schedule(timer("timer"), 10);
    host.whileAsleep.add(() -> log.add(kernel.waitsUntil()));
    assertEquals(Kernel.AWAKE, kernel.waitsUntil());
    kernel.round(true);
    assertEquals(List.of(10L), log);
    assertEquals(Kernel.AWAKE, kernel.waitsUntil());
  }

  // Timers

  @Test
  void aTimerRunsWhenItsTimeHasCome() {
    kernel.schedule(timer("timer"), 10);
    host.now = 9;
    kernel.round(false);
    assertEquals(List.of(), log);
    host.now = 10;
    kernel.round(false);
    assertEquals(List.of("timer"), log);
  }

  @Test
  void timersOfOneTimeRunInOrderOfScheduling() {
    for (int i = 0; i < 5; i++) {
      kernel.schedule(timer(i), 10);
    }
    host.now = 11;
    kernel.round(false);
    assertEquals(List.of(0, 1, 2, 3, 4), log);
  }

  @Test
  void aCancelledTimerDoesNotRun() {
    Timer cancelled = timer("cancelled");
    kernel.schedule(cancelled, 10);
    kernel.schedule(timer("other"), 20);
    kernel.cancel(cancelled);
    assertEquals(20, kernel.deadline());
    host.now = 30;
    kernel.round(false);
    assertEquals(List.of("other"), log);
  }

  @Test
  void theTimeIsThatOfTheClock() {
    host.now = 77;
    assertEquals(77, kernel.now());
  }

  @Test
  void withoutTimersThereIsNoDeadline() {
    assertEquals(Long.MAX_VALUE, kernel.deadline());
  }

  // Looking

  @Test
  void itIsIdleIfNothingIsReadyOrPosted() {
    assertTrue(kernel.isIdle());
    kernel.ready(job(1));
    assertFalse(kernel.isIdle());
    kernel.round(false);
    assertTrue(kernel.isIdle());
    kernel.inbox().post(job(2));
    assertFalse(kernel.isIdle());
  }

  @Test
  void itIsQuietIfIdleAndWithoutTimers() {
    Timer timer = timer("timer");
    assertTrue(kernel.isQuiet());
    kernel.schedule(timer, 10);
    assertTrue(kernel.isIdle());
    assertFalse(kernel.isQuiet());
    kernel.cancel(timer);
    kernel.ready(job(1));
    assertFalse(kernel.isQuiet());
  }

  @Test
  void itShowsWhatIsReadyInOrder() {
    Runnable first = job(1);
    Runnable second = job(2);
    kernel.ready(first);
    kernel.ready(second);
    kernel.forEachReady(log::add);
    assertEquals(List.of(first, second), log);
    assertEquals(List.of(), host.sleeps);
  }

  @Test
  void eachJobHasAStepOfItsOwn() {
    List<Long> steps = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      kernel.ready(
          () -> {
            steps.add(kernel.step());
            assertEquals(kernel.step(), kernel.step());
          });
    }
    assertEquals(-1, kernel.step());
    kernel.round(false);
    assertEquals(-1, kernel.step());
    assertEquals(3, steps.stream().distinct().count());
    assertTrue(steps.stream().allMatch(each -> each >= 0));
  }

  @Test
  void theStepsOfTwoRoundsDiffer() {
    List<Long> steps = new ArrayList<>();
    kernel.ready(() -> steps.add(kernel.step()));
    kernel.round(false);
    for (int i = 0; i < 63; i++) { // once around the ring
      kernel.ready(() -> {});
    }
    kernel.round(false);
    kernel.ready(() -> steps.add(kernel.step()));
    kernel.round(false);
    assertNotEquals(steps.get(0), steps.get(1));
  }

  @Test
  void theBeatIsOddWhileARoundRuns() {
    kernel.ready(() -> log.add(kernel.beat() & 1));
    int before = kernel.beat();
    assertEquals(0, before & 1);
    kernel.round(false);
    assertEquals(List.of(1), log);
    assertEquals(before + 2, kernel.beat());
  }

  @Test
  void theBeatIsRightAfterAJobThatThrew() {
    kernel.ready(
        () -> {
          throw new IllegalStateException("the end");
        });
    assertThrows(IllegalStateException.class, () -> kernel.round(false));
    kernel.ready(() -> log.add(kernel.beat() & 1));
    kernel.round(false);
    assertEquals(List.of(1), log);
    assertEquals(0, kernel.beat() & 1);
  }

  @Test
  void aProbeRunsTheJobsOfTheNextRound() {
    Probe probe =
        job -> {
          log.add("before");
          job.run();
        };
    kernel.ready(() -> kernel.observe(probe, null));
    kernel.ready(job(1));
    kernel.round(false);
    assertEquals(List.of(1), log);
    kernel.ready(job(2));
    kernel.round(false);
    assertEquals(List.of(1, "before", 2), log);
    kernel.observe(null, null);
    kernel.ready(job(3));
    kernel.round(false);
    assertEquals(List.of(1, "before", 2, 3), log);
  }

  @Test
  void aJobThatRunsAtOnceIsShownToTheProbe() {
    kernel.runNow(job(1));
    assertEquals(List.of(1), log);
    kernel.observe(
        job -> {
          log.add("before");
          job.run();
        },
        null);
    kernel.runNow(job(2));
    assertEquals(List.of(1, "before", 2), log);
  }

  @Test
  void aRoundProbeSleepsAndHearsOfEachEnd() {
    kernel.schedule(timer("timer"), 10);
    kernel.observe(
        null,
        new RoundProbe() {
          @Override
          public void roundEnded() {
            log.add("ended");
          }

          @Override
          public void sleep(Host on, long deadline) {
            assertSame(host, on);
            log.add("sleep until " + deadline);
            on.sleep(deadline);
          }
        });
    kernel.round(true);
    assertEquals(List.of("sleep until 10", "timer", "ended"), log);
    assertEquals(List.of(10L), host.sleeps);
  }

  // Hosts and orders

  @Test
  void aPolledHostIsPolledBeforeTheJobsOfEachRound() {
    host.isPolled = true;
    Kernel polling = kernel(null);
    host.atPoll = () -> polling.ready(job("polled"));
    polling.ready(job("ready"));
    polling.round(false);
    assertEquals(1, host.polls);
    assertEquals(List.of("ready", "polled"), log);
  }

  @Test
  void aHostThatNeedsNoPollIsNotPolled() {
    kernel.ready(job(1));
    kernel.round(false);
    kernel(candidates -> 0).round(false);
    assertEquals(0, host.polls);
  }

  @Test
  void anOrderChoosesAmongWhatIsLeft() {
    List<Integer> asked = new ArrayList<>();
    Kernel ordered =
        kernel(
            candidates -> {
              asked.add(candidates);
              return candidates - 1;
            });
    for (int i = 0; i < 4; i++) {
      ordered.ready(job(i));
    }
    ordered.round(false);
    assertEquals(List.of(4, 3, 2), asked);
    assertEquals(List.of(3, 0, 1, 2), log);
  }

  @Test
  void anOrderKeepsAllJobsAroundTheRing() {
    Kernel ordered = kernel(candidates -> candidates - 1);
    for (int i = 0; i < 60; i++) {
      ordered.ready(() -> {});
    }
    ordered.round(false);
    for (int i = 0; i < 10; i++) {
      ordered.ready(job(i));
    }
    ordered.round(false);
    assertEquals(List.of(9, 0, 1, 2, 3, 4, 5, 6, 7, 8), log);
  }

  @Test
  void theHostIsKnown() {
    assertSame(host, kernel.host());
    assertTrue(kernel.inLoop());
    here = false;
    assertFalse(kernel.inLoop());
  }

  @Test
  void aCallFromOutsideOfTheLoopIsAnError() {
    Timer scheduled = timer("timer");
    kernel.schedule(scheduled, 10);
    here = false;
    assertThrows(AssertionError.class, () -> kernel.ready(job(1)));
    assertThrows(AssertionError.class, () -> kernel.schedule(timer("other"), 1));
    assertThrows(AssertionError.class, () -> kernel.cancel(scheduled));
    assertThrows(AssertionError.class, () -> kernel.observe(null, null));
    assertThrows(AssertionError.class, () -> kernel.round(false));
    here = true;
    assertTrue(kernel.isIdle());
    assertEquals(10, kernel.deadline());
  }

  // Rest of a guest

  @Test
  void itDoesNotRestWithSomethingToDo() {
    kernel.ready(job(1));
    assertFalse(kernel.rest());
    assertEquals(Kernel.AWAKE, kernel.waitsUntil());
    kernel.round(false);
    assertEquals(List.of(1), log);
  }

  @Test
  void theFirstJobOfARestWakesTheHost() {
    assertTrue(kernel.rest());
    kernel.ready(job(1));
    assertEquals(1, host.wakes);
    kernel.ready(job(2));
    assertEquals(1, host.wakes);
    kernel.round(false);
    assertEquals(List.of(1, 2), log);
  }

  @Test
  void aTimerScheduledInARestWakesTheHost() {
    kernel.schedule(timer(1), 10);
    assertEquals(0, host.wakes);
    assertTrue(kernel.rest());
    kernel.schedule(timer(2), 20);
    assertEquals(1, host.wakes);
  }

  @Test
  void afterARestNobodyIsWoken() {
    assertTrue(kernel.rest());
    kernel.rise();
    kernel.ready(job(1));
    kernel.schedule(timer(2), 20);
    assertEquals(0, host.wakes);
    kernel.round(false);
    assertEquals(List.of(1), log);
  }

  @Test
  void aRestTellsUntilWhen() {
    kernel.schedule(timer(1), 10);
    kernel.rest();
    assertEquals(10, kernel.waitsUntil());
    kernel.rise();
    assertEquals(Kernel.AWAKE, kernel.waitsUntil());
  }

  @Test
  void risingWithoutARestChangesNothing() {
    kernel.ready(job(1));
    kernel.rise();
    kernel.round(false);
    assertEquals(List.of(1), log);
  }

  // Forgetting

  @Test
  void clearingForgetsTimersThenReadyThenPosted() {
    Timer late = timer("late");
    Timer early = timer("early");
    Runnable ready = job("ready");
    Runnable posted = job("posted");
    kernel.schedule(late, 20);
    kernel.schedule(early, 10);
    kernel.inbox().post(posted);
    kernel.ready(ready);
    kernel.clear(log::add);
    assertEquals(List.of(early, late, ready, posted), log);
    assertTrue(kernel.isQuiet());
    assertFalse(late.isScheduled());
    kernel.round(false);
    assertEquals(4, log.size());
  }

  @Test
  void clearingGoesAroundTheRing() {
    for (int i = 0; i < 60; i++) {
      kernel.ready(() -> {});
    }
    kernel.round(false);
    List<Runnable> jobs = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      jobs.add(job(i));
      kernel.ready(jobs.get(i));
    }
    kernel.clear(log::add);
    assertEquals(jobs, log);
  }

  /** Against a queue, through growth, rest and rise; jobs make others ready. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theRingIsAQueue(long seed) {
    Random random = new Random(seed);
    Deque<Integer> model = new ArrayDeque<>();
    List<Integer> ran = new ArrayList<>();
    int[] next = new int[1];
    class Jobs {
      void ready() {
        int number = next[0]++;
        int more = random.nextInt(10) < 4 ? random.nextInt(3) : 0;
        model.add(number);
        kernel.ready(
            () -> {
              ran.add(number);
              assertEquals(number, model.remove());
              for (int i = 0; i < more; i++) {
                ready();
              }
            });
      }
    }
    Jobs jobs = new Jobs();
    for (int step = 0; step < 400; step++) {
      switch (random.nextInt(4)) {
        case 0 -> {
          for (int i = random.nextInt(step % 100 == 0 ? 300 : 20); i > 0; i--) {
            jobs.ready();
          }
        }
        case 1 -> {
          kernel.rise();
          assertEquals(model.isEmpty(), kernel.rest());
        }
        case 2 -> kernel.rise();
        default -> {
          kernel.rise();
          int ready = model.size();
          int before = ran.size();
          kernel.round(false);
          assertEquals(ready, ran.size() - before, "step " + step);
        }
      }
      int[] count = new int[1];
      kernel.forEachReady(job -> count[0]++);
      assertEquals(model.size(), count[0], "step " + step);
      assertEquals(model.isEmpty(), kernel.isIdle(), "step " + step);
    }
  }
}
