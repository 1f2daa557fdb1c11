package io.fermata.internal.guest;

import io.fermata.async.Awaitable;
import io.fermata.async.LoopFailure;
import io.fermata.async.LoopHost;
import io.fermata.internal.engine.Ambient;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.kernel.LoopEnvironment;
import io.fermata.internal.loop.Droppable;
import io.fermata.internal.loop.FailureReporter;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopHome;
import io.fermata.internal.loop.LoopShutdown;
import io.fermata.internal.loop.RunInterrupt;
import io.fermata.internal.loop.Workers;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of a loop on a host that runs jobs: each round is one job, and at most one is with the
 * host, so that rounds follow each other whatever the host does. Between them the kernel rests, and
 * wakes this if there is something to do.
 *
 * <p>What is not said to be for other threads belongs to whoever runs the round, or, while none
 * runs, to the host's thread.
 */
public final class Guest implements Host, LoopHome {
  private enum State {
    // RESTING   -> REQUESTED  somebody wakes it: the host gets a job
    // REQUESTED -> RUNNING    the host runs the job
    // RUNNING   -> AGAIN      somebody wakes it in the round
    // RUNNING   -> RESTING    nothing is ready
    // RUNNING   -> REQUESTED  something is: the host gets the next job
    // AGAIN     -> REQUESTED
    // RUNNING   -> ENDED      it was closed
    // any       -> ENDED      the host has refused a job
    RESTING,
    REQUESTED,
    RUNNING,
    AGAIN,
    ENDED
  }

  private final LoopHost host;
  private final LoopEnvironment environment = LoopEnvironment.forGuest(this);

  /** Set once, before the host gets a job. */
  private @Nullable Loop opened;

  private final AtomicReference<State> state = new AtomicReference<>(State.RESTING);
  private final Runnable job = this::runRound;

  /** Who hands a job over; to see whether it is run within this. */
  private volatile @Nullable Thread requester;

  /** Who has run the last round. */
  private volatile @Nullable Thread lastThread;

  /** What other threads wait for; any thread. */
  private final Set<Droppable> followers = ConcurrentHashMap.newKeySet();

  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
  private @Nullable Alarm alarm;
  private @Nullable LoopShutdown closing;
  private @Nullable CompletableFuture<@Nullable Void> workersEnd;

  public Guest(LoopHost host) {
    this.host = host;
  }

  @Override
  public LoopEnvironment environment() {
    return environment;
  }

  @Override
  public void opened(Loop loop) {
    opened = loop;
    loop.kernel.rest();
    loop.monitor.begin();
  }

  private Loop loop() {
    return Objects.requireNonNull(opened);
  }

  @Override
  public LoopHost host() {
    return host;
  }

  /** A deadline that the host was given. */
  private final class Alarm implements Runnable {
    final long when;
    private volatile boolean rung;
    private @Nullable Future<?> set;

    Alarm(long when) {
      this.when = when;
    }

    boolean covers(long deadline) {
      return !rung && when - deadline <= 0 && deadline != Long.MAX_VALUE;
    }

    @Override
    public void run() {
      rung = true;
      try {
        wake();
      } catch (RejectedExecutionException reported) {
        // lose() has told everybody
      }
    }
  }

  // Waking, on any thread

  @Override
  public void wake() {
    while (true) {
      switch (state.get()) {
        case RESTING -> {
          if (state.compareAndSet(State.RESTING, State.REQUESTED)) {
            try {
              request();
            } catch (RuntimeException refusal) {
              throw lose(refusal);
            }
            return;
          }
        }
        case RUNNING -> {
          if (state.compareAndSet(State.RUNNING, State.AGAIN)) {
            return;
          }
        }
        case REQUESTED -> {
          if (host.isTerminated()) {
            throw lose(new RejectedExecutionException("it has dropped a job, and has ended"));
          }
          return;
        }
        default -> {
          return;
        }
      }
    }
  }

  private void request() {
    requester = Thread.currentThread();
    try {
      host.execute(job);
    } finally {
      requester = null;
    }
  }

  /** A round is not waited for by blocking. */
  @Override
  public void sleep(long deadline) {}

  @Override
  public void follow(Droppable job) {
    followers.add(job);
  }

  @Override
  public void unfollow(Droppable job) {
    followers.remove(job);
  }

  // Threads

  @Override
  public boolean isHere(boolean running) {
    return host.isHostThread();
  }

  @Override
  public boolean hasThreadBetweenRounds(boolean closed) {
    return !closed;
  }

  @Override
  public boolean runsOtherJobs() {
    return true;
  }

  @Override
  public boolean isSurelyHere() {
    return host instanceof ExecutorHost executor
        ? executor.isSurelyHostThread()
        : host.isHostThread();
  }

  @Override
  public @Nullable Thread lastThread() {
    return lastThread;
  }

  @Override
  public String whereItRuns(@Nullable Thread runner) {
    Thread last = lastThread;
    return "lives on " + host + (last == null ? "" : ", whose thread is " + last + ",");
  }

  @Override
  public String suffix() {
    return " on " + host;
  }

  // Runs: it has none

  @Override
  public <T extends @Nullable Object> T runUntilComplete(Awaitable<T> main) {
    throw refusesRun(main);
  }

  @Override
  public void runForever() {
    throw refusesRun(null);
  }

  private IllegalStateException refusesRun(@Nullable Awaitable<?> main) {
    return Loop.cannot(
        main,
        "run",
        loop().isClosed()
            ? "the loop is closed; open a new one"
            : "its host runs this loop; use start() on the host's thread, and startThreadSafe() on"
                + " others");
  }

