package trouble;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import java.time.Duration;

/**
 * A call whose result is not awaited, so that nothing of it runs. The report tells the body that
 * did not run; with -Dfermata.debug=true also the line of the call.
 */
class NeverAwaited {
  private static Async<Void> save(String name) {
    return Async.action(
        co -> {
          co.await(Async.sleep(Duration.ofMillis(10)));
          System.out.println("saved " + name);
        });
  }

  public static void main(String[] args) throws Exception {
    EventLoop.run(
        Async.action(
            co -> {
              save("the draft"); // here co.await is missing
              co.await(save("the letter"));
            }));
  }
}
