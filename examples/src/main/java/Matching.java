import io.fermata.Coroutine;

/** A coroutine that prints the lines with a word in them, until it is closed. */
public class Matching {
  public static void main(String[] args) {
    try (Coroutine<String, Void, Void> grep = grep("coroutine")) {
      grep.send("a subroutine returns once");
      grep.send("a coroutine may pause and go on");
      grep.send("a generator is a simple coroutine");
    }
  }

  static Coroutine<String, Void, Void> grep(String word) {
    return Coroutine.primed(
        co -> {
          System.out.println("looking for " + word);
          try {
            while (true) {
              String line = co.yield();
              if (line.contains(word)) System.out.println(line);
            }
          } finally {
            System.out.println("done");
          }
        });
  }
}
