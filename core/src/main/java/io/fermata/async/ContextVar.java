package io.fermata.async;

import io.fermata.internal.loop.Bindings;
import io.fermata.internal.loop.ContextState;
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
public final class ContextVar<T extends @Nullable Object> {
  /** Stands in bindings for a null that was set, as null means that nothing is. */
  private static final Object NULL = new Object();

  private final String name;

  /** The default as it would stand in bindings; null if there is none. */
  private final @Nullable Object initial;

  private ContextVar(String name, @Nullable Object initial) {
    this.name = Objects.requireNonNull(name, "the name is null; it is for people who read a dump");
    this.initial = initial;
  }

  private static Object bound(@Nullable Object value) {
    return value == null ? NULL : value;
  }

  /** The value for what stands in bindings. */
  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // only set() binds
  static <T extends @Nullable Object> T value(@Nullable Object bound) {
    return (T) (bound == NULL ? null : bound);
  }

  /**
   * A variable without a default.
   *
   * @param name for people
   * @param <T> its values
   * @return a new variable
   */
  public static <T extends @Nullable Object> ContextVar<T> of(String name) {
    return new ContextVar<>(name, null);
  }

  /**
   * A variable with a default.
   *
   * @param name for people
   * @param initial its value where none is set; may be null
   * @param <T> its values
   * @return a new variable
   */
  public static <T extends @Nullable Object> ContextVar<T> of(String name, T initial) {
    return new ContextVar<>(name, bound(initial));
  }

  /**
   * The value.
   *
   * @return what is set in the current context, else the default
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
   * The value, or another.
   *
   * @param otherwise is returned if none is set, whatever the default
   * @return what is set in the current context, else the argument
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
   * @param value the value; null is one too
   * @return takes it back
   */
  public Token<T> set(T value) {
    ContextState context = ContextState.current();
    Bindings before = context.bindings();
    context.bind(before.with(this, bound(value)));
    return new Token<>(this, context, before.get(this));
  }

  /**
   * Takes a {@link #set} back.
   *
   * @param token what it returned
   * @throws IllegalStateException if the token was used before
   * @throws IllegalArgumentException if it comes from another variable or context
   */
  public void reset(Token<T> token) {
    Objects.requireNonNull(token, "reset() needs the token that set() gave, but got null");
    if (token.used) {
      throw new IllegalStateException(
          "token already used: the set() of " + this + " that gave it was taken back");
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
    return "ContextVar " + name;
  }
}
