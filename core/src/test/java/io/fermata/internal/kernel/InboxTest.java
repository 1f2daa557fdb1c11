package io.fermata.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InboxTest {
  private final FakeHost host = new FakeHost();
  private final Kernel kernel = new Kernel(host.environment(), () -> true);
  private final Inbox inbox = new Inbox(host);

  private static final class Entry extends Posted {
    @Override
    public void run() {}
  }

  private List<Runnable> drain() {
    inbox.drainTo(kernel);
    List<Runnable> ready = new ArrayList<>();
    kernel.clear(ready::add);
    return ready;
  }

  @Test
  void jobsComeOutInOrder() {
    Runnable first = () -> {};
    Posted second = new Entry();
    Runnable third = () -> {};
    inbox.post(first);
    inbox.post(second);
    inbox.post(third);
    assertEquals(List.of(first, second, third), drain());
  }

  @Test
  void theFirstJobWakesTheLoop() {
    inbox.post(() -> {});
    assertEquals(1, host.wakes);
    inbox.post(() -> {});
    assertEquals(1, host.wakes);
    drain();
    inbox.post(() -> {});
    assertEquals(2, host.wakes);
  }

  @Test
  void itIsEmptyOnceDrained() {
    assertTrue(inbox.isEmpty());
    inbox.post(() -> {});
    assertFalse(inbox.isEmpty());
    drain();
    assertTrue(inbox.isEmpty());
    assertEquals(List.of(), drain());
  }

  @Test
  void anEntryIsPostedAsItself() {
    Posted entry = new Entry();
    inbox.post(entry);
    assertSame(entry, drain().get(0));
  }

  @Test
  void aDrainedEntryHoldsNoOther() {
    Posted first = new Entry();
    Posted second = new Entry();
    inbox.post(first);
    inbox.post(second);
    drain();
    assertNull(first.next);
    assertNull(second.next);
  }

  @Test
  void anEntryOfAJobRunsTheJob() {
    AtomicInteger runs = new AtomicInteger();
    Kernel own = new Kernel(host.environment(), () -> true);
    own.inbox().post(runs::incrementAndGet);
    own.round(false);
    assertEquals(1, runs.get());
  }

  @Test
  void jobsOfEachThreadStayInOrder() throws InterruptedException {
    int threads = 3;
    int jobs = 2000;
    List<List<Integer>> seen = new ArrayList<>();
    List<Thread> posting = new ArrayList<>();
    CountDownLatch begin = new CountDownLatch(1);
    ThreadHost sleeper = new ThreadHost(Clock.SYSTEM);
    Kernel own = new Kernel(new LoopEnvironment(sleeper, Clock.SYSTEM), () -> true);
    for (int i = 0; i < threads; i++) {
      List<Integer> mine = new ArrayList<>();
      seen.add(mine);
      posting.add(
          new Thread(
              () -> {
                awaitQuietly(begin);
                for (int j = 0; j < jobs; j++) {
                  int number = j;
                  own.inbox().post(() -> mine.add(number));
                }
              }));
    }
    posting.forEach(Thread::start);
    begin.countDown();
    for (Thread each : posting) {
      each.join(TimeUnit.SECONDS.toMillis(20));
    }
    while (!own.isIdle()) {
      own.round(false);
    }
    List<Integer> all = IntStream.range(0, jobs).boxed().toList();
    seen.forEach(mine -> assertEquals(all, mine));
  }

  /** Each job is posted when the one before has run, so a lost wake-up stops everything. */
  @Test
  void noWakeUpIsLost() throws InterruptedException {
    int jobs = 2000;
    AtomicInteger ran = new AtomicInteger();
    Timer limit =
        new Timer() {
          @Override
          public void run() {}
        };
    Kernel own =
        new Kernel(new LoopEnvironment(new ThreadHost(Clock.SYSTEM), Clock.SYSTEM), () -> true);
    own.schedule(limit, own.now() + TimeUnit.SECONDS.toNanos(20));
    Thread poster =
        new Thread(
            () -> {
              for (int i = 0; i < jobs; i++) {
                own.inbox().post(ran::incrementAndGet);
                while (ran.get() <= i && limit.isScheduled()) {
                  Thread.onSpinWait();
                }
              }
            });
    poster.start();
    while (ran.get() < jobs && limit.isScheduled()) {
      own.round(true);
    }
    poster.join();
    assertEquals(jobs, ran.get());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
