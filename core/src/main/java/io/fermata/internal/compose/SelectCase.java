package io.fermata.internal.compose;

import io.fermata.async.Async;
import io.fermata.async.AsyncBody;
import io.fermata.async.Awaitable;
import io.fermata.async.Case;
import io.fermata.async.ScopeAction;
import io.fermata.async.ScopeBody;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Selectable;
import io.fermata.internal.loop.Selectables;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A case of a select: a wait, and the body that gets its value. Its body has no frame before it is
 * chosen.
 */
public final class SelectCase<A extends @Nullable Object, T extends @Nullable Object>
    implements Case<T> {
  /** Null for that which is taken if no other is ready. */
  final @Nullable Selectable wait;

  private final MethodHandles.@Nullable Lookup lookup;

  /** A {@code ScopeBody}, {@code ScopeAction} or {@code AsyncBody}; null if there is none. */
  private final @Nullable Object body;

  private boolean isUsed;

  private SelectCase(
      @Nullable Selectable wait, MethodHandles.@Nullable Lookup lookup, @Nullable Object body) {
    this.wait = wait;
    this.lookup = lookup;
    this.body = body;
  }

  public static <A extends @Nullable Object> Case<A> of(Awaitable<A> wait) {
    return new SelectCase<A, A>(selectable(wait), null, null);
  }

  public static <A extends @Nullable Object, T extends @Nullable Object> Case<T> of(
      MethodHandles.@Nullable Lookup lookup, Awaitable<A> wait, ScopeBody<A, T> then) {
    return new SelectCase<A, T>(selectable(wait), lookup, given(then));
  }

  public static <A extends @Nullable Object> Case<Void> action(
      MethodHandles.@Nullable Lookup lookup, Awaitable<A> wait, ScopeAction<A> then) {
    return new SelectCase<A, Void>(selectable(wait), lookup, given(then));
  }

  public static <T extends @Nullable Object> Case<T> otherwise(
      MethodHandles.@Nullable Lookup lookup, AsyncBody<T> body) {
    return new SelectCase<Void, T>(null, lookup, given(body));
  }

  private static Selectable selectable(Awaitable<?> wait) {
    return Selectables.of(Objects.requireNonNull(wait, "nothing to wait for"));
  }

  private static <B> B given(B body) {
    return Objects.requireNonNull(body, "the body of a case is null");
  }

  /** Takes it for its one use. */
  void use(LoopTask<?> task) {
    if (isUsed) {
      throw new IllegalStateException(
          "cannot select twice: " + this + "; a case is used once: make a new one for each select");
    }
    isUsed = true;
  }

  /** The body as something to await; null if the value is the result. */
  @SuppressWarnings({"unchecked", "NullAway"}) // the wait gives an A
  @Nullable Async<?> bodyWith(@Nullable Object value) {
    return body == null
        ? null
        : body instanceof ScopeBody<?, ?> then
            ? Bodies.scope(lookup, (ScopeBody<A, T>) then, (A) value)
            : body instanceof ScopeAction<?> then
                ? Bodies.scopeAction(lookup, (ScopeAction<A>) then, (A) value)
                : Bodies.of(lookup, (AsyncBody<T>) body);
  }

  @Override
  public String toString() {
    return wait == null ? "otherwise" : "case of " + wait;
  }
}
