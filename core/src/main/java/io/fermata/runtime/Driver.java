package io.fermata.runtime;

import io.fermata.GeneratorExit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Leads the steps of one frame, the root, that are more than a resume: those in which there is a
 * delegate, or something is raised. It is a loop, not a recursion, that resumes the innermost frame
 * of the delegation and hands on what comes out of it; so neither the Java stack nor the time of a
 * step grows with the depth.
 *
 * <pre>
 * loop: frame = innermost
 *       prepare: a value waits in it:      hand it out
 *                it has a foreign delegate: step that; hand out what it yields
 *       resume the frame:
 *         yielded:        hand it out
 *         delegates to d: push d
 *         returned, threw: if it is the base: that is the step's end
 *                          else pop it, and resume its delegator with the result or the failure
 * </pre>
 *
 * <p>The fields, except the first two, belong to the step that is under way; they are null between
 * steps.
 */
final class Driver {
  /** No outcome: the innermost frame has not been resumed in this step, or is to be once more. */
  static final int BEGIN = -1;

  /** The innermost frame waits for nothing. */
  private static final int READY = 3;

  /** The body of the innermost frame threw something. */
  private static final int THREW = 4;

  /** The root has adopted what was yielded. */
  private static final int OUT = 5;

  /** The base has returned. */
  private static final int OVER = 6;

  private final Frame<?> root;
  private final Chain chain = new Chain();

  /** What goes to the innermost frame. */
  private @Nullable Object sent;

  /** What goes to the innermost frame instead. */
  private @Nullable Throwable raised;

  /** Whether something is sent that comes from the caller, and not from a delegate. */
  private boolean isFromCaller;

  /** What was raised by the caller: its trace stays as it is. */
  private @Nullable Throwable outside;

  /**
   * The same, or what became of it, as long as nobody has handled it: a failure that it causes
   * keeps it as suppressed, also if that is thrown by a helper which the body calls.
   */
  private @Nullable Throwable injected;

  /** What the innermost frame threw. */
  private @Nullable Throwable thrown;

  Driver(Frame<?> root) {
    this.root = root;
  }

  boolean isUnderWay() {
    return chain.token.running;
  }

  /**
   * A step of the root, or the rest of one.
   *
   * @param outcome {@link #BEGIN}, or how the root was suspended in this step
   * @param value goes to the innermost frame
   * @param failure if not null, goes there instead
   * @return true if something was yielded, which the root has adopted; false if the root returned
   */
  boolean step(int outcome, @Nullable Object value, @Nullable Throwable failure) {
    chain.token.running = true;
    try {
      if (chain.depth() == 0 ? root.delegate != null : !chain.isCurrent()) {
        chain.rebuild(root);
      }
      Throwable arriving = failure;
      if (failure instanceof GeneratorExit) {
        arriving = closeDelegates(failure);
      }
      return drive(0, outcome, value, arriving);
    } finally {
      chain.token.running = false;
    }
  }

  /**
   * Closes the frames that the root delegates to, the innermost first; its own delegation is over
   * then.
   *
   * @return what is raised in the root: the exit, or what came out of closing its delegate
   */
  private Throwable closeDelegates(Throwable exit) {
    discardWaiting();
    Throwable problem = null;
    for (int level = chain.generatorDepth(); level > 0; level = chain.generatorDepth()) {
      Frame<?> frame = chain.at(level);
      try {
        problem =
            drive(level, BEGIN, null, problem == null ? new GeneratorExit() : problem)
                ? Misuse.ignoredExit(frame)
                : null;
      } catch (GeneratorExit passed) {
        problem = null;
      } catch (Throwable failure) {
        problem = failure;
      }
      chain.cut(level - 1);
      innermost().delegate = null;
    }
    return problem == null ? exit : problem;
  }

  /** Drops a value that somebody has left waiting in a delegate, and finds what lies behind it. */
  private void discardWaiting() {
    for (Frame<?> top = chain.top(); top != null && top.takeWaiting(); top = chain.top()) {
      top.takeYielded();
      chain.follow(top);
    }
  }

  /**
   * The loop.
   *
   * @param base depth of the frame that is to be stepped: 0 is the root
   * @param begun {@link #BEGIN}, or how the innermost frame was suspended already
   * @param value goes to the innermost frame
   * @param failure if not null, goes there instead
   * @return true if something was yielded, which the root has adopted; false if the base returned
   */
  private boolean drive(int base, int begun, @Nullable Object value, @Nullable Throwable failure) {
    sent = value;
    isFromCaller = value != null;
    if (failure != null) {
      raised = failure;
      outside = failure;
      injected = root.chains(failure) ? failure : null;
    }
    try {
      int outcome = begun;
      while (true) {
        Frame<?> frame = innermost();
        if (outcome == BEGIN) {
          outcome = prepare(frame);
          if (outcome == READY) {
            outcome = resumeInnermost(frame);
          }
        }
        switch (outcome) {
          case Frame.YIELDED -> outcome = handOn(frame);
          case Frame.DELEGATED -> outcome = delegate(frame);
          case Frame.RETURNED -> outcome = endReturned(frame, base);
          case THREW -> outcome = endFailed(frame, base);
          default -> {}
        }
        if (outcome >= OUT) {
          return outcome == OUT;
        }
      }
    } finally {
      if (sent != null || raised != null || outside != null) {
        sent = null;
        raised = null;
        outside = null;
        injected = null;
      }
    }
  }

