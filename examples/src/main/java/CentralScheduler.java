import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.TaskGroup;
import java.time.Duration;

/**
 * Each coroutine yields control to a central scheduler, the event loop, so that other coroutines
 * can be activated: three countdowns take turns on one thread.
 */
public class CentralScheduler {
  public static void main(String[] args) throws Exception {
    EventLoop.run(countdowns());
    System.out.println("all have ended");
  }

  static Async<Void> countdowns() {
    return TaskGroup.action(
        (co, tg) -> {
          tg.start(countdown("red", 3));
          tg.start(countdown("green", 1));
          tg.start(countdown("blue", 2));
          System.out.println("all are started, none has run");
        });
  }

  static Async<Void> countdown(String name, int from) {
    return Async.action(
        co -> {
          for (int i = from; i > 0; i--) {
            System.out.println(name + " " + i);
            co.await(control());
          }
          System.out.println(name + " lifts off");
        });
  }

  /** Gives control to the scheduler: everybody else who is ready runs before this goes on. */
  static Async<Void> control() {
    return Async.sleep(Duration.ZERO);
  }
}
