package io.fermata.runtime;

import io.fermata.BaseGenerator;
import io.fermata.State;
import org.jspecify.annotations.Nullable;

/**
 * A suspended run of a body, and what generators mean: states, looking ahead, raising, closing,
 * delegation. It is the same for every engine; {@link #resume} suspends and resumes the body.
 *
 * <p><b>Guarantee.</b> A step runs the body to its next yield, or the innermost delegate's body,
 * and costs the same at every depth of delegation. A failed step leaves the frame ended, or as it
 * was. An ended frame refers to nothing but its result.
 *
 * <p><b>Structure.</b> This class holds the state and the links; generated classes and the kinds of
 * generator extend it. The rules stand in collaborators without fields, so that a frame costs one
 * object:
 *
 * <pre>
 * Frame          state, value, links; what generated classes call; what a kind overrides
 * Stepping       the public steps: check the state, then resume the frame or start its Driver
 * EagerStart     a helper or delegate begins on its delegator's stack
 * Ending         a body returns or fails; its result is read
 * Introspection  views for people
 * Driver         a step with a delegate, or with something raised
 * </pre>
 *
 * <p><b>Protocol.</b> A frame without a link is resumed directly. A frame that has a delegate, or
 * is one, is stepped by the {@link Driver} of its root, which resumes the innermost frame. All
 * fields belong to the thread that steps the frame; there is no lock.
 *
 * <p><b>Rejected.</b> Stepping a delegate from within its delegator's body: each level costs a
 * step. Marking every delegator as running: the same; one {@link Chain.Token} marks them all. A
 * chain of superclasses in place of the collaborators: generated classes name {@code Frame} as the
 * owner of its members, and users would see the parents.
 *
 * @param <Y> what it yields
 */
public abstract class Frame<Y extends @Nullable Object> implements BaseGenerator<Y> {
  /** The outcome of a resume, see {@link Resumable#resume}. */
  protected static final int YIELDED = Resumable.YIELDED;

  /** The outcome of a resume, see {@link Resumable#resume}. */
  protected static final int DELEGATED = Resumable.DELEGATED;

  /** The outcome of a resume, see {@link Resumable#resume}. */
  protected static final int RETURNED = Resumable.RETURNED;

  // The state. A positive number is the place at which the body is suspended; an engine numbers its
  // places. Bits above PLACE say more about a suspended frame:
  //
  //   LINKED          it has a delegate or is one, so that a step is more than a resume
  //   HAS_YIELDED     it yielded in the call that began it, and its delegator has not taken that
  //   HAS_DELEGATED   the same, but it delegates
  //
  //   CREATED         -> RUNNING          first resume
  //   CREATED         -> NEVER_RAN        close(), raise(), discard()
  //   RUNNING         -> place            the body yields or delegates
  //   RUNNING         -> ENDED            the body returns
  //   RUNNING         -> FAILED           the body throws
  //   RUNNING, FAILED -> EXITED           ... a GeneratorExit
  //   place           -> RUNNING          resume
  //   place           -> FAILED           the Driver itself fails
  //   place           -> place | LINKED   the Driver gives it a delegate, or makes it one
  //   place | LINKED  -> place            a step of its own finds no delegate
  //   place           -> place | HAS_..   suspended in the call that began it
  //   place | HAS_..  -> place            its delegator takes the outcome
  //   ENDED           -> ENDED_UNREAD     the body has ended in hasNext()
  //   ENDED_UNREAD    -> ENDED            the next step takes the result
  //
  // A resume that fails before the body runs leaves the state as it was.

  /** Not started. */
  protected static final int CREATED = 0;

  /** The body executes, or is about to. */
  protected static final int RUNNING = -1;

  /** The body has returned; {@link #value} is the result. All ended states are at most this. */
  static final int ENDED = -2;

  /** The body has returned within {@code hasNext()}; the next step takes the result. */
  static final int ENDED_UNREAD = -3;

  /** The body has thrown something. */
  static final int FAILED = -4;

  /** The body has thrown a {@code GeneratorExit}. */
  static final int EXITED = -5;

  /** Ended before its first step. */
  static final int NEVER_RAN = -6;

