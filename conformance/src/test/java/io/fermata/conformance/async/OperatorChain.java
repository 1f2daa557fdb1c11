package io.fermata.conformance.async;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A chain of operators on numbers, as data: what it gives in plain Java, and the generator that has
 * to give the same.
 *
 * @param count how many numbers the source yields, from 1 on
 * @param fails whether the source fails after them
 * @param millis how long each takes at most
 * @param links the operators, the innermost first; one of them at least is a stage
 */
record OperatorChain(int count, boolean fails, int millis, List<Link> links) {
  /** What a source or a body fails with. */
  static final class Broken extends Exception {
    private static final long serialVersionUID = 1;
  }

  enum Kind {
    // in the caller's task
    MAP,
    FILTER,
    TAKE,
    TAKE_WHILE,
    CHUNKED,
    ZIP,
    // the same, with a body; a cancelled step may end them
    MAP_AWAIT,
    FILTER_AWAIT,
    // stages
    BUFFER,
    MAP_CONCURRENTLY,
    MAP_UNORDERED,
    MERGE,
    TIMED_CHUNKED,
    THROTTLE;

    boolean isStage() {
      return compareTo(BUFFER) >= 0;
    }
  }

  /** An operator and its number. */
  record Link(Kind kind, int number) {}

  /** What a chain gives: its values, and whether a failure comes after them. */
  record Meaning(List<Integer> values, boolean fails) {}

  /** A chain of up to 6 operators. What lies above the last stage loses nothing if cancelled. */
  static OperatorChain random(Random random) {
    List<Link> links = new ArrayList<>();
    Kind[] kinds = Kind.values();
    int stages = Kind.BUFFER.ordinal();
    for (int i = random.nextInt(3); i > 0; i--) {
      links.add(new Link(kinds[random.nextInt(kinds.length)], 1 + random.nextInt(6)));
    }
    links.add(
        new Link(kinds[stages + random.nextInt(kinds.length - stages)], 1 + random.nextInt(6)));
    for (int i = random.nextInt(4); i > 0; i--) {
      links.add(new Link(kinds[random.nextInt(Kind.ZIP.ordinal() + 1)], 1 + random.nextInt(6)));
    }
    return new OperatorChain(
        random.nextInt(9), random.nextInt(3) == 0, random.nextInt(4), List.copyOf(links));
  }

  /** Smaller chains that may fail in the same way. */
  List<OperatorChain> smaller() {
    List<OperatorChain> all = new ArrayList<>();
    for (int i = 0; i < links.size(); i++) {
      List<Link> fewer = new ArrayList<>(links);
      fewer.remove(i);
      if (fewer.stream().anyMatch(link -> link.kind.isStage())) {
        all.add(new OperatorChain(count, fails, millis, fewer));
      }
    }
    if (count > 0) {
      all.add(new OperatorChain(count - 1, fails, millis, links));
    }
    if (fails) {
      all.add(new OperatorChain(count, false, millis, links));
    }
    if (millis > 0) {
      all.add(new OperatorChain(count, fails, 0, links));
    }
    return all;
  }

  // In plain Java

  Meaning meaning() {
    Meaning meaning = new Meaning(IntStream.rangeClosed(1, count).boxed().toList(), fails);
    for (Link link : links) {
      meaning = after(meaning, link.kind, link.number);
    }
    return meaning;
  }

  private static Meaning after(Meaning before, Kind kind, int n) {
    List<Integer> values = before.values;
    return switch (kind) {
      case BUFFER, MERGE, THROTTLE -> before;
      case MAP -> new Meaning(values.stream().map(v -> v + n).toList(), before.fails);
      case FILTER, FILTER_AWAIT ->
          new Meaning(values.stream().filter(v -> v % (n + 1) != 0).toList(), before.fails);
      case TAKE ->
          new Meaning(values.stream().limit(n).toList(), before.fails && values.size() < n);
      case TAKE_WHILE ->
          new Meaning(
              values.stream().takeWhile(v -> v < 3 * n).toList(),
              before.fails && values.stream().allMatch(v -> v < 3 * n));
      case CHUNKED, TIMED_CHUNKED -> new Meaning(sums(values, n), before.fails);
      case ZIP -> {
        int most = Math.min(values.size(), n);
        yield new Meaning(
            IntStream.range(0, most).mapToObj(i -> values.get(i) + i + 1).toList(),
            before.fails && values.size() <= n);
      }
      case MAP_AWAIT, MAP_CONCURRENTLY, MAP_UNORDERED -> {
        List<Integer> good = values.stream().takeWhile(v -> !isBad(v, n)).toList();
        yield new Meaning(
            good.stream().map(v -> 2 * v).toList(), before.fails || good.size() < values.size());
      }
    };
  }

