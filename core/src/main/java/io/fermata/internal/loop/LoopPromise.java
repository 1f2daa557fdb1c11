package io.fermata.internal.loop;

import io.fermata.async.Cancelled;
import io.fermata.async.Promise;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A promise of a loop. */
public class LoopPromise<T extends @Nullable Object> extends LoopDeferred<T> implements Promise<T> {
  public LoopPromise(Loop loop) {
    super(loop);
  }

  @Override
  public void setResult(T value) {
    checkPending("setResult()");
    settle(VALUE, value);
  }

  @Override
  public void setException(Throwable failure) {
    Objects.requireNonNull(failure, "setException() needs a failure, but got null");
    checkPending("setException()");
    settle(failure instanceof Cancelled ? CANCELLED : FAILED, failure);
  }

  private void checkPending(String call) {
    loop.check(this, call);
    if (done()) {
      throw new IllegalStateException(
          call + " came too late: " + this + " is done; a promise is settled once");
    }
  }

  @Override
  public boolean cancel(@Nullable String reason) {
    loop.check(this, "cancel()");
    return !done() && cancelWith(new Cancelled(reason));
  }

  @Override
  boolean cancelWith(Cancelled why) {
    return settle(CANCELLED, why);
  }

  @Override
  public String noun() {
    return "promise";
  }
}
