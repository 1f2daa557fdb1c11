package io.fermata.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every piece of Java in README, guide and Javadoc compiles. */
class SnippetsTest {
  private static final Path ROOT = Path.of("..");
  private static final SnippetCompiler COMPILER =
      new SnippetCompiler(
          ROOT.resolve("core/target/fermata.jar")
              + File.pathSeparator
              + System.getProperty("java.class.path")); // Netty, and what is written on it

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}")
  @MethodSource("snippets")
  void aSnippetCompiles(Snippet snippet) throws IOException {
    List<String> errors = COMPILER.errors(snippet);

    assertTrue(errors.isEmpty(), () -> String.join("\n", errors));
  }

  static List<Snippet> snippets() throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    if (Files.exists(ROOT.resolve("README.md"))) {
      snippets.addAll(Snippet.inMarkdown(ROOT.resolve("README.md")));
    }
    for (Path page : files(ROOT.resolve("docs"), ".md")) {
      snippets.addAll(Snippet.inMarkdown(page));
    }
    List<Path> sources = new ArrayList<>(files(ROOT.resolve("core/src/main/java"), ".java"));
    sources.addAll(files(ROOT.resolve("net/src/main/java"), ".java"));
    for (Path source : sources) {
      if (source.toString().contains("internal")) {
        continue; // shows pseudo-code of what is generated
      }
      snippets.addAll(Snippet.inJavadoc(source));
    }
    return snippets;
  }

  private static List<Path> files(Path folder, String ending) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  // That mistakes are found

  @Test
  void aMistakeIsReportedWithFileAndLine() throws IOException {
    Path page =
        page(
            """
            # Title

            ```java
            int one = 1;
            static Generator<Integer> ones() {
              return Generator.of(co -> co.yield(1));
            }
            for (int n : ones()) use(n + two);
            ```
            """);

    List<String> errors = COMPILER.errors(Snippet.inMarkdown(page).get(0));

    assertEquals(1, errors.size(), errors.toString());
    assertTrue(errors.get(0).startsWith(page + ":8: cannot find symbol"), errors.get(0));
  }

  @Test
  void aMistakeInAWholeFileIsReportedToo() throws IOException {
    Path page =
        page(
            """
            ```java
            import io.fermata.Generator;

            public class Ones {
              Generator<String> ones = Generator.of(co -> co.yield(1));
            }
            ```
            """);

    List<String> errors = COMPILER.errors(Snippet.inMarkdown(page).get(0));

    assertTrue(errors.get(0).startsWith(page + ":5: incompatible types"), errors.toString());
  }

  @Test
  void declarationsAndStatementsMayBeMixed() throws IOException {
    Path page =
        page(
            """
            ```java
            import java.time.Duration;

            record Point(int x, int y) {}
            class Tree {
              Point place = new Point(1, 2);
            }
            Tree tree = new Tree();

            @SafeVarargs
            static <T> Generator<T> each(T... values) { return Generator.of(co -> co.yieldFrom(List.of(values))); }

            void walk(Tree tree, Yielder<?, Point> co) {
              co.yield(tree.place);
            }
            Generator<Point> points = Generator.of(co -> walk(tree, co));
            for (Duration d : each(Duration.ZERO)) {
              use(d);
            }
            ```
            """);

    assertEquals(List.of(), COMPILER.errors(Snippet.inMarkdown(page).get(0)));
  }

  @Test
  void onlyExcusedBlocksAreLeftOut() throws IOException {
    Path page =
        page(
            """
            <!-- not compiled: shows an error -->
            ```java
            int x = "text";
            ```
            ```sh
            java Printer.java
            ```
            1. In a list:
               ```java
               int y = 1;
               ```
            """);

    assertEquals(List.of(new Snippet(page, 10, List.of("int y = 1;"))), Snippet.inMarkdown(page));
  }

  private Path page(String text) throws IOException {
    return Files.writeString(directory.resolve("page.md"), text);
  }
}
