import io.fermata.Generator;
import io.fermata.Yielder;
import java.util.List;
import lombok.Cleanup;
import lombok.Getter;
import lombok.NonNull;
import lombok.RequiredArgsConstructor;
import lombok.SneakyThrows;
import lombok.Value;
import lombok.val;

public class Main {
  @Value
  static class Point {
    int x;
    int y;

    void emit(@NonNull Yielder<?, Integer> co) {
      co.yield(x);
      co.yield(y);
    }
  }

  @RequiredArgsConstructor
  static final class Source implements AutoCloseable {
    @Getter private final String name;

    void emit(@NonNull Yielder<?, String> co, @NonNull String prefix) {
      co.yield(prefix + getName());
    }

    @Override
    public void close() {
      System.out.println("closed");
    }
  }

  @SneakyThrows
  private static void failing(Yielder<?, String> co) {
    co.yield("before");
    throw new java.io.IOException("sneaky");
  }

  private static void show(String what, Generator<?> generator) {
    System.err.println(what + ": " + generator.engineReason());
    System.out.println(what + " " + generator.engine() + " " + generator.toList());
  }

  public static void main(String[] arguments) {
    Point point = new Point(1, 2);
    show("value", Generator.<Integer>of(co -> point.emit(co)));
    show("reference", Generator.<Integer>of(point::emit));
    show(
        "non-null",
        Generator.<String>of(
            co -> {
              @Cleanup Source source = new Source("a");
              source.emit(co, "name ");
            }));
    show(
        "val",
        Generator.<String>of(
            co -> {
              for (val word : List.of("a", "b")) {
                co.yield(word);
              }
            }));
    show(
        "sneaky",
        Generator.<String>of(
            co -> {
              try {
                failing(co);
              } catch (Exception failure) {
                co.yield(failure.getMessage());
              }
            }));
    try {
      Generator.<String>of(co -> new Source("a").emit(co, null)).next();
    } catch (NullPointerException failure) {
      System.out.println(failure.getMessage());
    }
  }
}
