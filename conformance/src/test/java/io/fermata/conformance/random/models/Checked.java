package io.fermata.conformance.random.models;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A random program that is compared with a model.
 *
 * @param <P> the kind of program
 */
interface Checked<P extends Checked<P>> {
  /** So many smaller programs are tried after a failure. */
  int TRIES = 2000;

  /**
   * Runs the program with the order of a seed.
   *
   * @throws Exception or an {@link AssertionError} if a rule is broken
   */
  void run(long seed) throws Exception;

  /** The programs that are one step simpler. */
  Stream<P> smaller();

  /** What goes wrong; empty if nothing does. */
  default Optional<Throwable> failure(long seed) {
    try {
      run(seed);
      return Optional.empty();
    } catch (Exception | Error failure) {
      return Optional.of(failure);
    }
  }

  /**
   * Runs a program for each of some seeds. The first that fails is made as small as it can be and
   * still fail.
   *
   * @param name of what is checked
   * @param count the number of seeds
   * @param generator makes the program
   */
  static <P extends Checked<P>> void check(
      String name, int count, Function<SplittableRandom, P> generator) {
    long first = Long.getLong("models.seed", 0);
    for (long seed = first; seed < first + count; seed++) {
      P program = generator.apply(new SplittableRandom(seed));
      if (program.failure(seed).isPresent()) {
        P small = shrunk(program, seed);
        Throwable failure = small.failure(seed).orElseThrow();
        throw new AssertionError(
            name
                + " fails with seed "
                + seed
                + " (again with -Dmodels.seed="
                + seed
                + "): "
                + failure
                + "\n"
                + small,
            failure);
      }
    }
  }

  private static <P extends Checked<P>> P shrunk(P program, long seed) {
    P smallest = program;
    int tries = 0;
    Optional<P> next = Optional.of(program);
    while (next.isPresent() && tries < TRIES) {
      smallest = next.get();
      next = Optional.empty();
      for (P smaller : smallest.smaller().toList()) {
        if (++tries < TRIES && smaller.failure(seed).isPresent()) {
          next = Optional.of(smaller);
          break;
        }
      }
    }
    return smallest;
  }
}