  /** Gets what the frame waits for, as far as it is no frame that can be stepped. */
  private int prepare(Frame<?> frame) {
    if (frame.isPeeked()) {
      return takeWaiting(frame);
    }
    Object delegate = frame.delegate;
    if (delegate == null) {
      if (isFromCaller && !chain.takesInput(root)) {
        sent = null;
        isFromCaller = false;
      }
      return READY;
    }
    if (delegate instanceof Frame<?> next && !next.isClosed() && !next.isRunning()) {
      chain.follow(frame);
      return BEGIN;
    }
    try {
      if (delegate instanceof ForeignDelegate foreign) {
        if (raised == null ? foreign.step(sent, root) : foreign.raise(raised, root)) {
          return OUT;
        }
        sent = foreign.result();
        raised = null;
        injected = null;
      } else if (((Frame<?>) delegate).isRunning()) {
        throw Misuse.busy("a step of its delegator", (Frame<?>) delegate);
      } else if (raised == null) {
        sent = Ending.tell((Frame<?>) delegate); // it was brought to its end by somebody else
      }
    } catch (Throwable failure) {
      failDelegation(frame, failure);
    }
    isFromCaller = false;
    frame.delegate = null;
    return READY;
  }

  /** Somebody else has looked ahead in it. */
  private int takeWaiting(Frame<?> frame) {
    if (sent == null && raised == null) {
      frame.takeWaiting();
      root.adopt(frame);
      return OUT;
    }
    Throwable waiting = Misuse.waiting(raised == null ? "send()" : "raise()", frame);
    if (raised != null) {
      Failures.suppress(waiting, raised);
    }
    refuse(waiting);
    return BEGIN;
  }

  /** The foreign delegate of a frame has failed. */
  private void failDelegation(Frame<?> frame, Throwable failure) {
    if (failure != raised) {
      Traces.insert(failure, frame.inspect());
    }
    sent = null;
    raised = failure;
    if (injected != null) {
      // an exit is the delegate's own affair: it got another one, or none
      if (!(injected instanceof GeneratorExit)) {
        Failures.suppress(failure, injected);
      }
      injected = failure;
    }
  }

  private int resumeInnermost(Frame<?> frame) {
    Object value = sent;
    if (value != null) {
      sent = null;
      isFromCaller = false;
    }
    try {
      return frame.resume(value, raised);
    } catch (Throwable failure) {
      if (frame.state != Frame.CREATED) {
        frame.state = Frame.FAILED; // before any call, for which there may be no stack left
      }
      thrown = failure;
      return THREW;
    }
  }

  /** The frame has yielded. */
  private int handOn(Frame<?> frame) {
    if (frame == root) {
      return OUT;
    }
    frame.state |= Frame.LINKED;
    try {
      root.adopt(frame);
      return OUT;
    } catch (RuntimeException unsuitable) {
      refuse(unsuitable);
      return BEGIN;
    }
  }

  /** The innermost frame stays as it is; its delegator gets an exception instead. */
  private void refuse(Throwable why) {
    pop();
    Traces.insert(why, innermost().inspect());
    sent = null;
    isFromCaller = false;
    raised = why;
    injected = null;
  }

  private int endReturned(Frame<?> frame, int base) {
    sent = frame.value;
    raised = null;
    if (!frame.isCall()) {
      injected = null;
    }
    boolean isBase = chain.depth() == base;
    Ending.finish(frame, Frame.ENDED);
    if (isBase) {
      return OVER;
    }
    pop();
    return BEGIN;
  }

  private int endFailed(Frame<?> frame, int base) {
    Throwable own = Objects.requireNonNull(thrown);
    thrown = null;
    frame.inspect().joinTrace(own, raised); // not what fail() makes of it, on this thread
    Throwable failure = Ending.fail(frame, own, injected);
    if (chain.depth() == base) {
      throw Failures.sneaky(failure);
    }
    pop();
    raised = failure;
    if (failure != outside) {
      Traces.insert(failure, innermost().inspect());
    }
    if (injected != null && !frame.isCall()) {
      injected = failure;
    }
    return BEGIN;
  }

  /** The frame waits for what it has left as its value. */
  private int delegate(Frame<?> frame) {
    Object target = Objects.requireNonNull(frame.value);
    frame.value = null;
    raised = null;
    if (!(target instanceof Frame<?> next && next.isCall())) {
      injected = null;
    }
    if (target instanceof Leaf leaf) {
      return handOut(frame, leaf);
    }
    try {
      Object opened = frame.delegateFor(target);
      if (opened instanceof Leaf leaf) {
        return handOut(frame, leaf);
      }
      int begun = BEGIN;
      if (opened instanceof Frame<?> next) {
        begun = EagerStart.takeOutcome(next);
        if (begun == BEGIN) {
          next.claim();
        }
        if (next.isRunning()) {
          throw Misuse.busy("yieldFrom()", next);
        }
        if (next.isClosed()) {
          sent = Ending.tell(next);
          return BEGIN;
        }
        chain.push(next);
      }
      frame.delegate = opened;
      frame.state |= Frame.LINKED;
      return begun;
    } catch (Throwable failure) {
      Traces.insert(failure, frame.inspect());
      raised = failure;
      return BEGIN;
    }
  }

  /** Suspends the whole chain for something that only whoever steps the root can wait for. */
  private int handOut(Frame<?> frame, Leaf leaf) {
    if (frame != root) {
      frame.state |= Frame.LINKED;
    }
    root.adopt(leaf);
    return OUT;
  }

  private Frame<?> innermost() {
    Frame<?> top = chain.top();
    return top == null ? root : top;
  }

  private void pop() {
    chain.pop();
    innermost().delegate = null;
  }
}
