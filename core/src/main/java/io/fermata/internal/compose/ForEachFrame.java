package io.fermata.internal.compose;

import io.fermata.async.AsyncGenerator;
import io.fermata.async.ScopeAction;
import io.fermata.runtime.AsyncFrame;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** The frame of a loop over an asynchronous generator, which it closes on every way out. */
public final class ForEachFrame<Y extends @Nullable Object>
    extends ClosingFrame<AsyncGenerator<Y>, Void> {
  private static final int ADVANCED = 1;
  private static final int EXECUTED = 2;

  private final MethodHandles.@Nullable Lookup lookup;
  private final ScopeAction<Y> body;

  public ForEachFrame(
      AsyncGenerator<Y> generator, MethodHandles.@Nullable Lookup lookup, ScopeAction<Y> body) {
    super(generator);
    this.lookup = lookup;
    this.body = body;
  }

  @Override
  protected int run(int place, @Nullable Object sent) {
    if (place != ADVANCED) {
      return awaiting(resource.advance(), ADVANCED);
    }
    return Boolean.TRUE.equals(sent)
        ? awaiting(Bodies.scopeAction(lookup, body, resource.current()), EXECUTED)
        : done(null);
  }

  /** A run of the body that never begins: each element has a run of its own. */
  @Override
  @SuppressWarnings("NullAway") // no code sees the element
  protected @Nullable Object core() {
    AsyncFrame<Void> run =
        Bodies.<@Nullable Y>scopeAction(lookup, (ScopeAction<@Nullable Y>) body, null);
    run.discard();
    return run;
  }

  @Override
  protected String description() {
    return "loop over " + resource;
  }
}
