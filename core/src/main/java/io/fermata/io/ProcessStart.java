package io.fermata.io;

import io.fermata.async.EventLoop;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An await of the start of a process, which is made on another thread.
 *
 * <pre>
 * STARTING -&gt; STARTED   the thread has started it, and posts it to the loop
 * STARTING -&gt; DROPPED   the await is cancelled: the thread kills what it starts
 * STARTED  -&gt; DROPPED   the await is cancelled: it kills what was started
 * </pre>
 */
final class ProcessStart extends LoopWait<AsyncProcess> {
  private static final Object DROPPED = new Object();

  private final Command command;

  /** Null, the process, an IOException, or {@link #DROPPED}. */
  private final AtomicReference<@Nullable Object> outcome = new AtomicReference<>();

  ProcessStart(Command command) {
    this.command = command;
  }

  @Override
  @Nullable EventLoop loop() {
    return null;
  }

  @Override
  boolean begin() {
    EventLoop loop = EventLoop.current();
    ProcessBuilder builder = command.builder();
    PipeThreads.execute(() -> start(builder, loop));
    return false;
  }

  /** On a thread. */
  private void start(ProcessBuilder builder, EventLoop loop) {
    Object started;
    try {
      started = builder.start();
    } catch (IOException | RuntimeException failure) {
      started = failure;
    }
    boolean wanted = outcome.compareAndSet(null, started);
    boolean told = wanted && PipeThreads.post(loop, this::wake);
    if (!told && started instanceof Process process) {
      discard(process);
    }
  }

  @Override
  AsyncProcess act() throws IOException {
    Object ended = outcome.get();
    if (ended instanceof IOException failure) {
      throw failure;
    }
    if (ended instanceof RuntimeException failure) {
      throw failure;
    }
    return new AsyncProcess(command, (Process) Objects.requireNonNull(ended));
  }

  @Override
  void leave() {
    if (outcome.getAndSet(DROPPED) instanceof Process process) {
      PipeThreads.execute(() -> discard(process));
    }
  }

  private static void discard(Process process) {
    process.destroyForcibly();
    try {
      process.getInputStream().close();
      process.getErrorStream().close();
      process.getOutputStream().close();
    } catch (IOException ignored) {
      // nobody has used them
    }
  }

  @Override
  public String toString() {
    return "start of " + command;
  }
}
