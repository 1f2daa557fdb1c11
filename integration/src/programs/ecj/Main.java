import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.Yielder;
import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import java.time.Duration;
import java.util.List;

public class Main {
  private final List<String> words = List.of("a", "bb", "ccc");

  private static int square(int n) {
    return n * n;
  }

  private Generator<String> words() {
    return Generator.of(
        co -> {
          for (String word : words) {
            switch (word) {
              case "a" -> co.yield("one " + word);
              case "bb" -> co.yield("two " + word);
              default -> co.yield("more " + word);
            }
          }
        });
  }

  private static Generator<Integer> squares(int to) {
    class Local {
      void emit(Yielder<?, Integer> co, int n) {
        co.yield(square(n));
      }
    }
    Local local = new Local();
    return Generator.of(
        co -> {
          int n = 0;
          do {
            new Local().emit(co, n);
          } while (n++ < to);
          assert local != null;
        });
  }

  private static Generator<String> closed() {
    return Generator.of(
        co -> {
          try (AutoCloseable it = () -> System.out.println("closed")) {
            synchronized (Main.class) {
              square(2);
            }
            co.yield("open " + (it == null));
          } catch (IllegalStateException caught) {
            co.yield("caught");
          } finally {
            co.yield("finally");
          }
        });
  }

  private static void show(String what, Generator<?> generator) {
    System.err.println(what + ": " + generator.engineReason());
    System.out.println(what + " " + generator.engine() + " " + generator.toList());
  }

  enum Plan {
    ONE {
      @Override
      void emit(Yielder<?, String> co) {
        co.yield("one");
      }
    };

    abstract void emit(Yielder<?, String> co);
  }

  public static void main(String[] arguments) throws Exception {
    show("strings", new Main().words());
    show("local class", squares(3));
    show("resources", closed());
    show("enum", Generator.<String>of(co -> Plan.ONE.emit(co)));
    Coroutine<Integer, Integer, Integer> sum =
        Coroutine.primed(
            co -> {
              int[] all = new int[1];
              for (Integer n = co.yield(); n != null; n = co.yield(all[0] += n)) {}
              return all[0];
            });
    System.out.println(sum.send(1) + " " + sum.send(2) + " " + sum.engine());
    System.out.println(
        EventLoop.run(
            Async.<String>of(
                co -> {
                  co.await(Async.sleep(Duration.ofMillis(1)));
                  return "slept";
                })));
  }
}
