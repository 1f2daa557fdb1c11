package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.Yielder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Backtracking with one generator per decision: conjoin yields every list {@code [x0, x1, ...]}
 * with {@code x0} from the first generator, {@code x1} from a fresh run of the second, and so on.
 */
class ConjoinTest {
  private interface Conjoin {
    <T> Generator<List<T>> of(List<Supplier<Generator<T>>> choices);
  }

  private static final List<Conjoin> FORMS =
      List.of(
          new Conjoin() {
            @Override
            public <T> Generator<List<T>> of(List<Supplier<Generator<T>>> choices) {
              return recursive(choices);
            }
          },
          new Conjoin() {
            @Override
            public <T> Generator<List<T>> of(List<Supplier<Generator<T>>> choices) {
              return flat(choices);
            }
          });

  private static <T> Generator<List<T>> recursive(List<Supplier<Generator<T>>> choices) {
    return Generator.of(co -> descend(co, choices, new ArrayList<>(), 0));
  }

  private static <T> void descend(
      Yielder<?, List<T>> co, List<Supplier<Generator<T>>> choices, List<T> values, int depth) {
    if (depth == choices.size()) {
      co.yield(values);
      return;
    }
    values.add(null);
    for (T choice : choices.get(depth).get()) {
      values.set(depth, choice);
      descend(co, choices, values, depth + 1);
    }
    values.remove(depth);
  }

  private static <T> Generator<List<T>> flat(List<Supplier<Generator<T>>> choices) {
    return Generator.of(
        co -> {
          List<T> values = new ArrayList<>();
          List<Generator<T>> open = new ArrayList<>();
          boolean forward = true;
          do {
            if (forward && open.size() == choices.size()) {
              co.yield(values);
              forward = false;
            } else if (forward) {
              open.add(choices.get(open.size()).get());
              values.add(null);
              forward = false;
            } else {
              int last = open.size() - 1;
              if (open.get(last).advance()) {
                values.set(last, open.get(last).current());
                forward = true;
              } else {
                open.remove(last);
                values.remove(last);
              }
            }
          } while (forward || !open.isEmpty());
        });
  }

  @EngineTest
  @Conforms("G-084")
  void conjoinYieldsTheProductOfItsChoices() {
    Supplier<Generator<Integer>> bit =
        () ->
            Generator.of(
                co -> {
                  co.yield(0);
                  co.yield(1);
                });
    for (Conjoin conjoin : FORMS) {
      List<String> seen = new ArrayList<>();
      for (List<Integer> values : conjoin.of(List.of(bit, bit, bit))) {
        seen.add(values.get(0) + "" + values.get(1) + values.get(2));
      }

      assertEquals(List.of("000", "001", "010", "011", "100", "101", "110", "111"), seen);
    }
  }

  @EngineTest
  @Conforms("G-084")
  void conjoinOfNothingYieldsOneEmptyList() {
    for (Conjoin conjoin : FORMS) {
      assertEquals(1, conjoin.<Integer>of(List.of()).stream().count());
    }
  }

  @EngineTest
  @Conforms("G-086")
  void conjoinYieldsTheSameListObjectEachTime() {
    Supplier<Generator<Integer>> choice =
        () ->
            Generator.of(
                co -> {
                  co.yield(0);
                  co.yield(1);
                });
    for (Conjoin conjoin : FORMS) {
      Generator<List<Integer>> g = conjoin.of(List.of(choice));
      List<Integer> first = g.next();
      assertEquals(List.of(0), first);

      assertSame(first, g.next());
      assertEquals(List.of(1), first);
    }
  }

  @EngineTest
  @Conforms("G-084")
  void sixQueensHaveFourSolutions() {
    for (Conjoin conjoin : FORMS) {
      List<String> solutions = new ArrayList<>();
      for (List<Integer> columns : conjoin.of(new Queens(6).rows())) {
        solutions.add(columns.toString());
      }

      assertEquals(
          List.of(
              "[1, 3, 5, 0, 2, 4]",
              "[2, 5, 1, 4, 0, 3]",
              "[3, 0, 4, 1, 5, 2]",
              "[4, 2, 0, 5, 3, 1]"),
          solutions);
    }
  }

  /** A board on which one generator per row tries the columns, and takes its queen back. */
  private static final class Queens {
    private final int size;
    private final Set<String> lines = new HashSet<>();

    Queens(int size) {
      this.size = size;
    }

    List<Supplier<Generator<Integer>>> rows() {
      List<Supplier<Generator<Integer>>> rows = new ArrayList<>();
      for (int row = 0; row < size; row++) {
        int fixed = row;
        rows.add(() -> Generator.of(co -> tryColumns(co, fixed)));
      }
      return rows;
    }

    private void tryColumns(Yielder<?, Integer> co, int row) {
      for (int column = 0; column < size; column++) {
        List<String> used = List.of("|" + column, "/" + (row + column), "\\" + (row - column));
        if (used.stream().noneMatch(lines::contains)) {
          lines.addAll(used);
          co.yield(column);
          used.forEach(lines::remove);
        }
      }
    }
  }

  @EngineTest
  @Conforms({"G-084", "G-087"})
  void aKnightToursTheBoardWithAGeneratorPerSquare() {
    for (Conjoin conjoin : FORMS) {
      Knight knight = new Knight(10);
      try (Generator<List<Integer>> tours = conjoin.of(knight.moves())) {
        List<Integer> tour = tours.next();

        assertEquals(100, new HashSet<>(tour).size());
        for (int i = 1; i < tour.size(); i++) {
          assertTrue(knight.isMove(tour.get(i - 1), tour.get(i)), tour.toString());
        }
      }
    }
  }

  /** Tries first the squares with the fewest ways on, as Warnsdorff says. */
  private static final class Knight {
    private static final int[][] JUMPS = {
      {1, 2}, {2, 1}, {2, -1}, {1, -2}, {-1, -2}, {-2, -1}, {-2, 1}, {-1, 2}
    };

    private final int size;
    private final boolean[] visited;
    private int at;

    Knight(int size) {
      this.size = size;
      this.visited = new boolean[size * size];
    }

    List<Supplier<Generator<Integer>>> moves() {
      List<Supplier<Generator<Integer>>> moves = new ArrayList<>();
      moves.add(() -> Generator.of(co -> tryEach(co, List.of(0))));
      for (int i = 1; i < size * size; i++) {
        moves.add(() -> Generator.of(co -> tryEach(co, targets())));
      }
      return moves;
    }

    private void tryEach(Yielder<?, Integer> co, List<Integer> squares) {
      int from = at;
      for (int square : squares) {
        visited[square] = true;
        at = square;
        co.yield(square);
        at = from;
        visited[square] = false;
      }
    }

    private List<Integer> targets() {
      List<Integer> targets = new ArrayList<>(free(at));
      targets.sort((a, b) -> free(a).size() - free(b).size());
      return targets;
    }

    private List<Integer> free(int from) {
      return Arrays.stream(JUMPS)
          .filter(jump -> inside(from / size + jump[0]) && inside(from % size + jump[1]))
          .map(jump -> from + jump[0] * size + jump[1])
          .filter(square -> !visited[square])
          .toList();
    }

    private boolean inside(int coordinate) {
      return coordinate >= 0 && coordinate < size;
    }

    boolean isMove(int from, int to) {
      int rows = Math.abs(from / size - to / size);
      int columns = Math.abs(from % size - to % size);
      return rows * columns == 2;
    }
  }
}
