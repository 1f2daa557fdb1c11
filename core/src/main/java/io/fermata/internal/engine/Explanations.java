package io.fermata.internal.engine;

import io.fermata.internal.compiler.Explanation;
import java.util.ArrayList;
import java.util.List;

/**
 * The report of {@code -Dfermata.explain=true}: each body of the program with its engine, printed
 * when the program ends. {@code ./fermata explain} sets the property.
 */
final class Explanations {
  /** The lines of the report, in order of first use. Guarded by itself. */
  private static final List<String> LINES = new ArrayList<>();

  private Explanations() {}

  static void compiled(List<String> lines) {
    if (Explanation.WANTED) {
      List<String> all = new ArrayList<>();
      all.add("compiled: " + lines.get(0));
      lines.subList(1, lines.size()).forEach(line -> all.add("  " + line));
      add(all);
    }
  }

  static void declined(Object source, String reason) {
    if (Explanation.WANTED) {
      add(List.of("thread:   body at " + source, "    because " + reason));
    }
  }

  private static void add(List<String> lines) {
    synchronized (LINES) {
      if (LINES.isEmpty()) {
        Runtime.getRuntime().addShutdownHook(new Thread(Explanations::print, "fermata explain"));
      }
      LINES.addAll(lines);
    }
  }

  private static void print() {
    synchronized (LINES) {
      System.out.flush();
      System.err.println();
      System.err.println("Bodies, in order of first use:");
      LINES.forEach(System.err::println);
    }
  }
}
