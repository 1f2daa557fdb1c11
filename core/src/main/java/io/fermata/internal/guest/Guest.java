package io.fermata.internal.guest;

import io.fermata.async.Awaitable;
import io.fermata.async.Deferred;
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
import io.fermata.runtime.door.Brief;
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
 * The home of a loop that runs on a host: each round of the loop is one job of the host.
 *
 * <p><b>Guarantee.</b> Rounds never overlap, even if the host has several threads, and each round
 * happens before the next one. The loop ends in one of three ways: it was closed; the host refused
 * the next round, and all tasks were cancelled in the current one; or the host refused a job
 * outside of a round, and nothing of the loop runs any more. In each case everything that other
 * threads wait for is completed.
 *
 * <p><b>Structure.</b> {@link #state} says whether the host has a job; there is at most one.
 * Between two rounds the kernel rests and calls {@link #wake} when a job becomes ready. {@link
 * Alarm} is the one deadline that the host was given. Methods and fields belong to the thread that
 * runs the round, and between rounds to the host's thread, unless their comment says otherwise.
 *
 * <p><b>Protocol.</b> {@link #wake} hands a job to the host only if it has none. A wake during a
 * round sets AGAIN, so the end of the round hands over the next job. The compare-and-set from
 * RUNNING to RESTING is the last action of a round; it fails if a wake came between the check of
 * the kernel and itself. A host that has ended without refusing is noticed by {@link #noticeLoss},
 * which the watch thread calls.
 *
 * <p><b>Rejected.</b> Running rounds until nothing is ready. The host's other jobs would not get
 * their turn.
 */
public final class Guest implements Host, LoopHome {
  private enum State {
    // RESTING   -> REQUESTED  wake(): the host gets a job
    // REQUESTED -> RUNNING    the host runs the job
    // RUNNING   -> AGAIN      wake() during the round
    // RUNNING   -> RESTING    nothing is ready
    // RUNNING   -> REQUESTED  a job is ready: the host gets the next round
    // AGAIN     -> REQUESTED  the round is over: the host gets the next round
    // RUNNING   -> ENDED      the loop is closed
    // any       -> ENDED      the host has refused a job, or has ended
    RESTING,
    REQUESTED,
    RUNNING,
    AGAIN,
    ENDED
  }

  private final LoopHost host;
  private final LoopEnvironment environment = LoopEnvironment.forGuest(this);

  /** The loop of this home; set once, before the host gets a job. */
  private @Nullable Loop opened;

  private final AtomicReference<State> state = new AtomicReference<>(State.RESTING);
  private final Runnable job = this::runRound;

  /**
   * The thread that is inside {@code execute}; a job that runs on it breaks the contract of the
   * host.
   */
  private volatile @Nullable Thread requester;

  /** The thread of the last round. */
  private volatile @Nullable Thread lastThread;

  /** The jobs and futures that other threads wait for, failed when the host is lost. Any thread. */
  private final Set<Droppable> followers = ConcurrentHashMap.newKeySet();

  /** The end of the loop. Any thread. */
  private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

  private @Nullable Alarm alarm;
  private @Nullable LoopShutdown shutdown;
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
    loop.kernel.rest(); // the first job that becomes ready wakes the guest
    loop.monitor.begin();
  }

  private Loop loop() {
    return Objects.requireNonNull(opened);
  }

  @Override
  public LoopHost host() {
    return host;
  }

  /** A deadline that the host was given. The host calls it on any thread. */
  private final class Alarm implements Runnable {
    final long when;
    private volatile boolean hasRung;
    private @Nullable Future<?> handle;

    Alarm(long when) {
      this.when = when;
    }

    /** Whether this alarm wakes the loop in time for a deadline. */
    boolean covers(long deadline) {
      return !hasRung && when - deadline <= 0 && deadline != Long.MAX_VALUE;
    }

    @Override
    public void run() {
      hasRung = true;
      try {
        wake();
      } catch (RejectedExecutionException reported) {
        // endWithoutHost() has failed everything that waits
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
              throw endWithoutHost(refusal);
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
          // The host has the job. If it has ended, the job never runs, and nothing else tells.
          if (host.isTerminated()) {
            throw endWithoutHost(
                new RejectedExecutionException("it has ended, and has dropped a job"));
          }
          return;
        }
        default -> { // AGAIN: the next round follows anyway; ENDED: nothing runs any more
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

  /** Does nothing: a guest rests between two rounds, and its thread never blocks. */
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

  // Runs, which a guest does not have

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

  /** Does nothing: signals end the runs of {@code EventLoop.run}, and a guest has no run. */
  @Override
  public void interrupt(RunInterrupt interrupt) {}

  @Override
  public @Nullable Deferred<?> main() {
    return null;
  }

  // Rounds

  private void runRound() {
    if (requester == Thread.currentThread()) {
      throw new IllegalStateException(
          "the host runs jobs within execute(); a loop needs one that runs them later, one at a"
              + " time: "
              + host);
    }
    if (!state.compareAndSet(State.REQUESTED, State.RUNNING)) {
      return; // the loop has ended, or the host runs a job twice
    }
    lastThread = Thread.currentThread();
    if (!isHostThread()) {
      throw endWithoutHost(
          new IllegalStateException(
              "isHostThread() is false in a job of the host, on "
                  + Brief.of(Thread.currentThread())));
    }
    boolean ended = false;
    try {
      ended = runOnLoop(this::round);
    } finally {
      if (ended) {
        state.set(State.ENDED);
        finish();
        end.complete(null); // last, because callbacks of the user may run here
      } else {
        requestNextRound();
      }
    }
  }

  private boolean isHostThread() {
    try {
      return host.isHostThread();
    } catch (RuntimeException broken) {
      throw endWithoutHost(broken);
    }
  }

  /** Runs rounds as the loop's thread. */
  private boolean runOnLoop(BooleanSupplier round) {
    Ambient before = loop().enter();
    try {
      loop().monitor.beginRound();
      return round.getAsBoolean();
    } finally {
      loop().leave(before);
    }
  }

  /** Runs a round; returns whether it has closed the loop. */
  private boolean round() {
    Kernel kernel = loop().kernel;
    kernel.rise();
    kernel.round(false);
    if (shutdown == null || !shutdown.advance()) {
      return false;
    }
    // The loop is closed once the calls on worker threads have returned; their end wakes it.
    if (workersEnd == null) {
      workersEnd = loop().workers().shutdown();
      var unused = workersEnd.thenRun(this::wake);
    }
    return workersEnd.isDone();
  }

  /** Hands over the next round, or rests. */
  private void requestNextRound() {
    try {
      if (loop().kernel.rest()) {
        setAlarm(loop().kernel.deadline());
        // Fails if another thread has called wake() since: then the state is AGAIN.
        if (state.compareAndSet(State.RUNNING, State.RESTING)) {
          return;
        }
      }
      state.set(State.REQUESTED);
      request();
    } catch (RuntimeException refusal) {
      state.set(State.AGAIN); // a wake from here on must not reach the host
      endInThisRound(refusal);
    }
  }

  private void setAlarm(long deadline) {
    if (alarm != null) {
      if (alarm.covers(deadline)) {
        return; // it rings early enough; an early round only sets the next one
      }
      cancelAlarm();
    }
    if (deadline != Long.MAX_VALUE) {
      Alarm next = new Alarm(deadline);
      alarm = next;
      long left = Math.max(0, deadline - loop().kernel.now());
      next.handle = host.wakeAfter(Duration.ofNanos(left), next);
    }
  }

  private void cancelAlarm() {
    if (alarm != null && alarm.handle != null) {
      alarm.handle.cancel(false);
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
              if (shutdown == null) {
                shutdown = new LoopShutdown(loop(), "the loop is closed");
              }
            });
    return end.copy();
  }

  private void finish() {
    cancelAlarm();
    loop().finish();
  }

  /**
   * Ends the loop in the current round, because the host has refused the next one: cancels all
   * tasks, and runs rounds as long as jobs are ready.
   */
  private void endInThisRound(RuntimeException refusal) {
    boolean ended = false;
    try {
      ended = runOnLoop(this::runRemainingRounds);
    } finally {
      state.set(State.ENDED);
      var unused = loop().workers().shutdown();
      int left = loop().taskList.size();
      finish();
      if (ended) {
        end.complete(null);
      }
      failFollowers(refused(refusal, "; " + left + " tasks were cancelled, but have not ended"));
    }
  }

  private boolean runRemainingRounds() {
    Kernel kernel = loop().kernel;
    kernel.rise();
    if (shutdown == null) {
      shutdown = new LoopShutdown(loop(), "the host of the loop refuses its jobs");
    }
    boolean ended = shutdown.advance();
    // Nothing wakes the loop after this job, so a task that waits now never goes on.
    while (!ended && !kernel.isIdle()) {
      kernel.round(false);
      ended = shutdown.advance();
    }
    return ended;
  }

  @Override
  public void noticeLoss() {
    State now = state.get();
    // The compare-and-set lets one thread report the loss.
    if (now != State.ENDED && hasHostEnded() && state.compareAndSet(now, State.ENDED)) {
      // On a thread of its own: the watch thread must not run callbacks of the user.
      Workers.keepJvmFor(() -> endWithoutHost(new RejectedExecutionException("it has ended")));
    }
  }

  private boolean hasHostEnded() {
    try {
      return host.isTerminated();
    } catch (RuntimeException notKnown) {
      return false;
    }
  }

  /**
   * Ends the loop without running it, because the host has refused a job outside of a round. No
   * thread may touch its tasks then. On any thread.
   */
  private RejectedExecutionException endWithoutHost(RuntimeException refusal) {
    state.set(State.ENDED);
    boolean nothingLeft = host.isTerminated() && loop().taskList.isEmpty();
    RejectedExecutionException failure =
        refused(refusal, nothingLeft ? "" : "; its tasks stay where they are");
    loop().lost(failure);
    if (nothingLeft) {
      end.complete(null);
    }
    failFollowers(failure);
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

  private void failFollowers(RejectedExecutionException failure) {
    if (!end.isDone()) {
      FailureReporter.log(new LoopFailure("the loop has lost its host", failure, loop().face));
      end.completeExceptionally(failure);
    }
    followers.forEach(follower -> follower.drop(failure));
  }
}
