import io.fermata.Generator;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import javax.tools.ToolProvider;

/**
 * Coroutines beside threads: the memory of many that are suspended, and the system calls of a
 * switch. Give the number of coroutines, if it is not to be 100 000.
 *
 * <p>Everything is measured in a JVM of its own. The heap of those that measure memory has a fixed
 * size and is resident from the start: what the process grows by lies outside of it. System calls
 * are counted by strace, less those of a run with a single round trip, three times.
 */
public class BesideThreads {
  private static final int RUNS = 3;

  public static void main(String[] args) throws Exception {
    String given = args.length == 0 ? "100000" : args[args.length - 1];
    if (!given.matches("[1-9]\\d{0,8}")) {
      System.err.println(
          "not a number of coroutines: " + given + "; usage: BesideThreads [NUMBER]");
      System.exit(2);
    }
    int number = Integer.parseInt(given);
    switch (args.length < 2 ? "compare" : args[0]) {
      case "hold-coroutines" -> holdCoroutines(number);
      case "hold-threads" -> holdThreads(number);
      case "switch-coroutines" -> switchCoroutines(number);
      case "switch-threads" -> switchThreads(number);
      default -> compare(number);
    }
  }

  static Generator<Integer> counter() {
    return Generator.of(
        co -> {
          for (int i = 0; ; i++) co.yield(i);
        });
  }

  // What is measured

  static void holdCoroutines(int number) throws IOException {
    counter().advance(); // loads all classes
    List<Generator<Integer>> held = new ArrayList<>(number);
    Memory before = Memory.now();
    for (int i = 0; i < number; i++) {
      Generator<Integer> coroutine = counter();
      coroutine.advance();
      held.add(coroutine);
    }
    Memory.now().printSince(before);
    for (Generator<Integer> each : held) each.close();
  }

