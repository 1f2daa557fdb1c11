package io.fermata.runtime;

import io.fermata.BaseGenerator;
import io.fermata.GeneratorExit;
import io.fermata.State;
import io.fermata.StopIteration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A suspended run of a body, and what generators mean: states, looking ahead, raising, closing,
 * delegation. It is the same for every engine; how a body is suspended is left to {@link #resume}.
 *
 * <p><b>A step.</b> The public methods check the state. A frame that neither has a delegate nor is
 * one is just resumed; any other step is led by a {@link Driver}.
 *
 * <p><b>Ownership.</b> All fields belong to the one who is stepping the frame; there is no locking.
 *
 * <p><b>Rejected.</b> Stepping a delegate from within its delegator's body: each level costs a
 * step. Marking all delegators as running: the same; {@link Chain.Token} marks them at once.
 *
 * @param <Y> what it yields
 */
public abstract class Frame<Y extends @Nullable Object> implements BaseGenerator<Y> {
  /** A body is resumed by {@link Resumable#resume}; see there. */
  protected static final int YIELDED = Resumable.YIELDED;

  /** A body is resumed by {@link Resumable#resume}; see there. */
  protected static final int DELEGATED = Resumable.DELEGATED;

  /** A body is resumed by {@link Resumable#resume}; see there. */
  protected static final int RETURNED = Resumable.RETURNED;

  // States. A positive number is the place where the body is suspended (an engine's own affair),
  // with LINKED added while it has a delegate or is one: a number without it is a frame for which
  // a step is just a resume, unless a value that hasNext() fetched waits in it.
  //
  //   CREATED     -> RUNNING       first step
  //   CREATED     -> NEVER_RAN     close(), raise()
  //   RUNNING     -> positive      the body yields or delegates
  //   RUNNING     -> ENDED         the body returns
  //   ENDED       -> ENDED_UNTOLD  ... in hasNext()
  //   ENDED_UNTOLD-> ENDED         the next step tells it
  //   RUNNING     -> FAILED        the body throws
  //   RUNNING     -> EXITED        the body throws GeneratorExit
  /** Not started. */
  protected static final int CREATED = 0;

  /** The body executes, or is about to. */
  protected static final int RUNNING = -1;

  static final int ENDED = -2;
  private static final int ENDED_UNTOLD = -3;
  static final int FAILED = -4;
  private static final int EXITED = -5;
  private static final int NEVER_RAN = -6;
  static final int LINKED = 1 << 29;

  /** A frame that has yielded in the call that began it, see {@link #begin}. */
  private static final int HAS_YIELDED = 1 << 28;

  /** A frame that delegates since the call that began it, see {@link #begin}. */
  private static final int HAS_DELEGATED = 1 << 27;

  /** Frames that may run on top of each other; each of them takes some of the Java stack. */
  private static final int NESTED = 64;

  /** Masks the place where the body is suspended. */
  protected static final int PLACE = HAS_DELEGATED - 1;

  /** The state, see the table above. */
  protected int state;

  /** What the body yielded last, what it delegates to, or, once it has ended, what it returned. */
  protected @Nullable Object value;

  /** Whether a value that {@code hasNext()} fetched waits to be taken; only while suspended. */
  private boolean waiting;

  /** How many frames lie below it on the stack in the call that begins it. */
  private byte nesting;

  /** A {@link Frame} or {@link ForeignDelegate} that it is suspended for; goes with LINKED. */
  @Nullable Object delegate;

  /** Token of the chain in which a root has this frame as a delegate; goes with LINKED. */
  Chain.@Nullable Token token;

  /** Leads the steps that are more than a resume; null as long as there was none. */
  private @Nullable Driver driver;

  /** For subclasses only. */
  protected Frame() {}

  // What an engine provides: either a run, or a subclass that overrides the methods that use it

  /**
   * The run that this frame steps; not asked for where the methods below are overridden.
   *
   * @return the run
   */
  protected Resumable run() {
    throw new AssertionError(getClass() + " has neither a run nor a resume() of its own");
  }

  /**
   * Runs the body to its next suspension. Sets {@link #state} to {@link #RUNNING} on entry and to a
   * positive number on suspension, and leaves a delegate and a result in {@link #value}, what it
   * yielded where {@link #takeYielded} finds it. If it fails and the state is still what it was,
   * nothing has happened, and it may be tried again.
   *
   * @param sent the value of the yield or of the delegation where it waits
   * @param raised if not null, is thrown there instead
   * @return {@link #YIELDED}, {@link #DELEGATED} or {@link #RETURNED}
   * @throws Throwable what the body threw
   * @see Resumable#resume
   */
  protected int resume(@Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    run().ready();
    state = RUNNING;
    int outcome = run().resume(sent, raised);
    if (outcome == YIELDED) {
      adoptValue(run().take());
    } else {
      value = run().take();
    }
    state = 1;
    return outcome;
  }

  /**
   * A new frame of the same kind; only a frame for a body has it.
   *
   * @param body the instance of the body that the frame is for
   * @param handle what the body gets besides {@code co}, null if nothing
   * @return the frame, with what the body has captured; null if a frame cannot run this instance
   */
  protected @Nullable Frame<?> fresh(Object body, @Nullable Object handle) {
    throw new AssertionError(getClass() + " is not made from a body");
  }

  /**
   * What people see of it.
   *
   * @return a view of this moment
   */
  protected Inspection inspect() {
    return run().inspect();
  }

  /** Lets go of everything that only a live body needs. */
  protected void ended() {
    run().end();
  }

  /**
   * Whether it is the frame of a helper method that was given the body's {@code co}: then it is
   * part of its delegator's body, and what it throws is thrown by a plain call.
   *
   * @return true in the frame of a helper
   */
  protected boolean isCall() {
    return false;
  }

  /**
   * Runs a new frame of a helper on the stack of the frame that calls it: most helpers return or
   * yield soon, and what they throw is thrown where it belongs.
   *
   * @param helper the frame; an object to the verifier, which else would have to load its class,
   *     maybe before it is defined
   * @return true if the helper has returned, and {@link #returned} tells what; false if this frame
   *     has to be suspended, delegating to it
   * @throws Throwable what the helper threw
   */
  protected final boolean begin(Object helper) throws Throwable {
    Frame<?> call = (Frame<?>) helper;
    return nests(call) && call.hasReturned(call.resume(null, null));
  }

  /**
   * Runs what the body delegates to, if it is a generator that has not begun, on the stack of this
   * frame, as {@link #begin} does with helpers; or ends a wait that has not begun.
   *
   * @param target what the body delegates to
   * @param raised what was raised in this step; then the delegate is left to {@link Driver}, which
   *     knows when it is handled
   * @return true if it has returned, and {@link #returned} tells what; false if this frame has to
   *     be suspended, delegating to it
   * @throws Throwable what the delegate threw
   */
  protected final boolean beginDelegate(Object target, @Nullable Throwable raised)
      throws Throwable {
    if (raised != null) {
      return false;
    }
    if (target instanceof Frame<?> next) {
      return next.state == CREATED && nests(next) && returnsAtOnce(next);
    }
    return target instanceof Leaf leaf && leaf.passes();
  }

  /** Runs a frame that has not begun; apart, so that the question before it can be inlined. */
  private boolean returnsAtOnce(Frame<?> next) {
    next.claim();
    int outcome;
    try {
      outcome = next.resume(null, null);
    } catch (Throwable thrown) {
      if (next.state == RUNNING) {
        next.state = FAILED; // before any call, for which there may be no stack left
      }
      next.inspect().joinTrace(thrown, null);
      throw Failures.sneaky(next.fail(thrown, null));
    }
    if (next.hasReturned(outcome)) {
      next.finish(ENDED);
      return true;
    }
    return false;
  }

  /** Whether a frame may run on top of this one; if so, it is one deeper. */
  private boolean nests(Frame<?> next) {
    next.nesting = (byte) ((nesting + 1) % NESTED);
    return next.nesting != 0;
  }

  /** Notes how it was suspended in the call that began it, unless it has returned. */
  private boolean hasReturned(int outcome) {
    if (outcome == RETURNED) {
      return true;
    }
    state |= outcome == YIELDED ? HAS_YIELDED : HAS_DELEGATED;
    return false;
  }

  /**
   * Is told of an exception that the body holds in a variable while it is suspended. If the frame
   * runs on the stack of its delegator, the exception shows that one's lines, which it must not
   * when it comes to pass it.
   *
   * @param failure the exception, if there is one; an object to the verifier, which else would have
   *     to load its class
   */
  protected final void hold(@Nullable Object failure) {
    if (nesting != 0 && failure instanceof Throwable held) {
      Traces.cut(held);
    }
  }

  /**
   * What a helper or a delegate has returned.
   *
   * @param helper its frame, or a leaf
   * @return the result, boxed
   */
  protected static @Nullable Object returned(Object helper) {
    return helper instanceof Frame<?> frame ? frame.value : ((Leaf) helper).passed();
  }

  // What the kinds of generator provide

  /** Whether values can be sent to it. */
  boolean takesInput() {
    return false;
  }

  /** Takes over what a body has yielded. */
  void adoptValue(@Nullable Object yielded) {
    value = yielded;
  }

  /** Takes over what a delegate has yielded. */
  void adopt(Frame<?> from) {
    value = from.takeYielded();
  }

  /** Takes over what a delegate has yielded. */
  void adopt(ForeignDelegate from) {
    value = from.fetch();
  }

  /** Hands over what the body yielded last, boxed if need be. */
  @Nullable Object takeYielded() {
    Object taken = value;
    value = null;
    return taken;
  }

  // What asynchronous frames add

  /**
   * Prepares what the body delegates to.
   *
   * @return a frame, to be pushed; a {@link Leaf}; or a {@link ForeignDelegate}
   */
  Object open(Object target) {
    return ForeignDelegate.open(target);
  }

  /** Is told that another frame is about to delegate to it; may refuse. */
  void claim() {}

  /** Takes over what a delegate waits for. */
  void adopt(Leaf leaf) {
    value = leaf;
  }

  /** Whether a failure that something raised in it causes keeps that as suppressed. */
  boolean chains(Throwable raised) {
    return true;
  }

  /**
   * A step in which a {@link Leaf} may come out; for a frame that is nobody's delegate.
   *
   * @return false if the body has returned
   */
  final boolean stepToLeaf(@Nullable Object sent, @Nullable Throwable raised) {
    int now = state;
    if (raised != null || now < 0 || now >= LINKED) {
      return lead(Driver.BEGIN, sent, raised);
    }
    int outcome;
    try {
      outcome = resume(sent, null);
    } catch (Throwable thrown) {
      if (state == RUNNING) {
        state = FAILED; // before any call, for which there may be no stack left
      }
      throw failAlone(thrown);
    }
    if (outcome == DELEGATED && value instanceof Leaf leaf) {
      adopt(leaf);
      return true;
    }
    return settle(outcome);
  }

  /** Ends a frame that has never run, and never will. */
  final void abandon() {
    finish(NEVER_RAN);
  }

  // Stepping

  @Override
  public boolean advance() {
    int now = state;
    if (now >= 0 && now < LINKED && !waiting) {
      return resumeAlone(null);
    }
    return step(null, "advance()");
  }

  /** A step of a frame that neither has a delegate nor is one. */
  private boolean resumeAlone(@Nullable Object sent) {
    int outcome;
    try {
      outcome = resume(sent, null);
    } catch (Throwable thrown) {
      if (state == RUNNING) {
        state = FAILED; // before any call, for which there may be no stack left
      }
      throw failAlone(thrown);
    }
    return settle(outcome);
  }

  /** What follows when this frame was resumed alone. */
  private boolean settle(int outcome) {
    if (outcome == YIELDED) {
      return true;
    }
    if (outcome == RETURNED) {
      finish(ENDED);
      return false;
    }
    return lead(outcome, null, null);
  }

  private RuntimeException failAlone(Throwable thrown) {
    inspect().joinTrace(thrown, null);
    Throwable failure = fail(thrown, null);
    Traces.tidy(failure);
    return Failures.sneaky(failure);
  }

  @Override
  public boolean hasNext() {
    if (waiting) {
      return true;
    }
    int now = state;
    if (now <= ENDED) {
      return false;
    }
    if ((now >= 0 && now < LINKED) ? resumeAlone(null) : step(null, "hasNext()")) {
      waiting = true;
      return true;
    }
    state = ENDED_UNTOLD;
    return false;
  }

  @Override
  public Y next() {
    return Frame.<Y>cast(stepAndTake(null, "next()"));
  }

  /** {@code next()} and {@code send()}. */
  final @Nullable Object stepAndTake(@Nullable Object sent, String call) {
    if (sent == null && takeWaiting()) {
      return takeYielded();
    }
    int now = state;
    boolean live = now > ENDED || now == ENDED_UNTOLD;
    boolean isAlone = now < LINKED && !waiting && (now > 0 || (now == CREATED && sent == null));
    if (isAlone ? resumeAlone(sent) : step(sent, call)) {
      return takeYielded();
    }
    throw end(live);
  }

  /** Whether a value that {@code hasNext()} fetched waited; it does no more. */
  final boolean takeWaiting() {
    if (!waiting) {
      return false;
    }
    waiting = false;
    return true;
  }

  /** {@code advance()}, with a value. */
  final boolean step(@Nullable Object sent, String call) {
    if (waiting) {
      if (sent != null) {
        throw Complaints.waiting(call, this);
      }
      waiting = false;
      return true;
    }
    if (isClosed()) {
      tell();
      return false;
    }
    enter(call);
    if (sent != null && state == CREATED) {
      throw Complaints.notPrimed(call, this, sent);
    }
    return lead(Driver.BEGIN, sent, null);
  }

  @Override
  public <E extends Throwable> Y raise(E exception) throws E {
    Objects.requireNonNull(
        exception, "raise() needs an exception to throw, but got null; the generator is untouched");
    if (waiting) {
      throw Complaints.waiting("raise()", this);
    }
    if (isClosed()) {
      tell();
      throw exception;
    }
    enter("raise()");
    if (state == CREATED) {
      finish(NEVER_RAN);
      throw exception;
    }
    if (lead(Driver.BEGIN, null, exception)) {
      return Frame.<Y>cast(takeYielded());
    }
    throw end(true);
  }

  @Override
  public void close() {
    if (isClosed()) {
      tell();
      return;
    }
    enter("close()");
    if (state == CREATED) {
      finish(NEVER_RAN);
      return;
    }
    waiting = false;
    GeneratorExit exit = new GeneratorExit();
    boolean yielded;
    try {
      yielded = lead(Driver.BEGIN, null, exit);
    } catch (GeneratorExit passed) {
      return;
    }
    if (yielded) {
      takeYielded();
      throw Complaints.ignoredExit(this);
    }
  }

  /**
   * Checks that nobody is stepping it, and takes it out of the chain of whoever delegates to it.
   */
  private void enter(String call) {
    if (isRunning()) {
      throw Complaints.busy(call, this);
    }
    token = null;
    if (delegate == null && state > 0) {
      state &= ~LINKED;
    }
  }

  /**
   * A step that a driver leads, or the rest of one.
   *
   * @param outcome {@link Driver#BEGIN}, or how this frame was suspended in this step
   */
  private boolean lead(int outcome, @Nullable Object sent, @Nullable Throwable raised) {
    if (outcome == Driver.BEGIN) {
      value = null;
    }
    if (driver == null) {
      driver = new Driver(this);
    }
    try {
      return driver.step(outcome, sent, raised);
    } catch (Throwable failure) {
      if (state == RUNNING || state > CREATED) {
        // it comes from the driver and not from the body: what was under way is lost
        state = FAILED;
        finish(FAILED);
      }
      if (failure != raised) {
        Traces.tidy(failure);
      }
      throw Failures.sneaky(failure);
    }
  }

  /** How it was suspended in the call that began it; {@link Driver#BEGIN} if it was not. */
  final int takeBegun() {
    if (state <= PLACE || state >= LINKED) {
      return Driver.BEGIN;
    }
    int outcome = state >= HAS_YIELDED ? YIELDED : DELEGATED;
    state &= PLACE;
    return outcome;
  }

  // Ending

  /** Marks the frame as failed; PEP 479: a StopIteration must not pass for an end. */
  final Throwable fail(Throwable thrown, @Nullable Throwable injected) {
    if (state >= CREATED) {
      return thrown; // it has not even been resumed
    }
    if (isCall()) {
      finish(FAILED);
      return thrown;
    }
    if (injected != null) {
      Failures.suppress(thrown, injected);
    }
    value = null;
    finish(thrown instanceof GeneratorExit ? EXITED : FAILED);
    if (thrown instanceof StopIteration) {
      return Complaints.stopIteration(this, thrown);
    }
    return thrown;
  }

  final void finish(int how) {
    state = how;
    delegate = null;
    token = null;
    ended();
  }

  /** Delivers the result of a body that ended in {@code hasNext()}; null if that is done. */
  final @Nullable Object tell() {
    if (state != ENDED_UNTOLD) {
      return null;
    }
    state = ENDED;
    return value;
  }

  /** The exception for a step that found the end; {@code live} if the body ended in this step. */
  final StopIteration end(boolean live) {
    return new StopIteration(live && state == ENDED ? value : null);
  }

  /** What the body returned, or an exception that says why there is nothing. */
  final @Nullable Object resultOrThrow() {
    String why =
        switch (state) {
          case ENDED, ENDED_UNTOLD -> null;
          case FAILED -> "its body failed";
          case EXITED -> "it was closed, and its body returned nothing";
          case NEVER_RAN -> "it was closed, or something was raised in it, before its first step";
          default -> "its body has not ended";
        };
    if (why != null) {
      throw Complaints.noResult(this, why);
    }
    return value;
  }

  // Looking

  final boolean isPeeked() {
    return waiting;
  }

  final boolean isClosed() {
    return state <= ENDED;
  }

  /** Whether the next step can still bring something: a value, or the result. */
  final boolean isLive() {
    return state > ENDED || state == ENDED_UNTOLD;
  }

  /** Whether a step of it, or of a chain that it is part of, is under way. */
  final boolean isRunning() {
    return state == RUNNING
        || (driver != null && driver.isUnderWay())
        || (token != null && token.running);
  }

  /** For {@code current()}: there must have been a step. */
  final void checkCurrent() {
    if (state <= CREATED) {
      throw Complaints.noCurrent(this);
    }
  }

  @Override
  public State state() {
    if (isClosed()) {
      return State.CLOSED;
    }
    if (isRunning()) {
      return State.RUNNING;
    }
    return state == CREATED ? State.CREATED : State.SUSPENDED;
  }

  @Override
  public @Nullable Object delegate() {
    if (isRunning()) {
      return null;
    }
    Object shown = innermostCall().delegate;
    return shown instanceof ForeignDelegate foreign ? foreign.shown() : shown;
  }

  @Override
  public @Nullable StackTraceElement position() {
    return state() == State.SUSPENDED ? innermostCall().inspect().position() : null;
  }

  @Override
  public String engine() {
    return inspect().engine();
  }

  @Override
  public String engineReason() {
    return inspect().reason();
  }

  @Override
  public String toString() {
    return kind() + " at " + inspect().place() + ", " + state();
  }

  /** The frame in which this one's body stands: its own, or that of a helper. */
  private Frame<?> innermostCall() {
    Frame<?> frame = this;
    while (frame.delegate instanceof Frame<?> called && called.isCall()) {
      frame = called;
    }
    return frame;
  }

  /** What a body of the right type has yielded or returned. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
  static <T extends @Nullable Object> T cast(@Nullable Object value) {
    return (T) value;
  }
}
