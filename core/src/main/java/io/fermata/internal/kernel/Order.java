package io.fermata.internal.kernel;

/** An order of the ready jobs of a round, for tests of code that must not depend on one. */
@FunctionalInterface
public interface Order {
  /**
   * Chooses what runs next.
   *
   * @param candidates how many there are, at least one
   * @return a number from 0 to {@code candidates - 1}; always 0 keeps them in order
   */
  int choose(int candidates);
}
