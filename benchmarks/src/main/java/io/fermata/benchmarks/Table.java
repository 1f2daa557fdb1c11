package io.fermata.benchmarks;

import io.fermata.Generator;
import io.fermata.IntGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jol.info.GraphLayout;

/**
 * Runs the benchmarks with JMH's options and prints the figures as ratios of medians, with spreads.
 *
 * <p>{@code -Dplots=DIR} has it draw plots there; {@code -Djar=FILE} names the library's jar, for
 * cold starts. {@code -Donly=jmh} leaves out what JMH does not measure.
 */
public final class Table {
  private final Map<String, Figure> scores = new TreeMap<>();

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
      profile = profile == null ? result.getParams().getParam("work") : profile;
      table.scores.put(
          name.substring(name.lastIndexOf('.') + 1) + (profile == null ? "" : " " + profile),
          Figure.of(result));
    }
    if ("jmh".equals(System.getProperty("only"))) {
      table.printTimes();
      table.printRatios();
      return;
    }
    Processes.measure()
        .forEach((name, nanoseconds) -> table.scores.put(name, Figure.of(nanoseconds)));
    table.printTimes();
    table.printRatios();
    printMemory();
    String jar = System.getProperty("jar");
    if (jar != null) {
      table.printColdStart(Path.of(jar));
    }
    String plots = System.getProperty("plots");
    if (plots != null) {
      table.plot(Path.of(plots));
    }
  }

  private void printColdStart(Path jar) throws Exception {
    System.out.println();
    System.out.println("| cold start | median (spread) |");
    System.out.println("|---|---|");
    ColdStart.measure(jar)
        .forEach((name, figure) -> System.out.printf("| %s | %s |%n", name, figure));
  }

  private void plot(Path directory) throws IOException {
    new Chart("One step", "nanoseconds")
        .add("Fermata IntGenerator, advance()", scores.get("intAdvance alone"))
        .add("state machine by hand, int", scores.get("intMachineHandWritten alone"))
        .add("Fermata send()", scores.get("send alone"))
        .add("Fermata Generator, advance()", scores.get("boxedAdvance alone"))
        .add("Fermata Generator, for-each", scores.get("boxedForEach alone"))
        .add("Kotlin iterator {}", scores.get("boxedKotlin alone"))
        .add("JavaScript function*, Node", scores.get("JavaScript function*, Node"))
        .add("Python generator, for", scores.get("Python generator, for"))
        .add("Python generator, send", scores.get("Python generator, send"))
        .add("jdk.internal.vm.Continuation", scores.get("continuation"))
        .add("virtual thread hand-off", scores.get("virtualThread"))
        .write(directory.resolve("steps.svg"));
    Chart shared = new Chart("Boxed for-each, by what else has run", "nanoseconds per element");
    for (String profile : new String[] {"alone", "after8", "shared"}) {
      shared.add("Fermata, " + profile, scores.get("boxedForEach " + profile));
      shared.add("Kotlin, " + profile, scores.get("boxedKotlin " + profile));
    }
    shared.write(directory.resolve("profiles.svg"));
    plotLoop(directory);
    new Chart("In-order walk of a tree", "nanoseconds per node")
        .add("Fermata, helper that takes co", scores.get("walkByHelper"))
        .add("Fermata, yieldFrom", scores.get("walkByDelegation"))
        .add("Kotlin, yieldAll", scores.get("walkKotlin"))
        .write(directory.resolve("walks.svg"));
  }

  private void plotLoop(Path directory) throws IOException {
    Chart chart = new Chart("The event loop", "nanoseconds");
    for (String[] question :
        new String[][] {
          {"switch", "switching", "asyncio, switch"},
          {"start and join", "starting", "asyncio, start and join"},
          {"queue round trip", "roundTrip", "asyncio, queue round trip"}
        }) {
      chart
          .add("Fermata, " + question[0], scores.get(question[1] + " alone"))
          .add("Fermata, " + question[0] + ", after8", scores.get(question[1] + " after8"))
          .add("Kotlin, " + question[0], scores.get(question[1] + "Kotlin alone"))
          .add("Kotlin, " + question[0] + ", after8", scores.get(question[1] + "Kotlin after8"))
          .add("asyncio, " + question[0], scores.get(question[2]));
    }
    chart.write(directory.resolve("loop.svg"));
    new Chart("Callbacks from two other threads", "nanoseconds per callback of each")
        .add("Fermata, callSoonThreadSafe", scores.get("post"))
        .add("Netty, DefaultEventLoop", scores.get("postNetty"))
        .add("Netty, NIO event loop", scores.get("postNettyNio"))
        .write(directory.resolve("posts.svg"));
  }

  private void printTimes() {
    System.out.printf("%nJDK %s%n%n", System.getProperty("java.version"));
    System.out.println("| ns | median (spread) |");
    System.out.println("|---|---|");
    scores.forEach((name, score) -> System.out.printf("| %s | %s |%n", name, score));
  }

  private void printRatios() {
    System.out.println();
    System.out.println("| ratio | | target |");
    System.out.println("|---|---|---|");
    for (String profile : new String[] {"alone", "after8", "shared"}) {
      String limit = Map.of("alone", "0.40", "after8", "0.45", "shared", "0.60").get(profile);
      ratio("boxedForEach " + profile, "boxedKotlin " + profile, limit);
      ratio("boxedAdvance " + profile, "boxedForEach " + profile, "1.00");
      ratio("intAdvance " + profile, "intHandWritten " + profile, "1.20");
      ratio("intIterator " + profile, "intHandWritten " + profile, "1.20");
      ratio("intAdvance " + profile, "intMachineHandWritten " + profile, "");
      ratio("send " + profile, "boxedKotlin " + profile, "0.50");
      ratio("filterAdvance " + profile, "filterHandWritten " + profile, "1.20");
    }
    ratio("walkByDelegation", "walkKotlin", "0.50");
    ratio("walkByHelper", "walkKotlin", "0.50");
    ratio("stepAtDepth1000", "stepAtDepth1", "1.20");
    ratio("continuation", "stepAtDepth0", "at least 20");
    ratio("Python generator, for", "boxedForEach alone", "at least 10");
    ratio("Python generator, send", "send alone", "at least 10");
    for (String profile : new String[] {"alone", "after8"}) {
      ratio("switching " + profile, "switchingKotlin " + profile, "0.60");
      ratio("starting " + profile, "startingKotlin " + profile, "0.50");
      ratio("roundTrip " + profile, "roundTripKotlin " + profile, "0.60");
    }
    ratio("awaitAtDepth1000", "awaitAtDepth1", "1.20");
    ratio("post", "postNetty", "1.00");
    ratio("post", "postNettyNio", "1.00");
    ratio("asyncio, switch", "switching alone", "at least 25");
    ratio("asyncio, start and join", "starting alone", "at least 25");
    ratio("asyncio, queue round trip", "roundTrip alone", "at least 25");
    for (String work : new String[] {"switching", "starting"}) {
      ratio("watched " + work, "unobserved " + work, "1.03");
      ratio("observed " + work, "unobserved " + work, "1.03");
      ratio("recorded " + work, "observed " + work, "1.10");
    }
  }

  private static void printMemory() throws Exception {
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
    Footprint.measure()
        .forEach((what, bytes) -> System.out.printf(Locale.ROOT, "| %s | %.0f |%n", what, bytes));
    System.out.printf("%na million sleeping tasks: %s%n", Processes.sleepers());
  }

  private void ratio(String what, String base, String target) {
    Figure score = scores.get(what);
    Figure baseScore = scores.get(base);
    if (score != null && baseScore != null) {
      System.out.printf(
          Locale.ROOT,
          "| %s / %s | %.2f | %s |%n",
          what,
          base,
          score.median() / baseScore.median(),
          target);
    }
  }

  private static void memory(String what, Object root) {
    System.out.printf(
        Locale.ROOT, "| %s | %d |%n", what, GraphLayout.parseInstance(root).totalSize());
  }
}
