import io.fermata.IntGenerator;

/** The sieve of Eratosthenes: a chain of generators that grows by one for every prime. */
public class Primes {
  public static void main(String[] args) {
    primes().stream().limit(25).forEach(System.out::println);
  }

  static IntGenerator primes() {
    return IntGenerator.of(
        co -> {
          IntGenerator numbers = from(2);
          while (numbers.advance()) {
            int prime = numbers.current();
            co.yield(prime);
            numbers = withoutMultiples(prime, numbers);
          }
        });
  }

  static IntGenerator withoutMultiples(int prime, IntGenerator numbers) {
    return IntGenerator.of(
        co -> {
          while (numbers.advance()) {
            int n = numbers.current();
            if (n % prime != 0) co.yield(n);
          }
        });
  }

  static IntGenerator from(int start) {
    return IntGenerator.of(
        co -> {
          for (int n = start; ; n++) co.yield(n);
        });
  }
}
