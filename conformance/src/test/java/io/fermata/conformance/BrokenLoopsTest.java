package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A test of the tests of the event loop: one with a mistake fails some, a sound one none. Running
 * the loops takes minutes, and tells the same on each JDK, so the oldest has to do.
 */
final class BrokenLoopsTest {
  private static final long LIMIT_MILLIS = 300_000;

  /** Failures after which a mistake counts as caught for good. */
  private static final int ENOUGH = 3;

  /**
   * No test; two that deal with the library as the only one in the JVM, by its MBean and its
   * events; random programs, which take longer than the limit; one that waits for a loop from other
   * threads in each of its tests, which takes minutes if that fails.
   */
  private static final Set<String> NOT_APART =
      Set.of(
          "AsyncTest",
          "DiagnosticsTest",
          "FlightRecorderTest",
          "NestedProgramsTest",
          "AdmissionModelTest",
          "RandomOperatorsTest",
          "RandomSelectTest",
          "LoopExecutorTest");

  private static final String PATIENCE = "conformance.patience.millis";

  @TempDir Path directory;

  /** What came of running the tests of the event loop. */
  private static final class Outcome implements TestExecutionListener {
    final Set<String> run = new ConcurrentSkipListSet<>();
    final Set<String> failed = new ConcurrentSkipListSet<>();
    private final Runnable stop;

    /**
     * What comes of it.
     *
     * @param stop lets the other tests not run; called once enough have failed
     */
    Outcome(Runnable stop) {
      this.stop = stop;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      String name = test.getParentId().orElse("").replaceFirst(".*test-template:(.*)\\]", "$1 ");
      if (test.isTest() && result.getStatus() != TestExecutionResult.Status.ABORTED) {
        run.add(name + test.getDisplayName());
      }
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        failed.add(name + test.getDisplayName());
        result.getThrowable().ifPresent(failure -> System.out.println(name + ": " + failure));
        if (failed.size() >= ENOUGH) {
          stop.run();
        }
      }
    }
  }

  static List<Mistake> mistakes() {
    return BrokenLoops.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeHasOnePlace(Mistake mistake) throws IOException {
    assertFalse(mistake.broken().isEmpty());
  }

  @Test
  @EnabledForJreRange(max = JRE.JAVA_20)
  void aSoundLoopPassesEveryTest() throws Exception {
    Mistake none = Mistake.none("internal/waiting/Pause.java");
    Outcome outcome = outcomeOf(none, 20_000, "30s");
    assertEquals(Set.of(), new TreeSet<>(outcome.failed));
    assertTrue(outcome.run.size() > 100, "only " + outcome.run);
  }

  /** Some, as all of them take minutes: {@code -Dfermata.broken.loops=N} has N of them. */
  static List<Mistake> someMistakes() {
    long seed = System.nanoTime();
    System.out.println("broken loops are chosen with seed " + seed);
    List<Mistake> shuffled = new ArrayList<>(mistakes());
    Collections.shuffle(shuffled, new Random(seed));
    return shuffled.subList(
        0, Math.min(Integer.getInteger("fermata.broken.loops", 8), shuffled.size()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("someMistakes")
  @EnabledForJreRange(max = JRE.JAVA_20)
  void aLoopWithAMistakeFails(Mistake mistake) throws Exception {
    Outcome outcome = outcomeOf(mistake, 200, "3s");
    System.out.printf(
        "a loop that %s: caught by %d of the first %d tests, for instance %s%n",
        mistake,
        outcome.failed.size(),
        outcome.run.size(),
        outcome.failed.stream().limit(3).toList());
    assertFalse(outcome.failed.isEmpty(), "no test notices a loop that " + mistake);
  }

  private Outcome outcomeOf(Mistake mistake, long patience, String limit) throws Exception {
    System.setProperty(PATIENCE, Long.toString(patience));
    try (URLClassLoader loader = mistake.load(directory)) {
      Outcome outcome = new Outcome(() -> stop(loader));
      Thread runner = new Thread(() -> execute(loader, outcome, limit), "nested launch");
      runner.setDaemon(true);
      runner.setContextClassLoader(loader);
      runner.start();
      runner.join(LIMIT_MILLIS);
      assertFalse(runner.isAlive(), "the tests hang on a loop that " + mistake);
      return outcome;
    } finally {
      System.clearProperty(PATIENCE);
    }
  }

  /** Has the tests in a loader not run any more. */
  private static void stop(ClassLoader loader) {
    try {
      load(loader, EveryEngine.class.getName()).getMethod("stop").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static void execute(ClassLoader loader, Outcome outcome, String limit) {
    Launcher launcher =
        LauncherFactory.create(
            LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false)
                .build());
    launcher.execute(
        LauncherDiscoveryRequestBuilder.request()
            .selectors(loopTests().map(name -> selectClass(load(loader, name))).toList())
            .configurationParameter(
                "junit.jupiter.execution.timeout.testable.method.default", limit)
            .configurationParameter(
                "junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
            .build(),
        outcome);
  }

  private static Class<?> load(ClassLoader loader, String name) {
    try {
      return loader.loadClass(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** The names of the classes with tests of the event loop. */
  private static Stream<String> loopTests() {
    try {
      Path classes =
          Path.of(
              BrokenLoopsTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      try (Stream<Path> files = Files.list(classes.resolve("io/fermata/conformance/async"))) {
        return files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.matches("\\w+Test\\.class"))
            .map(name -> name.replace(".class", ""))
            .filter(name -> !NOT_APART.contains(name))
            .map(name -> "io.fermata.conformance.async." + name)
            .sorted()
            .toList()
            .stream();
      }
    } catch (IOException | URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
