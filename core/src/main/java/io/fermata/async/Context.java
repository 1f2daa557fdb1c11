package io.fermata.async;

import io.fermata.internal.loop.ContextState;
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
   * The value of a variable here.
   *
   * @param variable the variable
   * @param <T> its type
   * @return the value, null if it is not set here, whatever its default
   */
  public <T extends @Nullable Object> @Nullable T get(ContextVar<T> variable) {
    return ContextVar.value(state.bindings().get(variable));
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
    return state.call(code);
  }

  /**
   * Runs some code in this context. What it sets stays here.
   *
   * @param code the code; it must not await
   * @throws IllegalStateException if some code runs in this context already
   */
  public void run(Runnable code) {
    state.run(code);
  }

  @Override
  public String toString() {
    return state.toString();
  }
}
