package io.fermata.conformance.thread;

import io.fermata.Generator;
import io.fermata.Yielder;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A program that starts generators and drops them, and prints what is left after a collection;
 * {@link AbandonmentTest} runs it.
 */
final class Drop {
  private static final long LIMIT = TimeUnit.SECONDS.toNanos(25);
  private static final long ALLOWED_GROWTH = 4L << 20;

  private Drop() {}

  /** Takes the number of generators. */
  public static void main(String[] args) {
    int number = Integer.parseInt(args[0]);
    drop(100); // what a first generator loads and makes is no growth
    long before = used();
    drop(number);
    boolean shrunk = Eventually.within(LIMIT, () -> used() - before < ALLOWED_GROWTH);
    System.out.println("growth " + (shrunk ? "small" : (used() - before) + " bytes"));
    System.out.println("threads named fermata " + named());
  }

  /** Starts and drops that many, and waits until their threads have ended. */
  private static void drop(int number) {
    WeakReference<?>[] threads = new WeakReference<?>[number];
    for (int i = 0; i < number; i++) {
      int index = i;
      Generator<Integer> g =
          Generator.of(
              co -> {
                threads[index] = new WeakReference<>(Thread.currentThread());
                yieldUntilTheEnd(index, co);
              });
      g.next();
    }
    boolean ended =
        Eventually.within(
            LIMIT,
            () -> {
              System.gc();
              return live(threads) == 0;
            });
    System.out.println(number + " dropped, live " + (ended ? 0 : live(threads)));
  }

  /** Every other body fails when it is unwound, of which nobody may hear. */
  private static void yieldUntilTheEnd(int index, Yielder<?, Integer> co) {
    try {
      while (true) {
        co.yield(index);
      }
    } finally {
      if (index % 2 == 0) {
        fail();
      }
    }
  }

  private static void fail() {
    throw new IllegalStateException("from a finally block of an abandoned body");
  }

  private static long live(WeakReference<?>[] threads) {
    return Arrays.stream(threads)
        .map(WeakReference::get)
        .filter(thread -> thread instanceof Thread live && live.isAlive())
        .count();
  }

  private static long named() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("fermata"))
        .count();
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
