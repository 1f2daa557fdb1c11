package io.fermata.internal.engine;

import io.fermata.GeneratorExit;
import io.fermata.async.ThreadContext;
import io.fermata.internal.context.ThreadContexts;
import io.fermata.runtime.Resumable;
import io.fermata.runtime.door.Brief;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The strict hand-off between the thread of a body and its caller: one of the two runs, never both.
 *
 * <p><b>Protocol.</b> {@link #turn} says who runs. The one whose turn it is writes the message
 * fields ({@code sent}, {@code raised}, {@code outcome}, {@code out}), then sets the turn, which
 * publishes them, then unparks the other. Everybody waits by a short spin, then parks.
 *
 * <pre>
 * FREE      -&gt; PASSING    a caller claims the body for a step
 * PASSING   -&gt; BODY       ... its message is complete
 * BODY      -&gt; PASSING    the body suspends, or the caller passes an interrupt on to it
 * PASSING   -&gt; CALLER     the body's message is complete
 * CALLER    -&gt; FREE       the caller has taken it
 * CALLER    -&gt; OVER       ... and the body has ended, so nobody would answer a step
 * PASSING   -&gt; BODY       the interrupt has been passed
 * FREE      -&gt; ABANDONED  nobody can step it any more: every yield throws GeneratorExit
 * BODY      -&gt; ABANDONED  the body waits for its own caller, or cannot be woken: the step has failed
 * PASSING   -&gt; FREE       ... or the step could not be begun
 * </pre>
 *
 * <p><b>Interrupts</b> go with the control, as if there were one thread: the caller's interrupt
 * status is the body's while the body runs, and what the body leaves of it is the caller's
 * afterwards. An interrupt that reaches the caller while it waits is passed on at once.
 *
 * <p><b>Thread-bound values</b> ({@link ThreadContexts}) go with the control too. The caller's move
 * to the body's thread with each step, and back, as the body has left them. So a generator sees
 * those of its caller, as on the other engine, and the loop, which saves and restores those of a
 * task, need not know on which thread a body runs.
 *
 * <p><b>Reachability.</b> The body's thread holds this object; the generator that callers see holds
 * it too. This object must not hold the generator, so that an abandoned one is noticed.
 *
 * <p><b>Errors of the JVM</b>, a stack overflow above all, can strike between any two of these
 * operations, and inside those of the JDK, which a thread would not survive. So each side first
 * makes sure that it has {@link Headroom}. Whatever strikes all the same leaves a turn that
 * somebody has: a step that could not begin is taken back, one whose body could not be woken is the
 * body's last, and who waits goes on waiting.
 *
 * <p><b>Rejected.</b> A lock with two conditions, and a SynchronousQueue: several times slower.
 * Leaving interrupts with the caller: then a body that blocks cannot be interrupted, which it can
 * be when it runs on its caller's stack.
 */
final class HandOff implements Runnable {
  private static final int FREE = 4;
  private static final int OVER = 5;
  private static final int CALLER = 0;
  private static final int BODY = 1;
  private static final int PASSING = 2;
  private static final int ABANDONED = 3;

  /** How often an abandoned body may try to yield before its thread is parked for good. */
  private static final int PATIENCE = 100;

  /** Spins before parking: about the time of a wake-up; none where the other could not run. */
  private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 100 : 0;

  /** The hand-off of a body's thread. */
  private static final ThreadLocal<@Nullable HandOff> CURRENT = new ThreadLocal<>();

  private static final VarHandle TURN;

  static {
    try {
      TURN = MethodHandles.lookup().findVarHandle(HandOff.class, "turn", int.class);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("turn", impossible);
    }
  }

  /** What the body's thread executes. */
  interface Code {
    @Nullable Object run(HandOff handOff) throws Throwable;
  }

  private volatile int turn = FREE;

  // Messages: written by the one whose turn it is, read by the other after the turn has changed.
  private @Nullable Object sent;
  private @Nullable Throwable raised;
  private boolean interrupted;
  private @Nullable Object threadValues;
  private int outcome;
  private @Nullable Object out;
  private @Nullable Throwable failure;

  /** Written by the caller before its turn ends; read by the body to unpark it. */
  private volatile @Nullable Thread caller;

  /** If the caller is a body's thread, its hand-off; written and read by the caller. */
  private @Nullable HandOff outer;

  /**
   * On whose behalf the caller runs the body: a loop, null if there is none. Written by the caller,
   * read by the body, each in its turn.
   */
  private @Nullable Ambient ambient;

  /** For which of the things that the loop runs; goes with {@link #ambient}. */
  private @Nullable Object task;

  private final Thread thread;

  /** What the caller has passed as {@link #threadValues}; of the caller. */
  private @Nullable Object lentValues;

  /** What the body's thread had before {@link #threadValues}; of the body's thread. */
  private @Nullable Object valuesBefore;

  /** Dropped when the body begins, so that its captures live no longer than it. */
  private @Nullable Code code;

  /** Set by the body when it ends. */
  private volatile boolean over;

  /** Of the body's thread: yields since it was abandoned. */
  private int ignoredExits;

  /** Whether the body is one that awaits. */
  private final boolean awaits;

  HandOff(Code code, String name, boolean awaits) {
    this.code = code;
    this.awaits = awaits;
    this.thread = BodyThreads.unstarted(this, name);
  }

  /** The thread of the body. */
  Thread thread() {
    return thread;
  }

  /** Who waits for the body now, null if nobody does. */
  @Nullable Thread caller() {
    return caller;
  }

  /** The hand-off of the caller that waits for the body, if the caller is a body too. */
  @Nullable HandOff outer() {
    return outer;
  }

  /** On whose behalf this thread executes a body; null if it executes none. */
  static @Nullable Ambient currentAmbient() {
    HandOff current = CURRENT.get();
    return current == null ? null : current.ambient;
  }

  /**
   * The body that a {@code co} of this one suspends: this one, or one of the same task that runs
   * while this one waits for it, and was given the {@code co}.
   */
  HandOff inUse() {
    HandOff current = over ? null : awaitingFor(task);
    if (current != null) {
      return current;
    }
    if (Thread.currentThread() != thread) {
      if (!over) {
        checkNoGenerator();
      }
      checkNested();
    }
    return this;
  }

  /** The body that this thread executes, if it can await and was stepped by that task. */
  static @Nullable HandOff awaitingFor(@Nullable Object task) {
    HandOff current = CURRENT.get();
    return current == null || task == null || current.task != task || !current.awaits
        ? null
        : current;
  }

  /** Refuses to await where this thread executes the body of a plain generator. */
  static void checkNoGenerator() {
    HandOff current = CURRENT.get();
    if (current != null && !current.awaits) {
      throw Nesting.inGenerator();
    }
  }

  /** Makes sure that a body which runs on the stack of its caller may wait through this one. */
  void checkNested() {
    Nesting.check(over, task, "the body of this co");
  }

  // The caller's side

  /**
   * Claims the body for one step; false if another thread has it, or has seen its end. A {@link
   * #resume} follows, and a {@link #take} if that returns.
   */
  boolean claim() {
    return TURN.compareAndSet(this, FREE, PASSING);
  }

  /**
   * Lets the body run to its next suspension.
   *
   * @see Resumable#resume
   */
  int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    pass(sent, raised);
    try {
      LockSupport.unpark(thread);
    } catch (Throwable error) {
      turn = ABANDONED;
      takeBack(lentValues);
      throw error;
    }
    awaitBody();
    this.caller = null;
    takeBack(threadValues);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Throwable thrown = failure;
    if (thrown != null) {
      failure = null;
      turn = OVER;
      throw thrown;
    }
    return outcome;
  }

  private void pass(@Nullable Object sent, @Nullable Throwable raised) {
    try {
      HandOff outer = CURRENT.get();
      this.outer = outer;
      this.ambient = outer == null ? Ambient.ofThread() : outer.ambient;
      this.task = ambient == null ? null : ambient.task();
      this.caller = Thread.currentThread();
      if (ThreadContexts.PRESENT) {
        lentValues = ThreadContexts.takeOff(failures());
        threadValues = lentValues;
      }
      Mocks.carryTo(thread);
      this.interrupted = Thread.interrupted(); // the last call, as it cannot be taken back
    } catch (Throwable error) {
      turn = FREE;
      throw error;
    }
    this.sent = sent;
    this.raised = raised;
    turn = BODY;
  }

  /** The caller's thread gets thread-bound values again. */
  private void takeBack(@Nullable Object values) {
    if (ThreadContexts.PRESENT) {
      ThreadContexts.putOn(values, failures());
      threadValues = null;
      lentValues = null;
    }
  }

  private ThreadContext.Failures failures() {
    Ambient reporting = ambient;
    return reporting == null ? ThreadContexts::log : reporting;
  }

  /** What came out of the last resume. */
  @Nullable Object take() {
    Object taken = out;
    out = null;
    turn = over ? OVER : FREE;
    return taken;
  }

  private void awaitBody() {
    for (int i = 0; i < SPINS; i++) {
      if (turn == CALLER) {
        return;
      }
      Thread.onSpinWait();
    }
    StuckBody watch = null;
    boolean keep = false;
    while (turn != CALLER) {
      try {
        if (watch == null) {
          watch = new StuckBody(thread, awaits, outer);
        }
        IllegalStateException stuck = watch.park(this);
        if (stuck != null && TURN.compareAndSet(this, BODY, ABANDONED)) {
          if (keep || interrupted || thread.isInterrupted()) {
            Thread.currentThread().interrupt();
          }
          caller = null;
          takeBack(lentValues);
          throw stuck;
        }
        keep |= Thread.interrupted() && !passInterrupt();
      } catch (VirtualMachineError error) {
        // nothing is left to sleep with: the body runs all the same, and is waited for
      }
    }
    interrupted |= keep;
  }

  /**
   * Interrupts the body, unless it has just suspended; then the interrupt stays with the caller.
   */
  private boolean passInterrupt() {
    if (!TURN.compareAndSet(this, BODY, PASSING)) {
      while (turn == PASSING) {
        Thread.onSpinWait();
      }
      return false;
    }
    try {
      thread.interrupt();
    } finally {
      turn = BODY;
    }
    LockSupport.unpark(thread); // it may have been woken by the interrupt before its turn came
    return true;
  }

  /** Nobody can step the body any more: lets its thread unwind, with a GeneratorExit. */
  void abandon() {
    if (TURN.compareAndSet(this, FREE, ABANDONED)) {
      LockSupport.unpark(thread);
    }
  }

  // The body's side

  @Override
  public void run() {
    Code running = code;
    code = null;
    awaitTurn();
    try {
      CURRENT.set(this);
      if (turn == ABANDONED || running == null) {
        return;
      }
      out = running.run(this);
      outcome = Resumable.RETURNED;
    } catch (Throwable thrown) {
      failure = thrown;
    }
    over = true;
    handBack();
  }

  /**
   * Says what the body is about to be suspended with. Apart from {@link #suspend}, so that nothing
   * on the stack of the suspended body holds a value that has been taken.
   *
   * @param outcome {@link Resumable#YIELDED} or {@link Resumable#DELEGATED}
   * @param out the value, or the delegate
   */
  void offer(int outcome, @Nullable Object out) {
    if (Thread.currentThread() != thread) {
      throw Nesting.outside(
          awaits && outcome == Resumable.DELEGATED ? "await" : "yield",
          Brief.of(Thread.currentThread()) + " is not the thread that executes the body");
    }
    Headroom.claim();
    if (turn != ABANDONED) {
      this.outcome = outcome;
      this.out = out;
    }
  }

  /**
   * Suspends the body with what was {@linkplain #offer offered}.
   *
   * @return what was sent
   */
  @Nullable Object suspend() {
    if (turn != ABANDONED) {
      handBack();
      awaitTurn();
    }
    if (turn == ABANDONED) {
      exitAbandoned();
    }
    Throwable arrived = raised;
    if (arrived != null) {
      raised = null;
      throw HandOff.<RuntimeException>sneaky(arrived);
    }
    Object received = sent;
    sent = null;
    return received;
  }

  private void exitAbandoned() {
    out = null;
    if (++ignoredExits > PATIENCE) {
      while (true) { // it ignores every exit: better a thread that sleeps than one that spins
        LockSupport.park(this);
        Thread.interrupted();
      }
    }
    throw new GeneratorExit();
  }

  private void handBack() {
    if (ThreadContexts.PRESENT) {
      threadValues = ThreadContexts.restore(valuesBefore, failures());
      valuesBefore = null;
    }
    while (!TURN.compareAndSet(this, BODY, PASSING)) {
      if (turn == ABANDONED) {
        return;
      }
      Thread.onSpinWait(); // an interrupt is being passed on
    }
    Thread resumer = caller;
    try {
      interrupted = Thread.interrupted();
    } catch (Throwable error) {
      turn = BODY;
      throw error;
    }
    turn = CALLER;
    try {
      LockSupport.unpark(resumer);
    } catch (VirtualMachineError error) {
      // it never sleeps for long, see StuckBody
    }
  }

  private void awaitTurn() {
    for (int i = 0; i < SPINS; i++) {
      if (isBodysTurn()) {
        break;
      }
      Thread.onSpinWait();
    }
    boolean stray = false;
    while (!isBodysTurn()) {
      try {
        LockSupport.park(this);
        stray |=
            Thread.interrupted(); // somebody interrupts a suspended body: it is told when it runs
      } catch (VirtualMachineError error) {
        // nothing is left to sleep with: its turn comes all the same
      }
    }
    if (ThreadContexts.PRESENT && turn == BODY) {
      valuesBefore = ThreadContexts.install(threadValues, failures());
    }
    if (interrupted || stray) {
      interrupted = false;
      thread.interrupt();
    }
  }

  private boolean isBodysTurn() {
    int now = turn;
    return now == BODY || now == ABANDONED;
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // any exception may be raised
  private static <E extends Throwable> RuntimeException sneaky(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
