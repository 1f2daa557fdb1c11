package io.fermata.conformance.random;

import io.fermata.BaseGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What one run of a random program has done, line by line. The program notes its side effects here,
 * and the driver what it got. Bodies and their callers take turns, so that it needs no lock.
 */
public final class Log {
  private static final int FUEL = 150;

  /** Lines that a run may write; what comes later is dropped, on each engine alike. */
  private static final int LIMIT = 4000;

  private static final String FILE = "H.java";

  /** Their messages tell of class loaders, or of bytecode: no two engines need agree on them. */
  private static final Set<Class<?>> SILENT =
      Set.of(NullPointerException.class, ClassCastException.class, ArrayStoreException.class);

  private final List<String> lines = new ArrayList<>();
  private final List<BaseGenerator<?>> generators = new ArrayList<>();
  private int fuel = FUEL;

  /** Lets a loop or a recursion go on; false once the program has done enough of it. */
  public boolean fuel() {
    return fuel-- > 0;
  }

  /** Notes a value. */
  public void see(String what, Object value) {
    note(what + " " + shown(value));
  }

  /** Notes a value in the midst of an expression. */
  public <T> T pass(String what, T value) {
    see(what, value);
    return value;
  }

  /** As {@link #pass(String, Object)}. */
  public boolean booleans(String what, boolean value) {
    see(what, value);
    return value;
  }

  /** The primitive of a boxed value, for places where Java converts no boxed one. */
  public static boolean un(Boolean value) {
    return value;
  }

  /** As {@link #pass(String, Object)}. */
  public byte bytes(String what, byte value) {
    see(what, value);
    return value;
  }

  /** The primitive of a boxed value, for places where Java converts no boxed one. */
  public static byte un(Byte value) {
    return value;
  }

  /** As {@link #pass(String, Object)}. */
  public char chars(String what, char value) {
    see(what, value);
    return value;
  }

  /** The primitive of a boxed value, for places where Java converts no boxed one. */
  public static char un(Character value) {
    return value;
  }

  /** As {@link #pass(String, Object)}. */
  public short shorts(String what, short value) {
    see(what, value);
    return value;
  }

  /** The primitive of a boxed value, for places where Java converts no boxed one. */
  public static short un(Short value) {
    return value;
  }

  /** As {@link #pass(String, Object)}. */
  public int ints(String what, int value) {
    see(what, value);
    return value;
  }

  /** The primitive of a boxed value, for places where Java converts no boxed one. */
  public static int un(Integer value) {
    return value;
  }

  /** As {@link #pass(String, Object)}. */
  public long longs(String what, long value) {
    see(what, value);
    return value;
  }

  /** The primitive of a boxed value, for places where Java converts no boxed one. */
  public static long un(Long value) {
    return value;
  }

  /** As {@link #pass(String, Object)}. */
  public float floats(String what, float value) {
    see(what, value);
    return value;
  }

  /** The primitive of a boxed value, for places where Java converts no boxed one. */
  public static float un(Float value) {
    return value;
  }

  /** As {@link #pass(String, Object)}. */
  public double doubles(String what, double value) {
    see(what, value);
    return value;
  }

  /** The primitive of a boxed value, for places where Java converts no boxed one. */
  public static double un(Double value) {
    return value;
  }

  /** Steps the generator that the program is, which is running. */
  public void enter() {
    try {
      see("enters", generators.get(0).advance());
    } catch (IllegalStateException refused) {
      caught("enter", refused);
    }
  }

  /** Notes an exception that the body has caught, and where it was thrown. */
  public void caught(String where, Throwable failure) {
    List<Integer> own = ownLines(failure);
    note(where + " caught " + shown(failure) + " of line " + (own.isEmpty() ? "-" : own.get(0)));
  }

  /**
   * Keeps a generator that was made inside of a body: were it dropped, the thread engine would
   * unwind it at some time.
   */
  public <T extends BaseGenerator<?>> T made(T generator) {
    generators.add(generator);
    return generator;
  }

  /** Keeps the generator that the program is. */
  void outermost(BaseGenerator<?> generator) {
    generators.add(0, generator);
  }

  void note(String line) {
    if (lines.size() < LIMIT) {
      lines.add(line);
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** All generators, in the order in which they were made. */
  List<BaseGenerator<?>> generators() {
    return List.copyOf(generators);
  }

  /** Why they run on the engines that they run on. */
  List<String> reasons() {
    return generators.stream().map(BaseGenerator::engineReason).toList();
  }

  /** The lines of the program's source that a trace shows. */
  List<Integer> ownLines(Throwable failure) {
    return Arrays.stream(failure.getStackTrace())
        .filter(frame -> FILE.equals(frame.getFileName()))
        .map(StackTraceElement::getLineNumber)
        .toList();
  }

  static String shown(Object value) {
    if (value instanceof Throwable failure) {
      return shown(failure);
    }
    if (value instanceof Object[] array) {
      return Arrays.deepToString(array);
    }
    String deep = Arrays.deepToString(new Object[] {value});
    return deep.substring(1, deep.length() - 1);
  }

  private static String shown(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.getClass().getSimpleName());
    if (!SILENT.contains(failure.getClass())
        && !failure.getClass().getName().startsWith("io.fermata.")) {
      text.append('(').append(failure.getMessage()).append(')');
    }
    for (Throwable suppressed : failure.getSuppressed()) {
      text.append(" +").append(suppressed.getClass().getSimpleName());
    }
    if (failure.getCause() != null) {
      text.append(" by ").append(failure.getCause().getClass().getSimpleName());
    }
    return text.toString();
  }
}
