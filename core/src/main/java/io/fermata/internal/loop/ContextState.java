package io.fermata.internal.loop;

import io.fermata.async.Context;
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
    enter();
    Object before = swap(this);
    try {
      return code.call();
    } finally {
      swap(before);
      entered = false;
    }
  }

  /** As {@link #call}. */
  public void run(Runnable code) {
    enter();
    Object before = swap(this);
    try {
      code.run();
    } finally {
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
    return new ContextState(currentBindings());
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
