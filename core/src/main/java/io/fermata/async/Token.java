package io.fermata.async;

import io.fermata.internal.loop.ContextState;
import org.jspecify.annotations.Nullable;

/**
 * A record of one {@link ContextVar#set}, for one use in {@link ContextVar#reset}.
 *
 * @param <T> the type of the values of the variable
 */
public final class Token<T extends @Nullable Object> {
  final ContextVar<T> variable;
  final ContextState context;

  /** The binding before the {@code set}; null if there was none. */
  final @Nullable Object before;

  boolean used;

  Token(ContextVar<T> variable, ContextState context, @Nullable Object before) {
    this.variable = variable;
    this.context = context;
    this.before = before;
  }

  /**
   * The value of the variable before the {@code set}.
   *
   * @return the value; null if there was none or it was null
   */
  public @Nullable T oldValue() {
    return ContextVar.value(before);
  }
}
