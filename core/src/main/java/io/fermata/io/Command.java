package io.fermata.io;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.runtime.door.Brief;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A program to start, with its arguments and its environment. Immutable: each method gives a new
 * command. Each start makes a new process.
 *
 * <pre>{@code
 * CompletedProcess listed = co.await(Command.of("git", "ls-files").directory(dir).output());
 * String[] files = listed.check().out().split("\n");
 *
 * int code = co.await(Command.shell("make -j4 2>&1 | tee log").run());
 *
 * AsyncProcess sort = co.await(Command.of("sort").stdin(Redirect.PIPE).stdout(Redirect.PIPE).start());
 * }</pre>
 *
 * <p>By default, standard input, output and error are those of this JVM. {@link Redirect#PIPE}
 * makes one a stream of the {@link AsyncProcess}. {@link Redirect#DISCARD} makes one the null
 * device, for input too. A file is possible as well.
 *
 * <p><b>Cancellation.</b> {@link #run} and {@link #output} own their process. Cancelling them
 * terminates it, and kills it after the {@linkplain #grace grace}, before they throw. The caller of
 * {@link #start} owns the process.
 *
 * <p><b>Differences from Python.</b> {@code create_subprocess_exec} is {@code of(...).start()},
 * {@code create_subprocess_shell} is {@code shell(...).start()}.
 */
public final class Command {
  private static final Duration DEFAULT_GRACE = Duration.ofSeconds(5);

  private static final boolean WINDOWS =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("windows");

  private final List<String> line;
  private @Nullable Path directory;

  /** A null value removes the variable. */
  private Map<String, @Nullable String> variables = Map.of();

  private boolean inherits = true;
  private Redirect stdin = Redirect.INHERIT;
  private Redirect stdout = Redirect.INHERIT;
  private Redirect stderr = Redirect.INHERIT;
  private boolean merged;
  private int limit = AsyncReader.DEFAULT_LIMIT;
  private Duration grace = DEFAULT_GRACE;

  private Command(List<String> line) {
    this.line = line;
  }

  private Command copy() {
    Command copy = new Command(line);
    copy.directory = directory;
    copy.variables = variables;
    copy.inherits = inherits;
    copy.stdin = stdin;
    copy.stdout = stdout;
    copy.stderr = stderr;
    copy.merged = merged;
    copy.limit = limit;
    copy.grace = grace;
    return copy;
  }

  /**
   * A program with arguments, which no shell looks at.
   *
   * @param line the program, by path or looked for where the system does, and its arguments
   * @return a new command
   * @throws IllegalArgumentException if it is empty
   * @throws NullPointerException if there is a null in it
   */
  public static Command of(String... line) {
    return of(List.of(line));
  }

  /**
   * A program with arguments, which no shell looks at.
   *
   * @param line the program, by path or looked for where the system does, and its arguments
   * @return a new command
   * @throws IllegalArgumentException if it is empty
   * @throws NullPointerException if there is a null in it
   */
  public static Command of(List<String> line) {
    if (line.isEmpty()) {
      throw new IllegalArgumentException("a command needs a program to start, but it is empty");
    }
    return new Command(List.copyOf(line));
  }

  /**
   * A line for the shell of the system: {@code /bin/sh}, or {@code cmd.exe}. Never put untrusted
   * text into it.
   *
   * @param line as one would type it
   * @return a new command
   */
  public static Command shell(String line) {
    Objects.requireNonNull(line, "line");
    return WINDOWS ? of("cmd.exe", "/c", line) : of("/bin/sh", "-c", line);
  }

  /**
   * As this one, in another directory.
   *
   * @param directory where the process starts
   * @return a new command
   */
  public Command directory(Path directory) {
    Command changed = copy();
    changed.directory = Objects.requireNonNull(directory, "directory");
    return changed;
  }

  /**
   * As this one, with a variable in its environment.
   *
   * @param name of the variable
   * @param value null to remove it
   * @return a new command
   */
  public Command variable(String name, @Nullable String value) {
    Command changed = copy();
    changed.variables = new HashMap<>(variables);
    changed.variables.put(Objects.requireNonNull(name, "name"), value);
    return changed;
  }

  /**
   * As this one, with another environment.
   *
   * @param variables all variables; none of this JVM is passed on
   * @return a new command
   */
  public Command environment(Map<String, String> variables) {
    Command changed = copy();
    changed.inherits = false;
    changed.variables = new HashMap<>(variables);
    return changed;
  }

  /**
   * As this one, with another standard input.
   *
   * @param source {@code PIPE}, {@code INHERIT}, {@code DISCARD} for no input, or a file
   * @return a new command
   * @throws IllegalArgumentException if it cannot be read from
   */
  public Command stdin(Redirect source) {
    Command changed = copy();
    changed.stdin = source == Redirect.DISCARD ? Redirect.from(nullDevice()) : source;
    if (changed.stdin.type() == Redirect.Type.WRITE
        || changed.stdin.type() == Redirect.Type.APPEND) {
      throw new IllegalArgumentException(
          "a process cannot read its input from "
              + source
              + ", which is for output; use Redirect.from(), PIPE or INHERIT");
    }
    return changed;
  }

  private static File nullDevice() {
    return new File(WINDOWS ? "NUL" : "/dev/null");
  }

  /**
   * As this one, with another standard output.
   *
   * @param target {@code PIPE}, {@code INHERIT}, {@code DISCARD}, or a file
   * @return a new command
   * @throws IllegalArgumentException if it cannot be written to
   */
  public Command stdout(Redirect target) {
    Command changed = copy();
    changed.stdout = writable(target);
    return changed;
  }

  /**
   * As this one, with another standard error.
   *
   * @param target {@code PIPE}, {@code INHERIT}, {@code DISCARD}, or a file
   * @return a new command
   * @throws IllegalArgumentException if it cannot be written to
   */
  public Command stderr(Redirect target) {
    Command changed = copy();
    changed.stderr = writable(target);
    changed.merged = false;
    return changed;
  }

  private static Redirect writable(Redirect target) {
    if (target.type() == Redirect.Type.READ) {
      throw new IllegalArgumentException(
          "a process cannot write its output to "
              + target
              + ", which is for input; use Redirect.to(), appendTo(), PIPE, INHERIT or DISCARD");
    }
    return target;
  }

  /**
   * As this one, with its standard error going to its standard output.
   *
   * @return a new command
   */
  public Command mergeStderr() {
    Command changed = copy();
    changed.merged = true;
    return changed;
  }

  /**
   * As this one, with another limit of the readers of its output.
   *
   * @param bytes the longest line; see {@link Inlet#open(Object, ByteSource, int)}
   * @return a new command
   * @throws IllegalArgumentException if it is not positive
   */
  public Command limit(int bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("the limit of a reader must be positive, not " + bytes);
    }
    Command changed = copy();
    changed.limit = bytes;
    return changed;
  }

  /**
   * As this one, with another time between terminating and killing the process if {@link #run} or
   * {@link #output} is cancelled. The default is five seconds.
   *
   * @param time zero to kill it at once
   * @return a new command
   */
  public Command grace(Duration time) {
    Command changed = copy();
    changed.grace = Objects.requireNonNull(time, "time");
    return changed;
  }

  /**
   * Starts the process, on another thread. If the start is cancelled, no process is left.
   *
   * @return gives the process; if it cannot be started, throws an {@code IOException} that says why
   */
  @CheckReturnValue
  public Async<AsyncProcess> start() {
    return new ProcessStart(this);
  }

  /**
   * Runs it to its end; for one whose output goes elsewhere. What would be a pipe is the null
   * device.
   *
   * @return gives its exit code
   */
  @CheckReturnValue
  public Async<Integer> run() {
    Command command = withoutPipes();
    return Async.of(
        co -> {
          AsyncProcess process = co.await(command.start());
          try {
            return co.await(process.waitFor());
          } finally {
            co.await(Async.uncancellable(process.end(command.grace)));
          }
        });
  }

  /**
   * Runs it to its end without input, and collects what it writes: its standard output, and its
   * standard error, if that was not sent elsewhere.
   *
   * @return gives its exit code and its output
   */
  @CheckReturnValue
  public Async<CompletedProcess> output() {
    return output(new byte[0]);
  }

  /**
   * Runs it to its end with some input, and collects what it writes: its standard output, and its
   * standard error, if that was not sent elsewhere.
   *
   * @param input for its standard input
   * @return gives its exit code and its output
   */
  @CheckReturnValue
  public Async<CompletedProcess> output(byte[] input) {
    Command command = captured();
    return Async.of(
        co -> {
          AsyncProcess process = co.await(command.start());
          try {
            return co.await(process.communicate(input));
          } finally {
            co.await(Async.uncancellable(process.end(command.grace)));
          }
        });
  }

  private Command withoutPipes() {
    Command changed = copy();
    changed.stdin = stdin == Redirect.PIPE ? Redirect.from(nullDevice()) : stdin;
    changed.stdout = stdout == Redirect.PIPE ? Redirect.DISCARD : stdout;
    changed.stderr = stderr == Redirect.PIPE ? Redirect.DISCARD : stderr;
    return changed;
  }

  private Command captured() {
    Command changed = copy();
    changed.stdin = Redirect.PIPE;
    changed.stdout = Redirect.PIPE;
    changed.stderr = stderr == Redirect.INHERIT ? Redirect.PIPE : stderr;
    return changed;
  }

  ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(line);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    if (!inherits) {
      builder.environment().clear();
    }
    variables.forEach(
        (name, value) -> {
          if (value == null) {
            builder.environment().remove(name);
          } else {
            builder.environment().put(name, value);
          }
        });
    builder.redirectInput(stdin).redirectOutput(stdout).redirectErrorStream(merged);
    if (!merged) {
      builder.redirectError(stderr);
    }
    return builder;
  }

  List<String> line() {
    return Collections.unmodifiableList(line);
  }

  int limit() {
    return limit;
  }

  boolean pipesStdin() {
    return stdin == Redirect.PIPE;
  }

  boolean pipesStdout() {
    return stdout == Redirect.PIPE;
  }

  boolean pipesStderr() {
    return stderr == Redirect.PIPE && !merged;
  }

  @Override
  public String toString() {
    return "command " + Brief.of(String.join(" ", line));
  }
}
