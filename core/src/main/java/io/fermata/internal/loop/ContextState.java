package io.fermata.internal.loop;

import io.fermata.async.Context;
import io.fermata.async.ThreadContext;
import io.fermata.internal.context.ThreadContexts;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The values behind a {@link Context}, which change as variables are set in it.
 *
 * <p>What runs holds either one of these or, as long as nobody asks for a context, the {@link
 * Bindings} that one would begin with; so a task costs no context. Belongs to the code that runs in
 * it.
 */
public final class ContextState {
  private static final ThreadLocal<@Nullable ContextState> OF_THREAD = new ThreadLocal<>();

  /** Set by {@link Context} before anybody can have one. */
  private static @Nullable Access access;

  private Bindings bindings;
  private boolean entered;

  ContextState(Bindings bindings) {
    this.bindings = bindings;
  }

  /** The part of {@link Context} that users do not see. */
  @FunctionalInterface
  public interface Access {
    /** The values behind a context. */
    ContextState of(Context context);
  }

  public static void install(Access installed) {
    access = installed;
  }

  /** The values behind a context. */
  public static ContextState of(Context context) {
    return Objects.requireNonNull(access).of(Objects.requireNonNull(context, "context"));
  }

  /** Runs some code in it. */
  public <T extends @Nullable Object> T call(Callable<T> code) throws Exception {
    return call(code, failures());
  }

  /** The same; thread contexts tell their failures to somebody else. */
  public <T extends @Nullable Object> T call(Callable<T> code, ThreadContext.Failures failures)
      throws Exception {
    enter();
    Object before = swap(this);
    Object threadBefore = install(this, failures);
    try {
      return code.call();
    } finally {
      restore(this, threadBefore, failures);
      swap(before);
      entered = false;
    }
  }

  /** As {@link #call}. */
  public void run(Runnable code) {
    enter();
    Object before = swap(this);
    ThreadContext.Failures failures = failures();
    Object threadBefore = install(this, failures);
    try {
      code.run();
    } finally {
      restore(this, threadBefore, failures);
      swap(before);
      entered = false;
    }
  }

  private void enter() {
    if (entered) {
      throw new IllegalStateException(
          "context already entered: some code runs in " + this + "; enter a copy of it");
    }
    entered = true;
  }

  public Bindings bindings() {
    return bindings;
  }

  public void bind(Bindings changed) {
    bindings = changed;
  }

  /** A copy of the current one. */
  public static ContextState copy() {
    return new ContextState(captured());
  }

  /** The values that what is started or registered now begins with. */
  public static Bindings captured() {
    Bindings bindings = currentBindings();
    return ThreadContexts.PRESENT
        ? bindings.withThreadValues(ThreadContexts.capture(failures()))
        : bindings;
  }

  /** Takes over the thread-bound values of the current thread. */
  void takeThreadValues() {
    if (ThreadContexts.PRESENT) {
      bindings = bindings.withThreadValues(ThreadContexts.capture(failures()));
    }
  }

  private static ThreadContext.Failures failures() {
    Loop loop = Loop.running();
    return loop == null ? ThreadContexts::log : loop.contextFailures();
  }

  /**
   * Gives the current thread the thread-bound values of a context.
   *
   * @param holder a context, or bindings
   * @return for {@link #restore}
   */
  static @Nullable Object install(@Nullable Object holder, ThreadContext.Failures failures) {
    if (!ThreadContexts.PRESENT || holder == null) {
      return null;
    }
    Bindings carried = holder instanceof ContextState state ? state.bindings : (Bindings) holder;
    return ThreadContexts.install(carried.threadValues, failures);
  }

  /**
   * Undoes an {@link #install}; what the code has changed meanwhile goes into the context.
   *
   * @return the holder, or what takes its place as bindings never change
   */
  static Object restore(Object holder, @Nullable Object before, ThreadContext.Failures failures) {
    if (!ThreadContexts.PRESENT || before == null) {
      return holder;
    }
    Object left = ThreadContexts.restore(before, failures);
    if (holder instanceof ContextState state) {
      state.bindings = state.bindings.withThreadValues(left);
      return state;
    }
    return ((Bindings) holder).withThreadValues(left);
  }

  public static Bindings currentBindings() {
    Loop loop = Loop.running();
    Object holder = loop == null ? OF_THREAD.get() : loop.contextHolder();
    return holder instanceof ContextState state
        ? state.bindings
        : holder == null ? Bindings.EMPTY : (Bindings) holder;
  }

  public static ContextState current() {
    Loop loop = Loop.running();
    Object holder = loop == null ? OF_THREAD.get() : loop.contextHolder();
    if (holder instanceof ContextState state) {
      return state;
    }
    ContextState made = new ContextState(holder == null ? Bindings.EMPTY : (Bindings) holder);
    swap(made);
    return made;
  }

  /** Puts values, or bindings, in place of the current ones. */
  private static @Nullable Object swap(@Nullable Object holder) {
    Loop loop = Loop.running();
    if (loop != null) {
      return loop.swapContextHolder(holder);
    }
    ContextState before = OF_THREAD.get();
    if (holder == null) {
      OF_THREAD.remove();
    } else {
      OF_THREAD.set((ContextState) holder);
    }
    return before;
  }

  @Override
  public String toString() {
    return "context with " + bindings.size() + " variables";
  }
}
