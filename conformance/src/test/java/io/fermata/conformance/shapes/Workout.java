package io.fermata.conformance.shapes;

import io.fermata.Coroutine;
import io.fermata.StopIteration;
import io.fermata.Yielder;
import java.util.List;
import java.util.Objects;

/** A program with one body of many shapes, for JVMs with special options. */
final class Workout {
  /** What it prints. */
  static final String EXPECTED = "compiled 0 (x,2) 3x 1 h2 h5 !IllegalStateException:7";

  private record Pair(Object left, Object right) {
    @Override
    public String toString() {
      return "(" + left + "," + right + ")";
    }
  }

  private Workout() {}

  /** Prints the engine and a trace. */
  public static void main(String[] args) {
    int rounds = args.length == 0 ? 1 : Integer.parseInt(args[0]);
    String trace = "";
    Coroutine<Integer, Object, Object> coroutine = body(List.of("x"));
    for (int i = 0; i < rounds; i++) {
      coroutine = body(List.of("x"));
      trace = trace(coroutine);
    }
    System.out.println(coroutine.engine() + " " + trace);
    if (!coroutine.engine().equals("compiled")) {
      System.out.println(coroutine.engineReason());
    }
  }

  /** The line of the second yield, at which all kinds of local are live. */
  static int lineWithLocals() {
    Coroutine<Integer, Object, Object> coroutine = body(List.of("x"));
    coroutine.next();
    coroutine.send(1);
    int line = Objects.requireNonNull(coroutine.position()).getLineNumber();
    coroutine.close();
    return line;
  }

  private static String trace(Coroutine<Integer, Object, Object> coroutine) {
    String trace = "" + coroutine.next();
    try {
      for (int i = 1; ; i++) {
        trace += " " + coroutine.send(i);
      }
    } catch (StopIteration end) {
      return trace + " =" + end.value();
    } catch (IllegalStateException e) {
      return trace + " !IllegalStateException:" + e.getMessage();
    }
  }

  private static Coroutine<Integer, Object, Object> body(List<String> captured) {
    return Coroutine.of(
        co -> {
          long wide = 2;
          double half = 0.5;
          int first = co.yield(0);
          for (String s : captured) {
            Object pair = new Pair(s, first + 1);
            wide += co.yield(pair);
            co.yield((wide - 1) + s);
          }
          try {
            wide += (long) (2 * half) * co.yield(first);
            wide += help(co, 2);
            throw new IllegalStateException("" + (wide - 7));
          } finally {
            first = captured.size();
          }
        });
  }

  private static int help(Yielder<Integer, Object> co, int number) {
    int got = co.yield("h" + number);
    return number > 4 ? got : help(co, got);
  }
}
