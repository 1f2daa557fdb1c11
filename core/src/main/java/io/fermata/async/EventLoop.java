package io.fermata.async;

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

  /** Null before the first one is added. */
  private @Nullable SignalHandlers signalHandlers;

  private EventLoop(LoopHome home) {
    loop = new Loop(this, home, PARTS);
  }

  /** The machine behind it. */
  Loop loop() {
    return loop;
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
   * A loop that can run several mains, one after the other, in one context.
   *
   * @return a new loop, to be run by one thread
   */
  public static EventLoop open() {
    return new EventLoop(new OwnThread());
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
    return new EventLoop(new Guest(Objects.requireNonNull(host, "the host is null")));
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
    return loop.home.host();
  }

  /**
   * The loop that runs here.
   *
   * @return the loop
   * @throws IllegalStateException if there is none: this is no code that a loop runs
   */
  public static EventLoop current() {
    return Loop.current().face;
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
    return loop.home.runUntilComplete(Objects.requireNonNull(main, "nothing to run: main is null"));
  }

  /** Runs until {@link #stop} is called. */
  public void runForever() {
    loop.home.runForever();
  }

  /**
   * Ends the run after the round that is under way; before a run, after its first round.
   *
   * @throws IllegalStateException if it is a guest
   */
  public void stop() {
    loop.home.stop();
  }

  /**
   * Whether it runs.
   *
   * @return true in everything that it runs
   */
  public boolean isRunning() {
    return loop.isRunning();
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
    loop.home.close();
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
    return loop.home.closeAsync();
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
    return loop.shutdownAsyncGenerators();
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
    return loop.callSoon(callback);
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
    return loop.callSoon(callback, ContextState.of(context));
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
    return loop.callAt(loop.kernel.now() + Durations.nanos(delay), callback);
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
    return loop.callAt(Durations.nanos(when), callback);
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
    return loop.callSoonThreadSafe(callback);
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
    loop.checkOpen();
    if (signalHandlers == null) {
      signalHandlers = new SignalHandlers(loop);
    }
    signalHandlers.add(signal, Objects.requireNonNull(callback, "the callback is null"));
  }

  /**
   * Takes {@link #addSignalHandler} back.
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
   * @return how long ago the clock began; it never goes back
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
  public Starter namedAfter(Object what) {
    return loop.starting().namedAfter(what);
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
   * Starts a task, on any thread.
   *
   * @param async what to run
   * @param <T> its result
   * @return follows the task; cancelling it cancels the task; fails if the loop is closed before
   * @throws IllegalStateException if the loop is closed
   * @throws RejectedExecutionException if it is a guest, and its host refuses jobs
   */
  public <T extends @Nullable Object> CompletableFuture<T> startThreadSafe(Async<T> async) {
    return loop.startThreadSafe(async);
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
    return loop.monitor.dump();
  }

  /**
   * As {@link #dump()}, written task by task, so that a dump of any size takes little memory. The
   * loop stands still meanwhile.
   *
   * @param out gets the text; on the loop's thread, while this waits
   * @throws IOException if that fails
   */
  public void dump(Appendable out) throws IOException {
    loop.monitor.dump(Objects.requireNonNull(out, "out"));
  }

  /**
   * Debug mode, which takes time and memory: what is made and never awaited is reported with the
   * place where it was made, whatever it is; dumps tell where tasks were started; and the limit for
   * one step is 100 ms, if none was set. {@code -Dfermata.debug=true} has it on from the start.
   *
   * @param on whether it is on from now on
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
   * How long one step of a task, or one callback, may hold the loop before that is reported as a
   * warning, with the stack of its thread, while it still does. {@code -Dfermata.watchdog=MILLIS}
   * sets it for all loops; {@code off} is none. It costs nothing measurable.
   *
   * @param limit two seconds if it was never set; null or zero: it may hold it for ever
   */
  public void setStepLimit(@Nullable Duration limit) {
    loop.monitor.setStepLimit(limit == null ? 0 : Durations.nanos(limit));
  }

  /**
   * Whether it is closed. May be asked on any thread.
   *
   * @return true after {@link #close}
   */
  public boolean isClosed() {
    return loop.isClosed();
  }

  /**
   * Sets who gets the failures that nobody catches.
   *
   * @param handler called on the loop's thread; null for the default, which logs them
   */
  public void setExceptionHandler(@Nullable ExceptionHandler handler) {
    loop.failures.use(handler);
  }

  /**
   * Reports a failure that nobody is there to catch: the exception handler gets it. Python: {@code
   * call_exception_handler}.
   *
   * @param failure what failed, where
   */
  public void report(LoopFailure failure) {
    loop.report(failure);
  }

  @Override
  public String toString() {
    return loop.toString();
  }
}
