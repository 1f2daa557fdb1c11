package io.fermata.internal.loop;

import io.fermata.async.Awaitable;
import io.fermata.async.Deferred;
import io.fermata.async.LoopHost;
import io.fermata.internal.engine.Ambient;
import io.fermata.internal.kernel.LoopEnvironment;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The home of a loop without a host: the caller of a run method runs it, run by run.
 *
 * <p>Belongs to the thread that runs the loop.
 */
public final class OwnThread implements LoopHome {
  private static final RunInterrupt INTERRUPTED =
      new RunInterrupt("interrupted", InterruptedException::new);

  private final LoopEnvironment environment = LoopEnvironment.forNewLoop();

  /** Mains run in it, one after the other. */
  private final ContextState context = ContextState.copy();

  private @Nullable Loop opened;

  /** The main of the run; null if {@link #runUntilComplete} does not run. */
  private @Nullable Deferred<?> main;

  /** What has cancelled main from outside; the first one counts. */
  private @Nullable RunInterrupt interrupt;

  private boolean stopping;

  @Override
  public LoopEnvironment environment() {
    return environment;
  }

  @Override
  public void opened(Loop loop) {
    opened = loop;
  }

  private Loop loop() {
    return Objects.requireNonNull(opened);
  }

  @Override
  public @Nullable LoopHost host() {
    return null;
  }

  // Runs

  @Override
  public <T extends @Nullable Object> T runUntilComplete(Awaitable<T> awaitable) throws Exception {
    Ambient before = begin(awaitable, "run");
    boolean interrupted = false;
    Deferred<T> deferred;
    try {
      context.takeThreadValues();
      deferred =
          awaitable instanceof Deferred<T>
              ? TaskStarter.ensure(awaitable)
              : loop().starting().in(context).start(awaitable.toAsync());
      main = deferred;
      while (!deferred.done() && !stopping) {
        loop().kernel.round(true);
        if (Thread.interrupted()) {
          // A second interrupt, or a main that cannot be cancelled, ends the run at once.
          if (interrupted || !deferred.cancel(INTERRUPTED.reason())) {
            throw new InterruptedException("interrupted while the loop ran " + deferred);
          }
          interrupted = true;
        }
      }
    } finally {
      main = null;
      end(before);
    }
    if (!deferred.done()) {
      throw new IllegalStateException(
          "stopped before there was a result: stop() was called while " + deferred + " ran");
    }
    RunInterrupt cause = interrupt != null ? interrupt : interrupted ? INTERRUPTED : null;
    if (cause != null && deferred.cancelled() && onlyInterrupted(deferred)) {
      throw failure(cause, deferred);
    }
    return deferred.result();
  }

  private static InterruptedException failure(RunInterrupt cause, Deferred<?> main) {
    InterruptedException failure =
        cause.failure().of(cause.reason() + " while the loop ran " + main);
    failure.initCause(((LoopDeferred<?>) main).failure());
    return failure;
  }

  @Override
  public void interrupt(RunInterrupt cause) {
    Deferred<?> running = main;
    if (running != null && running.cancel(cause.reason())) {
      interrupt = cause;
    }
  }

  @Override
  public @Nullable Deferred<?> main() {
    return main;
  }

  private static boolean onlyInterrupted(Deferred<?> main) {
    return !(main instanceof LoopTask<?> task) || task.cancelling() <= 1;
  }

  @Override
  public void runForever() {
    Ambient before = begin(null, "run");
    try {
      do {
        loop().kernel.round(!stopping);
      } while (!stopping);
    } finally {
      end(before);
    }
  }

  @Override
  public void stop() {
    loop().check(loop(), "stop()");
    stopping = true;
  }

  private @Nullable Ambient begin(@Nullable Awaitable<?> awaitable, String call) {
    if (loop().isClosed()) {
      throw Loop.cannot(awaitable, call, "the loop is closed; open a new one");
    }
    if (loop().isRunning()) {
      throw Loop.cannot(
          awaitable,
          call,
          call.equals("run")
              ? "the loop runs already; await it instead, or start a task"
              : "the loop runs; it ends its run when main returns or by stop(), and is closed then");
    }
    Loop.checkNoneRuns(awaitable, call);
    Ambient before = loop().enter();
    try {
      loop().monitor.begin();
      loop().monitor.beginRun();
    } catch (Throwable failure) {
      end(before); // or no other loop could run on this thread
      throw failure;
    }
    return before;
  }

  private void end(@Nullable Ambient before) {
    try {
      loop().monitor.end();
    } finally {
      loop().leave(before);
      stopping = false;
    }
  }

  @Override
  public void close() {
    if (loop().isClosed()) {
      return;
    }
    Ambient before = begin(null, "close");
    // An interrupt from before must not cut the cleanup short; it is set again at the end.
    boolean interrupted = Thread.interrupted();
    try {
      loop().beginClosing();
      LoopShutdown steps = new LoopShutdown(loop(), "the loop is closed");
      while (!steps.advance()) {
        loop().kernel.round(true);
        interrupted |= Thread.interrupted();
      }
      loop().workers().close();
    } catch (InterruptedException hurried) {
      interrupted = true;
    } finally {
      try {
        end(before);
      } finally {
        loop().finish();
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public CompletableFuture<@Nullable Void> closeAsync() {
    close();
    return CompletableFuture.completedFuture(null);
  }

  // Threads

  @Override
  public boolean isHere(boolean running) {
    return !running;
  }

  @Override
  public boolean isSurelyHere() {
    return false;
  }

  @Override
  public boolean hasThreadBetweenRounds(boolean closed) {
    return false;
  }

  @Override
  public boolean runsOtherJobs() {
    return false;
  }

  @Override
  public String whereItRuns(@Nullable Thread runner) {
    return "runs on " + runner;
  }

  @Override
  public @Nullable Thread lastThread() {
    return null;
  }

  @Override
  public String suffix() {
    return "";
  }

  // It has no host that could be lost

  @Override
  public void follow(Droppable job) {}

  @Override
  public void unfollow(Droppable job) {}

  @Override
  public void noticeLoss() {}
}