  /** Bit of a suspended frame that has a delegate or is one. */
  static final int LINKED = 1 << 29;

  /** Bit of a suspended frame that yielded in the call that began it, see {@link EagerStart}. */
  static final int HAS_YIELDED = 1 << 28;

  /** Bit of a suspended frame that delegates since the call that began it. */
  static final int HAS_DELEGATED = 1 << 27;

  /**
   * Stands in {@link #value} for a null that the body yielded. So a null there means that the value
   * was taken, and a second thread that takes it too is noticed.
   */
  static final Object NULL = new Object();

  /** Masks the place where the body is suspended. */
  protected static final int PLACE = HAS_DELEGATED - 1;

  // Fields. Every byte here is a byte of every coroutine; FrameFieldsTest holds the list.

  /** The state, see the table above. */
  protected int state;

  /** What the body yielded last, what it delegates to, or, once it has ended, what it returned. */
  protected @Nullable Object value;

  /** Whether a value that {@code hasNext()} fetched waits to be taken; only while suspended. */
  boolean waiting;

  /** The number of frames below this one on the stack in the call that began it. */
  byte nesting;

  /** Whether a thread steps it, 1 or 0; written by {@link ExclusiveSteps} only. */
  byte stepping;

  /** The {@link Frame} or {@link ForeignDelegate} that it is suspended for; goes with LINKED. */
  @Nullable Object delegate;

  /**
   * The token of the chain in which a root has this frame as a delegate; goes with LINKED. A frame
   * that runs on the stack of its delegator has that one's.
   */
  Chain.@Nullable Token token;

  /** The driver of the steps that are more than a resume; null until the first of them. */
  @Nullable Driver driver;

  /** For subclasses only. */
  protected Frame() {}

  // What an engine provides: either a run, or a subclass that overrides the methods that use it

  /**
   * The run that this frame steps; not called where the methods below are overridden.
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
    Resumable run = run();
    try {
      run.ready();
    } catch (ContendedStep contended) {
      throw contended.of(this);
    }
    state = RUNNING;
    int outcome = run.resume(sent, raised);
    if (outcome == YIELDED) {
      adoptValue(run.take());
    } else {
      value = run.take();
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
   * A view of it for people.
   *
   * @return a view of this moment
   */
  protected Inspection inspect() {
    return run().inspect();
  }

