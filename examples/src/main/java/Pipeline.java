import io.fermata.Coroutine;
import io.fermata.Generator;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * {@code tail -f log | grep ERROR}, with several readers at its end. Lines are pushed through
 * coroutines; when the file has no more of them, tail yields, and the program writes some.
 */
public class Pipeline {
  private static final List<String> BATCHES =
      List.of(
          "INFO started\nERROR disk full\n",
          "INFO retrying\n",
          "ERROR disk full\nINFO giving up\nERROR stopped\n");

  public static void main(String[] args) throws IOException {
    Path log = Files.createTempFile("pipeline", ".log");
    try (Generator<Void> tail = tail(log, grep("ERROR", broadcast(printer(), counter(), last())))) {
      for (String batch : BATCHES) {
        System.out.println("-- writing");
        Files.writeString(log, batch, StandardOpenOption.APPEND);
        tail.next();
      }
      System.out.println("-- closing");
    } finally {
      Files.delete(log);
    }
  }

  /** Sends on each line of a growing file; yields where there is none yet. */
  static Generator<Void> tail(Path file, Coroutine<String, Void, Void> target) {
    return Generator.of(
        co -> {
          try (target;
              BufferedReader lines = Files.newBufferedReader(file)) {
            while (true) {
              String line = lines.readLine();
              if (line == null) {
                co.yield();
              } else {
                target.send(line);
              }
            }
          }
        });
  }

  static Coroutine<String, Void, Void> grep(String word, Coroutine<String, Void, Void> target) {
    return Coroutine.primed(
        co -> {
          try (target) {
            while (true) {
              String line = co.yield();
              if (line.contains(word)) target.send(line);
            }
          }
        });
  }

  @SafeVarargs
  static Coroutine<String, Void, Void> broadcast(Coroutine<String, Void, Void>... targets) {
    return Coroutine.primed(
        co -> {
          try {
            while (true) {
              String line = co.yield();
              for (Coroutine<String, Void, Void> target : targets) target.send(line);
            }
          } finally {
            for (Coroutine<String, Void, Void> target : targets) target.close();
          }
        });
  }

  static Coroutine<String, Void, Void> printer() {
    return Coroutine.primed(
        co -> {
          while (true) System.out.println(co.yield());
        });
  }

  static Coroutine<String, Void, Void> counter() {
    return Coroutine.primed(
        co -> {
          int count = 0;
          try {
            while (true) {
              co.yield();
              count++;
            }
          } finally {
            System.out.println("lines: " + count);
          }
        });
  }

  static Coroutine<String, Void, Void> last() {
    return Coroutine.primed(
        co -> {
          String line = "none";
          try {
            while (true) line = co.yield();
          } finally {
            System.out.println("last: " + line);
          }
        });
  }
}
