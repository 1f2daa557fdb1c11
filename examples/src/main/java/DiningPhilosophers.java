import io.fermata.async.Async;
import io.fermata.async.AsyncLock;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Five philosophers, five forks, one thread: no lock of the machine is taken. A fork that somebody
 * holds is waited for, and as all take the lower one first, nobody starves.
 */
@SuppressWarnings("try") // that a permit is only closed is what it is for
public class DiningPhilosophers {
  private static final List<String> NAMES =
      List.of("Plato", "Hypatia", "Kant", "Arendt", "Ibn Rushd");

  public static void main(String[] args) throws Exception {
    EventLoop.run(dinner());
  }

  static Async<Void> dinner() {
    return Async.action(
        co -> {
          List<AsyncLock> forks = Stream.generate(AsyncLock::open).limit(NAMES.size()).toList();
          List<Task<Integer>> guests = new ArrayList<>();
          for (int seat = 0; seat < NAMES.size(); seat++) {
            guests.add(Task.start(philosopher(seat, forks)));
          }
          int meals = 0;
          for (Task<Integer> guest : guests) meals += co.await(guest);
          System.out.println(meals + " meals");
        });
  }

  static Async<Integer> philosopher(int seat, List<AsyncLock> forks) {
    return Async.of(
        co -> {
          String name = NAMES.get(seat);
          int other = (seat + 1) % forks.size();
          AsyncLock lower = forks.get(Math.min(seat, other));
          AsyncLock upper = forks.get(Math.max(seat, other));
          int meals = 0;
          while (meals < 3) {
            System.out.println(name + " thinks");
            co.await(pause());
            try (Permit first = co.await(lower.acquire());
                Permit second = co.await(upper.acquire())) {
              System.out.println(name + " eats");
              co.await(pause());
            }
            meals++;
          }
          System.out.println(name + " leaves");
          return meals;
        });
  }

  static Async<Void> pause() {
    return Async.sleep(Duration.ZERO);
  }
}
