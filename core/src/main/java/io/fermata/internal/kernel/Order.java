package io.fermata.internal.kernel;

/** Mixes what is ready in a round, for tests that must not depend on the order. */
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
