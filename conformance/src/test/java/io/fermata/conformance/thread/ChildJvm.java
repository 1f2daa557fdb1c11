package io.fermata.conformance.thread;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with the class path of the tests, for a program that would hang, end or exhaust this one.
 */
final class ChildJvm implements AutoCloseable {
  private static final long LIMIT_SECONDS = 30;

  private final Process process;
  private final Path out;
  private final Path err;

  private ChildJvm(List<String> command) {
    try {
      out = Files.createTempFile("fermata", ".out");
      err = Files.createTempFile("fermata", ".err");
      process =
          new ProcessBuilder(command)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
    } catch (IOException noProcess) {
      throw new UncheckedIOException(noProcess);
    }
  }

  /** Starts a program on the thread engine; an option may override that. */
  static ChildJvm start(Class<?> main, String... options) {
    return new ChildJvm(command(main, options));
  }

  /** As {@link #start}, with an argument for the program. */
  static ChildJvm startWith(String argument, Class<?> main, String... options) {
    List<String> command = command(main, options);
    command.add(argument);
    return new ChildJvm(command);
  }

  /** As {@link #start}, with at most that much address space, on a system that has {@code sh}. */
  static ChildJvm startWithin(long kilobytes, Class<?> main, String... options) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", "ulimit -v " + kilobytes + " && exec \"$@\"", "sh"));
    command.addAll(command(main, options));
    return new ChildJvm(command);
  }

  private static List<String> command(Class<?> main, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dfermata.engine=thread");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  /** Waits for its end. */
  int exitCode() {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        fail("the child JVM hangs\n" + this);
      }
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
    return process.exitValue();
  }

  /** Waits until it has written something to its standard error. */
  void awaitError(String text) {
    Eventually.until(
        () -> err().contains(text) || !process.isAlive(), () -> "no \"" + text + "\"\n" + this);
    assertTrue(err().contains(text), this::toString);
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  @Override
  public String toString() {
    return "--- out\n" + out() + "--- err\n" + err() + "---";
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Ends it, if it has not ended. */
  @Override
  public void close() {
    try {
      process.destroyForcibly().waitFor();
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    } catch (IOException undeletable) {
      throw new UncheckedIOException(undeletable);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }
}
