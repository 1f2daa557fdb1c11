import io.fermata.Generator;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** A central scheduler: every coroutine yields control to it, and it resumes them in turn. */
public class RoundRobin {
  public static void main(String[] args) {
    run(List.of(countdown("ann", 3), countdown("bob", 1), countdown("cat", 2)));
  }

  static void run(List<Generator<Void>> coroutines) {
    Queue<Generator<Void>> ready = new ArrayDeque<>(coroutines);
    while (!ready.isEmpty()) {
      Generator<Void> coroutine = ready.remove();
      if (coroutine.advance()) ready.add(coroutine);
    }
    System.out.println("all have ended");
  }

  static Generator<Void> countdown(String name, int from) {
    return Generator.of(
        co -> {
          for (int i = from; i > 0; i--) {
            System.out.println(name + ": " + i);
            co.yield();
          }
          System.out.println(name + " has ended");
        });
  }
}
