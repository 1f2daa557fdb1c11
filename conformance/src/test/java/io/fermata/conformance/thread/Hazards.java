package io.fermata.conformance.thread;

import io.fermata.Generator;
import io.fermata.OutOfThreadsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Programs that do what a second thread makes hazardous; {@link HazardsTest} runs them. */
final class Hazards {
  private Hazards() {}

  private static Generator<Integer> two() {
    return Generator.of(
        co -> {
          co.yield(1);
          co.yield(2);
        });
  }

  // A class whose initialiser steps a body that needs the class

  /** The body is a method of the class. */
  static final class OwnBody {
    static final int FIRST = Generator.<Integer>of(co -> co.yield(1)).next();

    private OwnBody() {}

    static final class Main {
      public static void main(String[] args) {
        System.out.println(FIRST);
      }
    }
  }

  /** The body comes to the class by way of another that needs it. */
  static final class Indirect {
    static final int FIRST = Bodies.settings().next();

    static int base = 3;

    private Indirect() {}

    static final class Settings {
      static final int DOUBLE = 2 * base;

      private Settings() {}
    }

    static final class Bodies {
      private Bodies() {}

      static Generator<Integer> settings() {
        return Generator.of(co -> co.yield(Settings.DOUBLE));
      }
    }

    static final class Main {
      public static void main(String[] args) {
        System.out.println(FIRST);
      }
    }
  }

  /** The body steps another body that needs the class. */
  static final class Nested {
    static final int FIRST = Bodies.outer().next();

    static int base = 3;

    private Nested() {}

    static final class Bodies {
      private Bodies() {}

      static Generator<Integer> outer() {
        return Generator.of(co -> co.yield(inner().next()));
      }

      static Generator<Integer> inner() {
        return Generator.of(co -> co.yield(base));
      }
    }

    static final class Main {
      public static void main(String[] args) {
        System.out.println(FIRST);
      }
    }
  }

  /** The caller has been interrupted, and handles the error in its initialiser. */
  static final class Interrupted {
    static final boolean KEPT;

    static {
      Thread.currentThread().interrupt();
      try {
        Generator.<Integer>of(co -> co.yield(1)).next();
      } catch (IllegalStateException expected) {
        System.out.println("refused");
      }
      KEPT = Thread.currentThread().isInterrupted();
    }

    private Interrupted() {}

    static final class Main {
      public static void main(String[] args) {
        System.out.println(KEPT ? "kept" : "lost");
      }
    }
  }

  // Initialisers that nothing is wrong with

  /** The body takes its time, longer than a body may stand still that waits for a class. */
  static final class Patient {
    static final int FIRST = Bodies.slow().next();

    private Patient() {}

    static final class Bodies {
      private Bodies() {}

      static Generator<Integer> slow() {
        return Generator.of(
            co -> {
              Thread.sleep(Duration.ofSeconds(4).toMillis());
              co.yield(1);
            });
      }
    }

    static final class Main {
      public static void main(String[] args) {
        System.out.println(FIRST);
      }
    }
  }

  /** The same for a body that computes, and stays in one line. */
  static final class Busy {
    static final int FIRST = Bodies.slow().next();

    private Busy() {}

    static final class Bodies {
      private static volatile boolean over;

      private Bodies() {}

      static Generator<Integer> slow() {
        return Generator.of(
            co -> {
              while (!over) {
                Thread.onSpinWait();
              }
              co.yield(1);
            });
      }
    }

    static final class Main {
      public static void main(String[] args) {
        Thread timer =
            new Thread(
                () -> {
                  LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4));
                  Bodies.over = true;
                });
        timer.start();
        System.out.println(FIRST);
      }
    }
  }

  /** The body is the first to need a class whose initialiser steps a body of its own. */
  static final class Constants {
    static final List<Integer> ALL = two().toList();

    private Constants() {}

    static final class Main {
      public static void main(String[] args) {
        Generator<List<Integer>> g = Generator.of(co -> co.yield(ALL));
        System.out.println(g.next());
      }
    }
  }

  // Monitors, exits, threads

  /** The caller holds the monitor that the body asks for. */
  static final class Monitor {
    private Monitor() {}

    public static void main(String[] args) {
      Object lock = new Object();
      Generator<Integer> g =
          Generator.of(
              co -> {
                synchronized (lock) {
                  co.yield(1);
                }
              });
      synchronized (lock) {
        System.out.println(g.next());
      }
    }
  }

  /** The main thread ends while generators are suspended, some in the midst of a delegation. */
  static final class Suspended {
    private static final List<Generator<Integer>> OPEN = new ArrayList<>();

    private Suspended() {}

    public static void main(String[] args) {
      for (int i = 0; i < 20; i++) {
        Generator<Integer> g = i % 2 == 0 ? two() : Generator.of(co -> co.yieldFrom(two()));
        g.next();
        OPEN.add(g);
      }
      System.out.println("suspended " + OPEN.size());
    }
  }

  /** Makes a generator and steps it. */
  static final class OneStep {
    private OneStep() {}

    public static void main(String[] args) {
      System.out.println(two().next());
    }
  }

  /** Starts generators until there are no more threads, closes them, and goes on. */
  static final class TooMany {
    private static final int ENOUGH = 10_000;

    private TooMany() {}

    public static void main(String[] args) {
      List<Generator<Integer>> open = new ArrayList<>();
      Generator<Integer> refused = startUntilRefused(open);
      System.out.println("state " + refused.state());
      open.forEach(Generator::close);
      long start = System.nanoTime();
      while (true) {
        try { // the threads of closed generators may take a moment to end
          System.out.println("then " + refused.next() + " " + refused.next());
          return;
        } catch (OutOfThreadsException stillEnding) {
          if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(10)) {
            throw stillEnding;
          }
        }
      }
    }

    private static Generator<Integer> startUntilRefused(List<Generator<Integer>> open) {
      while (open.size() < ENOUGH) {
        Generator<Integer> g = two();
        try {
          g.next();
        } catch (OutOfThreadsException refusal) {
          System.out.println("refused: " + refusal.getMessage());
          return g;
        }
        open.add(g);
      }
      throw new IllegalStateException("never refused");
    }
  }
}
