import io.fermata.async.Async;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.TaskGroup;
import io.fermata.testing.TestLoop;
import java.time.Duration;
import java.time.LocalTime;

/**
 * A day at a bank, as a simulation of events: customers come, wait for one of two counters, and are
 * served; if three wait already, they turn back. The clock is virtual, so that the day takes no
 * time, and each run is the same.
 */
@SuppressWarnings("try") // that a permit is only closed is what it is for
public class BankCounter {
  private final AsyncSemaphore counters = AsyncSemaphore.of(2);
  private int waiting;
  private int served;
  private Duration longestWait = Duration.ZERO;
  private int seed = 1;

  public static void main(String[] args) throws Exception {
    try (TestLoop loop = TestLoop.virtual()) {
      loop.run(new BankCounter().day());
    }
  }

  Async<Void> day() {
    return Async.action(
        co -> {
          say("the bank opens");
          co.await(
              TaskGroup.action(
                  (in, tg) -> {
                    for (int number = 1; now().compareTo(Duration.ofHours(8)) < 0; number++) {
                      tg.start(customer(number));
                      in.await(Async.sleep(seconds(60, 300)));
                    }
                    say("the doors close");
                  }));
          say("the last one leaves");
          System.out.println(served + " were served");
          System.out.println("the longest wait was " + longestWait.toSeconds() + " seconds");
        });
  }

  Async<Void> customer(int number) {
    return Async.action(
        co -> {
          if (waiting == 3) {
            say("customer " + number + " turns back");
            return;
          }
          Duration came = now();
          waiting++;
          try (Permit counter = co.await(counters.acquire())) {
            waiting--;
            Duration waited = now().minus(came);
            if (waited.compareTo(longestWait) > 0) longestWait = waited;
            co.await(Async.sleep(seconds(120, 600)));
          }
          served++;
        });
  }

  static Duration now() {
    return EventLoop.current().time();
  }

  static void say(String what) {
    System.out.println(LocalTime.of(9, 0).plus(now()).withSecond(0) + " " + what);
  }

  /** By chance, but the same in every run. */
  Duration seconds(int least, int most) {
    seed = seed * 1103515245 + 12345 & Integer.MAX_VALUE;
    return Duration.ofSeconds(least + (seed >> 16) % (most - least + 1));
  }
}
