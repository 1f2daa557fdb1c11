package io.fermata.conformance.random.models;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.conformance.Mistake;
import java.lang.reflect.InvocationTargetException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A test of the models: each finds mistakes in the library. It tells the same on each JDK, so the
 * oldest has to do.
 */
@EnabledForJreRange(max = JRE.JAVA_20)
class ModelMistakesTest {
  private static final int SEEDS = 1000;
  private static final long LIMIT_MILLIS = 60_000;

  @TempDir Path directory;

  static Stream<Arguments> mistakes() {
    String queue = "async/AsyncQueue.java";
    String admission = "internal/waiting/Admission.java";
    return Stream.of(
        Arguments.of(
            "BOUNDED_FIFO",
            new Mistake(
                "loses the wake-up of a getter that is cancelled",
                queue,
                "      if (!isEmpty()) {\n        getters.wakeFirst();\n      }\n",
                "")),
        Arguments.of(
            "LOCK",
            new Mistake(
                "has a lock that newcomers get before those who wait",
                "async/FairLock.java",
                "!held && line.isEmpty()",
                "!held")),
        Arguments.of(
            "LOCK",
            new Mistake(
                "loses the turn when who was to have the lock is cancelled",
                "async/FairLock.java",
                "      line.remove(this);\n      wakeFirst();",
                "      line.remove(this);")),
        Arguments.of(
            "SEMAPHORE",
            new Mistake(
                "has a semaphore whose permits newcomers get before those who wait",
                admission,
                "return granted == 0 && line.isEmpty() && has(amount);",
                "return has(amount);")),
        Arguments.of(
            "SEMAPHORE",
            new Mistake(
                "loses a permit when who was given it is cancelled",
                admission,
                "      admission.putBack(amount);\n",
                "")),
        Arguments.of(
            "CONDITION",
            new Mistake(
                "loses the signal of a wait that is cancelled",
                "async/AsyncCondition.java",
                "        if (waited.signalled) {",
                "        if (false) {")),
        Arguments.of(
            "BARRIER",
            new Mistake(
                "goes on with too few",
                "async/AsyncBarrier.java",
                "      if (inside < parties) {\n",
                "      if (inside + 1 < parties) {\n")),
        Arguments.of(
            "SCOPES",
            new Mistake(
                "does not end the waits in a cancelled scope",
                "internal/loop/Scope.java",
                "      if (reaching == null) {",
                "      if (false) {")),
        Arguments.of(
            "SCOPES",
            new Mistake(
                "has a group forget what a member failed with",
                "internal/loop/GroupScope.java",
                "        failures.addAll(failed);\n",
                "")),
        Arguments.of(
            "SCOPES",
            new Mistake(
                "has a group leave early",
                "internal/compose/GroupFrame.java",
                "place != MEMBERS_ENDED || entered.hasMembers()",
                "place == 0")),
        Arguments.of(
            "LOCK",
            new Mistake(
                "swallows a cancellation that comes while the task is ready",
                "internal/loop/LoopTask.java",
                "          raised = request;\n",
                "")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("mistakes")
  void aMistakeIsFound(String sort, Mistake mistake) throws Exception {
    String found = failureOf(sort, mistake, SEEDS);
    assertTrue(found.contains(sort + " fails with seed"), "not found: " + mistake + "; " + found);
  }

  @Test
  void aSoundLibraryPassesTheSameWay() throws Exception {
    Mistake none = Mistake.none("internal/waiting/Pause.java");
    assertTrue(failureOf("SCOPES", none, 100).isEmpty());
  }

  /** What the models say of a library with a mistake; empty if nothing. */
  private String failureOf(String sort, Mistake mistake, int seeds) throws Exception {
    try (URLClassLoader loader = mistake.load(directory)) {
      String[] said = {""};
      Thread runner = new Thread(() -> said[0] = said(loader, sort, seeds), "models");
      runner.setDaemon(true);
      runner.setContextClassLoader(loader);
      runner.start();
      runner.join(LIMIT_MILLIS);
      assertFalse(runner.isAlive(), "hangs");
      return said[0];
    }
  }

  private static String said(ClassLoader loader, String sort, int seeds) {
    try {
      loader
          .loadClass(ModelsTest.class.getName())
          .getMethod("check", String.class, int.class)
          .invoke(null, sort, seeds);
      return "";
    } catch (InvocationTargetException found) {
      return String.valueOf(found.getCause());
    } catch (ReflectiveOperationException broken) {
      return broken.toString();
    }
  }
}
