package io.fermata.benchmarks;

import io.fermata.Generator;
import io.fermata.IntGenerator;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jol.info.GraphLayout;

/** Runs the benchmarks with JMH's options and prints the figures as ratios. */
public final class Table {
  private final Map<String, Double> scores = new TreeMap<>();

  private Table() {}

  /**
   * Runs them.
   *
   * @param args JMH's command line
   */
  public static void main(String[] args) throws Exception {
    Table table = new Table();
    for (RunResult result : new Runner(new CommandLineOptions(args)).run()) {
      String name = result.getParams().getBenchmark();
      String profile = result.getParams().getParam("profile");
      table.scores.put(
          name.substring(name.lastIndexOf('.') + 1) + (profile == null ? "" : " " + profile),
          result.getPrimaryResult().getScore());
    }
    table.scores.putAll(Processes.measure());
    table.print();
  }

  private void print() {
    System.out.printf("%nJDK %s%n%n", System.getProperty("java.version"));
    System.out.println("| ns per step | |");
    System.out.println("|---|---|");
    scores.forEach((name, score) -> System.out.printf(Locale.ROOT, "| %s | %.2f |%n", name, score));
    System.out.println();
    System.out.println("| ratio | | target |");
    System.out.println("|---|---|---|");
    for (String profile : new String[] {"alone", "after8", "shared"}) {
      String limit = Map.of("alone", "0.40", "after8", "0.45", "shared", "0.60").get(profile);
      ratio("boxedForEach " + profile, "boxedKotlin " + profile, limit);
      ratio("boxedAdvance " + profile, "boxedForEach " + profile, "1.00");
      ratio("intAdvance " + profile, "intHandWritten " + profile, "1.20");
      ratio("intIterator " + profile, "intHandWritten " + profile, "1.20");
      ratio("send " + profile, "boxedKotlin " + profile, "0.50");
      ratio("filterAdvance " + profile, "filterHandWritten " + profile, "1.20");
    }
    ratio("walkByDelegation", "walkKotlin", "0.50");
    ratio("walkByHelper", "walkKotlin", "0.50");
    ratio("stepAtDepth1000", "stepAtDepth1", "1.20");
    ratio("continuation", "stepAtDepth0", "at least 20");
    ratio("Python generator, for", "boxedForEach alone", "at least 10");
    ratio("Python generator, send", "send alone", "at least 10");
    System.out.println();
    System.out.println("| suspended | bytes |");
    System.out.println("|---|---|");
    IntGenerator ints = Bodies.intRange(10);
    ints.advance();
    memory("IntGenerator over a range", ints);
    Generator<Integer> boxed = Bodies.range(10);
    boxed.next();
    memory("Generator over a range", boxed);
    Iterator<Integer> kotlin = Kotlin.range(10);
    kotlin.next();
    memory("Kotlin iterator over a range", kotlin);
    Iterator<Integer> hand = HandWritten.range(10);
    memory("class written by hand", hand);
  }

  private void ratio(String what, String base, String target) {
    Double score = scores.get(what);
    Double baseScore = scores.get(base);
    if (score != null && baseScore != null) {
      System.out.printf(
          Locale.ROOT, "| %s / %s | %.2f | %s |%n", what, base, score / baseScore, target);
    }
  }

  private static void memory(String what, Object root) {
    System.out.printf(
        Locale.ROOT, "| %s | %d |%n", what, GraphLayout.parseInstance(root).totalSize());
  }
}
