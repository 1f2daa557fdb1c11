package io.fermata.async;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * The values of all {@link ContextVar}s, as some code sees them. Python: {@code
 * contextvars.Context}.
 *
 * <p>Each task runs in a copy of the context of the one who has started it; a callback in a copy of
 * the context in which it was scheduled; a body that is awaited in that of its awaiter. Outside of
 * loops, each thread has one. Copying takes constant time.
 */
public final class Context {
  private static final ThreadLocal<@Nullable Context> OF_THREAD = new ThreadLocal<>();

  private Bindings bindings;
  private boolean entered;

  Context(Bindings bindings) {
    this.bindings = bindings;
  }

  /**
   * A copy of the current context.
   *
   * @return a new context
   */
  public static Context copy() {
    return new Context(currentBindings());
  }

  /**
   * The value of a variable here.
   *
   * @param variable the variable
   * @param <T> its type
   * @return the value, null if it is not set here, whatever its default
   */
  public <T extends @Nullable Object> @Nullable T get(ContextVar<T> variable) {
    return ContextVar.value(bindings.get(variable));
  }

  /**
   * Runs some code in this context. What it sets stays here.
   *
   * @param code the code; it must not await
   * @param <T> what it returns
   * @return its result
   * @throws Exception what it throws
   * @throws IllegalStateException if some code runs in this context already
   */
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

  /**
   * Runs some code in this context. What it sets stays here.
   *
   * @param code the code; it must not await
   * @throws IllegalStateException if some code runs in this context already
   */
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

  @Override
  public String toString() {
    return "context with " + bindings.size() + " variables";
  }

  Bindings bindings() {
    return bindings;
  }

  void bind(Bindings changed) {
    bindings = changed;
  }

  // The current context. Tasks and callbacks hold bindings as long as nobody asks for a context.

  static Bindings currentBindings() {
    EventLoop loop = EventLoop.running();
    Object holder = loop == null ? OF_THREAD.get() : loop.contextHolder();
    return holder instanceof Context context
        ? context.bindings
        : holder == null ? Bindings.EMPTY : (Bindings) holder;
  }

  static Context current() {
    EventLoop loop = EventLoop.running();
    Object holder = loop == null ? OF_THREAD.get() : loop.contextHolder();
    if (holder instanceof Context context) {
      return context;
    }
    Context made = new Context(holder == null ? Bindings.EMPTY : (Bindings) holder);
    swap(made);
    return made;
  }

  /** Puts a context, or bindings, in place of the current one. */
  static @Nullable Object swap(@Nullable Object holder) {
    EventLoop loop = EventLoop.running();
    if (loop != null) {
      return loop.swapContextHolder(holder);
    }
    Context before = OF_THREAD.get();
    if (holder == null) {
      OF_THREAD.remove();
    } else {
      OF_THREAD.set((Context) holder);
    }
    return before;
  }
}
