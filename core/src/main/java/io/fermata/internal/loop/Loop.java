package io.fermata.internal.loop;

import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.EventLoop;
import io.fermata.async.Handle;
import io.fermata.async.LoopFailure;
import io.fermata.async.Task;
import io.fermata.async.ThreadContext;
import io.fermata.internal.engine.Ambient;
import io.fermata.internal.engine.RunningStack;
import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Inbox;
import io.fermata.internal.kernel.Kernel;
import io.fermata.internal.kernel.LoopEnvironment;
import io.fermata.runtime.AsyncFrame;
import io.fermata.runtime.door.Brief;
import io.fermata.runtime.door.FutureDoor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The machine behind an {@link EventLoop}: a kernel, the tasks that it runs, and where it lives.
 *
 * <p><b>Guarantee.</b> One thread at a time runs jobs of a loop; everything that says nothing else
 * belongs to that thread. What runs sees the loop as {@link #running()}.
 *
 * <p><b>Structure.</b> A {@link LoopHome} decides which thread runs rounds, and how runs and the
 * end go. The wings above hang on two seams: {@link LoopMonitor} (dumps, watchdog, recordings) and
 * {@link #whenEnded} (signals). The loop itself knows none of them.
 *
 * <pre>
 * open     -&gt; closing  closeAsync() of a guest, or close(): leftovers are cancelled
 * closing  -&gt; closed   finish(): nothing is left, jobs that never began are dropped
 * any      -&gt; closed   lost(): the host of a guest refuses jobs
 * </pre>
 */
public final class Loop {
  static {
    FutureDoor.install(ForeignPromise::ofAwaited);
  }

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  /** What users see of this loop. */
  public final EventLoop face;

  public final LoopHome home;
  public final Kernel kernel;
  private final Inbox inbox;
  public final TaskList taskList = new TaskList();
  public final OpenGenerators generators = new OpenGenerators(this);

  /** The task that runs; null between tasks. */
  public @Nullable LoopTask<?> currentTask;

  /** The context of the callback that runs; not used while {@link #currentTask} is set. */
  private @Nullable Object callbackContext;

  private final RunningLoop ambient = new RunningLoop(this);
  public final FailureReporter failures = new FailureReporter(this);
  private final LoopParts parts;
  public final LoopMonitor monitor;

  /** Told of each task's start and end; null if nobody listens. Written by the loop's thread. */
  public volatile @Nullable TaskObserver taskObserver;

  /** Tells loops apart; never 0. */
  public final int number = NUMBERS.incrementAndGet();

  /** Where tasks were started; null if debug mode was never on. */
  @Nullable Map<LoopTask<?>, StackTraceElement[]> startPlaces;

  private final boolean inRealTime;
  private boolean debug;
  private Workers workers = new Workers();
  private final List<Runnable> endings = new CopyOnWriteArrayList<>();
  private int taskNumber;

  private boolean running;

  /** Set before tasks are cancelled for the loop's end; by any thread if it is a guest. */
  private volatile boolean closing;

  /** Written by the loop's thread, or that which saw a guest's host refuse; read by all. */
  private volatile boolean closed;

  /** Why a guest's host refuses jobs; null if it does not. Written before {@link #closed}. */
  private @Nullable RejectedExecutionException lostBecause;

  /** See {@link #noteOutside}. */
  private volatile boolean hasOutside;

  /** The thread that runs it; null between runs. Written by that thread, read by any. */
  private volatile @Nullable Thread thread;

  /**
   * A new loop.
   *
   * @param face what users see of it
   * @param home where it lives
   * @param parts what the wings above add
   */
  public Loop(EventLoop face, LoopHome home, LoopParts parts) {
    this.face = face;
    this.home = home;
    this.parts = parts;
    LoopEnvironment environment = home.environment();
    kernel = new Kernel(environment, this::inLoop);
    inbox = kernel.inbox();
    inRealTime = environment.clock() == Clock.SYSTEM;
    monitor = parts.monitor(this);
    setDebug(Debug.ALWAYS);
    AwaitTracking.begin();
    home.opened(this);
  }

  /** The mark of a thread that acts for a loop. */
  private record RunningLoop(Loop loop) implements Ambient {
    @Override
    public @Nullable Object task() {
      return loop.currentTask;
    }

    @Override
    public void failed(Object source, Throwable failure) {
      loop.failures.contextFailed(source, failure);
    }
  }

  // Which loop, which thread

  /** The loop that runs on this thread. */
  public static Loop current() {
    Loop loop = running();
    if (loop == null) {
      throw new IllegalStateException(
          "no event loop runs on "
              + Brief.of(Thread.currentThread())
              + "; call this in a body or callback that a loop runs, or start one with"
              + " EventLoop.run");
    }
    return loop;
  }

  /** The loop that runs on this thread; null if there is none. */
  public static @Nullable Loop running() {
    return Ambient.current() instanceof RunningLoop here ? here.loop : null;
  }

  public boolean inLoop() {
    return running() == this || home.isHere(running);
  }

  /** Whether this thread is known to be the loop's; on any thread. */
  public boolean isLoopThread() {
    return running() == this || home.isSurelyHere();
  }

  /** Refuses a call on another thread than the one that runs the loop, or a guest's host. */
  public void check(Object what, String call) {
    Thread runner = thread;
    if (runner == Thread.currentThread()) {
      return;
    }
    boolean hasThread = runner != null || home.hasThreadBetweenRounds(closed);
    if (hasThread && !inLoop()) {
      throw new IllegalStateException(
          call
              + " of "
              + what
              + " was called on "
              + Brief.of(Thread.currentThread())
              + ", but its loop "
              + home.whereItRuns(runner)
              + " and is used on that thread only; hand the call over with"
              + " loop.callSoonThreadSafe(() -> ...), or start a task with loop.startThreadSafe(...)");
    }
  }

  /** Refuses a run where another loop runs on this thread. */
  public static void checkNoneRuns(@Nullable Awaitable<?> main, String call) {
    if (running() != null) {
      throw cannot(
          main,
          call,
          "another loop runs on this thread; "
              + (call.equals("run")
                  ? "await it instead, or use another thread"
                  : "do it after its run, or on another thread"));
    }
  }

  /** The exception for a run that cannot begin; the main that did not run is spent. */
  public static IllegalStateException cannot(@Nullable Awaitable<?> main, String call, String why) {
    if (main instanceof AsyncFrame<?> frame) {
      frame.discard();
    }
    return new IllegalStateException("cannot " + call + ": " + why);
  }

  /**
   * Begins to run on this thread.
   *
   * @return what the thread acted for before; {@link #leave} restores it
   */
  public @Nullable Ambient enter() {
    Ambient before = Ambient.ofThread();
    running = true;
    thread = Thread.currentThread();
    Ambient.set(ambient);
    return before;
  }

  /** Ends what {@link #enter} began. */
  public void leave(@Nullable Ambient before) {
    Ambient.set(before);
    thread = null;
    running = false;
  }

  /** The thread that runs it; null if none does. On any thread. */
  public @Nullable Thread thread() {
    return thread;
  }

  /** As {@link #thread()}; between a guest's rounds, the thread of the last one. On any thread. */
  public @Nullable Thread lastThread() {
    Thread runner = thread;
    return runner == null ? home.lastThread() : runner;
  }

  /** The stack of its thread now, without lines of the library. On any thread. */
  public StackTraceElement[] runningStack() {
    Thread runner = lastThread();
    return runner == null
        ? new StackTraceElement[0]
        : Stacks.withoutLibrary(RunningStack.of(runner));
  }

  // The end

  /** From now on only tasks that are being ended start tasks. On any thread if it is a guest. */
  public void beginClosing() {
    closing = true;
  }

  /** Adds a job for the end of the loop; it runs on the thread that ends the loop. */
  public void whenEnded(Runnable ending) {
    endings.add(ending);
  }

  /** The last step of closing: nothing runs after it. */
  public void finish() {
    closed = true;
    try {
      monitor.end();
      endings.forEach(Runnable::run);
      kernel.clear(Loop::dropped);
      monitor.closed();
      setDebug(false);
    } finally {
      kernel.host().close();
    }
  }

  /** The host of a guest runs no more jobs. On any thread. */
  public void lost(RejectedExecutionException why) {
    lostBecause = why;
    closed = true;
    monitor.end();
    endings.forEach(Runnable::run);
  }

  private static void dropped(Runnable job) {
    if (job instanceof Droppable waited) {
      waited.drop(closedBefore());
    }
  }

  static IllegalStateException closedBefore() {
    return new IllegalStateException("it did not begin: the loop was closed before");
  }

  /** Drops a posted job if the loop is closed already. On any thread. */
  public void dropIfClosed(Droppable job) {
    if (closed) {
      RejectedExecutionException lost = lostBecause;
      job.drop(lost == null ? closedBefore() : lost);
    }
  }

  public void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the loop is closed; open a new one");
    }
  }

  /** Whether it refuses new tasks. */
  public boolean refusesTasks() {
    return closed || (closing && !running);
  }

  /** Whether it is being closed, or is. */
  boolean isClosing() {
    return closing;
  }

  /** Whether it is closed; on any thread. */
  public boolean isClosed() {
    return closed;
  }

  public boolean isRunning() {
    return running;
  }

  // Callbacks

  /** Has a callback run in the next round, in a context. */
  public Handle callSoon(Runnable callback, Object contextHolder) {
    check(this, "callSoon()");
    checkOpen();
    Callback job = new Callback(this, callback, contextHolder);
    kernel.ready(job);
    return job;
  }

  /** Has a callback run in the next round, in a copy of the current context. */
  public Handle callSoon(Runnable callback) {
    return callSoon(callback, ContextState.captured());
  }

  /** Has a callback run at some time, in a copy of the current context. */
  public Handle callAt(long when, Runnable callback) {
    check(this, "callAt()");
    checkOpen();
    TimedCallback job = new TimedCallback(this, callback, ContextState.captured());
    kernel.schedule(job, when);
    return job;
  }

  /**
   * Notes that something outside may give it work from now on: another thread, a socket, a signal.
   * Any thread.
   */
  public void noteOutside() {
    if (!hasOutside) {
      hasOutside = true;
    }
  }

  /** Whether something outside is known. */
  public boolean hasOutside() {
    return hasOutside;
  }

  /** As {@link #callSoon}, on any thread. Callbacks of one thread stay in order. */
  public Handle callSoonThreadSafe(Runnable callback) {
    checkOpen();
    noteOutside();
    Callback job = new Callback(this, callback, ContextState.captured());
    inbox.post(job);
    dropIfClosed(job);
    return job;
  }

  /** Posts a job of the library, on any thread. A closed loop forgets it. */
  public void postIfOpen(Runnable job) {
    if (!closed) {
      try {
        inbox.post(job);
      } catch (RejectedExecutionException lost) {
        // a guest whose host refuses: those who wait have been told
      }
    }
  }

  /** Runs a callback in a context. A failure goes to the exception handler. */
  public void runCallback(Runnable callback, Object contextHolder, Object source) {
    Object before = callbackContext;
    Object wanted = contextHolder == Bindings.EMPTY ? null : contextHolder;
    if (wanted != before) { // other threads read what lies next to it
      callbackContext = wanted;
    }
    Object threadBefore = ContextState.install(contextHolder, ambient);
    try {
      callback.run();
    } catch (Throwable failure) {
      failures.callbackFailed(failure, source);
    } finally {
      ContextState.restore(contextHolder, threadBefore, ambient);
      if (callbackContext != before) {
        callbackContext = before;
      }
    }
  }

  /** Is told when a provider of thread contexts fails; on the loop's thread. */
  ThreadContext.Failures contextFailures() {
    return ambient;
  }

  /** As {@link #contextFailures}, on any thread. */
  public ThreadContext.Failures postedContextFailures() {
    return (source, failure) -> postIfOpen(() -> ambient.failed(source, failure));
  }

  @Nullable Object contextHolder() {
    return currentTask == null ? callbackContext : currentTask.contextHolder;
  }

  @Nullable Object swapContextHolder(@Nullable Object holder) {
    LoopTask<?> task = currentTask;
    Object before = contextHolder();
    if (task == null) {
      callbackContext = holder;
    } else {
      task.contextHolder = holder == null ? Bindings.EMPTY : holder;
    }
    return before;
  }

  // Tasks

  /** Starts a task in the next round, in a copy of the current context. */
  public <T extends @Nullable Object> Task<T> start(Async<T> async) {
    return starting().start(async);
  }

  public TaskStarter starting() {
    return new TaskStarter(this, null, null, false, null);
  }

  /** Starts a task, on any thread. */
  public <T extends @Nullable Object> CompletableFuture<T> startThreadSafe(Async<T> async) {
    checkOpen();
    RemoteStart<T> job = new RemoteStart<>(this, async);
    home.follow(job);
    var unused = job.future().whenComplete((value, failure) -> home.unfollow(job));
    inbox.post(job);
    dropIfClosed(job);
    return job.future();
  }

  /** Closes the asynchronous generators that are open; see {@link EventLoop}. */
  public Async<Void> shutdownAsyncGenerators() {
    return parts.shutdownOfGenerators(this);
  }

  int nextTaskNumber() {
    return ++taskNumber;
  }

  void noteStart(LoopTask<?> task) {
    if (startPlaces != null) {
      startPlaces.put(task, Debug.stack());
    }
  }

  public Workers workers() {
    return workers;
  }

  // Settings

  public void setDebug(boolean on) {
    if (debug != on) {
      debug = on;
      AwaitTracking.trace(on);
    }
    if (on && startPlaces == null) {
      startPlaces = new WeakHashMap<>();
    }
  }

  public boolean isDebug() {
    return debug;
  }

  public boolean isInRealTime() {
    return inRealTime;
  }

  public Duration time() {
    return Duration.ofNanos(kernel.now());
  }

  public void report(LoopFailure failure) {
    failures.report(failure);
  }

  @Override
  public String toString() {
    return "event loop ("
        + (closed ? "closed" : running ? "running" : "idle")
        + ")"
        + home.suffix();
  }
}
