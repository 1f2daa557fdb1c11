import io.fermata.Generator;
import io.fermata.Yielder;

/**
 * Eight queens on a chessboard, none of which attacks another. The search yields each board that it
 * finds, and goes on from there when the next one is wanted.
 */
public class EightQueens {
  public static void main(String[] args) {
    int count = 0;
    for (int[] columns : solutions(8)) {
      if (count < 3) print(columns);
      count++;
    }
    System.out.println("solutions: " + count);
  }

  /** Boards, as the column of the queen in each row. */
  static Generator<int[]> solutions(int size) {
    return Generator.of(co -> place(0, new int[size], co));
  }

  static void place(int row, int[] columns, Yielder<?, int[]> co) {
    if (row == columns.length) {
      co.yield(columns.clone());
      return;
    }
    for (int column = 0; column < columns.length; column++) {
      if (isSafe(row, column, columns)) {
        columns[row] = column;
        place(row + 1, columns, co);
      }
    }
  }

  static boolean isSafe(int row, int column, int[] columns) {
    for (int above = 0; above < row; above++) {
      int distance = Math.abs(column - columns[above]);
      if (distance == 0 || distance == row - above) return false;
    }
    return true;
  }

  static void print(int[] columns) {
    for (int column : columns) {
      System.out.println(". ".repeat(column) + "Q" + " .".repeat(columns.length - 1 - column));
    }
    System.out.println();
  }
}
