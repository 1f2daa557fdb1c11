package io.fermata.benchmarks;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.IntGenerator;
import io.fermata.Yielder;

/** The generators that are measured. */
final class Bodies {
  private Bodies() {}

  static Generator<Integer> range(int n) {
    return Generator.of(
        co -> {
          for (int i = 0; i < n; i++) {
            co.yield(i);
          }
        });
  }

  static IntGenerator intRange(int n) {
    return IntGenerator.of(
        co -> {
          for (int i = 0; i < n; i++) {
            co.yield(i);
          }
        });
  }

  static IntGenerator filter(int n) {
    return IntGenerator.of(
        co -> {
          for (int i = 0; i < n; i++) {
            if (Filters.passes(i)) {
              co.yield(i);
            }
          }
        });
  }

  static Coroutine<Integer, Integer, Void> echo() {
    return Coroutine.of(
        co -> {
          Integer received = 0;
          while (true) {
            received = co.yield(received);
          }
        });
  }

  static Generator<Integer> walkByDelegation(Tree tree) {
    return Generator.of(
        co -> {
          if (tree != null) {
            co.yieldFrom(walkByDelegation(tree.left));
            co.yield(tree.value);
            co.yieldFrom(walkByDelegation(tree.right));
          }
        });
  }

  static Generator<Integer> walkByHelper(Tree tree) {
    return Generator.of(co -> walk(tree, co));
  }

  private static void walk(Tree tree, Yielder<?, Integer> co) {
    if (tree != null) {
      walk(tree.left, co);
      co.yield(tree.value);
      walk(tree.right, co);
    }
  }

  static Generator<Integer> nested(int depth) {
    return Generator.of(
        co -> {
          if (depth > 1) {
            co.yieldFrom(nested(depth - 1));
          }
          for (int i = 0; ; i++) {
            co.yield(i);
          }
        });
  }

  /** Other generators, that run through the same library code before a measurement. */
  static Generator<Integer> other(int kind, int n) {
    return switch (kind) {
      case 0 ->
          Generator.of(
              co -> {
                for (int i = 0; i < n; i++) {
                  co.yield(i + 1);
                }
              });
      case 1 ->
          Generator.of(
              co -> {
                for (int i = n; i > 0; i--) {
                  co.yield(i);
                }
              });
      case 2 ->
          Generator.of(
              co -> {
                for (int i = 0; i < n; i += 2) {
                  co.yield(i);
                }
              });
      case 3 ->
          Generator.of(
              co -> {
                int i = 0;
                while (i < n) {
                  co.yield(i);
                  i += 3;
                }
              });
      case 4 ->
          Generator.of(
              co -> {
                for (int i = 0; i < n; i++) {
                  co.yield(i);
                  co.yield(-i);
                }
              });
      case 5 ->
          Generator.of(
              co -> {
                for (int i = 0; i < n; i++) {
                  co.yield(i * i);
                }
              });
      case 6 ->
          Generator.of(
              co -> {
                for (int i = 0; i < n; i++) {
                  co.yield(i ^ 5);
                }
              });
      default ->
          Generator.of(
              co -> {
                for (int i = 0; i < n; i++) {
                  if (i % 3 == 0) {
                    co.yield(i);
                  }
                }
              });
    };
  }
}
