package io.fermata.async;

import io.fermata.internal.loop.Bindings;
import io.fermata.internal.loop.ContextState;
import io.fermata.runtime.door.Brief;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A variable with a value of its own in each task. Python: {@code contextvars.ContextVar}.
 *
 * <p>Keep it in a static field. A task begins with the values of its starter. See {@link Context}.
 *
 * @param <T> the type of the values
 */
public final class ContextVar<T extends @Nullable Object> {
  /** The binding of a null that was set; a missing binding is null. */
  private static final Object NULL = new Object();

  private final String name;

  /** The binding of the default; null if there is no default. */
  private final @Nullable Object initial;

  private ContextVar(String name, @Nullable Object initial) {
    this.name = Objects.requireNonNull(name, "the name is null; give one for people to read");
    this.initial = initial;
  }

  private static Object bound(@Nullable Object value) {
    return value == null ? NULL : value;
  }

  /** The value of a binding. */
  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // only set() binds
  static <T extends @Nullable Object> T value(@Nullable Object bound) {
    return (T) (bound == NULL ? null : bound);
  }

  /**
   * A variable without a default.
   *
   * @param name for people
   * @param <T> the type of the values
   * @return a new variable
   */
  public static <T extends @Nullable Object> ContextVar<T> of(String name) {
    return new ContextVar<>(name, null);
  }

  /**
   * A variable with a default.
   *
   * @param name for people
   * @param initial the default; may be null
   * @param <T> the type of the values
   * @return a new variable
   */
  public static <T extends @Nullable Object> ContextVar<T> of(String name, T initial) {
    return new ContextVar<>(name, bound(initial));
  }

  /**
   * The current value.
   *
   * @return the value in the current context, otherwise the default
   * @throws NoSuchElementException if there is neither
   */
  public T get() {
    Object set = found();
    Object bound = set == null ? initial : set;
    if (bound == null) {
      throw new NoSuchElementException(
          this + " has no value here and no default; set it, or use get(otherwise)");
    }
    return value(bound);
  }

  /**
   * The current value, or an alternative.
   *
   * @param otherwise the result if no value is set, even if there is a default
   * @return the value in the current context, otherwise the argument
   */
  public T get(T otherwise) {
    Object bound = found();
    return bound == null ? otherwise : value(bound);
  }

  private @Nullable Object found() {
    return ContextState.currentBindings().get(this);
  }

  /**
   * Sets the value in the current context.
   *
   * @param value the value; may be null
   * @return a token for {@link #reset}
   */
  public Token<T> set(T value) {
    ContextState context = ContextState.current();
    Bindings before = context.bindings();
    context.bind(before.with(this, bound(value)));
    return new Token<>(this, context, before.get(this));
  }

  /**
   * Undoes a {@link #set}.
   *
   * @param token the token of that {@code set}
   * @throws IllegalStateException if the token was used before
   * @throws IllegalArgumentException if it comes from another variable or context
   */
  public void reset(Token<T> token) {
    Objects.requireNonNull(token, "reset() needs the token that set() gave, but got null");
    if (token.used) {
      throw new IllegalStateException(
          "token already used: its set() of " + this + " was undone; use each token once");
    }
    if (token.variable != this) {
      throw new IllegalArgumentException(
          "token of another variable: it comes from " + token.variable + ", not from " + this);
    }
    ContextState context = ContextState.current();
    if (token.context != context) {
      throw new IllegalArgumentException(
          "token of another context: reset "
              + this
              + " in the task or callback in which it was set");
    }
    token.used = true;
    Bindings now = context.bindings();
    Object before = token.before;
    context.bind(before == null ? now.without(this) : now.with(this, before));
  }

  @Override
  public String toString() {
    return "ContextVar " + Brief.of(name);
  }
}
