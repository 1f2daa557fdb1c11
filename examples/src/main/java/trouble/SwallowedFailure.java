package trouble;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import java.io.IOException;
import java.time.Duration;

/**
 * A task that fails and that nobody awaits. Its failure is reported all the same, with its trace.
 */
class SwallowedFailure {
  private static Async<Void> upload() {
    return Async.action(
        co -> {
          co.await(Async.sleep(Duration.ofMillis(10)));
          throw new IOException("the disk is full");
        });
  }

  public static void main(String[] args) throws Exception {
    EventLoop.run(
        Async.action(
            co -> {
              Task.named("upload").start(upload()); // nobody asks how it ended
              co.await(Async.sleep(Duration.ofMillis(50)));
              System.out.println("done");
            }));
  }
}