  /**
   * Whether it has ended before its first step.
   *
   * @return true if nothing of it has run
   */
  protected final boolean neverRan() {
    return state == NEVER_RAN;
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

  // What generated classes call. The resume stands here and not in EagerStart: a helper's call
  // costs
  // the stack of two methods, begin and resume.

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
    return EagerStart.nests(this, call) && EagerStart.returned(call, call.resume(null, null));
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
      return next.state == CREATED && EagerStart.nests(this, next) && EagerStart.runs(next);
    }
    return target instanceof Leaf leaf && leaf.passes();
  }

  /**
   * Cuts the trace of an exception that the body holds in a variable while it is suspended. If the
   * frame runs on the stack of its delegator, the trace shows the delegator's lines, and they would
   * appear twice when the delegator passes the exception on.
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
   * What a body yields, as {@link #value} keeps it. Generated code calls it where the value may be
   * null.
   *
   * @param yielded the value
   * @return it, or what stands for null
   */
  protected static Object offered(@Nullable Object yielded) {
    return yielded == null ? NULL : yielded;
  }

  /**
   * The result of a helper or a delegate.
   *
   * @param helper its frame, or a leaf
   * @return the result, boxed
   */
  protected static @Nullable Object returned(Object helper) {
    return helper instanceof Frame<?> frame ? frame.value : ((Leaf) helper).passed();
  }

  // What the kinds of generator override

  /** Whether values can be sent to it. */
  boolean takesInput() {
    return false;
  }

  /** Takes over what a body has yielded. */
  void adoptValue(@Nullable Object yielded) {
    value = offered(yielded);
  }

  /** Takes over what a delegate has yielded. */
  void adopt(Frame<?> from) {
    value = offered(from.takeYielded());
  }

  /** Takes over what a delegate has yielded. */
  void adopt(ForeignDelegate from) {
    value = offered(from.fetch());
  }

  /**
   * Hands over what the body yielded last, boxed if need be.
   *
   * @throws io.fermata.AlreadyRunningException if another thread has taken it
   */
  @Nullable Object takeYielded() {
    Object taken = value;
    value = null;
    if (taken == null) {
      throw Misuse.twoThreads(this);
    }
    return taken == NULL ? null : taken;
  }

  /**
   * The delegate for what the body delegates to.
   *
   * @return a frame, to be pushed; a {@link Leaf}; or a {@link ForeignDelegate}
   */
  Object delegateFor(Object target) {
    return ForeignDelegate.of(target);
  }

  /** Marks it as taken by another frame that is about to delegate to it; may refuse. */
  void claim() {}

  /** Takes over the leaf that a delegate waits for. */
  void adopt(Leaf leaf) {
    value = leaf;
  }

  /** Whether a failure that something raised in it causes keeps that as suppressed. */
  boolean chains(Throwable raised) {
    return true;
  }

  // What users call

  // advance() and hasNext() ask for the plain case themselves: a loop inlines that question, and
  // with
  // it the resume.

  @Override
  public boolean advance() {
    if (ExclusiveSteps.needed(this)) {
      return ExclusiveSteps.step(this, "advance()", this::advance);
    }
    int now = state;
    if (now >= 0 && now < LINKED && !waiting) {
      return Stepping.resumeAlone(this, null);
    }
    return Stepping.step(this, null, "advance()");
  }

  @Override
  public boolean hasNext() {
    if (ExclusiveSteps.needed(this)) {
      return ExclusiveSteps.step(this, "hasNext()", this::hasNext);
    }
    if (waiting) {
      return true;
    }
    int now = state;
    if (now <= ENDED) {
      return false;
    }
    if ((now >= 0 && now < LINKED)
        ? Stepping.resumeAlone(this, null)
        : Stepping.step(this, null, "hasNext()")) {
      waiting = true;
      return true;
    }
    state = ENDED_UNREAD;
    return false;
  }

  @Override
  public Y next() {
    if (ExclusiveSteps.needed(this)) {
      return ExclusiveSteps.step(this, "next()", this::next);
    }
    return Frame.<Y>cast(Stepping.stepAndTake(this, null, "next()"));
  }

  @Override
  public <E extends Throwable> Y raise(E exception) throws E {
    if (ExclusiveSteps.needed(this)) {
      return ExclusiveSteps.<Y, E>step(this, "raise()", () -> raise(exception));
    }
    return Frame.<Y>cast(Stepping.raise(this, exception));
  }

  @Override
  public void close() {
    if (ExclusiveSteps.needed(this)) {
      ExclusiveSteps.step(
          this,
          "close()",
          () -> {
            close();
            return true;
          });
    } else {
      Stepping.close(this);
    }
  }

  @Override
  public State state() {
    return Introspection.state(this);
  }

  @Override
  public @Nullable Object delegate() {
    return Introspection.delegate(this);
  }

  @Override
  public @Nullable StackTraceElement position() {
    return Introspection.position(this);
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

  // Questions about the state

  /** Whether a value that {@code hasNext()} fetched waits in it. */
  final boolean isPeeked() {
    return waiting;
  }

  final boolean isClosed() {
    return state <= ENDED;
  }

  /** Whether the next step can still bring something: a value, or the result. */
  final boolean isLive() {
    return state > ENDED || state == ENDED_UNREAD;
  }

  /** Whether a step of it, or of a chain that it is part of, is under way. */
  final boolean isRunning() {
    return state == RUNNING
        || (driver != null && driver.isUnderWay())
        || (token != null && token.running != null);
  }

  /** Takes note that a waiting value is taken; false if none waited. */
  final boolean takeWaiting() {
    if (!waiting) {
      return false;
    }
    waiting = false;
    return true;
  }

  /** Casts what a body of the right type has yielded or returned. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"})
  static <T extends @Nullable Object> T cast(@Nullable Object value) {
    return (T) value;
  }
}
