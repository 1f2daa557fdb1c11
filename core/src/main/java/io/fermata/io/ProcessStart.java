package io.fermata.io;

import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.Parking;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An await of the start of a process, on another thread.
 *
 * <pre>
 * STARTING -&gt; STARTED   the thread has started it, and posts it to the loop
 * STARTING -&gt; DROPPED   the await is cancelled: the thread kills what it starts
 * STARTED  -&gt; DROPPED   the await is cancelled: it kills what was started
 * </pre>
 */
final class ProcessStart extends Parking<AsyncProcess> {
  private static final Object DROPPED = new Object();

  private final Command command;

  /** Null, the process, an IOException, or {@link #DROPPED}. */
  private final AtomicReference<@Nullable Object> outcome = new AtomicReference<>();

  ProcessStart(Command command) {
    this.command = command;
  }

  @Override
  protected boolean begin(Loop loop) {
    ProcessBuilder builder = command.builder();
    PipeThreads.execute(() -> start(builder, loop));
    return false;
  }

  /** On another thread. */
  private void start(ProcessBuilder builder, Loop loop) {
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
  protected boolean arrive() {
    Object ended = Objects.requireNonNull(outcome.get());
    if (ended instanceof Exception failure) {
      fail(failure);
    } else {
      give(new AsyncProcess(command, (Process) ended));
    }
    return true;
  }

  @Override
  protected void abandon() {
    if (outcome.getAndSet(DROPPED) instanceof Process process) {
      PipeThreads.execute(() -> discard(process));
    }
  }

  @Override
  protected void giveBack() {
    abandon();
  }

  private static void discard(Process process) {
    process.destroyForcibly();
    try {
      process.getInputStream().close();
      process.getErrorStream().close();
      process.getOutputStream().close();
    } catch (IOException ignored) {
      // they were not used
    }
  }

  @Override
  public String toString() {
    return "start of " + command;
  }
}
