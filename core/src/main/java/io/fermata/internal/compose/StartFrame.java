package io.fermata.internal.compose;

import io.fermata.async.Cancelled;
import io.fermata.async.ScopeAction;
import io.fermata.async.Started;
import io.fermata.async.Task;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.Group;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.waiting.ChildrenWait;
import io.fermata.runtime.AsyncFrame;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The frame behind {@code startAndWait}: it starts a member of a group, and waits until that says
 * that it has started.
 *
 * <p><b>Guarantee.</b> Until then the member is this frame's: its failure comes out here, and if
 * the frame is cancelled, it ends only when the member has ended. From then on it is the group's
 * alone.
 *
 * <pre>
 * ON TRIAL -&gt; MEMBER   started(): the frame is woken, and no longer told of the member's end
 * ON TRIAL -&gt; (ended)  the member ends: its failure, or an IllegalStateException, is thrown
 * ON TRIAL -&gt; LEAVING  the frame is cancelled: the member too; started() changes nothing any more
 * </pre>
 */
public final class StartFrame<V extends @Nullable Object> extends LibraryFrame<V>
    implements Started<V> {
  private final Group group;
  private final AsyncFrame<Void> body;
  private final ChildrenWait wait = new ChildrenWait();
  private @Nullable Task<Void> task;
  private boolean isStarted;
  private @Nullable Object given;

  @SuppressWarnings("this-escape") // the body gets it when it runs
  public StartFrame(
      Group group, MethodHandles.@Nullable Lookup lookup, ScopeAction<Started<V>> action) {
    this.group = group;
    this.body = Bodies.<Started<V>>scopeAction(lookup, action, this);
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      task = group.startOnTrial(body);
      wait.add(task);
    } else if (raised != null && !(raised instanceof Cancelled why && wait.interrupt(why))) {
      throw raised;
    }
    if (wait.hasLeft()) {
      return awaiting(wait, 1);
    }
    Cancelled interruption = wait.interruption();
    Throwable failure = null;
    for (LoopDeferred<?> ended : wait.takeEnded()) { // none if it goes on
      failure = ended.failure();
    }
    if (interruption != null) {
      throw failure == null ? interruption : Cancellations.replace(failure, interruption);
    }
    if (isStarted) {
      return done(given);
    }
    throw failure != null
        ? failure
        : new IllegalStateException(
            Objects.requireNonNull(task).name()
                + " has ended without a call of started(); call it when the task is ready");
  }

  @Override
  public void started(V value) {
    LoopDeferred<?> member = (LoopDeferred<?>) Objects.requireNonNull(task);
    member.loop.check(this, "started()");
    if (isStarted) {
      throw new IllegalStateException("started() was called before; call it once");
    }
    if (member.done()) {
      throw new IllegalStateException("started() was called after the end of its task");
    }
    isStarted = true;
    if (wait.interruption() == null) {
      given = value;
      group.started(Objects.requireNonNull(task));
      wait.letGo();
      wait.wake();
    }
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
    return "start of " + body.place();
  }
}
