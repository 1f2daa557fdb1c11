package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.compose.ShutdownFrame;
import io.fermata.internal.guest.ExecutorHost;
import io.fermata.internal.guest.Guest;
import io.fermata.internal.guest.LoopExecutor;
import io.fermata.internal.loop.ContextState;
import io.fermata.internal.loop.Durations;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopHome;
import io.fermata.internal.loop.LoopMonitor;
import io.fermata.internal.loop.LoopParts;
import io.fermata.internal.loop.OwnThread;
import io.fermata.internal.signals.SignalHandlers;
import io.fermata.internal.signals.Termination;
import io.fermata.internal.watch.LoopWatchdog;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The scheduler of tasks and callbacks: it runs them one at a time, on one thread. Python: the
 * event loop and {@code asyncio.Runner}.
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
 * <p>A loop runs in rounds. A round runs everything that was ready at its beginning, in the order
 * in which it became ready; whatever becomes ready meanwhile runs in the next round.
 *
 * <p><b>Threading.</b> All methods belong to the loop's thread, except {@link #callSoonThreadSafe},
 * {@link #startThreadSafe}, {@link #asExecutor}, {@link #host}, {@link #dump()} and, of a
 * {@linkplain #on guest}, {@link #close} and {@link #closeAsync}; while the loop runs, methods that
 * change it fail on any other thread. Interrupting the loop's thread cancels the main task, with
 * the reason "interrupted"; if the task ends by that, the run throws an {@code
 * InterruptedException}. A second interrupt ends the run at once.
 *
 * <p><b>Failures that nobody catches</b> go to the {@linkplain #setExceptionHandler exception
 * handler}. An {@link InternalError} or {@link UnknownError} ends the run. Of {@code
 * OutOfMemoryError} and {@code StackOverflowError} each is the failure of the task or callback in
 * which it was thrown.
 */
public final class EventLoop implements AutoCloseable, Starter {
  private static final LoopParts PARTS =
      new LoopParts() {
        @Override
        public LoopMonitor monitor(Loop loop) {
          return new LoopWatchdog(loop);
        }

        @Override
        public Async<Void> shutdownOfGenerators(Loop loop) {
          return new ShutdownFrame(loop);
        }
      };

  private final Loop loop;

  /** The handlers of signals; null before the first one is added. */
  private @Nullable SignalHandlers signalHandlers;

  private EventLoop(LoopHome home) {
    loop = new Loop(this, home, PARTS);
  }

  /** The implementation behind this face. */
  Loop loop() {
    return loop;
  }

  /**
   * Runs an asynchronous function to its end, on this thread, in a new loop. Then cancels the
   * remaining tasks, waits for them, and closes the loop.
   *
   * <p>SIGINT and SIGTERM end the run in order: the signal cancels {@code main}, with its name as
   * the reason, and the loop is closed as usual. Then the JVM ends once its main thread has ended,
   * or five seconds later; its exit code is 128 plus the number of the signal. If the loops are not
   * closed 30 seconds after the signal ({@code -Dfermata.shutdown=SECONDS}; 0: no limit), the JVM
   * ends without them, and prints their dumps. A second signal ends the JVM at once. {@code
   * -Dfermata.signals=off} leaves signals to the JVM. A handler that the program set before the
   * first run stays in place.
   *
   * @param main the function to run
   * @param <T> the type of the result
   * @return the result
   * @throws Exception its failure, unchanged
   * @throws InterruptedException if this thread was interrupted, and {@code main} ended by that
   * @throws SignalledException if a signal has cancelled {@code main}, and it ended by that
   * @throws IllegalStateException if a loop runs on this thread
   */
  public static <T extends @Nullable Object> T run(Awaitable<T> main) throws Exception {
    Loop.checkNoneRuns(main, "run");
    EventLoop opened = open();
    Termination termination = Termination.of(opened.loop, SignalledException::new);
    try (EventLoop closing = opened) {
      return closing.runUntilComplete(main);
    } finally {
      termination.done();
    }
  }

  /**
   * A loop for several runs, one after the other, in one context.
   *
   * @return a new loop for one thread
   */
  public static EventLoop open() {
    return new EventLoop(new OwnThread());
  }

  /**
   * A guest: a loop that runs on the thread of a host, beside the host's other work. A host is the
   * event queue of a user interface, the event loop of another library, or any executor that runs
   * one job at a time. Each round of the loop is one job of the host.
   *
   * <pre>{@code
   * EventLoop loop = EventLoop.on(SwingUtilities::invokeLater, SwingUtilities::isEventDispatchThread);
   * button.addActionListener(event -> loop.start(showPrices()));
   * }</pre>
   *
   * <p>A guest has no run of its own: {@link #runUntilComplete}, {@link #runForever} and {@link
   * #stop} throw an {@code IllegalStateException}. Start tasks with {@link #start} in any job on
   * the host's thread, and with {@link #startThreadSafe} elsewhere. {@link #current} returns the
   * loop in its own rounds, but not in other jobs of the host. {@link #close} does not block.
   * Interrupting the host's thread does not affect the loop. An {@link InternalError} leaves the
   * host's job; the loop goes on with the remaining work.
   *
   * <p>A step that blocks or shows a modal dialog stops the loop until it returns.
   *
   * <p>If the host shuts down first, the loop ends. If the host refuses the next round at the end
   * of a round, all tasks are cancelled at once, and run as long as they need not wait. Tasks that
   * do not end by that are logged, and the futures of {@code startThreadSafe} and {@code
   * closeAsync} fail with the {@link RejectedExecutionException}.
   *
   * @param host the host; it may run several loops
   * @return a new, idle loop
   */
  public static EventLoop on(LoopHost host) {
    return new EventLoop(new Guest(Objects.requireNonNull(host, "the host is null")));
  }

  /**
   * As {@link #on(LoopHost)}, on an executor. A {@link ScheduledExecutorService} also serves the
   * deadlines; otherwise the JVM's timer thread does.
   *
   * <p>Rounds never overlap, so an executor with several threads can run the loop. But its other
   * jobs may use methods that are not thread-safe only if the executor runs one job at a time: the
   * loop considers the thread of its last round its own.
   *
   * @param executor the executor; it runs jobs later, not within {@code execute}
   * @return a new, idle loop
   */
  public static EventLoop on(Executor executor) {
    return on(new ExecutorHost(executor, null));
  }

  /**
   * As {@link #on(Executor)}, on an executor that knows its thread.
   *
   * @param executor the executor; it runs jobs later, one at a time
   * @param isHostThread tells whether the current thread is the thread that runs the jobs
   * @return a new, idle loop
   */
  public static EventLoop on(Executor executor, BooleanSupplier isHostThread) {
    return on(new ExecutorHost(executor, Objects.requireNonNull(isHostThread, "isHostThread")));
  }

  /**
   * The host of this loop.
   *
   * @return the host; null if the loop runs on a thread of its own
   */
  public @Nullable LoopHost host() {
    return loop.home.host();
  }

  /**
   * The loop that runs the calling code.
   *
   * @return the loop
   * @throws IllegalStateException if no loop runs the calling code
   */
  public static EventLoop current() {
    return Loop.current().face;
  }

  // Running

  /**
   * Runs the loop until {@code main} has completed, and returns its result.
   *
   * @param main an {@code Async}, which becomes a task; or a task or promise of this loop
   * @param <T> the type of the result
   * @return the result
   * @throws Exception its failure, unchanged
   * @throws InterruptedException if this thread was interrupted, and {@code main} ended by that
   * @throws IllegalStateException if the loop is closed or running, if it was stopped before {@code
   *     main} had completed, or if a loop runs on this thread
   * @throws IllegalArgumentException if {@code main} belongs to another loop
   */
  public <T extends @Nullable Object> T runUntilComplete(Awaitable<T> main) throws Exception {
    return loop.home.runUntilComplete(Objects.requireNonNull(main, "nothing to run: main is null"));
  }

  /** Runs the loop until {@link #stop} is called. */
  public void runForever() {
    loop.home.runForever();
  }

  /**
   * Ends the run after the current round. A call before a run ends that run after its first round.
   *
   * @throws IllegalStateException if the loop is a guest
   */
  public void stop() {
    loop.home.stop();
  }

  /**
   * Whether the loop is running.
   *
   * @return true in all code that the loop runs
   */
  public boolean isRunning() {
    return loop.isRunning();
  }

  /**
   * Closes the loop: cancels the remaining tasks and waits until they have ended, closes the open
   * asynchronous generators, waits until the calls of {@link Async#toThread} have returned, and
   * drops all callbacks. Tasks that do not end although they were cancelled are logged after two
   * seconds, with their stacks. A second call does nothing.
   *
   * <p>For a guest this method may be called on any thread; it begins the closing, and does not
   * wait for its end. See {@link #closeAsync}.
   *
   * @throws IllegalStateException if the loop is running
   */
  @Override
  public void close() {
    loop.home.close();
  }

  /**
   * Closes the loop. A guest closes in its next rounds, and the method may be called on any thread;
   * any other loop is closed when the method returns. From now on only tasks that are being ended
   * can start tasks.
   *
   * @return a future that completes when the loop is closed, and fails if the host refuses to run
   *     the remaining rounds; cancelling it changes nothing
   * @throws IllegalStateException if the loop is running, and is not a guest
   */
  public CompletableFuture<@Nullable Void> closeAsync() {
    return loop.home.closeAsync();
  }

  /**
   * Closes, all at the same time, the asynchronous generators that tasks of this loop have stepped
   * and that have not ended, as {@link #close} does. A failure of one goes to the exception
   * handler, with the generator as its source, and does not stop the others. Python: {@code
   * shutdown_asyncgens}.
   *
   * @return an {@code Async} that gives null when all have ended; cancelling the await does not
   *     stop the closing
   */
  @CheckReturnValue
  public Async<Void> shutdownAsyncGenerators() {
    return loop.shutdownAsyncGenerators();
  }

  // Callbacks

  /**
   * Schedules a callback for the next round, in a copy of the current context.
   *
   * @param callback the callback; it runs once
   * @return a handle that cancels the callback
   * @throws IllegalStateException if the loop is closed
   */
  public Handle callSoon(Runnable callback) {
    return loop.callSoon(callback);
  }

  /**
   * Schedules a callback for the next round, in a given context.
   *
   * @param callback the callback; it runs once
   * @param context the context of the callback
   * @return a handle that cancels the callback
   * @throws IllegalStateException if the loop is closed
   */
  public Handle callSoon(Runnable callback, Context context) {
    return loop.callSoon(callback, ContextState.of(context));
  }

  /**
   * Schedules a callback after a delay, never earlier. Callbacks with the same time run in the
   * order in which they were scheduled.
   *
   * @param delay the delay from now; a negative one is zero
   * @param callback the callback; it runs once
   * @return a handle that cancels the callback
   * @throws IllegalStateException if the loop is closed
   */
  public Handle callLater(Duration delay, Runnable callback) {
    return loop.callAt(loop.kernel.now() + Durations.nanos(delay), callback);
  }

  /**
   * Schedules a callback at a time, never earlier.
   *
   * @param when a {@link #time} of this loop
   * @param callback the callback; it runs once
   * @return a handle that cancels the callback
   * @throws IllegalStateException if the loop is closed
   */
  public Handle callAt(Duration when, Runnable callback) {
    return loop.callAt(Durations.nanos(when), callback);
  }

  /**
   * As {@link #callSoon(Runnable)}, from any thread. Callbacks of one thread run in order.
   *
   * @param callback the callback; it runs once, on the loop's thread
   * @return a handle that cancels the callback; use it on the loop's thread
   * @throws IllegalStateException if the loop is closed
   * @throws RejectedExecutionException if the loop is a guest and its host refuses jobs
   */
  public Handle callSoonThreadSafe(Runnable callback) {
    return loop.callSoonThreadSafe(callback);
  }

  /**
   * Adds a handler of a signal to the JVM, which replaces the usual effect of the signal. Each
   * signal runs the callback once on the loop's thread, in a copy of the current context. A second
   * handler for the same signal replaces the first; closing the loop removes all. Python: {@code
   * add_signal_handler}.
   *
   * @param signal its name, {@code "HUP"} or {@code "SIGHUP"}
   * @param callback the callback; it runs once for each signal
   * @throws IllegalArgumentException if there is no such signal, or it cannot be handled: KILL,
   *     STOP, and the signals that the JVM needs
   * @throws IllegalStateException if the loop is closed
   * @throws UnsupportedOperationException if this JVM has no signals
   */
  public void addSignalHandler(String signal, Runnable callback) {
    loop.checkOpen();
    if (signalHandlers == null) {
      signalHandlers = new SignalHandlers(loop);
    }
    signalHandlers.add(signal, Objects.requireNonNull(callback, "the callback is null"));
  }

  /**
   * Removes a handler of {@link #addSignalHandler}.
   *
   * @param signal its name
   * @return whether there was a handler
   */
  public boolean removeSignalHandler(String signal) {
    return signalHandlers != null && signalHandlers.remove(signal);
  }

  /**
   * The time of this loop's clock.
   *
   * @return the time since the clock began; it never goes back
   */
  public Duration time() {
    return loop.time();
  }

  // Tasks

  @Override
  public <T extends @Nullable Object> Task<T> start(Async<T> async) {
    return loop.start(async);
  }

  @Override
  public Starter named(String name) {
    return loop.starting().named(name);
  }

  @Override
  public Starter namedAfter(Object source) {
    return loop.starting().namedAfter(source);
  }

  @Override
  public Starter eager() {
    return loop.starting().eager();
  }

  @Override
  public Starter in(Context context) {
    return loop.starting().in(context);
  }

  /**
   * Starts a task from any thread.
   *
   * @param async the function to run
   * @param <T> the type of the result
   * @return a future with the outcome of the task; cancelling it cancels the task, and it fails if
   *     the loop is closed first
   * @throws IllegalStateException if the loop is closed
   * @throws RejectedExecutionException if the loop is a guest and its host refuses jobs
   */
  public <T extends @Nullable Object> CompletableFuture<T> startThreadSafe(Async<T> async) {
    return loop.startThreadSafe(async);
  }

  /**
   * A view of the loop as a scheduled executor for other code. Its jobs run on the loop's thread,
   * in the order of their submission; each is a callback like those of {@link #callSoonThreadSafe}.
   * The view can be used on any thread.
   *
   * <p>Shutting the executor down does not affect the loop: the executor takes no more jobs,
   * cancels periodic ones, and terminates when the accepted jobs have run. Closing the loop drops
   * the jobs that have not begun; their futures fail.
   *
   * <p>On the loop's own thread, a method that would wait for the loop throws an {@code
   * IllegalStateException}: {@code get()} of a future that is not done, {@code invokeAll}, {@code
   * invokeAny}, {@code awaitTermination}. Await the future instead. Cancelling a future does not
   * interrupt a running job. A failure of a job of {@code execute} goes to the exception handler.
   *
   * @return a new view, which accepts jobs
   */
  public ScheduledExecutorService asExecutor() {
    return new LoopExecutor(loop);
  }

  /**
   * The tasks that have not ended.
   *
   * @return a new set, in the order of their start
   */
  public Set<Task<?>> tasks() {
    loop.check(this, "tasks()");
    return new LinkedHashSet<>(loop.taskList.toList());
  }

  /**
   * A text about all tasks, for people. It is a tree: below each task come the tasks that it
   * awaits, with the lines at which they are suspended, the object that each waits for, and the
   * holder of that object. Certain problems follow; tasks that wait for each other are reported as
   * a deadlock.
   *
   * <pre>{@code
   * System.err.println(EventLoop.current().dump());
   * }</pre>
   *
   * <p>This method may be called on any thread. The loop's thread makes the text while the caller
   * waits; if the loop does not begin within a second, the text is the stack of the loop's thread.
   *
   * @return several lines
   */
  public String dump() {
    return loop.monitor.dump();
  }

  /**
   * As {@link #dump()}, written task by task, so a dump of any size takes little memory. The loop
   * does nothing else meanwhile.
   *
   * @param out receives the text, on the loop's thread, while the caller waits
   * @throws IOException if {@code out} fails
   */
  public void dump(Appendable out) throws IOException {
    loop.monitor.dump(Objects.requireNonNull(out, "out"));
  }

  /**
   * Switches debug mode, which costs time and memory. In debug mode every {@code Async} that is
   * never awaited is reported with the place where it was made; dumps show where tasks were
   * started; and the limit for one step is 100 ms unless another one was set. {@code
   * -Dfermata.debug=true} switches it on from the start.
   *
   * @param on true to switch it on, false to switch it off
   */
  public void setDebug(boolean on) {
    loop.setDebug(on);
  }

  /**
   * Whether debug mode is on.
   *
   * @return true after {@link #setDebug}, or if the system property says so
   */
  public boolean isDebug() {
    return loop.isDebug();
  }

  /**
   * Limits the time of one step of a task and of one callback. A step that takes longer is reported
   * as a warning while it runs, with the stack of its thread. {@code -Dfermata.watchdog=MILLIS}
   * sets the limit for all loops; {@code off} is no limit. The check has no measurable cost.
   *
   * @param limit the limit; null or zero for none; two seconds if it was never set
   */
  public void setStepLimit(@Nullable Duration limit) {
    loop.monitor.setStepLimit(limit == null ? 0 : Durations.nanos(limit));
  }

  /**
   * Whether the loop is closed. May be called on any thread.
   *
   * @return true after {@link #close}
   */
  public boolean isClosed() {
    return loop.isClosed();
  }

  /**
   * Sets the handler of failures that nobody catches.
   *
   * @param handler called on the loop's thread; null for the default, which logs them
   */
  public void setExceptionHandler(@Nullable ExceptionHandler handler) {
    loop.failures.use(handler);
  }

  /**
   * Sets how long the end of the loop waits for {@linkplain Async#toThread calls on other threads}
   * that are under way. After two seconds the loop logs which ones, with their stacks. After the
   * limit it warns, and ends without them; they go on. May be called on any thread. Python: {@code
   * shutdown_default_executor(timeout)}.
   *
   * @param limit 300 seconds by default; null for ever
   */
  public void setShutdownLimit(@Nullable Duration limit) {
    loop.workers().setLimit(limit);
  }

  /**
   * Passes a failure to the exception handler. Python: {@code call_exception_handler}.
   *
   * @param failure the failure
   */
  public void report(LoopFailure failure) {
    loop.report(failure);
  }

  @Override
  public String toString() {
    return loop.toString();
  }
}
