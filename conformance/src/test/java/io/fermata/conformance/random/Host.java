package io.fermata.conformance.random;

import java.util.Map;
import java.util.TreeMap;

/** The text around random bodies: the classes that hold them, and what they can use there. */
final class Host {
  /** A superclass in another package. */
  static final String BASE_NAME = "randombase.Base";

  static final String BASE =
      """
      package randombase;
      public class Base {
        protected int pi = 5;
        protected long pl = 50L;
        protected String ps = "p";
        protected static double pd = 2.5;
        protected int prot(int x) { return x + pi; }
        protected static String sprot(String x, long y) { return x + y; }
      }
      """;

  /** The class that holds all programs of a batch, and what they share. */
  static final String NAME = "randomprogram.H";

  private static final String HEAD =
      """
      package randomprogram;
      import io.fermata.*;
      import io.fermata.conformance.random.Log;
      import java.io.IOException;
      import java.util.*;
      import java.util.function.*;
      import java.util.stream.*;
      @SuppressWarnings("all")
      public class H {
        public static Log log;
        public static Object kept;

        private static final class Foo {
          int a;
          Object b;
          private Foo(int a) { this.a = a; log.see("Foo", a); }
          private Foo(int a, Object b) { this.a = a; this.b = b; log.see("Foo2", a); }
          private Foo(Foo x, long y, boolean z) { this.a = x.a + (int) y; log.see("Foo3", y); }
          private Foo inc(int d) { a += d; return this; }
          int get() { return a; }
          private static int twice(int x) { return x * 2; }
          @Override public String toString() { return "Foo" + a; }
        }
        sealed interface Shape {
          int area();
          default String called() { return "shape" + area(); }
        }
        record Sq(int w) implements Shape { public int area() { return w * w; } }
        record Rc(int w, Shape in) implements Shape {
          public int area() { return in == null ? w : w + in.area(); }
        }
        enum En { A, B, C }
        interface Fn<T> { T call(T x) throws Exception; }
        private static final class MyEx extends Exception { MyEx(Object m) { super(str(m)); } }
        private static class MyRt extends RuntimeException {
          MyRt(Object m, Throwable c) { super(str(m), c); }
        }
        private static final class Res implements AutoCloseable {
          final int n;
          Res(int n) { this.n = n; log.see("open", n); }
          @Override public void close() throws Exception {
            log.see("close", n);
            if (n % 5 == 0) throw new MyEx("closing");
          }
        }
        private static int va(int first, Object... rest) {
          log.see("va", rest);
          return first + rest.length;
        }
        static boolean on() { return log.fuel(); }
        private static int n(Object o) {
          return o instanceof Integer i ? i : o instanceof String s ? s.length() : o == null ? 7 : 8;
        }
        static String cut(Object o) {
          String s = str(o);
          return s.length() > 24 ? s.substring(0, 24) : s;
        }
        static String str(Object o) { return o instanceof Throwable ? "throwable" : String.valueOf(o); }
      """;

  private static final String MEMBERS =
      """
          private static int si;
          private static long sl;
          private static String ss;
          private int fi = 1;
          private long fl = 10L;
          private double fd = 1.5;
          private String fs = "f";
          private boolean fz;
          private byte fb = 1;
          private char fc = 'f';
          private float ff = 0.5f;
          private int[] fa = {1, 2, 3};
          private Foo foo = new Foo(9);
          private int pm(int a, long b) { log.see("pm", a); fl += b; return a - (int) b + fi; }
          private static long sm(long a, double b) { sl += a; return a + (long) b; }
          @Override protected int prot(int x) { return x * 3 + fi; }
          public static Object make(Log l) throws Exception {
            log = l;
            si = 3;
            sl = 30L;
            ss = "ss";
            HOST host = new HOST();
            return host.body(host, 11, 12L, 1.25, "cap", (byte) 3, 'q', true, 2.5f,
                new int[] {7, 8}, null, (short) 4);
          }
      """;

  private static final String INNER =
      """
          private class Inner {
            private final int v;
            private Inner(int v) { this.v = v + fi; }
            int sum(long x) { fi++; return v + (int) x; }
          }
      """;

  /** What a body can see of the method that makes it. */
  private static final String PARAMETERS =
      "final HOST self, final int ci, final long cl, final double cd, final String cs,"
          + " final byte cb, final char cc, final boolean cz, final float cf, final int[] ca,"
          + " final Foo cfoo, final short csh";

  private Host() {}

  /**
   * A source file.
   *
   * @param firstLines where the programs begin, by their numbers
   */
  record Source(String text, Map<Integer, Long> firstLines) {
    /** The number of the program that a line belongs to; null if it belongs to none. */
    Integer programAt(long line) {
      Integer found = null;
      for (Map.Entry<Integer, Long> each : firstLines.entrySet()) {
        if (each.getValue() <= line) {
          found = each.getKey();
        }
      }
      return found;
    }
  }

  /** The name of the class of a program. */
  static String className(int number) {
    return NAME + "$P" + number;
  }

  /** The source that holds some programs, given by their numbers. */
  static Source source(Map<Integer, Program> programs) {
    StringBuilder text = new StringBuilder(HEAD);
    Map<Integer, Long> firstLines = new TreeMap<>();
    long line = lines(HEAD) + 1;
    for (Map.Entry<Integer, Program> each : programs.entrySet()) {
      firstLines.put(each.getKey(), line);
      String program = program(each.getValue(), "P" + each.getKey());
      text.append(program);
      line += lines(program);
    }
    return new Source(text.append("}\n").toString(), firstLines);
  }

  private static long lines(String text) {
    return text.chars().filter(each -> each == '\n').count();
  }

  private static String program(Program program, String name) {
    Flavour flavour = program.flavour();
    StringBuilder text = new StringBuilder();
    text.append("public static class HOST extends randombase.Base {\n")
        .append(MEMBERS)
        .append(program.isStatic() ? "static " : "")
        .append(flavour.type)
        .append(" body(")
        .append(PARAMETERS)
        .append(") {\n")
        .append(flavour.body)
        .append(" b = ");
    String end = flavour.hasResult() ? "return \"end\";\n" : "";
    String body = program.body().render() + end;
    String signature =
        (flavour.hasResult() ? "Object" : "void")
            + " NAME("
            + flavour.yielder()
            + " co) throws Exception {\n";
    switch (program.form()) {
      case LAMBDA -> text.append("co -> {\n").append(body).append("};\n");
      case ANONYMOUS ->
          text.append("new " + flavour.body + "() {\n@Override public ")
              .append(signature.replace("NAME", "run"))
              .append(body)
              .append("}\n};\n");
      case REFERENCE -> text.append(program.isStatic() ? "HOST::run;\n" : "self::run;\n");
    }
    text.append("kept = b;\nreturn ").append(flavour.factory).append("(b);\n}\n");
    if (program.form() == Program.Form.REFERENCE) {
      text.append(program.isStatic() ? "private static " : "private ")
          .append(signature.replace("NAME", "run"))
          .append(Generation.prologue(!program.isStatic()))
          .append(body)
          .append("}\n");
    }
    for (Program.Method method : program.helpers()) {
      text.append(method.head())
          .append('\n')
          .append(method.body().render())
          .append("return ")
          .append(method.result().render())
          .append(";\n}\n");
    }
    if (text.indexOf("new Inner(") >= 0) {
      text.append(INNER);
    }
    text.append(Sharing.members(flavour));
    return text.append("}\n").toString().replace("HOST", name);
  }
}
