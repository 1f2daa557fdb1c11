package io.fermata.conformance.random;

import io.fermata.conformance.random.Runner.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Runs any number of random programs, and tells of the first that does not do the same on each
 * engine.
 */
public final class RandomPrograms {
  private static final int BATCH = 100;
  private static final int PROGRESS = 1000;
  private static final int CANDIDATES = 40;
  private static final int SHRINKS = 3000;

  private final Map<String, Integer> reasons = new TreeMap<>();
  private int run;
  private int compiled;
  private int refused;
  private int crashes;
  private String firstRefusal = "";

  /**
   * The command line: the number of programs, and the seed.
   *
   * @param args both may be left out
   */
  public static void main(String[] args) {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    long seed = args.length > 1 ? Long.parseLong(args[1]) : new Random().nextLong();
    RandomPrograms programs = new RandomPrograms();
    String report = programs.run(count, seed);
    System.out.println(programs.summary());
    if (report != null) {
      System.out.println(report);
      System.exit(1);
    }
    System.exit(0); // threads of bodies that were left alone do not matter
  }

  /** Runs programs; what is wrong with the first wrong one, null if none is. */
  String run(int count, long seed) {
    System.out.println("random programs: " + count + ", seed " + seed);
    for (int from = 0; from < count; from += BATCH) {
      List<Program> batch = new ArrayList<>();
      for (int i = from; i < Math.min(count, from + BATCH); i++) {
        batch.add(Generation.program(seed + i));
      }
      List<Outcome> outcomes = Runner.run(batch);
      for (int i = 0; i < outcomes.size(); i++) {
        Outcome outcome = outcomes.get(i);
        if (outcome.isWrong()) {
          System.out.println(
              "a difference, seed " + batch.get(i).seed() + ", " + outcome.difference());
          return report(shrunk(batch.get(i)));
        }
        tally(batch.get(i), outcome);
      }
      if ((from + BATCH) % PROGRESS == 0) {
        System.out.println(run + " programs, no difference");
      }
    }
    return null;
  }

  int refused() {
    return refused;
  }

  private void tally(Program program, Outcome outcome) {
    if (outcome.refused() != null) {
      if (outcome.refused().equals(Batch.CRASH)) {
        crashes++;
      } else if (refused++ == 0) {
        firstRefusal = "seed " + program.seed() + ": " + outcome.refused();
      }
      return;
    }
    run++;
    for (int i = 0; i < outcome.reasons().size(); i++) {
      String reason = outcome.reasons().get(i);
      boolean isOutermost = i == 0;
      if (reason.contains("runs on the thread engine because ")) {
        String short1 =
            reason
                .replaceAll(".*runs on the thread engine because ", "")
                .replaceAll("H\\.java:\\d+|\\bP\\d+\\b|[hc]\\w*\\d+\\b|\\d+", "#");
        reasons.merge((isOutermost ? "" : "inner: ") + short1, 1, Integer::sum);
      } else if (isOutermost) {
        compiled++;
      }
    }
  }

  String summary() {
    StringBuilder text = new StringBuilder();
    text.append(
        run + " programs, of which " + compiled + " were compiled; javac refused " + refused);
    if (refused > 0) {
      text.append(" (").append(firstRefusal).append(')');
    }
    reasons.forEach(
        (reason, times) -> text.append("\n  ").append(times).append("x ").append(reason));
    return text.toString();
  }

  // Shrinking

  private static Program shrunk(Program program) {
    Program smallest = program;
    String kind = Runner.run(List.of(program)).get(0).kind();
    int left = SHRINKS;
    boolean found = true;
    while (found && left > 0) {
      found = false;
      int size = smallest.size();
      List<Program> candidates =
          smallest.smaller().stream().filter(each -> each.size() < size).toList();
      for (int from = 0; from < candidates.size() && !found && left > 0; from += CANDIDATES) {
        List<Program> some =
            candidates.subList(from, Math.min(from + CANDIDATES, candidates.size()));
        left -= some.size();
        List<Outcome> outcomes = Runner.run(some);
        for (int i = 0; i < some.size() && !found; i++) {
          if (outcomes.get(i).isWrong() && outcomes.get(i).kind().equals(kind)) {
            smallest = some.get(i);
            found = true;
          }
        }
      }
    }
    return smallest;
  }

  private static String report(Program program) {
    Outcome outcome = Runner.run(List.of(program)).get(0);
    StringBuilder text = new StringBuilder("a difference, seed " + program.seed() + "\n");
    int number = 1;
    for (String line : Host.source(Map.of(0, program)).text().lines().toList()) {
      text.append(number++).append('\t').append(line).append('\n');
    }
    return text.append(program.drive())
        .append("\nreasons ")
        .append(outcome.reasons())
        .append("\nexpected:\n")
        .append(String.join("\n", outcome.expected()))
        .append("\nactual:\n")
        .append(String.join("\n", outcome.actual()))
        .append("\nfirst difference: ")
        .append(outcome.difference())
        .toString();
  }
}
