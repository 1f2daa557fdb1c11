package io.fermata.internal.engine;

import io.fermata.OutOfThreadsException;
import io.fermata.runtime.ContendedStep;
import io.fermata.runtime.Inspection;
import io.fermata.runtime.Resumable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A run of a body on a thread of its own, or of one call that a compiled body makes.
 *
 * <p>The thread begins with the first step and ends with the body. It does not hold this object:
 * when a suspended generator is dropped, this object is collected, and the cleaner lets the thread
 * unwind.
 */
final class ThreadRun implements Resumable, Inspection {
  private static final Cleaner CLEANER = Cleaner.create();

  /** How often, and after how many nanoseconds each time, a refused thread is tried again. */
  private static final int ATTEMPTS = 10;

  private static final long PAUSE = 20_000_000;

  private static final VarHandle STARTING;

  static {
    try {
      STARTING = MethodHandles.lookup().findVarHandle(ThreadRun.class, "isStarting", boolean.class);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("isStarting", impossible);
    }
  }

  /**
   * What runs, for people.
   *
   * @param noun in messages, with an article
   * @param subject the same in an engine's reason
   * @param place tells the line in the source, by {@code toString}
   * @param reason why it runs on a thread
   */
  record Description(String noun, String subject, Object place, String reason) {}

  private final Description description;
  private final boolean awaits;
  private HandOff.@Nullable Code code;
  private @Nullable HandOff handOff;

  /** Whether a thread makes the hand-off. */
  private boolean isStarting;

  private Cleaner.@Nullable Cleanable abandonment;

  /** Raised in it, and made on another body's thread: these traces are not its to complete. */
  private final List<WeakReference<Throwable>> fromElsewhere = new ArrayList<>(0);

  /**
   * A run, not started.
   *
   * @param code what the thread executes; it must not hold this object
   * @param awaits whether it awaits
   */
  ThreadRun(HandOff.Code code, boolean awaits, Description description) {
    this.code = code;
    this.awaits = awaits;
    this.description = description;
  }

  @Override
  public void ready() {
    HandOff own = handOff;
    if (own == null) {
      own = start();
    } else {
      Headroom.claim();
    }
    if (!own.claim()) {
      throw new ContendedStep();
    }
  }

  private HandOff start() {
    Headroom.claimForMuch();
    if (!STARTING.compareAndSet(this, false, true)) {
      throw new ContendedStep();
    }
    try {
      HandOff started = handOff;
      return started == null ? start(Objects.requireNonNull(code, "ended")) : started;
    } finally {
      STARTING.setVolatile(this, false);
    }
  }

  private HandOff start(HandOff.Code running) {
    HandOff starting = new HandOff(running, "fermata", awaits);
    OutOfMemoryError noThread = tryToStart(starting.thread());
    if (noThread != null) {
      OutOfThreadsException refused =
          new OutOfThreadsException(
              "no thread for "
                  + description.noun()
                  + " at "
                  + description.place()
                  + ": the system refuses to make another one; each suspended body holds a thread on"
                  + " this engine (virtual ones from JDK 21 on): close generators that are not needed"
                  + " any more, then step this one again");
      refused.initCause(noThread);
      throw refused;
    }
    try {
      abandonment = CLEANER.register(this, starting::abandon);
    } catch (Throwable error) {
      starting.abandon();
      throw error;
    }
    handOff = starting;
    code = null;
    return starting;
  }

  /**
   * Starts a thread. If the system refuses, dropped generators may hold the threads that are
   * missing: collects them, and waits for their threads to end.
   */
  private static @Nullable OutOfMemoryError tryToStart(Thread thread) {
    OutOfMemoryError refusal = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (refusal != null) {
        System.gc();
        LockSupport.parkNanos(PAUSE);
      }
      try {
        thread.start();
        return null;
      } catch (OutOfMemoryError noThread) {
        refusal = noThread;
      }
    }
    return refusal;
  }

  @Override
  public int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (raised != null && StackTraces.endsInABody(raised)) {
      fromElsewhere.removeIf(kept -> kept.refersTo(null));
      fromElsewhere.add(new WeakReference<>(raised));
    }
    return started().resume(sent, raised);
  }

  @Override
  public @Nullable Object take() {
    return started().take();
  }

  @Override
  public void end() {
    code = null;
    handOff = null;
    if (abandonment != null) {
      Headroom.claim(); // if there is none, the cleaner does it when this object is collected
      abandonment.clean();
      abandonment = null;
    }
  }

  @Override
  public Inspection inspect() {
    return this;
  }

  @Override
  public String place() {
    return description.place().toString();
  }

  @Override
  public String engine() {
    return ThreadEngine.NAME;
  }

  @Override
  public String reason() {
    return description.subject()
        + " at "
        + description.place()
        + " runs on the thread engine because "
        + description.reason();
  }

  @Override
  public @Nullable StackTraceElement position() {
    return handOff == null ? null : StackTraces.innermost(trace(handOff.thread()));
  }

  @Override
  public StackTraceElement[] lines() {
    return handOff == null ? new StackTraceElement[0] : StackTraces.ofBody(trace(handOff.thread()));
  }

  private static StackTraceElement[] trace(Thread thread) {
    Headroom.claimForMuch(); // a virtual thread is stopped meanwhile
    return thread.getStackTrace();
  }

  @Override
  public void joinTrace(Throwable failure, @Nullable Throwable raised) {
    StackTraces.joinAll(failure, at -> at == raised || isFromElsewhere(at));
  }

  private boolean isFromElsewhere(Throwable thrown) {
    for (WeakReference<Throwable> kept : fromElsewhere) {
      if (kept.refersTo(thrown)) {
        return true;
      }
    }
    return false;
  }

  private HandOff started() {
    if (handOff == null) {
      throw new IllegalStateException("not started, or ended");
    }
    return handOff;
  }
}