  @Override
  public void stop() {
    throw new IllegalStateException("a guest has no run that could be stopped: close() it");
  }

  /** Signals end the runs of {@code EventLoop.run}, and a guest has none. */
  @Override
  public void interrupt(RunInterrupt interrupt) {}

  // Rounds

  private void runRound() {
    if (requester == Thread.currentThread()) {
      throw new IllegalStateException(
          "the host runs jobs within execute(); a loop needs one that runs them later, one at a"
              + " time: "
              + host);
    }
    if (!state.compareAndSet(State.REQUESTED, State.RUNNING)) {
      return;
    }
    lastThread = Thread.currentThread();
    if (!host.isHostThread()) {
      throw lose(
          new IllegalStateException(
              "isHostThread() is false in a job of the host, on " + Thread.currentThread()));
    }
    boolean ended = false;
    try {
      ended = act(this::round);
    } finally {
      if (ended) {
        state.set(State.ENDED);
        finish();
        end.complete(null);
      } else {
        goOn();
      }
    }
  }

  /** Runs jobs as the loop's thread. */
  private boolean act(BooleanSupplier round) {
    Ambient before = loop().enter();
    try {
      loop().monitor.beginRound();
      return round.getAsBoolean();
    } finally {
      loop().leave(before);
    }
  }

  /** Tells whether the loop is closed by it. */
  private boolean round() {
    Kernel kernel = loop().kernel;
    kernel.rise();
    kernel.round(false);
    if (closing == null || !closing.advance()) {
      return false;
    }
    if (workersEnd == null) {
      workersEnd = loop().workers().shutdown();
      var unused = workersEnd.thenRun(this::wake);
    }
    return workersEnd.isDone();
  }

  /** Hands over the next job, or rests. */
  private void goOn() {
    try {
      if (loop().kernel.rest()) {
        setAlarm(loop().kernel.deadline());
        if (state.compareAndSet(State.RUNNING, State.RESTING)) {
          return;
        }
      }
      state.set(State.REQUESTED);
      request();
    } catch (RuntimeException refusal) {
      state.set(State.AGAIN);
      endHere(refusal);
    }
  }

  private void setAlarm(long deadline) {
    if (alarm != null) {
      if (alarm.covers(deadline)) {
        return;
      }
      cancelAlarm();
    }
    if (deadline != Long.MAX_VALUE) {
      Alarm next = new Alarm(deadline);
      alarm = next;
      long left = Math.max(0, deadline - loop().kernel.now());
      next.set = host.wakeAfter(Duration.ofNanos(left), next);
    }
  }

  private void cancelAlarm() {
    if (alarm != null && alarm.set != null) {
      alarm.set.cancel(false);
    }
    alarm = null;
  }

  // Ending

  @Override
  public void close() {
    var unused = closeAsync();
  }

  @Override
  public CompletableFuture<@Nullable Void> closeAsync() {
    loop().beginClosing();
    loop()
        .postIfOpen(
            () -> {
              if (closing == null) {
                closing = new LoopShutdown(loop(), "the loop is closed");
              }
            });
    return end.copy();
  }

  private void finish() {
    cancelAlarm();
    loop().finish();
  }

  /**
   * The host has refused the next job at the end of a round, so that this is the last one: it is
   * gone on with as long as anything is ready.
   */
  private void endHere(RuntimeException refusal) {
    boolean ended = false;
    try {
      ended = act(this::runLeftovers);
    } finally {
      state.set(State.ENDED);
      var unused = loop().workers().shutdown();
      int left = loop().taskList.size();
      finish();
      if (ended) {
        end.complete(null);
      }
      tellFollowers(refused(refusal, "; " + left + " tasks were cancelled, but have not ended"));
    }
  }

  private boolean runLeftovers() {
    Kernel kernel = loop().kernel;
    kernel.rise();
    if (closing == null) {
      closing = new LoopShutdown(loop(), "the host of the loop refuses its jobs");
    }
    boolean ended = closing.advance();
    while (!ended && !kernel.isIdle()) {
      kernel.round(false);
      ended = closing.advance();
    }
    return ended;
  }

  @Override
  public void noticeLoss() {
    State now = state.get();
    if (now != State.ENDED && hasHostEnded() && state.compareAndSet(now, State.ENDED)) {
      // a thread of its own: what is told may be code of the user's
      Workers.keepJvmFor(() -> lose(new RejectedExecutionException("it has ended")));
    }
  }

  private boolean hasHostEnded() {
    try {
      return host.isTerminated();
    } catch (RuntimeException notKnown) {
      return false;
    }
  }

  /** The host has refused a job, outside of a round; on any thread. */
  private RejectedExecutionException lose(RuntimeException refusal) {
    state.set(State.ENDED);
    boolean nothingLeft = host.isTerminated() && loop().taskList.isEmpty();
    RejectedExecutionException failure =
        refused(refusal, nothingLeft ? "" : "; its tasks stay where they are");
    loop().lost(failure);
    if (nothingLeft) {
      end.complete(null);
    }
    tellFollowers(failure);
    return failure;
  }

  private RejectedExecutionException refused(RuntimeException refusal, String left) {
    return new RejectedExecutionException(
        "the host of the event loop refuses its jobs, so nothing runs on the loop any more"
            + left
            + "; close a loop, and wait for it with closeAsync(), before its host: "
            + host,
        refusal);
  }

  private void tellFollowers(RejectedExecutionException failure) {
    if (!end.isDone()) {
      FailureReporter.log(new LoopFailure("the loop has lost its host", failure, loop().face));
      end.completeExceptionally(failure);
    }
    followers.forEach(follower -> follower.drop(failure));
  }
}