  static void holdThreads(int number) throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    startWaiting(end); // loads all classes
    List<Thread> held = new ArrayList<>(number);
    Memory before = Memory.now();
    for (int i = 0; i < number; i++) held.add(startWaiting(end));
    Memory.now().printSince(before);
    end.countDown();
  }

  static Thread startWaiting(CountDownLatch end) {
    Thread thread =
        new Thread(
            () -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    while (thread.getState() != Thread.State.WAITING) Thread.onSpinWait();
    return thread;
  }

  static void switchCoroutines(int roundTrips) {
    Generator<Integer> coroutine = counter();
    for (int i = 0; i < roundTrips; i++) coroutine.advance();
  }

  static void switchThreads(int roundTrips) {
    Semaphore there = new Semaphore(0);
    Semaphore back = new Semaphore(0);
    Runnable answer =
        () -> {
          while (true) {
            there.acquireUninterruptibly();
            back.release();
          }
        };
    Thread thread = new Thread(answer);
    thread.setDaemon(true);
    thread.start();
    for (int i = 0; i < roundTrips; i++) {
      there.release();
      back.acquireUninterruptibly();
    }
  }

  /** Bytes that are in use, in the heap and by the whole process (NaN where that is unknown). */
  record Memory(double heap, double process) {
    static Memory now() throws IOException {
      for (int i = 0; i < 3; i++) System.gc();
      Runtime runtime = Runtime.getRuntime();
      return new Memory(runtime.totalMemory() - runtime.freeMemory(), resident());
    }

    private static double resident() throws IOException {
      Path status = Path.of("/proc/self/status");
      if (!Files.exists(status)) return Double.NaN;
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmRSS:")) return 1024.0 * Long.parseLong(line.replaceAll("\\D", ""));
      }
      return Double.NaN;
    }

    void printSince(Memory before) {
      System.out.println((heap - before.heap) + " " + (process - before.process));
    }
  }

  // The tables

  static void compare(int number) throws Exception {
    String engine = counter().engine();
    boolean onPlatformThreads = engine.equals("thread") && Runtime.version().feature() < 21;
    System.out.println("JDK " + Runtime.version() + ", engine: " + engine);
    if (engine.equals("thread")) {
      String kind = onPlatformThreads ? "platform" : "virtual";
      System.out.println("This engine keeps each coroutine on a " + kind + " thread of its own.");
    }

    int fewer = Math.max(1, number / 50);
    int roundTrips = Math.max(2, number / 20);
    try (Children children = new Children()) {
      print("");
      print("suspended         number  bytes in heap  bytes outside  MB for %,d", number);
      printMemory(
          children, "coroutines", "hold-coroutines", onPlatformThreads ? fewer : number, number);
      printMemory(children, "platform threads", "hold-threads", fewer, number);

      print("");
      print("switched     round trips  system calls for each");
      printCalls(children, "coroutine", "switch-coroutines", roundTrips);
      printCalls(children, "two threads", "switch-threads", roundTrips);
    }
  }

  static void printMemory(Children children, String name, String mode, int held, int number)
      throws Exception {
    int megabytes = 64 + held / 100;
    String[] options = {"-Xms" + megabytes + "m", "-Xmx" + megabytes + "m", "-XX:+AlwaysPreTouch"};
    try {
      String[] bytes = children.run(children.command(mode, held, options)).split(" ");
      double heap = Double.parseDouble(bytes[0]) / held;
      double outside = Double.parseDouble(bytes[1]) / held;
      double all = (heap + outside) * number / 1e6;
      String note = held == number ? "" : " (scaled)";
      print("%-16s %,7d %,14.0f %,14.0f %,11.0f%s", name, held, heap, outside, all, note);
    } catch (IOException e) {
      print("%-16s %,7d  not measured: %s", name, held, e.getMessage());
    }
  }

  static void printCalls(Children children, String name, String mode, int roundTrips)
      throws Exception {
    try {
      double[] calls = new double[RUNS];
      for (int i = 0; i < RUNS; i++) {
        long one = children.systemCalls(mode, 1);
        calls[i] = (double) (children.systemCalls(mode, roundTrips) - one) / (roundTrips - 1);
      }
      Arrays.sort(calls);
      print("%-16s %,7d  %.2f to %.2f", name, roundTrips, calls[0], calls[RUNS - 1]);
    } catch (IOException e) {
      print("%-16s %,7d  not counted: %s", name, roundTrips, e.getMessage());
    }
  }

  static void print(String format, Object... arguments) {
    System.out.println(String.format(Locale.ROOT, format, arguments));
  }

  /** Runs this program again in JVMs of their own, from class files. */
  static class Children implements AutoCloseable {
    private final Path directory = Files.createTempDirectory("beside-threads");
    private final String classPath;

    Children() throws Exception {
      Path code =
          Path.of(BesideThreads.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      String own = System.getProperty("java.class.path");
      if (code.toString().endsWith(".java")) { // started from the source
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", directory.toString(), "-cp", own, code.toString());
      }
      classPath = directory + File.pathSeparator + own;
    }

    List<String> command(String mode, int number, String... options) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:+UseSerialGC", "-cp", classPath));
      command.add("-Dfermata.engine=" + System.getProperty("fermata.engine", "auto"));
      command.addAll(List.of(options));
      command.addAll(List.of("BesideThreads", mode, Integer.toString(number)));
      return command;
    }

    /** Runs a command; returns what it prints. */
    String run(List<String> command) throws IOException, InterruptedException {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes()).strip();
      if (process.waitFor() != 0) throw new IOException(output);
      return output;
    }

    long systemCalls(String mode, int roundTrips) throws IOException, InterruptedException {
      Path summary = directory.resolve("summary");
      List<String> command = new ArrayList<>();
      command.addAll(List.of("strace", "-f", "-c", "-o", summary.toString()));
      command.addAll(command(mode, roundTrips));
      run(command);
      long calls = 0;
      for (String line : Files.readAllLines(summary)) {
        String[] columns = line.strip().split("\\s+"); // % time, seconds, usecs/call, calls, ...
        boolean isCall = columns[0].matches("[0-9.]+") && !line.endsWith(" total");
        if (isCall) calls += Long.parseLong(columns[3]);
      }
      return calls;
    }

    @Override
    public void close() throws IOException {
      File[] files = directory.toFile().listFiles();
      if (files != null) for (File file : files) Files.delete(file.toPath());
      Files.delete(directory);
    }
  }
}
