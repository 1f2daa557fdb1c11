package io.fermata.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * What several measurements of one thing gave. The median is what is quoted: these are averages of
 * iterations, of which a few are spoilt by whatever else the machine does.
 */
record Figure(double median, double min, double max) {
  static Figure of(double... measured) {
    double[] sorted = measured.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Figure(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** Of all iterations of all forks of a benchmark. */
  static Figure of(RunResult result) {
    return of(
        result.getBenchmarkResults().stream()
            .map(BenchmarkResult::getIterationResults)
            .flatMap(iterations -> iterations.stream())
            .map(IterationResult::getPrimaryResult)
            .mapToDouble(primary -> primary.getScore())
            .toArray());
  }

  @Override
  public String toString() {
    return min == max
        ? String.format(Locale.ROOT, "%.2f", median)
        : String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median, min, max);
  }
}
