package io.fermata.async;

import io.fermata.internal.engine.Ambient;
import io.fermata.internal.engine.RunningStack;
import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Habitat;
import io.fermata.internal.kernel.Inbox;
import io.fermata.internal.kernel.Kernel;
import io.fermata.runtime.AsyncFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The central scheduler: runs tasks and callbacks, one at a time, on the thread that runs the loop.
 * Python: the event loop and {@code asyncio.Runner}.
 *
 * <pre>{@code
 * String s = EventLoop.run(greet("you"));
 *
 * try (EventLoop loop = EventLoop.open()) {             // several runs on one loop
 *   loop.runUntilComplete(greet("you"));
 *   loop.runUntilComplete(greet("me"));
 * }
 * }</pre>
 *
 * <p>It runs in rounds: what is ready when a round begins runs in it, in the order in which it
 * became ready; what becomes ready meanwhile runs in the next one.
 *
 * <p><b>Threading.</b> All methods are for the loop's thread, except {@link #callSoonThreadSafe},
 * {@link #startThreadSafe}, {@link #asExecutor}, {@link #host}, {@link #dump()} and, of a
 * {@linkplain #on guest}, {@link #close} and {@link #closeAsync}; while the loop runs, those that
 * change something refuse any other. An interrupt of that thread cancels the main task, with the
 * reason "interrupted"; if it ends by that, the run throws an {@code InterruptedException}. A
 * second interrupt ends the run at once.
 *
 * <p><b>Failures that nobody catches</b> go to the {@linkplain #setExceptionHandler exception
 * handler}. A {@link VirtualMachineError}, except a {@code StackOverflowError}, ends the run.
 */
public final class EventLoop implements AutoCloseable, Starter {
  final Kernel kernel;
  private final Inbox inbox;
  final TaskList taskList = new TaskList();
  final OpenGenerators generators = new OpenGenerators(this);

  /** The task that runs; null between tasks. */
  @Nullable LoopTask<?> currentTask;

  /** What a callback sees; goes with {@link #currentTask}, which comes first. */
  private @Nullable Object callbackContext;

  /** Mains run in it, one after the other. */
  private final Context context = Context.copy();

  private final RunningLoop ambient = new RunningLoop(this);
  final Failing failing = new Failing(this);
  final LoopWatch watch = new LoopWatch(this);

  /** Tells loops apart; never 0. */
  final int number = Watch.nextNumber();

  /** Where tasks were started; null if debug mode was never on. */
  @Nullable Map<LoopTask<?>, StackTraceElement[]> startPlaces;

  private final boolean inRealTime;
  private boolean debug;
  private Workers workers = new Workers();
  private final SignalHandlers signalHandlers = new SignalHandlers(this);
  private int taskNumber;

  /** What {@link #runUntilComplete} waits for; null else. */
  private @Nullable Deferred<?> mainOfRun;

  /** The signal that has cancelled main. */
  private @Nullable String signal;

  private boolean running;
  private boolean stopping;

  /** Set before tasks are cancelled for the loop's end; by any thread if it is a guest. */
  private volatile boolean closing;

  /** Written by the loop's thread, or that which saw a guest's host refuse; read by all. */
  private volatile boolean closed;

  /** Why a guest's host runs nothing any more, if it does not; set before {@link #closed}. */
  private @Nullable RejectedExecutionException lostBecause;

  /** Null if it has a thread of its own. */
  private final @Nullable Guest guest;

  /** What runs it, null between runs. Written by that, read by those who check or watch it. */
  private volatile @Nullable Thread thread;

  /**
   * A new loop.
   *
   * @param host whose guest it is; null if it runs on a thread of its own
   */
  private EventLoop(@Nullable LoopHost host) {
    guest = host == null ? null : new Guest(this, host);
    Habitat habitat = guest == null ? Habitat.forNewLoop() : Habitat.forGuest(guest);
    kernel = new Kernel(habitat, this::inLoop);
    inbox = kernel.inbox();
    inRealTime = habitat.clock() == Clock.SYSTEM;
    if (guest != null) {
      kernel.rest();
    }
    setDebug(Debug.ALWAYS);
  }

  /** What threads that act for a loop carry. */
  private record RunningLoop(EventLoop loop) implements Ambient {
    @Override
    public @Nullable Object task() {
      return loop.currentTask;
    }
  }

  /**
   * Runs an asynchronous function to its end, on this thread, with a loop of its own. Then cancels
   * the tasks that are left, waits for them, and closes the loop.
   *
   * <p>SIGINT and SIGTERM end it in an orderly way: {@code main} is cancelled with the name of the
   * signal as the reason, and the loop is closed as always. Then the JVM ends, with 128 and the
   * number of the signal as its exit code, when its main thread has ended, or five seconds later. A
   * second signal ends it at once. {@code -Dfermata.signals=off} leaves signals to the JVM; and a
   * handler that the program has set before the first run stays.
   *
   * @param main what to run
   * @param <T> its result
   * @return its result
   * @throws Exception what it failed with, as it is
   * @throws InterruptedException if this thread was interrupted, and {@code main} ended by that
   * @throws SignalledException if a signal has cancelled {@code main}, and it ended by that
   * @throws IllegalStateException if a loop runs on this thread
   */
  public static <T extends @Nullable Object> T run(Awaitable<T> main) throws Exception {
    checkNoneRuns(main, "run");
    EventLoop opened = open();
    Termination termination = Termination.of(opened);
    try (EventLoop loop = opened) {
      return loop.runUntilComplete(main);
    } finally {
      termination.done();
    }
  }

  /**
   * A loop that can run several mains, one after the other, in one context.
   *
   * @return a new loop, to be run by one thread
   */
  public static EventLoop open() {
    return new EventLoop(null);
  }

  /**
   * A loop that lives on a host: the event queue of a user interface, another library's event loop,
   * any executor that runs its jobs one at a time. The host's thread runs it beside its other work:
   * each round is one job of the host.
   *
   * <pre>{@code
   * EventLoop loop = EventLoop.on(SwingUtilities::invokeLater, SwingUtilities::isEventDispatchThread);
   * button.addActionListener(event -> loop.start(showPrices()));
   * }</pre>
   *
   * <p>A guest has no run of its own: {@link #runUntilComplete}, {@link #runForever} and {@link
   * #stop} are {@code IllegalStateException}s. Tasks are begun with {@link #start} on the host's
   * thread, in any of its jobs, and with {@link #startThreadSafe} elsewhere. {@link #current} is
   * the loop in what the loop runs, and not in other jobs of the host. {@link #close} does not
   * block. A host's thread that is interrupted does not concern the loop. A {@link
   * VirtualMachineError} passes out of the host's job; the loop goes on with the rest.
   *
   * <p>A step that blocks, or shows a modal dialog, holds up the loop until it returns.
   *
   * <p>If the host refuses a job, the loop has ended. At the end of a round all tasks are cancelled
   * there and then, and run on as long as they need not wait. What cannot be ended is logged, and
   * the futures of {@code startThreadSafe} and {@code closeAsync} fail with the {@link
   * RejectedExecutionException}.
   *
   * @param host where it lives; it may carry several loops
   * @return a new loop, which rests
   */
  public static EventLoop on(LoopHost host) {
    EventLoop loop = new EventLoop(Objects.requireNonNull(host, "the host is null"));
    Watch.begin(loop);
    return loop;
  }

  /**
   * As {@link #on(LoopHost)}, on an executor. Deadlines come from it if it is a {@link
   * ScheduledExecutorService}, else from the JVM's timer thread.
   *
   * <p>Rounds never overlap, so the loop itself does not mind an executor of several threads. But
   * other jobs of the executor may use the loop without the thread-safe methods only if it runs one
   * job at a time; the loop takes for its thread the one that ran its last round.
   *
   * @param executor runs jobs later, not within {@code execute}
   * @return a new loop, which rests
   */
  public static EventLoop on(Executor executor) {
    return on(new ExecutorHost(executor, null));
  }

  /**
   * As {@link #on(Executor)}, on an executor that knows its thread.
   *
   * @param executor runs jobs later, one at a time
   * @param isHostThread whether the current thread is the one that runs them
   * @return a new loop, which rests
   */
  public static EventLoop on(Executor executor, BooleanSupplier isHostThread) {
    return on(new ExecutorHost(executor, Objects.requireNonNull(isHostThread, "isHostThread")));
  }

  /**
   * The host whose guest it is.
   *
   * @return the host; null if the loop runs on a thread of its own
   */
  public @Nullable LoopHost host() {
    return guest == null ? null : guest.host;
  }

  /**
   * The loop that runs here.
   *
   * @return the loop
   * @throws IllegalStateException if there is none: this is no code that a loop runs
   */
  public static EventLoop current() {
    EventLoop loop = running();
    if (loop == null) {
      throw new IllegalStateException(
          "no event loop runs on "
              + Thread.currentThread()
              + "; call this in a body or callback that a loop runs, or start one with"
              + " EventLoop.run");
    }
    return loop;
  }

  static @Nullable EventLoop running() {
    return Ambient.current() instanceof RunningLoop here ? here.loop : null;
  }

  boolean inLoop() {
    return running() == this || (guest == null ? !running : guest.host.isHostThread());
  }

  /** Refuses a call on another thread than the one that runs the loop, or a guest's host. */
  void check(Object what, String call) {
    Thread runner = thread;
    if (runner == Thread.currentThread()) {
      return;
    }
    boolean hasThread = runner != null || (guest != null && !closed);
    if (hasThread && !inLoop()) {
      throw new IllegalStateException(
          call
              + " of "
              + what
              + " was called on "
              + Thread.currentThread()
              + ", but its loop "
              + (guest == null ? "runs on " + runner : guest.home())
              + " and is used on that thread only; hand the call over with"
              + " loop.callSoonThreadSafe(() -> ...), or start a task with loop.startThreadSafe(...)");
    }
  }

  // Running

  /**
   * Runs until something has its result.
   *
   * @param main an {@code Async}, which becomes a task; or a task or promise of this loop
   * @param <T> its result
   * @return its result
   * @throws Exception what it failed with, as it is
   * @throws InterruptedException if this thread was interrupted, and {@code main} ended by that
   * @throws IllegalStateException if the loop is closed, runs, or was stopped before {@code main}
   *     had a result; or if a loop runs on this thread
   * @throws IllegalArgumentException if it belongs to another loop
   */
  public <T extends @Nullable Object> T runUntilComplete(Awaitable<T> main) throws Exception {
    Objects.requireNonNull(main, "nothing to run: main is null");
    Ambient before = begin(main, "run");
    boolean interrupted = false;
    Deferred<T> deferred;
    try {
      deferred =
          main instanceof Deferred<T> ? Starting.ensure(main) : in(context).start(main.toAsync());
      mainOfRun = deferred;
      while (!deferred.done() && !stopping) {
        kernel.round(true);
        if (Thread.interrupted()) {
          if (interrupted || !deferred.cancel("interrupted")) {
            throw new InterruptedException("interrupted while the loop ran " + deferred);
          }
          interrupted = true;
        }
      }
    } finally {
      mainOfRun = null;
      end(before);
    }
    if (!deferred.done()) {
      throw new IllegalStateException(
          "stopped before there was a result: stop() was called while " + deferred + " ran");
    }
    if ((interrupted || signal != null) && deferred.cancelled() && onlyInterrupted(deferred)) {
      throw interruption(deferred);
    }
    return deferred.result();
  }

  private InterruptedException interruption(Deferred<?> main) {
    String what = " while the loop ran " + main;
    InterruptedException failure;
    if (signal == null) {
      failure = new InterruptedException("interrupted" + what);
    } else {
      SignalledException signalled = new SignalledException(signal + what, signal);
      Termination.muteOnThisThread(signalled);
      failure = signalled;
    }
    failure.initCause(((Settling<?>) main).failure());
    return failure;
  }

  /** A signal has come that ends the run. */
  void signalled(String name) {
    Deferred<?> main = mainOfRun;
    if (main != null && main.cancel(name)) {
      signal = name;
    }
  }

  private static boolean onlyInterrupted(Deferred<?> main) {
    return !(main instanceof LoopTask<?> task) || task.cancelling() <= 1;
  }

  /** Runs until {@link #stop} is called. */
  public void runForever() {
    Ambient before = begin(null, "run");
    try {
      do {
        kernel.round(!stopping);
      } while (!stopping);
    } finally {
      end(before);
    }
  }

  /**
   * Ends the run after the round that is under way; before a run, after its first round.
   *
   * @throws IllegalStateException if it is a guest
   */
  public void stop() {
    if (guest != null) {
      throw new IllegalStateException("a guest has no run that could be stopped: close() it");
    }
    check(this, "stop()");
    stopping = true;
  }

  /**
   * Whether it runs.
   *
   * @return true in everything that it runs
   */
  public boolean isRunning() {
    return running;
  }

  private @Nullable Ambient begin(@Nullable Awaitable<?> main, String call) {
    if (closed) {
      throw cannot(main, call, "the loop is closed; open a new one");
    }
    if (guest != null) {
      throw cannot(
          main,
          call,
          "its host runs this loop; use start() on the host's thread, and startThreadSafe() on"
              + " others");
    }
    if (running) {
      throw cannot(
          main,
          call,
          call.equals("run")
              ? "the loop runs already; await it instead, or start a task"
              : "the loop runs; it ends its run when main returns or by stop(), and is closed then");
    }
    checkNoneRuns(main, call);
    return enter();
  }

  private static void checkNoneRuns(@Nullable Awaitable<?> main, String call) {
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

  /** The exception for a run that cannot begin; what it should have run is no news. */
  private static IllegalStateException cannot(
      @Nullable Awaitable<?> main, String call, String why) {
    if (main instanceof AsyncFrame<?> frame) {
      frame.discard();
    }
    return new IllegalStateException("cannot " + call + ": " + why);
  }

  private @Nullable Ambient enter() {
    Ambient before = Ambient.ofThread();
    running = true;
    thread = Thread.currentThread();
    Ambient.set(ambient);
    if (guest == null) {
      watch.begin();
    } else {
      watch.beginRound();
    }
    return before;
  }

  private void end(@Nullable Ambient before) {
    if (guest == null) {
      watch.end();
    }
    Ambient.set(before);
    thread = null;
    running = false;
    stopping = false;
  }

  /** Runs a guest's round. */
  boolean act(BooleanSupplier round) {
    Ambient before = enter();
    try {
      return round.getAsBoolean();
    } finally {
      end(before);
    }
  }

  /**
   * Cancels the tasks that are left and waits until they have ended; closes the asynchronous
   * generators that are open, waits until the calls of {@link Async#toThread} have returned, and
   * drops all callbacks. Once more is harmless.
   *
   * <p>If the loop is a guest this may be called on any thread, and begins all that, but does not
   * wait for it: see {@link #closeAsync}.
   *
   * @throws IllegalStateException if it runs
   */
  @Override
  public void close() {
    if (guest != null) {
      var unused = closeAsync();
      return;
    }
    if (closed) {
      return;
    }
    Ambient before = begin(null, "close");
    boolean interrupted = Thread.interrupted();
    try {
      closing = true;
      Closing steps = new Closing(this, "the loop is closed");
      while (!steps.advance()) {
        kernel.round(true);
        interrupted |= Thread.interrupted();
      }
      workers.close();
    } catch (InterruptedException hurried) {
      interrupted = true;
    } finally {
      end(before);
      finish();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Closes the loop without waiting for it: a guest in the next rounds, on any thread. From now on
   * no tasks can be started, except by those that are being ended. A loop that is no guest is
   * closed when this returns.
   *
   * @return is done when the loop is closed; fails if a guest's host refuses to run it to its end.
   *     Cancelling it changes nothing
   * @throws IllegalStateException if it runs, and is no guest
   */
  public CompletableFuture<@Nullable Void> closeAsync() {
    if (guest == null) {
      close();
      return CompletableFuture.completedFuture(null);
    }
    closing = true;
    return guest.beginClosing();
  }

  /** The last of closing it. */
  void finish() {
    closed = true;
    watch.end();
    signalHandlers.removeAll();
    kernel.clear(EventLoop::dropped);
    Unawaited.closed(this);
    setDebug(false);
    kernel.host().close();
  }

  /** A guest's host will run nothing any more; on any thread. */
  void lost(RejectedExecutionException why) {
    lostBecause = why;
    closed = true;
    watch.end();
    signalHandlers.removeAll();
  }

  /**
   * Sees to it that a guest whose host has ended is lost, though nobody wakes it; on any thread.
   */
  void noticeLoss() {
    if (guest != null) {
      guest.noticeLoss();
    }
  }

  private static void dropped(Runnable job) {
    if (job instanceof Droppable waited) {
      waited.drop(closedBefore());
    }
  }

  static IllegalStateException closedBefore() {
    return new IllegalStateException("it did not begin: the loop was closed before");
  }

  /** Tells a job that was posted if it came too late; on any thread. */
  void dropIfClosed(Droppable job) {
    if (closed) {
      RejectedExecutionException lost = lostBecause;
      job.drop(lost == null ? closedBefore() : lost);
    }
  }

  /** Has a job dropped if a guest's host ends; on any thread. */
  void follow(Droppable job) {
    if (guest != null) {
      guest.follow(job);
    }
  }

  /** The job has ended; on any thread. */
  void unfollow(Droppable job) {
    if (guest != null) {
      guest.unfollow(job);
    }
  }

  /** Whether this thread is known to be the loop's; on any thread. */
  boolean isLoopThread() {
    return running() == this || (guest != null && guest.isHostThread());
  }

  /**
   * Closes the asynchronous generators that tasks of this loop have begun to step and that have not
   * ended, all at the same time, as {@link #close} does. What one fails with goes to the exception
   * handler, with the generator as its source, and does not stop the others. Python: {@code
   * shutdown_asyncgens}.
   *
   * @return gives null when all have ended; if the await is cancelled, they are closed all the same
   */
  public Async<Void> shutdownAsyncGenerators() {
    return new ShutdownFrame(this);
  }

  void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the loop is closed; open a new one");
    }
  }

  // Callbacks

  /**
   * Has a callback run in the next round, in a copy of the current context.
   *
   * @param callback runs once
   * @return takes it back
   * @throws IllegalStateException if the loop is closed
   */
  public Handle callSoon(Runnable callback) {
    return soon(callback, Context.currentBindings());
  }

  /**
   * Has a callback run in the next round.
   *
   * @param callback runs once
   * @param context in which it runs
   * @return takes it back
   * @throws IllegalStateException if the loop is closed
   */
  public Handle callSoon(Runnable callback, Context context) {
    return soon(callback, Objects.requireNonNull(context, "context"));
  }

  private Handle soon(Runnable callback, Object contextHolder) {
    check(this, "callSoon()");
    checkOpen();
    Callback job = new Callback(this, callback, contextHolder);
    kernel.ready(job);
    return job;
  }

  /**
   * Has a callback run after some time, never earlier. Of those with the same time the one that was
   * scheduled first runs first.
   *
   * @param delay how long from now; none if negative
   * @param callback runs once
   * @return takes it back
   * @throws IllegalStateException if the loop is closed
   */
  public Handle callLater(Duration delay, Runnable callback) {
    return at(kernel.now() + Durations.nanos(delay), callback);
  }

  /**
   * Has a callback run at some time, never earlier.
   *
   * @param when a {@link #time} of this loop
   * @param callback runs once
   * @return takes it back
   * @throws IllegalStateException if the loop is closed
   */
  public Handle callAt(Duration when, Runnable callback) {
    return at(Durations.nanos(when), callback);
  }

  private Handle at(long when, Runnable callback) {
    check(this, "callAt()");
    checkOpen();
    TimedCallback job = new TimedCallback(this, callback, Context.currentBindings());
    kernel.schedule(job, when);
    return job;
  }

  /**
   * As {@link #callSoon(Runnable)}, on any thread. Callbacks of one thread stay in order.
   *
   * @param callback runs once, on the loop's thread
   * @return takes it back; to be used on the loop's thread
   * @throws IllegalStateException if the loop is closed
   * @throws RejectedExecutionException if it is a guest, and its host refuses jobs
   */
  public Handle callSoonThreadSafe(Runnable callback) {
    checkOpen();
    Callback job = new Callback(this, callback, Context.currentBindings());
    inbox.post(job);
    return job;
  }

  /**
   * Has a callback run on the loop's thread, in a copy of the current context, each time that the
   * JVM gets a signal, instead of what the signal does else. A second one for the same signal takes
   * the place of the first; closing the loop takes all back. Python: {@code add_signal_handler}.
   *
   * @param signal its name, {@code "HUP"} or {@code "SIGHUP"}
   * @param callback runs once for each signal
   * @throws IllegalArgumentException if there is no such signal, or it cannot be handled: KILL,
   *     STOP, and those that the JVM needs
   * @throws IllegalStateException if the loop is closed
   * @throws UnsupportedOperationException if this JVM has no signals
   */
  public void addSignalHandler(String signal, Runnable callback) {
    checkOpen();
    signalHandlers.add(signal, Objects.requireNonNull(callback, "the callback is null"));
  }

  /**
   * Takes {@link #addSignalHandler} back.
   *
   * @param signal its name
   * @return whether there was a handler
   */
  public boolean removeSignalHandler(String signal) {
    return signalHandlers.remove(signal);
  }

  /** Has the library's own job run soon, on any thread; drops it if the loop is closed. */
  void postIfOpen(Runnable job) {
    if (!closed) {
      try {
        inbox.post(job);
      } catch (RejectedExecutionException lost) {
        // a guest whose host refuses: those who wait have been told
      }
    }
  }

  /** Runs something that must not disturb the loop. */
  void runCallback(Runnable callback, Object contextHolder, Object source) {
    Object before = callbackContext;
    Object wanted = contextHolder == Bindings.EMPTY ? null : contextHolder;
    if (wanted != before) { // other threads read what lies next to it
      callbackContext = wanted;
    }
    try {
      callback.run();
    } catch (Throwable failure) {
      failing.callbackFailed(failure, source);
    } finally {
      if (callbackContext != before) {
        callbackContext = before;
      }
    }
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

  /**
   * The time of this loop's clock.
   *
   * @return how long ago the clock began; it never goes back
   */
  public Duration time() {
    return Duration.ofNanos(kernel.now());
  }

  // Tasks

  @Override
  public <T extends @Nullable Object> Task<T> start(Async<T> async) {
    return new Starting(this, null, null, false, null).start(async);
  }

  @Override
  public Starter named(String name) {
    return new Starting(this, null, name, false, null);
  }

  @Override
  public Starter namedAfter(Object what) {
    return new Starting(this, null, Objects.requireNonNull(what, "name"), false, null);
  }

  @Override
  public Starter eager() {
    return new Starting(this, null, null, true, null);
  }

  @Override
  public Starter in(Context context) {
    return new Starting(this, null, null, false, context);
  }

  /**
   * Starts a task, on any thread.
   *
   * @param async what to run
   * @param <T> its result
   * @return follows the task; cancelling it cancels the task; fails if the loop is closed before
   * @throws IllegalStateException if the loop is closed
   * @throws RejectedExecutionException if it is a guest, and its host refuses jobs
   */
  public <T extends @Nullable Object> CompletableFuture<T> startThreadSafe(Async<T> async) {
    checkOpen();
    RemoteStart<T> job = new RemoteStart<>(this, async);
    follow(job);
    var unused = job.future().whenComplete((value, failure) -> unfollow(job));
    inbox.post(job);
    dropIfClosed(job);
    return job.future();
  }

  /**
   * The loop as an executor of other code, with a schedule: its jobs run on the loop's thread, in
   * the order in which they came, each a callback like those of {@link #callSoonThreadSafe}. On any
   * thread.
   *
   * <p>To shut it down is nothing to the loop: it takes no more jobs, and ends when those that it
   * took have run; periodic ones are cancelled. When the loop is closed, jobs that have not begun
   * are dropped, and their futures fail.
   *
   * <p>Whatever would wait for the loop on its own thread, {@code get()} of a future that is not
   * done, {@code invokeAll}, {@code invokeAny}, {@code awaitTermination}, is an {@code
   * IllegalStateException} there: await the future instead. Cancelling a future does not interrupt
   * a job that runs. What {@code execute} runs reports its failure to the exception handler.
   *
   * @return a new view, open
   */
  public ScheduledExecutorService asExecutor() {
    return new LoopExecutor(this);
  }

  /**
   * The tasks that have not ended.
   *
   * @return a new set, in the order of their start
   */
  public Set<Task<?>> tasks() {
    check(this, "tasks()");
    return new LinkedHashSet<>(taskList.toList());
  }

  /**
   * All tasks, for people: a tree of who awaits whom, where each stands suspended, what it waits
   * for and who has that; and what is known to be wrong. Tasks that wait for each other are called
   * a deadlock.
   *
   * <pre>{@code
   * System.err.println(EventLoop.current().dump());
   * }</pre>
   *
   * <p>On any thread. It is made on the loop's, so another one waits for it; if the loop does not
   * come to it within a second, the text says where the loop's thread stands.
   *
   * @return several lines
   */
  public String dump() {
    LongText text = new LongText();
    try {
      dump(text);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return text.toString();
  }

  /**
   * As {@link #dump()}, written task by task, so that a dump of any size takes little memory. The
   * loop stands still meanwhile.
   *
   * @param out gets the text; on the loop's thread, while this waits
   * @throws IOException if that fails
   */
  public void dump(Appendable out) throws IOException {
    Dumping.loop(this, Objects.requireNonNull(out, "out"));
  }

  boolean isInRealTime() {
    return inRealTime;
  }

  boolean isGuest() {
    return guest != null;
  }

  /** The thread that runs it; null if none does. On any thread. */
  @Nullable Thread thread() {
    return thread;
  }

  /** As {@link #thread()}; between a guest's rounds, the thread of the last one. On any thread. */
  @Nullable Thread lastThread() {
    Thread runner = thread;
    return runner == null && guest != null ? guest.lastThread() : runner;
  }

  /** What its thread executes now, without what is the library's. On any thread. */
  StackTraceElement[] runningStack() {
    Thread runner = lastThread();
    return runner == null
        ? new StackTraceElement[0]
        : Stacks.withoutLibrary(RunningStack.of(runner));
  }

  /**
   * Debug mode, which takes time and memory: what is made and never awaited is reported with the
   * place where it was made, whatever it is; dumps tell where tasks were started; and the limit for
   * one step is 100 ms, if none was set. {@code -Dfermata.debug=true} has it on from the start.
   *
   * @param on whether it is on from now on
   */
  public void setDebug(boolean on) {
    if (debug != on) {
      debug = on;
      Unawaited.trace(on);
    }
    if (on && startPlaces == null) {
      startPlaces = new WeakHashMap<>();
    }
  }

  /**
   * Whether debug mode is on.
   *
   * @return true after {@link #setDebug}, or if the system property says so
   */
  public boolean isDebug() {
    return debug;
  }

  void noteStart(LoopTask<?> task) {
    if (startPlaces != null) {
      startPlaces.put(task, Debug.stack());
    }
  }

  /**
   * How long one step of a task, or one callback, may hold the loop before that is reported as a
   * warning, with the stack of its thread, while it still does. {@code -Dfermata.watchdog=MILLIS}
   * sets it for all loops; {@code off} is none. It costs nothing measurable.
   *
   * @param limit two seconds if it was never set; null or zero: it may hold it for ever
   */
  public void setStepLimit(@Nullable Duration limit) {
    watch.setLimit(limit == null ? 0 : Durations.nanos(limit));
  }

  int nextTaskNumber() {
    return ++taskNumber;
  }

  /** Whether it takes no tasks. */
  boolean refusesTasks() {
    return closed || (closing && !running);
  }

  /** Whether it is being closed, or is. */
  boolean isClosing() {
    return closing;
  }

  /**
   * Whether it is closed. May be asked on any thread.
   *
   * @return true after {@link #close}
   */
  public boolean isClosed() {
    return closed;
  }

  Workers workers() {
    return workers;
  }

  /**
   * Sets who gets the failures that nobody catches.
   *
   * @param handler called on the loop's thread; null for the default, which logs them
   */
  public void setExceptionHandler(@Nullable ExceptionHandler handler) {
    failing.use(handler);
  }

  /**
   * Reports a failure that nobody is there to catch: the exception handler gets it. Python: {@code
   * call_exception_handler}.
   *
   * @param failure what failed, where
   */
  public void report(LoopFailure failure) {
    failing.report(failure);
  }

  @Override
  public String toString() {
    String at = guest == null ? "" : " on " + guest.host;
    return "event loop (" + (closed ? "closed" : running ? "running" : "idle") + ")" + at;
  }
}
