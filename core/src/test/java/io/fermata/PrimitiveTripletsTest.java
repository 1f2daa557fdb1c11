package io.fermata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The comparison of the sources for {@code int}, {@code long} and {@code double}: they are equal up
 * to the type, so that a change of one is a change of three.
 *
 * <p>The text for {@code double} is the pattern, as no counter or size in it is a {@code double}.
 * Comments count; line breaks and the order of imports do not, nor whether it is "a" or "an".
 */
class PrimitiveTripletsTest {
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final List<String> TYPES = List.of("Int", "Long", "Double");
  private static final Pattern FILE = Pattern.compile("(Int|Long|Double)([A-Z]\\w*)\\.java");
  private static final Pattern TYPE =
      Pattern.compile(
          "( *)[\\w ]*\\b(?:class|interface|record) (\\w*(Int|Long|Double)(?![a-z])\\w*).*");
  private static final Pattern METHOD =
      Pattern.compile("( +)(?:\\w+ )*[\\w<>]+ ((?:int|long|double)Generator)\\(.*");
  private static final Pattern TOKEN = Pattern.compile("\\w+|\\S");

  private record Token(String text, int line) {}

  @TestFactory
  Stream<DynamicTest> theThreeDifferOnlyInTheType() throws IOException {
    Map<String, Map<String, List<Token>>> triplets = triplets();
    assertTrue(triplets.size() >= 8, "found only " + triplets.keySet());
    return triplets.entrySet().stream()
        .map(triplet -> dynamicTest(triplet.getKey(), () -> compare(triplet.getValue())));
  }

  @Test
  void theFirstDifferenceIsNamed() {
    Map<String, List<Token>> triplet = new TreeMap<>();
    triplet.put("Double", tokens(List.of("/** A {@link DoubleX}. */", "double x(Double y);"), 1));
    triplet.put("Long", tokens(List.of("/** A {@link LongX}. */", "long x(Long y);"), 1));
    triplet.put("Int", tokens(List.of("/** An {@link IntX}. */", "int x(", "    Int y);"), 1));

    AssertionError difference = assertThrows(AssertionError.class, () -> compare(triplet));

    assertTrue(difference.getMessage().contains("line 3"), difference.getMessage());
    assertTrue(difference.getMessage().contains("Integer"), difference.getMessage());
  }

  private static void compare(Map<String, List<Token>> triplet) {
    assertEquals(new TreeSet<>(TYPES), triplet.keySet(), "not there for each type");
    List<Token> pattern = triplet.get("Double");
    for (String type : TYPES) {
      List<Token> actual = triplet.get(type);
      for (int i = 0; i < Math.max(pattern.size(), actual.size()); i++) {
        String wanted = i < pattern.size() ? of(type, pattern.get(i).text) : "nothing";
        String found = i < actual.size() ? actual.get(i).text : "nothing";
        if (!wanted.equals(found)) {
          int line = actual.get(Math.min(i, actual.size() - 1)).line;
          int inPattern = pattern.get(Math.min(i, pattern.size() - 1)).line;
          fail(
              "%s, line %d: %s, but by line %d of Double: %s"
                  .formatted(type, line, found, inPattern, wanted));
        }
      }
    }
  }

  /** A word of the pattern, for another type. */
  private static String of(String type, String word) {
    if (word.equals("Double")) {
      return type.equals("Int") ? "Integer" : type;
    }
    return word.replace("Double", type)
        .replace("double", type.toLowerCase(Locale.ROOT))
        .replace("DOUBLE", type.toUpperCase(Locale.ROOT));
  }

  // What is compared: by name without the type, the text for each type

  private static Map<String, Map<String, List<Token>>> triplets() throws IOException {
    Map<String, Map<String, List<Token>>> found = new TreeMap<>();
    List<Path> files;
    try (Stream<Path> all = Files.walk(SOURCES)) {
      files = all.filter(file -> file.toString().endsWith(".java")).toList();
    }
    for (Path file : files) {
      List<String> lines = Files.readAllLines(file);
      Matcher name = FILE.matcher(file.getFileName().toString());
      if (name.matches()) {
        put(found, file.resolveSibling("*" + name.group(2)), name.group(1), tokens(lines, 1));
      } else {
        addParts(found, file, lines);
      }
    }
    found.values().removeIf(types -> types.size() == 1); // LongText is no triplet
    return found;
  }

  /** Adds the nested types and the factories of a file that holds all three. */
  private static void addParts(
      Map<String, Map<String, List<Token>>> found, Path file, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      Matcher nested = TYPE.matcher(lines.get(i));
      Matcher method = METHOD.matcher(lines.get(i));
      Matcher part = nested.matches() ? nested : method;
      if (part == nested || method.matches()) {
        String type =
            TYPES.stream()
                .filter(
                    word ->
                        part.group(2).contains(word)
                            || part.group(2).startsWith(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow();
        String rest = part.group(2).replace(type, "*").replace(type.toLowerCase(Locale.ROOT), "*");
        int end = i + lines.subList(i, lines.size()).indexOf(part.group(1) + "}");
        put(found, file.resolve(rest), type, tokens(lines.subList(i, end), i + 1));
      }
    }
  }

  private static void put(
      Map<String, Map<String, List<Token>>> found, Path name, String type, List<Token> text) {
    String shown = SOURCES.relativize(name).toString();
    found.computeIfAbsent(shown, key -> new TreeMap<>()).put(type, text);
  }

  private static List<Token> tokens(List<String> lines, int first) {
    List<Token> tokens = new ArrayList<>();
    List<String> imports = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("^ *\\*(?!/)", "");
      if (line.startsWith("import ")) {
        imports.add(line);
        continue;
      }
      Matcher token = TOKEN.matcher(line);
      while (token.find()) {
        tokens.add(new Token(token.group(), first + i));
      }
    }
    withoutArticles(tokens);
    imports.stream()
        .map(line -> line.replaceAll("Int(?=[A-Z])|Long|Double", "*"))
        .sorted()
        .forEach(line -> tokens.add(new Token(line, 0)));
    return tokens;
  }

  /** Makes "an {@code Int...}" read as "a Int...". */
  private static void withoutArticles(List<Token> tokens) {
    for (int i = 0; i < tokens.size() - 1; i++) {
      String article = tokens.get(i).text;
      if (article.equals("an") || article.equals("An")) {
        int next = i + 1;
        while (next < tokens.size() && List.of("{", "@", "link").contains(tokens.get(next).text)) {
          next++;
        }
        if (next < tokens.size() && tokens.get(next).text.startsWith("Int")) {
          tokens.set(i, new Token(article.substring(0, 1), tokens.get(i).line));
        }
      }
    }
  }
}
