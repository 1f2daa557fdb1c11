package trouble;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.TaskGroup;
import java.time.Duration;

/**
 * A body that blocks its thread, so that no other task of the loop runs. While it does, the report
 * shows where the thread stands.
 */
class StuckStep {
  private static Async<Void> blink() {
    return Async.action(
        co -> {
          for (int i = 1; i <= 3; i++) {
            System.out.println("blink " + i);
            co.await(Async.sleep(Duration.ofMillis(100)));
          }
        });
  }

  private static void loadSettings() throws InterruptedException {
    Thread.sleep(1500); // should be in Async.toThread(), or Async.sleep()
  }

  public static void main(String[] args) throws Exception {
    EventLoop.run(
        TaskGroup.action(
            (co, tg) -> {
              EventLoop.current().setStepLimit(Duration.ofMillis(500)); // else two seconds
              tg.named("blinker").start(blink());
              tg.named("settings").start(Async.action(in -> loadSettings()));
            }));
  }
}
