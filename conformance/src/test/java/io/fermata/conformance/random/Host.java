package io.fermata.conformance.random;

/** The text around a random body: the class that holds it, and what it can use there. */
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

  private static final String MEMBERS =
      """
        static Log log;
        static Object kept;
        private static int si = 3;
        private static long sl = 30L;
        private static String ss = "ss";
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

        private static final class Foo {
          int a;
          Object b;
          private Foo(int a) { this.a = a; log.see("Foo", a); }
          private Foo(int a, Object b) { this.a = a; this.b = b; log.see("Foo2", a); }
          private Foo(Foo x, long y) { this.a = x.a + (int) y; log.see("Foo3", y); }
          private Foo inc(int d) { a += d; return this; }
          int get() { return a; }
          private static int twice(int x) { return x * 2; }
          @Override public String toString() { return "Foo" + a; }
        }
        private class Inner {
          private final int v;
          private Inner(int v) { this.v = v + fi; }
          int sum(long x) { fi++; return v + (int) x; }
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
        private int pm(int a, long b) { log.see("pm", a); fl += b; return a - (int) b + fi; }
        private static long sm(long a, double b) { sl += a; return a + (long) b; }
        @Override protected int prot(int x) { return x * 3 + fi; }
        static int va(int first, Object... rest) { log.see("va", rest); return first + rest.length; }
        static boolean on() { return log.fuel(); }
        static int n(Object o) {
          return o instanceof Integer i ? i : o instanceof String s ? s.length() : o == null ? 7 : 8;
        }
        static String cut(Object o) {
          String s = str(o);
          return s.length() > 24 ? s.substring(0, 24) : s;
        }
        static String str(Object o) { return o instanceof Throwable ? "throwable" : String.valueOf(o); }
      """;

  private Host() {}

  /** The source of a class. */
  static String source(Program program, String name) {
    Flavour flavour = program.flavour();
    StringBuilder text = new StringBuilder();
    text.append("package randomprogram;\n")
        .append("import io.fermata.*;\n")
        .append("import io.fermata.conformance.random.Log;\n")
        .append("import java.io.IOException;\n")
        .append("import java.util.*;\n")
        .append("import java.util.function.*;\n")
        .append("import java.util.stream.*;\n")
        .append("@SuppressWarnings(\"all\")\n")
        .append("public class " + name + " extends randombase.Base {\n")
        .append(MEMBERS);
    text.append("  public static Object make(Log l) throws Exception {\n")
        .append("    log = l;\n")
        .append("    " + name + " host = new " + name + "();\n")
        .append(
            "    return host.body(host, 11, 12L, 1.25, \"cap\", (byte) 3, 'q', true, 2.5f,"
                + " new int[] {7, 8}, null, (short) 4);\n  }\n");
    text.append(program.isStatic() ? "  static " : "  ")
        .append(flavour.type)
        .append(" body(final ")
        .append(name)
        .append(
            " self, final int ci, final long cl, final double cd, final String cs, final byte cb,"
                + " final char cc, final boolean cz, final float cf, final int[] ca, final Foo"
                + " cfoo, final short csh) {\n    ")
        .append(flavour.body)
        .append(" b = co -> {\n")
        .append(program.body().render());
    if (flavour == Flavour.INTEGERS || flavour == Flavour.STRINGS || flavour == Flavour.OBJECTS) {
      text.append("return \"end\";\n");
    }
    text.append("    };\n    kept = b;\n    return ").append(flavour.factory).append("(b);\n  }\n");
    for (Program.Method method : program.helpers()) {
      text.append("  ")
          .append(method.head())
          .append('\n')
          .append(method.body().render())
          .append("return ")
          .append(method.result().render())
          .append(";\n  }\n");
    }
    return text.append("}\n").toString().replace("HOST", name);
  }
}
