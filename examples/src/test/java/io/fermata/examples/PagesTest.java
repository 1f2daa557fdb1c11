package io.fermata.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The form of the documentation: the length of lines, and links inside the repository. */
class PagesTest {
  private static final Path ROOT = Path.of("..");
  private static final int COLUMNS = 120;
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

  @TempDir Path directory;

  @Test
  void linesEndAtColumn120() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path page : pages()) {
      found.addAll(longLines(page));
    }

    assertEquals(List.of(), found);
  }

  @Test
  void linksLeadToFilesAndHeadings() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path page : pages()) {
      found.addAll(brokenLinks(page));
    }

    assertEquals(List.of(), found);
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("", "docs", "conformance/catalogue")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    assertTrue(pages.contains(ROOT.resolve("docs").resolve("guide.md")), pages.toString());
    return pages;
  }

  private static List<String> longLines(Path page) throws IOException {
    List<String> found = new ArrayList<>();
    List<String> lines = Files.readAllLines(page);
    for (int i = 0; i < lines.size(); i++) {
      int length = lines.get(i).codePointCount(0, lines.get(i).length());
      if (length > COLUMNS) {
        found.add(page + ":" + (i + 1) + ": " + length + " columns");
      }
    }
    return found;
  }

  private static List<String> brokenLinks(Path page) throws IOException {
    List<String> found = new ArrayList<>();
    Matcher links = LINK.matcher(Files.readString(page));
    while (links.find()) {
      String link = links.group(1);
      if (!link.contains("://") && !leadsSomewhere(page, link)) {
        found.add(page + ": " + link);
      }
    }
    return found;
  }

  private static boolean leadsSomewhere(Path page, String link) throws IOException {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]);
    if (!Files.exists(target)) {
      return false;
    }
    return parts.length == 1 || anchors(target).contains(parts[1]);
  }

  /** The headings of a page in the form that links use. */
  private static Set<String> anchors(Path page) throws IOException {
    return Files.readAllLines(page).stream()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase())
        .map(heading -> heading.replaceAll("[^\\p{Alnum} _-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  // That mistakes are found

  @Test
  void aLongLineIsFound() throws IOException {
    Path page = page("x".repeat(COLUMNS) + "\n" + "x".repeat(COLUMNS + 1) + "\n");

    assertEquals(List.of(page + ":2: 121 columns"), longLines(page));
  }

  @Test
  void aBrokenLinkIsFound() throws IOException {
    Path page =
        page(
            """
            # `One` page: why?
            [a](page.md), [b](#one-page-why), [c](page.md#one-page-why), [d](https://example.org/)
            [e](other.md), [f](#two), [g](page.md#two)
            """);

    assertEquals(
        List.of(page + ": other.md", page + ": #two", page + ": page.md#two"), brokenLinks(page));
  }

  private Path page(String text) throws IOException {
    return Files.writeString(directory.resolve("page.md"), text);
  }
}
