package io.fermata.async;

import io.fermata.internal.loop.ContextState;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A set of values of {@link ContextVar}s. Python: {@code contextvars.Context}.
 *
 * <p>A task runs in a copy of the context of its starter. A callback runs in a copy of the context
 * in which it was scheduled. An awaited body runs in the context of its awaiter. Outside of loops,
 * each thread has a context of its own. Copying takes constant time.
 *
 * <p>A context also holds the thread-bound values of other libraries, if there is a {@link
 * ThreadContext} that captures them.
 */
public final class Context {
  static {
    ContextState.install(
        new ContextState.Access() {
          @Override
          public ContextState of(Context context) {
            return context.state;
          }
        });
  }

  private final ContextState state = ContextState.copy();

  private Context() {}

  /**
   * A copy of the current context.
   *
   * @return a new context
   */
  public static Context copy() {
    return new Context();
  }

  /**
   * The value of a variable in this context.
   *
   * @param variable the variable
   * @param <T> its type
   * @return the value; null if it is not set here, even if it has a default
   */
  public <T extends @Nullable Object> @Nullable T get(ContextVar<T> variable) {
    return ContextVar.value(state.bindings().get(variable));
  }

  /**
   * Runs code in this context. Values that the code sets stay in this context.
   *
   * @param code the code; it must not await
   * @param <T> the type of the result
   * @return the result
   * @throws Exception its failure
   * @throws IllegalStateException if other code runs in this context already
   */
  public <T extends @Nullable Object> T call(Callable<T> code) throws Exception {
    return state.call(code);
  }

  /**
   * Runs code in this context. Values that the code sets stay in this context.
   *
   * @param code the code; it must not await
   * @throws IllegalStateException if other code runs in this context already
   */
  public void run(Runnable code) {
    state.run(code);
  }

  @Override
  public String toString() {
    return state.toString();
  }
}
