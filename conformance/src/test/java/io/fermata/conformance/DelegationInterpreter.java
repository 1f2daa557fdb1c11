package io.fermata.conformance;

import io.fermata.Coroutine;
import io.fermata.GeneratorExit;
import io.fermata.IgnoredExitException;
import io.fermata.StopIteration;
import io.fermata.Yielder;
import io.fermata.conformance.Delegates.Boom;
import io.fermata.conformance.Delegates.Crash;
import io.fermata.conformance.DelegationProgram.Delegate;
import io.fermata.conformance.DelegationProgram.Failure;
import io.fermata.conformance.DelegationProgram.Loop;
import io.fermata.conformance.DelegationProgram.Note;
import io.fermata.conformance.DelegationProgram.Op;
import io.fermata.conformance.DelegationProgram.Return;
import io.fermata.conformance.DelegationProgram.Throw;
import io.fermata.conformance.DelegationProgram.Try;
import io.fermata.conformance.DelegationProgram.Yield;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a {@link DelegationProgram} in one of two ways: with the delegations that it asks for, or
 * with the delegated blocks put in their place. A caller must not see a difference.
 *
 * <p>In place, only what Python says of closing has to be added: a block that is closed and returns
 * does not let the block around it go on, and one that yields is left.
 */
final class DelegationInterpreter {
  /** What a block gives that was not left by a Return. */
  private static final Object NONE = new Object();

  private final boolean inPlace;
  private final List<String> trace;

  /** Held, so that none that was left suspended is collected and unwinds meanwhile. */
  private final List<Object> delegates = new ArrayList<>();

  /** In place, for each block that would be a delegate, outermost first: if it is being closed. */
  private final List<Boolean> closing = new ArrayList<>();

  /** In place, what was raised in the outermost body. */
  private GeneratorExit exit;

  DelegationInterpreter(boolean inPlace, List<String> trace) {
    this.inPlace = inPlace;
    this.trace = trace;
  }

  /** Executes a body; its result is null if it just ends. */
  Object body(List<Op> ops, Yielder<Object, Integer> co) throws Exception {
    try {
      Object result = block(ops, co);
      return result == NONE ? null : result;
    } catch (Throwable e) {
      throw sneaky(e);
    }
  }

  private Object block(List<Op> ops, Yielder<Object, Integer> co) throws Throwable {
    for (Op op : ops) {
      Object result = execute(op, co);
      if (result != NONE) {
        return result;
      }
    }
    return NONE;
  }

  private Object execute(Op op, Yielder<Object, Integer> co) throws Throwable {
    if (op instanceof Yield yield) {
      trace.add("    sent " + yielded(yield.value(), co));
    } else if (op instanceof Note note) {
      trace.add("    note " + note.number());
    } else if (op instanceof Throw thrown) {
      throw made(thrown.failure(), "thrown");
    } else if (op instanceof Return returned) {
      return returned.value();
    } else if (op instanceof Loop loop) {
      for (int i = 0; i < loop.times(); i++) {
        Object result = block(loop.body(), co);
        if (result != NONE) {
          return result;
        }
      }
    } else if (op instanceof Try attempt) {
      return attempted(attempt, co);
    } else if (op instanceof Delegate delegate) {
      trace.add("    delegation gave " + delegated(delegate, co));
    }
    return NONE;
  }

  private Object attempted(Try attempt, Yielder<Object, Integer> co) throws Throwable {
    Object result;
    Throwable pending = null;
    try {
      result = handled(attempt, co);
    } catch (Abandoned e) {
      throw e;
    } catch (Throwable e) {
      result = NONE;
      pending = e;
    }
    Object last = block(attempt.last(), co);
    if (last != NONE) {
      return last;
    }
    if (pending != null) {
      throw pending;
    }
    return result;
  }

  private Object handled(Try attempt, Yielder<Object, Integer> co) throws Throwable {
    try {
      return block(attempt.body(), co);
    } catch (Abandoned e) {
      throw e;
    } catch (Throwable e) {
      if (!attempt.filter().catches(e)) {
        throw e;
      }
      trace.add("    caught " + shown(e));
      return block(attempt.handler(), co);
    }
  }

  private Object yielded(int value, Yielder<Object, Integer> co) {
    if (closing.contains(true)) {
      throw new Abandoned(closing.indexOf(true));
    }
    try {
      return co.yield(value);
    } catch (GeneratorExit e) {
      if (closing.isEmpty()) {
        throw e;
      }
      exit = e;
      closing.set(closing.size() - 1, true);
      throw new GeneratorExit();
    }
  }

  private Object delegated(Delegate delegate, Yielder<Object, Integer> co) throws Throwable {
    if (inPlace) {
      return executedInPlace(delegate.body(), co);
    }
    Coroutine<Object, Integer, Object> inner =
        Coroutine.of(innerCo -> body(delegate.body(), innerCo));
    delegates.add(inner);
    return delegate.form().yieldFrom(co, inner);
  }

  private Object executedInPlace(List<Op> ops, Yielder<Object, Integer> co) throws Throwable {
    int level = closing.size();
    closing.add(false);
    Object result = null;
    Throwable failure = null;
    try {
      result = body(ops, co);
    } catch (Abandoned e) {
      if (e.level < level) {
        closing.remove(level);
        throw e;
      }
      failure = new IgnoredExitException("in place");
    } catch (StopIteration e) {
      failure = new IllegalStateException(e);
    } catch (Throwable e) {
      failure = e;
    }
    if (closing.remove(level)) {
      failure = closed(failure);
    }
    if (failure != null) {
      throw failure;
    }
    return result;
  }

  /** What is raised in the block around one that was closed, and gave a failure or null. */
  private Throwable closed(Throwable failure) {
    boolean outermost = closing.isEmpty();
    if (!outermost) {
      closing.set(closing.size() - 1, true);
    }
    if (failure == null || failure instanceof GeneratorExit) {
      return outermost ? exit : new GeneratorExit();
    }
    return failure;
  }

  /** A block yields while it is closed: it would stay suspended there, and be dropped. */
  private static final class Abandoned extends Error {
    private static final long serialVersionUID = 1;

    /** Of the block that is being closed. */
    final int level;

    Abandoned(int level) {
      this.level = level;
    }
  }

  static Throwable made(Failure failure, String message) {
    return switch (failure) {
      case EXCEPTION -> new Boom(message);
      case ERROR -> new Crash(message);
      case STOP -> new StopIteration(message);
      case EXIT -> new GeneratorExit();
    };
  }

  /** An exception, as far as its caller may see it. */
  static String shown(Throwable e) {
    String name = e.getClass().getSimpleName();
    if (e instanceof StopIteration stop) {
      return name + " " + stop.value();
    }
    if (e instanceof Boom || e instanceof Crash) {
      return name + " " + e.getMessage();
    }
    return e.getCause() == null ? name : name + " because of " + shown(e.getCause());
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException sneaky(Throwable e) throws E {
    throw (E) e;
  }
}
