package io.fermata.internal.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * A file of cases for one pass: what it gets, and what has to come out. {@code -Dgolden.write=true}
 * writes what comes out into the file, to be read before it is committed.
 *
 * <pre>
 * == aStoreEndsTheLifeOfALocal
 * static (I)I                  the head: modifiers and descriptor of the method, and words of Scene
 *   ILOAD 0                    the code, see Listing
 *   ...
 * --
 *   {0} ILOAD 0                what comes out
 *   ...
 * </pre>
 */
final class GoldenFile {
  private static final boolean WRITE = Boolean.getBoolean("golden.write");
  private static final Path FOLDER =
      Path.of("src", "test", "resources", "io", "fermata", "internal", "compiler");

  /** What a pass makes of a case, as text. */
  interface Pass {
    String run(Scene scene) throws Exception;
  }

  private record Case(String name, List<String> input, StringBuilder output) {}

  private GoldenFile() {}

  /** One test for each case of a file. */
  static Stream<DynamicTest> check(String name, Pass pass) {
    Path file = FOLDER.resolve(name + ".txt");
    List<Case> cases = read(file);
    assertTrue(!cases.isEmpty(), file + " has no cases");
    if (WRITE) {
      StringBuilder text = new StringBuilder();
      for (Case each : cases) {
        text.append("== ").append(each.name).append('\n');
        each.input.forEach(line -> text.append(line).append('\n'));
        text.append("--\n").append(run(pass, each)).append('\n');
      }
      write(file, text.toString().stripTrailing() + "\n");
    }
    return read(file).stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.name,
                    () -> assertEquals(each.output.toString().strip(), run(pass, each).strip())));
  }

  private static String run(Pass pass, Case each) {
    try {
      return pass.run(Scene.parse(each.input)).stripTrailing() + "\n";
    } catch (NotCompilable reason) {
      return "not compilable: " + reason.getMessage() + "\n";
    } catch (Exception failure) {
      throw new AssertionError(each.name, failure);
    }
  }

  private static List<Case> read(Path file) {
    List<Case> cases = new ArrayList<>();
    boolean isInput = true;
    for (String line : lines(file)) {
      if (line.startsWith("== ")) {
        cases.add(new Case(line.substring(3), new ArrayList<>(), new StringBuilder()));
        isInput = true;
      } else if (line.equals("--")) {
        isInput = false;
      } else if (!cases.isEmpty() && isInput) {
        cases.get(cases.size() - 1).input.add(line);
      } else if (!cases.isEmpty()) {
        cases.get(cases.size() - 1).output.append(line).append('\n');
      }
    }
    return cases;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
