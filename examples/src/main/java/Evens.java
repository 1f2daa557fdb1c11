import io.fermata.Generator;

/** An endless generator in a loop that ends. */
public class Evens {
  public static void main(String[] args) {
    for (int n : evens()) {
      if (n > 10) break;
      System.out.println(n);
    }
  }

  static Generator<Integer> evens() {
    return Generator.of(
        co -> {
          for (int i = 0; ; i += 2) co.yield(i);
        });
  }
}
