package io.fermata.conformance.interleavings;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.conformance.Mistake;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What threads share with the kernel, in the orders in which their steps can fall: a model checker
 * goes through them. It tells the same on each JDK, so the oldest has to do.
 *
 * <p>It does not know that processors reorder memory, and its parked threads may wake for no
 * reason, which hides an unpark that is missing; {@link EncountersTest} sees both, if by chance.
 *
 * <p>{@code -Dinterleavings=10000} looks longer. It has a JVM of its own, for the checker rewrites
 * its classes.
 */
@Tag("interleavings")
@EnabledForJreRange(max = JRE.JAVA_20)
class InterleavingsTest {
  /** How many orders the checker tries of one encounter. */
  private static final int ORDERS = Integer.getInteger("interleavings", 300);

  @TempDir Path directory;

  /** The first run rewrites the classes, which on a slow machine looks as if it hung. */
  @BeforeAll
  static void rewriteClasses() {
    try {
      Lincheck.runConcurrentTest(1, Encounter.A_POSTED_JOB_RUNS);
    } catch (LincheckAssertionError slow) {
      System.out.println("the model checker was slow to start");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ofTheKernel")
  void everyOrderIsRight(Encounter encounter) {
    Lincheck.runConcurrentTest(ORDERS, encounter);
  }

  static List<Encounter> ofTheKernel() {
    return Stream.of(Encounter.values()).filter(each -> each.of == Encounter.Of.KERNEL).toList();
  }

  // That mistakes are found

  /** Checks one encounter, in a JVM whose kernel may have a mistake. */
  static final class Check {
    private Check() {}

    public static void main(String[] words) {
      try {
        Lincheck.runConcurrentTest(ORDERS, Encounter.valueOf(words[0]));
        System.out.println("right in every order");
      } catch (LincheckAssertionError wrong) {
        System.out.println(wrong.getMessage());
      }
      System.exit(0);
    }
  }

  static Stream<Arguments> mistakes() {
    String inbox = "internal/kernel/Inbox.java";
    String host = "internal/kernel/ThreadHost.java";
    return Stream.of(
        Arguments.of(
            new Mistake(
                "overwrites what another thread has put in",
                inbox,
                "if (top.compareAndSet(TOP, below, entry)) {",
                "top.set(TOP, entry); if (true) {"),
            Encounter.JOBS_OF_TWO_THREADS_RUN_ONCE_EACH),
        Arguments.of(
            new Mistake(
                "loses what comes while it is emptied",
                inbox,
                "Posted taken = top.getAndSet(TOP, null);",
                "Posted taken = top.get(TOP); top.set(TOP, null);"),
            Encounter.WHAT_IS_POSTED_WHILE_THE_LOOP_TAKES_JOBS_RUNS_TOO),
        Arguments.of(
            new Mistake(
                "forgets before it sleeps that it was woken",
                host,
                "    sleeper = Thread.currentThread();",
                "    woken = false;\n    sleeper = Thread.currentThread();"),
            Encounter.A_SLEEPER_IS_WOKEN));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aKernelWithAMistakeIsCaught(Mistake mistake, Encounter encounter) throws Exception {
    String said = check(mistake, encounter);
    assertTrue(said.contains("The following interleaving leads to the error"), said);
  }

  @Test
  void aKernelWithoutAMistakePassesTheSameWay() throws Exception {
    String said = check(Mistake.none("internal/kernel/Inbox.java"), Encounter.A_POSTED_JOB_RUNS);
    assertTrue(said.contains("right in every order"), said);
  }

  /** What the checker says in a JVM of its own: it keeps classes by their names. */
  private String check(Mistake mistake, Encounter encounter) throws Exception {
    Path said = directory.resolve("said");
    Process checker =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:off",
                "-cp",
                mistake.compile(directory)
                    + File.pathSeparator
                    + System.getProperty("java.class.path"),
                Check.class.getName(),
                encounter.name())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    assertTrue(checker.waitFor(2, TimeUnit.MINUTES), () -> "the checker hangs on " + mistake);
    return Files.readString(said);
  }
}
