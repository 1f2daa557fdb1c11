import io.fermata.Generator;

/** A generator that owns a resource: closing the generator closes what it holds open. */
public class OwnedResource {
  public static void main(String[] args) {
    try (Generator<String> rows = rows("fruits")) {
      for (String row : rows) {
        System.out.println(row);
        if (row.equals("fruits, row 2")) break;
      }
    }

    try (Generator<String> rows = rows("animals")) {
      throw new IllegalStateException("nobody wants " + rows.next());
    } catch (IllegalStateException e) {
      System.out.println("failed: " + e.getMessage());
    }
  }

  static Generator<String> rows(String name) {
    return Generator.of(
        co -> {
          try (Table table = new Table(name)) {
            for (int i = 1; ; i++) co.yield(table.row(i));
          }
        });
  }

  static class Table implements AutoCloseable {
    private final String name;

    Table(String name) {
      this.name = name;
      System.out.println("opened " + name);
    }

    String row(int i) {
      return name + ", row " + i;
    }

    @Override
    public void close() {
      System.out.println("closed " + name);
    }
  }
}
