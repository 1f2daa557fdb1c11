import io.fermata.Generator;

/** One endless sequence, used in three ways. */
public class Fibonacci {
  public static void main(String[] args) {
    for (int n : fibonacci()) {
      if (n > 100) break;
      System.out.println(n);
    }

    System.out.println(fibonacci().stream().limit(15).toList());

    Generator<Integer> numbers = fibonacci();
    int n = numbers.next();
    while (n < 1_000_000) n = numbers.next();
    System.out.println("the first of seven digits: " + n);
  }

  static Generator<Integer> fibonacci() {
    return Generator.of(
        co -> {
          int a = 0;
          int b = 1;
          while (true) {
            co.yield(a);
            int sum = a + b;
            a = b;
            b = sum;
          }
        });
  }
}
