package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import io.fermata.internal.engine.Engine;
import io.fermata.internal.engine.ThreadEngine;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.Filter;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** A test of the tests: an engine with a mistake fails some of them, the sound one none. */
final class BrokenEnginesTest {
  private static final long LIMIT_MILLIS = 300_000;

  /** Whole programs, which take long and test nothing that the others do not. */
  private static final String PROGRAMS = ".*\\.(Programs|Conjoin|LazyStreams)Test";

  /** Collects garbage, which takes longer than all the others together. */
  private static final String RETENTION = ".*\\.RetentionTest";

  /** Packages that test one engine only, or its compiler, and start other processes. */
  private static final String ONE_ENGINE = ".*\\.(shapes|random|thread)\\..*";

  /** Needs an engine whose await is sound, or waits; its mistakes are those of a broken loop. */
  private static final String LOOP = ".*\\.(async|io|net)\\..*";

  /**
   * Generous, for a sound engine on a busy machine must not fail; a mistake that hangs costs it.
   */
  private static final String LIMIT_OF_A_TEST = "20 s";

  private static final String LIMIT_OF_A_BROKEN_TEST = "2 s";

  /** Failures after which an engine counts as caught for good. */
  private static final int ENOUGH = 3;

  /** What came of running all tests of behaviour. */
  private static final class Outcome implements TestExecutionListener {
    final Set<String> run = new ConcurrentSkipListSet<>();
    final Set<String> failed = new ConcurrentSkipListSet<>();

    /** Those that were given up. They do not count as failed: a slow machine is no proof. */
    final Set<String> hung = new ConcurrentSkipListSet<>();

    private final int enough;

    Outcome(int enough) {
      this.enough = enough;
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      String name = name(test);
      if (test.isTest() && result.getStatus() != TestExecutionResult.Status.ABORTED) {
        run.add(name);
      }
      if (result.getStatus() == TestExecutionResult.Status.FAILED) {
        boolean gaveUp = result.getThrowable().orElse(null) instanceof TimeoutException;
        (gaveUp ? hung : failed).add(name);
        EveryEngine.enough = failed.size() >= enough;
      }
    }

    private static String name(TestIdentifier test) {
      return test.getSource()
          .filter(MethodSource.class::isInstance)
          .map(MethodSource.class::cast)
          .map(
              source ->
                  source.getClassName().replaceFirst(".*\\.", "") + "." + source.getMethodName())
          .orElse(test.getDisplayName());
    }
  }

  @Test
  void theSoundEngineThatTheyAreMadeFromPassesEveryTest() throws InterruptedException {
    Outcome outcome =
        outcomeOn(
            List.of(new ThreadEngine()),
            LIMIT_OF_A_TEST,
            new Outcome(Integer.MAX_VALUE),
            only(".*"));
    assertEquals(Set.of(), new TreeSet<>(outcome.failed));
    assertEquals(Set.of(), new TreeSet<>(outcome.hung));
    assertTrue(outcome.run.size() > 100, "only " + outcome.run);
    assertEquals(List.of(), outcome.run.stream().filter(it -> it.startsWith("Broken")).toList());
  }

  @TestFactory
  Stream<DynamicTest> anEngineWithAMistakeFails() {
    return BrokenEngines.all().stream()
        .map(engine -> DynamicTest.dynamicTest(engine.name(), () -> assertIsCaught(engine)));
  }

  private static void assertIsCaught(Engine engine) throws InterruptedException {
    Outcome outcome = new Outcome(ENOUGH);
    outcomeOn(List.of(engine), LIMIT_OF_A_BROKEN_TEST, outcome, not(RETENTION));
    if (outcome.failed.isEmpty()) {
      RetentionTest.patience = RetentionTest.PATIENCE / 10;
      try {
        outcomeOn(List.of(engine), LIMIT_OF_A_TEST, outcome, only(RETENTION)); // slow, but no hang
      } finally {
        RetentionTest.patience = RetentionTest.PATIENCE;
      }
    }
    System.out.printf(
        "an engine that %s: caught by %d of the first %d tests (%d more given up), for instance %s%n",
        engine.name(),
        outcome.failed.size(),
        outcome.run.size(),
        outcome.hung.size(),
        outcome.failed.stream().limit(3).toList());
    assertFalse(outcome.failed.isEmpty(), "no test notices an engine that " + engine.name());
  }

  /** Runs all tests of behaviour but the slow ones and the programs. */
  private static Filter<?> not(String classes) {
    return ClassNameFilter.excludeClassNamePatterns(classes);
  }

  private static Filter<?> only(String classes) {
    return ClassNameFilter.includeClassNamePatterns(classes);
  }

  private static Outcome outcomeOn(
      List<Engine> engines, String limit, Outcome outcome, Filter<?> classes)
      throws InterruptedException {
    List<Engine> before = EveryEngine.engines;
    try {
      EveryEngine.engines = engines;
      Thread runner =
          new Thread(() -> launcher().execute(request(limit, classes), outcome), "nested launch");
      runner.setDaemon(true);
      runner.start();
      runner.join(LIMIT_MILLIS);
      assertFalse(runner.isAlive(), "the tests hang on " + engines);
    } finally {
      EveryEngine.engines = before;
      EveryEngine.enough = false;
    }
    return outcome;
  }

  private static Launcher launcher() {
    return LauncherFactory.create(
        LauncherConfig.builder()
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .build());
  }

  private static LauncherDiscoveryRequest request(String limit, Filter<?> classes) {
    return LauncherDiscoveryRequestBuilder.request()
        .selectors(selectPackage(BrokenEnginesTest.class.getPackageName()))
        .filters(
            classes,
            not(".*\\.BrokenEngines.*"),
            not(PROGRAMS),
            not(ONE_ENGINE),
            not(LOOP),
            TagFilter.excludeTags("slow", "net"),
            (PostDiscoveryFilter) BrokenEnginesTest::onlyEngineTests)
        .configurationParameter("junit.jupiter.execution.timeout.testable.method.default", limit)
        .configurationParameter(
            "junit.jupiter.execution.timeout.thread.mode.default", "SEPARATE_THREAD")
        .build();
  }

  private static FilterResult onlyEngineTests(TestDescriptor descriptor) {
    boolean other =
        descriptor
            .getSource()
            .filter(MethodSource.class::isInstance)
            .map(MethodSource.class::cast)
            .filter(source -> !source.getJavaMethod().isAnnotationPresent(EngineTest.class))
            .isPresent();
    return FilterResult.includedIf(!other);
  }
}
