import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Handle;
import io.fermata.async.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Ten thousand timers within a second, set in no order; half of them are taken back. */
public class TenThousandTimers {
  private static final int COUNT = 10_000;

  public static void main(String[] args) throws Exception {
    List<Integer> fired = EventLoop.run(timers());
    System.out.println(fired.size() + " timers have fired");
    System.out.println("the first ones are " + fired.subList(0, 5));
    System.out.println(fired.equals(fired.stream().sorted().toList()) ? "in order" : "in disorder");
  }

  static Async<List<Integer>> timers() {
    return Async.of(
        co -> {
          EventLoop loop = EventLoop.current();
          Duration start = loop.time().plusMillis(100); // when all are set
          List<Integer> fired = new ArrayList<>();
          List<Handle> handles = new ArrayList<>();
          for (int i = 0; i < COUNT; i++) {
            int number = i * 7919 % COUNT; // each one once
            Duration when = start.plusNanos(number * 90_000L);
            handles.add(loop.callAt(when, () -> fired.add(number)));
          }
          for (int i = 1; i < COUNT; i += 2) {
            handles.get(i).cancel();
          }
          Promise<List<Integer>> end = Promise.open();
          loop.callAt(start.plusSeconds(1), () -> end.setResult(fired));
          return co.await(end);
        });
  }
}
