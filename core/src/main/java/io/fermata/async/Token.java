package io.fermata.async;

import org.jspecify.annotations.Nullable;

/**
 * What {@link ContextVar#set} gives, to be used once by {@link ContextVar#reset}.
 *
 * @param <T> the values of the variable
 */
public final class Token<T> {
  final ContextVar<T> variable;
  final Context context;
  final @Nullable T before;
  boolean used;

  Token(ContextVar<T> variable, Context context, @Nullable T before) {
    this.variable = variable;
    this.context = context;
    this.before = before;
  }

  /**
   * What the variable was set to before.
   *
   * @return the value, null if there was none
   */
  public @Nullable T oldValue() {
    return before;
  }
}
