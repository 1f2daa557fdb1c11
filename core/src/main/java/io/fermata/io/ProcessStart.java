package io.fermata.io;

import io.fermata.internal.kernel.Host;
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

  /** Where the task waits; null before it does. */
  private @Nullable Host host;

  ProcessStart(Command command) {
    this.command = command;
  }

  @Override
  protected boolean begin(Loop loop) {
    ProcessBuilder builder = command.builder();
    host = loop.kernel.host();
    host.callBegins(this);
    PipeThreads.execute(() -> start(builder, loop));
    return false;
  }

  /** On another thread. */
  private void start(ProcessBuilder builder, Loop loop) {
    Object started = startedOrFailure(builder);
    if (outcome.compareAndSet(null, started)) {
      loop.kernel.host().callEnds(this, () -> tell(loop, started));
    } else {
      discardIfProcess(started);
    }
  }

  private static Object startedOrFailure(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException | RuntimeException failure) {
      return failure;
    }
  }

  /** On any thread. */
  private void tell(Loop loop, Object started) {
    if (!PipeThreads.post(loop, this::wake)) {
      discardIfProcess(started);
    }
  }

  private static void discardIfProcess(Object started) {
    if (started instanceof Process process) {
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
    Objects.requireNonNull(host).callIsLeft(this);
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
