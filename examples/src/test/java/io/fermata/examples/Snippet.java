package io.fermata.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of Java in a document.
 *
 * @param file the document
 * @param line where the piece begins in it, counted from 1
 * @param lines the piece
 */
record Snippet(Path file, int line, List<String> lines) {
  private static final Pattern IN_JAVADOC =
      Pattern.compile("<pre>\\{@code\n(.*?)\\}</pre>", Pattern.DOTALL);

  /** The blocks fenced as java, except those after a line {@code <!-- not compiled: reason -->}. */
  static List<Snippet> inMarkdown(Path file) throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 0; i < lines.size(); i++) {
      String fence = lines.get(i).strip();
      if (!fence.startsWith("```")) {
        continue;
      }
      int end = i + 1;
      while (end < lines.size() && !lines.get(end).strip().equals("```")) {
        end++;
      }
      boolean excused = i > 0 && lines.get(i - 1).strip().matches("<!-- not compiled: .+ -->");
      if (fence.equals("```java") && !excused) {
        snippets.add(new Snippet(file, i + 2, unindented(lines.subList(i + 1, end))));
      }
      i = end;
    }
    return snippets;
  }

  /** The blocks of code in the documentation comments of a source file. */
  static List<Snippet> inJavadoc(Path file) throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    String text = Files.readString(file);
    Matcher matcher = IN_JAVADOC.matcher(text);
    while (matcher.find()) {
      int line = (int) text.substring(0, matcher.start(1)).lines().count() + 1;
      List<String> lines =
          matcher.group(1).lines().map(each -> each.replaceFirst("^\\s*\\* ?", "")).toList();
      snippets.add(new Snippet(file, line, lines));
    }
    return snippets;
  }

  private static List<String> unindented(List<String> lines) {
    return String.join("\n", lines).stripIndent().lines().toList();
  }

  @Override
  public String toString() {
    return file + ":" + line;
  }
}
