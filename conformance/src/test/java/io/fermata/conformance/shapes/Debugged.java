package io.fermata.conformance.shapes;

import io.fermata.Generator;

/** A program for a debugger: a body that has a {@code this}. */
public final class Debugged {
  static int count = 40;
  private final String name;

  private Debugged(String name) {
    this.name = name;
  }

  private Generator<Integer> body() {
    return Generator.of(
        co -> {
          int x = name.length();
          String unused = name;
          co.yield(x);
          x += unused.length() + 6;
          co.yield(x);
          x += 96 + name.length();
          count += x;
        });
  }

  /** The program. */
  public static void main(String[] args) {
    Generator<Integer> g = new Debugged("host").body();
    while (g.advance()) {
      count++;
    }
    System.out.println("end " + count);
  }
}
