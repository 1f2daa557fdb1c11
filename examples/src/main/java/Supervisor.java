import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Started;
import io.fermata.async.TaskGroup;
import java.io.IOException;
import java.time.Duration;

/**
 * A service under a supervisor: it says when it is ready, and jobs that fail leave others alone.
 */
public class Supervisor {
  public static void main(String[] args) throws Exception {
    EventLoop.run(
        TaskGroup.supervisorAction(
            (in, tg) -> {
              EventLoop.current()
                  .setExceptionHandler(
                      (loop, failure) ->
                          System.out.println("failed: " + failure.exception().getMessage()));
              String address =
                  in.await(tg.startAndWait((task, ready) -> task.await(service(ready))));
              System.out.println("the service is at " + address);
              for (int job = 1; job <= 4; job++) {
                tg.start(job(job));
                in.await(Async.sleep(Duration.ofMillis(10)));
              }
              tg.cancel("closing time");
            }));
    System.out.println("all have ended");
  }

  static Async<Void> service(Started<String> ready) {
    return Async.action(
        co -> {
          co.await(Async.sleep(Duration.ofMillis(5)));
          ready.started("port 80");
          try {
            co.await(Async.sleep(Duration.ofMinutes(10)));
          } finally {
            System.out.println("the service stops");
          }
        });
  }

  static Async<Void> job(int number) {
    return Async.action(
        co -> {
          co.await(Async.sleep(Duration.ZERO));
          if (number % 2 == 0) {
            throw new IOException("job " + number);
          }
          System.out.println("done: job " + number);
        });
  }
}
