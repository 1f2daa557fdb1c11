package io.fermata.io;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.async.AsyncCloseable;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.QueuedParking;
import io.fermata.internal.waiting.WaitLine;
import io.fermata.runtime.door.Brief;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A started process: its streams, its exit code, and ways to end it. Python: {@code
 * asyncio.subprocess.Process}.
 *
 * <pre>{@code
 * AsyncProcess server = co.await(Command.of("./server").stdout(Redirect.PIPE).start());
 * co.await(Async.usingAction(server, (in, s) -> {       // killed on every way out, if it still runs
 *   System.out.println(in.await(s.stdout().readLine()));
 *   int code = in.await(s.terminate(Duration.ofSeconds(3)));
 * }));
 * }</pre>
 *
 * <p>To run a command to its end, use {@link Command#output} or {@link Command#run}.
 *
 * <p><b>Streams.</b> The output of the process is read ahead, up to twice the limit of the reader;
 * then the process waits when it writes. The output can be read after the process has ended. If the
 * process fills one pipe while the program reads only the other one, both wait for ever: {@link
 * #communicate} reads both.
 *
 * <p><b>Cancellation.</b> A cancelled await does not end the process.
 *
 * <p><b>Threading.</b> For tasks of the loop in which it was started. Each pipe holds a thread of
 * the library while it waits for the system. Starting and ending do not block the loop.
 *
 * <p><b>Differences from Python.</b> A stream that is no pipe throws an {@code
 * IllegalStateException}. If a signal has ended the process, its exit code is 128 plus the number
 * of the signal, as in a shell. {@link #kill} and {@link #terminate} return false if the process
 * has ended. {@link #aclose} kills it.
 */
public final class AsyncProcess implements AsyncCloseable {
  private static final byte[] NOTHING = {};
  private static final int PORTION = 1 << 16;

  private final Loop loop = Loop.current();
  private final Command command;
  private final Process process;
  private final @Nullable AsyncWriter stdin;
  private final @Nullable AsyncReader stdout;
  private final @Nullable AsyncReader stderr;
  private final WaitLine<Exit> waiting = new WaitLine<>(this);
  private OptionalInt exitCode = OptionalInt.empty();

  /** Whether it was killed, so that it ends soon. */
  private boolean killed;

  AsyncProcess(Command command, Process process) {
    this.command = command;
    this.process = process;
    stdin =
        command.pipesStdin() ? PipeSink.writer(nameOf("input"), process.getOutputStream()) : null;
    stdout =
        command.pipesStdout()
            ? PipeSource.reader(nameOf("output"), process.getInputStream(), command.limit())
            : null;
    stderr =
        command.pipesStderr()
            ? PipeSource.reader(nameOf("error"), process.getErrorStream(), command.limit())
            : null;
    PipeThreads.execute(this::awaitExit);
  }

  /**
   * On a thread of its own. The JDK's onExit() would need a thread of the common pool, which may be
   * busy.
   */
  private void awaitExit() {
    try {
      int code = process.waitFor();
      PipeThreads.post(loop, () -> exited(code));
    } catch (InterruptedException impossible) {
      Thread.currentThread().interrupt();
    }
  }

  private String nameOf(String stream) {
    return "the standard " + stream + " of " + this;
  }

  private void exited(int code) {
    exitCode = OptionalInt.of(code);
    waiting.wakeAll();
  }

  /**
   * The number of the process in the system.
   *
   * @return the process id
   */
  public long pid() {
    return process.pid();
  }

  /**
   * The command that was started.
   *
   * @return the program and its arguments
   */
  public List<String> command() {
    return command.line();
  }

  /**
   * The JDK's view of the process, for its descendants, its user and its time.
   *
   * @return the handle
   */
  public ProcessHandle toHandle() {
    return process.toHandle();
  }

  // Streams

  /**
   * The writer of its standard input.
   *
   * @return the same stream each time
   * @throws IllegalStateException if it is no pipe
   */
  public AsyncWriter stdin() {
    return pipe(stdin, "stdin");
  }

  /**
   * The reader of its standard output.
   *
   * @return the same stream each time
   * @throws IllegalStateException if it is no pipe
   */
  public AsyncReader stdout() {
    return pipe(stdout, "stdout");
  }

  /**
   * The reader of its standard error.
   *
   * @return the same stream each time
   * @throws IllegalStateException if it is no pipe
   */
  public AsyncReader stderr() {
    return pipe(stderr, "stderr");
  }

  private <S> S pipe(@Nullable S stream, String which) {
    if (stream == null) {
      throw new IllegalStateException(
          which
              + " of "
              + this
              + " is no pipe: start it with Command."
              + which
              + "(Redirect.PIPE), and without mergeStderr() for stderr");
    }
    return stream;
  }

  /**
   * Closes its standard input, and collects its output until it has ended.
   *
   * @return gives its exit code and its output, which is empty for a stream that is no pipe
   */
  @CheckReturnValue
  public Async<CompletedProcess> communicate() {
    return communicate(NOTHING);
  }

  /**
   * Writes text in UTF-8 to its standard input, closes that, and collects its output until it has
   * ended.
   *
   * @param input what it reads
   * @return gives its exit code and its output, which is empty for a stream that is no pipe
   * @throws IllegalStateException if there is input, and its standard input is no pipe
   */
  @CheckReturnValue
  public Async<CompletedProcess> communicate(String input) {
    return communicate(input.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes to its standard input, closes that, and at the same time collects its output until it
   * has ended. It may end without reading all of its input.
   *
   * @param input what it reads
   * @return gives its exit code and its output, which is empty for a stream that is no pipe
   * @throws IllegalStateException if there is input, and its standard input is no pipe
   */
  @CheckReturnValue
  public Async<CompletedProcess> communicate(byte[] input) {
    if (input.length > 0) {
      var unused = stdin();
    }
    AsyncProcess self = this;
    return Async.of(
        co -> {
          List<byte[]> all =
              co.await(Async.gather(self.feed(input), collect(self.stdout), collect(self.stderr)));
          int code = co.await(self.waitFor());
          return new CompletedProcess(self.command(), code, all.get(1), all.get(2));
        });
  }

  private Async<byte[]> feed(byte[] input) {
    AsyncWriter to = stdin;
    return Async.of(
        co -> {
          if (to != null) {
            try {
              for (int at = 0; at < input.length; at += PORTION) {
                co.await(to.write(input, at, Math.min(PORTION, input.length - at)));
              }
              co.await(to.aclose());
            } catch (IOException itHasEnded) {
              // its exit code and its output say more
            }
          }
          return NOTHING;
        });
  }

  private static Async<byte[]> collect(@Nullable AsyncReader from) {
    return from == null ? Async.of(co -> NOTHING) : from.readAll();
  }

  // The end

  /**
   * Waits until the process has ended. Any number of tasks may wait, any number of times.
   *
   * @return gives its exit code
   */
  @CheckReturnValue
  public Async<Integer> waitFor() {
    return new Exit();
  }

  /**
   * The exit code.
   *
   * @return none before the loop has seen the end of the process
   */
  public OptionalInt exitCode() {
    return exitCode;
  }

  /**
   * Whether the process runs.
   *
   * @return false as soon as it has ended, even if the loop has not seen that yet
   */
  public boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Asks the process to end, by SIGTERM where there are signals. The process may ignore it.
   *
   * @return false if it had ended already
   */
  public boolean terminate() {
    return process.isAlive() && process.toHandle().destroy();
  }

  /**
   * Ends the process at once, by SIGKILL where there are signals. It cannot clean up, and its own
   * child processes go on.
   *
   * @return false if it had ended already
   */
  public boolean kill() {
    killed = true;
    return process.isAlive() && process.toHandle().destroyForcibly();
  }

  /**
   * Asks the process to end, kills it after a time, and waits for its end. Cancelling the await
   * kills it at once.
   *
   * @param grace the time before it is killed; zero to kill it at once
   * @return gives its exit code
   */
  @CheckReturnValue
  public Async<Integer> terminate(Duration grace) {
    Objects.requireNonNull(grace, "grace");
    AsyncProcess self = this;
    return Async.of(
        co -> {
          try {
            if (!grace.isZero() && self.terminate()) {
              return co.await(Async.waitFor(self.waitFor(), grace));
            }
          } catch (TimeoutException late) {
            // its time is over
          } finally {
            self.kill();
          }
          return co.await(self.waitFor());
        });
  }

  /**
   * Kills the process if it runs, waits for its end, and closes its streams. Output that was not
   * read is lost.
   *
   * @return gives null
   */
  @Override
  @CheckReturnValue
  public Async<Void> aclose() {
    return end(Duration.ZERO);
  }

  /** Ends the process if it runs, and closes its streams. */
  Async<Void> end(Duration grace) {
    AsyncProcess self = this;
    return Async.action(
        co -> {
          try {
            co.await(self.terminate(grace));
          } finally {
            self.closeStreams();
          }
        });
  }

  private void closeStreams() {
    if (stdin != null) {
      stdin.abort();
    }
    if (stdout != null) {
      stdout.close();
    }
    if (stderr != null) {
      stderr.close();
    }
  }

  @Override
  public String toString() {
    return "process " + process.pid() + " (" + Brief.of(command.line().get(0)) + ")";
  }

  /** An await of the end of the process. */
  private final class Exit extends QueuedParking<Integer> {
    @Override
    protected boolean begin(Loop here) {
      checkHome(loop, here);
      if (exitCode.isPresent()) {
        return arrive();
      }
      waiting.add(this);
      if (killed) {
        loop.kernel.host().callBegins(this);
      }
      return false;
    }

    @Override
    protected boolean arrive() {
      loop.kernel.host().callIsLeft(this);
      give(exitCode.orElseThrow());
      return true;
    }

    @Override
    protected void abandon() {
      loop.kernel.host().callIsLeft(this);
      waiting.remove(this);
    }

    @Override
    public String toString() {
      return "end of " + AsyncProcess.this;
    }
  }
}
