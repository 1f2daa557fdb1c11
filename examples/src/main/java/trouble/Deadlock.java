package trouble;

import io.fermata.async.Async;
import io.fermata.async.AsyncLock;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Two transfers that lock the same two accounts in a different order, so that each waits for what
 * the other holds. The loop notices when nothing has happened for a while, and names both.
 */
class Deadlock {
  private static final AsyncLock SAVINGS = AsyncLock.open();
  private static final AsyncLock CURRENT = AsyncLock.open();

  private static Async<Void> transfer(AsyncLock from, AsyncLock to) {
    return Async.action(
        co -> {
          try (Permit one = co.await(from.acquire())) {
            co.await(Async.sleep(Duration.ofMillis(10))); // looks at the balance
            try (Permit other = co.await(to.acquire())) {
              System.out.println(Task.current().name() + " has " + one + " and " + other);
            }
          }
        });
  }

  public static void main(String[] args) throws Exception {
    Async<Void> both =
        TaskGroup.action(
            (co, tg) -> {
              tg.named("deposit").start(transfer(CURRENT, SAVINGS));
              tg.named("withdrawal").start(transfer(SAVINGS, CURRENT));
            });
    try (EventLoop loop = EventLoop.open()) {
      loop.setStepLimit(Duration.ofMillis(300)); // two seconds if it is not set
      loop.runUntilComplete(Async.waitFor(both, Duration.ofSeconds(3)));
    } catch (TimeoutException late) {
      System.out.println("no transfer has ended");
    }
  }
}
