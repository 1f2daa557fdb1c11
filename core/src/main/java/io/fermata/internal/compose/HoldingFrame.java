package io.fermata.internal.compose;

import io.fermata.async.Async;
import io.fermata.async.Permit;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Throwing;
import io.fermata.runtime.AsyncFrame;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The frame of a body that runs with a permit, which it returns on every way out. */
public final class HoldingFrame<T extends @Nullable Object> extends LibraryFrame<T> {
  private static final int ACQUIRED = 1;
  private static final int BODY_ENDED = 2;

  private final Supplier<Async<Permit>> acquiring;
  private final AsyncFrame<T> body;
  private @Nullable Permit held;

  public HoldingFrame(Supplier<Async<Permit>> acquiring, AsyncFrame<T> body) {
    this.acquiring = acquiring;
    this.body = body;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      return awaiting(acquiring.get(), ACQUIRED);
    }
    if (place == ACQUIRED) {
      if (raised != null) {
        throw raised;
      }
      held = (Permit) Objects.requireNonNull(sent);
      return awaiting(body, BODY_ENDED);
    }
    Permit permit = Objects.requireNonNull(held);
    held = null;
    try {
      permit.close();
    } catch (Throwable closing) {
      if (raised == null) {
        throw closing;
      }
      Throwing.suppress(raised, closing);
    }
    if (raised != null) {
      throw raised;
    }
    return done(sent);
  }

  /** Discards a body that never began, so it is not reported as never awaited. */
  @Override
  protected void ended() {
    body.discard();
  }

  @Override
  protected @Nullable Object core() {
    return body;
  }

  @Override
  protected String description() {
    return "holding at " + body.place();
  }
}