  private static boolean isBad(int value, int n) {
    return value == 5 + n;
  }

  private static List<Integer> sums(List<Integer> values, int n) {
    List<Integer> sums = new ArrayList<>();
    for (int i = 0; i < values.size(); i += n) {
      sums.add(sum(values.subList(i, Math.min(i + n, values.size()))));
    }
    return sums;
  }

  private static int sum(List<Integer> values) {
    return values.stream().mapToInt(v -> v).sum();
  }

  // As a generator

  /**
   * The generator.
   *
   * @param closed gets a word for each source that has begun and was closed
   * @param opened gets a word for each source that has begun
   */
  AsyncGenerator<Integer> generator(Random random, List<String> opened, List<String> closed) {
    AsyncGenerator<Integer> made = source("source", count, fails, random, opened, closed);
    for (Link link : links) {
      made = over(made, link.kind, link.number, random, opened, closed);
    }
    return made;
  }

  private AsyncGenerator<Integer> source(
      String name,
      int most,
      boolean broken,
      Random random,
      List<String> opened,
      List<String> closed) {
    int longest = millis;
    return AsyncGenerator.of(
        co -> {
          opened.add(name);
          try {
            for (int i = 1; i <= most; i++) {
              co.await(pause(random, longest));
              co.yield(i);
            }
            co.await(pause(random, longest));
            if (broken) {
              throw new Broken();
            }
          } finally {
            try {
              co.await(Async.uncancellable(pause(random, longest)));
            } finally {
              closed.add(name);
            }
          }
        });
  }

  private static Async<Void> pause(Random random, int longest) {
    return Async.sleep(Duration.ofMillis(random.nextInt(longest + 1)));
  }

  private AsyncGenerator<Integer> over(
      AsyncGenerator<Integer> source,
      Kind kind,
      int n,
      Random random,
      List<String> opened,
      List<String> closed) {
    int longest = millis;
    return switch (kind) {
      case MAP -> source.map(v -> v + n);
      case FILTER -> source.filter(v -> v % (n + 1) != 0);
      case TAKE -> source.take(n);
      case TAKE_WHILE -> source.takeWhile(v -> v < 3 * n);
      case CHUNKED -> source.chunked(n).map(OperatorChain::sum);
      case ZIP ->
          source.zip(
              source("zip " + opened.size(), n, false, random, opened, closed).buffer(1),
              (a, b) -> a + b);
      case MAP_AWAIT ->
          source.mapAwait(
              (in, v) -> {
                in.await(pause(random, longest));
                return doubled(v, n);
              });
      case FILTER_AWAIT ->
          source.filterAwait(
              (in, v) -> {
                in.await(pause(random, longest));
                return v % (n + 1) != 0;
              });
      case BUFFER -> source.buffer(n);
      case MERGE -> AsyncGenerator.merge(source);
      case TIMED_CHUNKED -> source.chunked(n, Duration.ofDays(1)).map(OperatorChain::sum);
      case THROTTLE -> source.throttle(Duration.ZERO);
      case MAP_CONCURRENTLY ->
          source.mapConcurrently(
              n,
              (in, v) -> {
                in.await(pause(random, longest));
                return doubled(v, n);
              });
      case MAP_UNORDERED ->
          source.mapUnordered(
              1,
              (in, v) -> {
                in.await(pause(random, longest));
                return doubled(v, n);
              });
    };
  }

  private static int doubled(int value, int n) throws Broken {
    if (isBad(value, n)) {
      throw new Broken();
    }
    return 2 * value;
  }
}
