import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.Yielder;

/** Each line with a mark is looked for in the report: hit, or missed. */
public class Main {
  static Generator<Integer> numbers(int to) {
    return Generator.of(
        co -> {
          for (int i = 0; i < to; i++) {
            if (i < 2) {
              co.yield(i); // hit in lambda
            } else if (i > 5) {
              co.yield(-i); // missed in lambda
            }
          }
          helper(co, to); // hit after loop
        });
  }

  private static void helper(Yielder<?, Integer> co, int n) {
    try {
      co.yield(n); // hit in helper
      if (n > 100) {
        throw new IllegalStateException(); // missed in helper
      }
    } finally {
      co.yield(n + 1); // hit in finally
    }
  }

  static final class Named implements GeneratorBody<String> {
    @Override
    public void run(Yielder<?, String> co) {
      co.yield("named"); // hit in named body
    }
  }

  interface Source {
    default void emit(Yielder<?, String> co) {
      co.yield("default"); // hit in default method
    }
  }

  static final class Real implements Source {}

  public static void main(String[] arguments) {
    show("lambda", numbers(3));
    show("named", Generator.of(new Named()));
    Real source = new Real();
    show("default method", Generator.<String>of(co -> source.emit(co)));
  }

  private static void show(String what, Generator<?> generator) {
    System.err.println(what + ": " + generator.engineReason());
    System.out.println(what + " " + generator.engine() + " " + generator.toList());
  }
}
