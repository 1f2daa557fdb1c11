package io.fermata.async;

import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A variable that each task has a value of its own for. Python: {@code contextvars.ContextVar}.
 *
 * <p>Keep it in a static field. A task begins with the values of the one who has started it. See
 * {@link Context}.
 *
 * @param <T> its values
 */
public final class ContextVar<T> {
  private final String name;
  private final @Nullable T initial;

  private ContextVar(String name, @Nullable T initial) {
    this.name = name;
    this.initial = initial;
  }

  /**
   * A variable without a default.
   *
   * @param name for people
   * @param <T> its values
   * @return a new variable
   */
  public static <T> ContextVar<T> of(String name) {
    return new ContextVar<>(name, null);
  }

  /**
   * A variable with a default.
   *
   * @param name for people
   * @param initial its value where none is set
   * @param <T> its values
   * @return a new variable
   */
  public static <T> ContextVar<T> of(String name, T initial) {
    return new ContextVar<>(name, Objects.requireNonNull(initial, "the default is null"));
  }

  /**
   * The value.
   *
   * @return what is set in the current context, else the default
   * @throws NoSuchElementException if there is neither
   */
  public T get() {
    T set = found();
    T value = set == null ? initial : set;
    if (value == null) {
      throw new NoSuchElementException(
          this + " has no value here and no default; set it, or use get(otherwise)");
    }
    return value;
  }

  /**
   * The value, or another.
   *
   * @param otherwise is returned if none is set, whatever the default
   * @return what is set in the current context, else the argument
   */
  public T get(T otherwise) {
    T value = found();
    return value == null ? otherwise : value;
  }

  @SuppressWarnings("unchecked") // only set() puts it there
  private @Nullable T found() {
    return (T) Context.currentBindings().get(this);
  }

  /**
   * Sets the value in the current context.
   *
   * @param value the value
   * @return takes it back
   */
  public Token<T> set(T value) {
    Objects.requireNonNull(value, "a context variable has no null; use reset");
    Context context = Context.current();
    Bindings before = context.bindings();
    context.bind(before.with(this, value));
    return new Token<>(this, context, found(before));
  }

  @SuppressWarnings("unchecked") // only set() puts it there
  private @Nullable T found(Bindings bindings) {
    return (T) bindings.get(this);
  }

  /**
   * Takes a {@link #set} back.
   *
   * @param token what it returned
   * @throws IllegalStateException if the token was used before
   * @throws IllegalArgumentException if it comes from another variable or context
   */
  public void reset(Token<T> token) {
    if (token.used) {
      throw new IllegalStateException(
          "token already used: the set() of " + this + " that gave it was taken back");
    }
    if (token.variable != this) {
      throw new IllegalArgumentException(
          "token of another variable: it comes from " + token.variable + ", not from " + this);
    }
    Context context = Context.current();
    if (token.context != context) {
      throw new IllegalArgumentException(
          "token of another context: reset "
              + this
              + " in the task or callback in which it was set");
    }
    token.used = true;
    Bindings now = context.bindings();
    T before = token.before;
    context.bind(before == null ? now.without(this) : now.with(this, before));
  }

  @Override
  public String toString() {
    return "ContextVar " + name;
  }
}
