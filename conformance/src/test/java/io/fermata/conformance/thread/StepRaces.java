package io.fermata.conformance.thread;

import io.fermata.AlreadyRunningException;
import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.IntGenerator;
import io.fermata.StopIteration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Generators that two threads step at once, without end. */
final class StepRaces {
  private static final int STEPS = 5_000;
  private static final int ROUNDS = 5;

  private StepRaces() {}

  /** Prints a line for each kind of step: its name, and what went wrong. */
  static final class Main {
    public static void main(String[] args) throws Exception {
      for (Map.Entry<String, Supplier<Supplier<Object>>> each : kinds().entrySet()) {
        AtomicInteger nulls = new AtomicInteger();
        AtomicInteger doubles = new AtomicInteger();
        Set<String> others = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < ROUNDS; i++) {
          race(each.getValue().get(), nulls, doubles, others);
        }
        System.out.printf(
            "%s: nulls %d, %s, others %s%n",
            each.getKey(), nulls.get(), doubles.get() == 0 ? "once" : "twice", others);
      }
    }
  }

  private static Map<String, Supplier<Supplier<Object>>> kinds() {
    Map<String, Supplier<Supplier<Object>>> kinds = new LinkedHashMap<>();
    kinds.put("next", () -> boxes()::next);
    kinds.put(
        "next of strings",
        () ->
            Generator.<Object>of(
                    co -> {
                      for (int i = 0; ; i++) {
                        co.yield("s" + i);
                      }
                    })
                ::next);
    kinds.put(
        "send",
        () -> {
          Coroutine<Object, Object, Object> c =
              Coroutine.primed(
                  co -> {
                    for (int i = 0; ; i++) {
                      co.yield(i);
                    }
                  });
          return () -> c.send("sent");
        });
    kinds.put(
        "nextInt",
        () -> {
          IntGenerator g =
              IntGenerator.of(
                  co -> {
                    for (int i = 0; ; i++) {
                      co.yield(i);
                    }
                  });
          return g::nextInt;
        });
    kinds.put("next of a delegator", () -> Generator.<Object>of(co -> co.yieldFrom(boxes()))::next);
    return kinds;
  }

  private static Generator<Object> boxes() {
    return Generator.of(
        co -> {
          for (int i = 0; ; i++) {
            co.yield(i);
          }
        });
  }

  private static void race(
      Supplier<Object> step, AtomicInteger nulls, AtomicInteger doubles, Set<String> others)
      throws InterruptedException {
    Set<Object> seen = ConcurrentHashMap.newKeySet();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < STEPS; i++) {
                  try {
                    Object value = step.get();
                    if (value == null) {
                      nulls.incrementAndGet();
                    } else if (!seen.add(value)) {
                      doubles.incrementAndGet();
                    }
                  } catch (AlreadyRunningException noticed) {
                    Thread.onSpinWait();
                  } catch (StopIteration ended) {
                    others.add("ended");
                  } catch (RuntimeException | Error unexpected) {
                    others.add(String.valueOf(unexpected));
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
