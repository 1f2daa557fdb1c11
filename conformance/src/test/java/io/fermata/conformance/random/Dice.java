package io.fermata.conformance.random;

import java.util.Random;

/** Random choices of one program. */
record Dice(Random random) {
  /** A number from 0 on, less than the number of sides. */
  int roll(int sides) {
    return random.nextInt(sides);
  }

  /** True one time in so many. */
  boolean once(int sides) {
    return random.nextInt(sides) == 0;
  }

  String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
