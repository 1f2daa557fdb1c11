package io.fermata.async;

import io.fermata.internal.loop.ContextState;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ContextVar#set} gives, to be used once by {@link ContextVar#reset}.
 *
 * @param <T> the values of the variable
 */
public final class Token<T extends @Nullable Object> {
  final ContextVar<T> variable;
  final ContextState context;

  /** As it stands in bindings; null if nothing was set. */
  final @Nullable Object before;

  boolean used;

  Token(ContextVar<T> variable, ContextState context, @Nullable Object before) {
    this.variable = variable;
    this.context = context;
    this.before = before;
  }

  /**
   * What the variable was set to before.
   *
   * @return the value, null if there was none or it was null
   */
  public @Nullable T oldValue() {
    return ContextVar.value(before);
  }
}
