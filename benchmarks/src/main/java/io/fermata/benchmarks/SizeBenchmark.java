package io.fermata.benchmarks;

import io.fermata.Generator;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.tools.ToolProvider;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one step costs in bodies of different sizes: a loop over yields, with locals between. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SizeBenchmark {
  /** How many yields the loop has. */
  @Param({"20", "40", "80", "200", "800"})
  public int yields;

  /** How many locals are alive at each. */
  @Param({"20", "60"})
  public int locals;

  private Generator<?> generator;

  /** Makes the body. */
  @Setup
  public void make() throws IOException, ReflectiveOperationException {
    String source =
        "import io.fermata.*; public class Sized { static volatile long sink;"
            + "public static Generator<Integer> make() { return Generator.of(co -> {"
            + repeat(locals, i -> "long v" + i + " = " + i + ";")
            + "while (sink == 0) {"
            + repeat(
                yields,
                i -> "v" + i % locals + " += v" + (i + 7) % locals + "; co.yield(" + i % 100 + ");")
            + "} sink = 0"
            + repeat(locals, i -> " + v" + i)
            + "; }); } }";
    Path directory = Files.createTempDirectory("sized");
    Path file = Files.writeString(directory.resolve("Sized.java"), source);
    String path = System.getProperty("java.class.path");
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-g", "-proc:none", "-cp", path, file.toString());
    if (failed != 0) {
      throw new IllegalStateException("javac refused " + file);
    }
    ClassLoader loader = new URLClassLoader(new URL[] {directory.toUri().toURL()});
    generator = (Generator<?>) loader.loadClass("Sized").getMethod("make").invoke(null);
  }

  private static String repeat(int times, IntFunction<String> code) {
    return IntStream.range(0, times).mapToObj(code).collect(Collectors.joining("\n"));
  }

  /** One step. */
  @Benchmark
  public boolean step() {
    return generator.advance();
  }
}
