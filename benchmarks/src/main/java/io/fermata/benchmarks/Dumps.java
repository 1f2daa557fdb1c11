package io.fermata.benchmarks;

import io.fermata.async.Async;
import io.fermata.async.AsyncLock;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A program of its own: what a dump of 100 000 tasks takes, by how they wait for each other. Each
 * arrangement has a JVM to itself.
 *
 * <p>The extra heap is what there has to be beside what lives already, with the serial collector:
 * the heap is filled until only so much is left, and the dump is made once more, in less and less
 * of it, until it runs out. What is told is the least in which it was made.
 */
public final class Dumps {
  private static final int TASKS = 100_000;
  private static final int MEGABYTE = 1 << 20;

  /** What is left of the heap, in turn. */
  private static final int[] LEFT = {128, 96, 64, 48, 32, 24, 16, 8, 4, 2};

  private static final List<String> ARRANGEMENTS =
      List.of("sleeping", "promise", "gather", "chain", "circle", "lock");

  private Dumps() {}

  /**
   * Runs it.
   *
   * @param args none for all; or an arrangement, and {@code written} or {@code string}
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 2) {
      EventLoop.run(measuring(args[0], args[1].equals("string")));
      return;
    }
    System.out.printf("JDK %s, %d tasks%n%n", System.getProperty("java.version"), TASKS);
    System.out.println("| | first dump | third | text | extra heap |");
    System.out.println("|---|---|---|---|---|");
    for (String arrangement : ARRANGEMENTS) {
      for (String form : new String[] {"written", "string"}) {
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-Xmn16m",
                "-Dfermata.watchdog=off",
                "-cp",
                System.getProperty("java.class.path"),
                Dumps.class.getName(),
                arrangement,
                form)
            .inheritIO()
            .start()
            .waitFor();
      }
    }
  }

  /** Prints what it has found, and ends the JVM, as nobody wants to see the tasks cancelled. */
  private static Async<Void> measuring(String arrangement, boolean asString) {
    return Async.action(
        co -> {
          List<Task<?>> kept = new ArrayList<>();
          co.await(arranging(arrangement, kept));
          co.await(Async.sleep(Duration.ofMillis(10)));
          double first = seconds(asString);
          seconds(asString);
          double third = seconds(asString);
          System.out.printf(
              Locale.ROOT,
              "| %s, %s | %.2f s | %.2f s | %.1f MB | %s |%n",
              arrangement,
              asString ? "as a string" : "written",
              first,
              third,
              dump(asString) / (double) MEGABYTE,
              extraHeap(asString));
          Runtime.getRuntime().halt(0);
        });
  }

  // The tasks

  private static Async<Void> arranging(String arrangement, List<Task<?>> tasks) {
    return Async.action(
        co -> {
          Promise<Integer> promise = Promise.open();
          AsyncLock lock = AsyncLock.open();
          co.await(lock.acquire());
          for (int i = 0; i < TASKS; i++) {
            int number = i;
            tasks.add(
                Task.start(
                    switch (arrangement) {
                      case "sleeping", "gather" -> AsyncBodies.sleeping();
                      case "promise" -> AsyncBodies.awaiting(promise);
                      case "chain" ->
                          i == 0 ? AsyncBodies.awaiting(promise) : awaiting(tasks, i - 1);
                      case "circle" -> awaiting(tasks, (number + 1) % TASKS);
                      case "lock" -> Async.action(in -> in.await(lock.acquire()));
                      default -> throw new IllegalArgumentException(arrangement);
                    }));
          }
          if (arrangement.equals("gather")) {
            List<Task<?>> all = List.copyOf(tasks);
            Task.start(Async.action(in -> in.await(Async.gather(all))));
          }
        });
  }

  private static Async<Void> awaiting(List<Task<?>> tasks, int number) {
    return Async.action(co -> co.await(tasks.get(number)));
  }

  // The dump

  /** Takes the text, and keeps nothing of it. */
  private static final class Counting implements Appendable {
    long length;

    @Override
    public Appendable append(CharSequence text) {
      length += text.length();
      return this;
    }

    @Override
    public Appendable append(CharSequence text, int start, int end) {
      length += end - start;
      return this;
    }

    @Override
    public Appendable append(char letter) {
      length++;
      return this;
    }
  }

  private static long dump(boolean asString) throws IOException {
    if (asString) {
      return EventLoop.current().dump().length();
    }
    Counting counting = new Counting();
    EventLoop.current().dump(counting);
    return counting.length;
  }

  private static double seconds(boolean asString) throws IOException {
    long start = System.nanoTime();
    if (dump(asString) < 10L * TASKS) {
      throw new AssertionError("the dump is too short to be one of all tasks");
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static String extraHeap(boolean asString) throws Exception {
    String least = "more than " + LEFT[0] + " MB";
    for (int left : LEFT) {
      List<byte[]> ballast = ballast(left);
      boolean isMade;
      try {
        isMade = dump(asString) > 0;
      } catch (OutOfMemoryError tooLittle) {
        isMade = false;
      }
      ballast.clear();
      if (!isMade) {
        break;
      }
      least = left + " MB";
    }
    return least;
  }

  /** Fills the heap until only so many megabytes are left. */
  private static List<byte[]> ballast(int left) throws InterruptedException {
    List<byte[]> ballast = new ArrayList<>();
    long room = Runtime.getRuntime().maxMemory() - Footprint.usedHeap();
    for (long i = room / MEGABYTE - left; i > 0; i--) {
      ballast.add(new byte[MEGABYTE - 16]);
    }
    return ballast;
  }
}
