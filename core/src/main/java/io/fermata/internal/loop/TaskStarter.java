package io.fermata.internal.loop;

import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.Context;
import io.fermata.async.Deferred;
import io.fermata.async.Starter;
import io.fermata.async.Task;
import io.fermata.runtime.AsyncFrame;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A way to start tasks.
 *
 * @param loop the loop; null for the current one
 * @param group the group of the tasks; null for none
 * @param name a string, or an object whose {@code toString} names a task; null for a generated name
 * @param eagerly whether a task runs at once, up to its first wait
 * @param context the context of the tasks; null for a copy of the current one
 */
public record TaskStarter(
    @Nullable Loop loop,
    @Nullable Group group,
    @Nullable Object name,
    boolean eagerly,
    @Nullable ContextState context)
    implements Starter {
  /** The current loop, no name, the next round, a copy of the current context. */
  public static final TaskStarter INHERITING = new TaskStarter(null, null, null, false, null);

  @Override
  public <T extends @Nullable Object> Task<T> start(Async<T> async) {
    AsyncFrame<T> frame = AwaitFrame.of(Objects.requireNonNull(async, "nothing to start: null"));
    // Before any check: a refused Async is spent, as one that was started.
    frame.claim();
    try {
      Loop in = loop == null ? Loop.current() : loop;
      in.check(in, "start()");
      if (in.refusesTasks()) {
        throw new IllegalStateException("cannot start a task: the loop is closed");
      }
      GroupScope scope = group == null ? null : group.scopeForNewTask();
      if (scope != null) {
        scope.host.loop.check(scope, "start()");
      }
      return start(in, frame, scope);
    } catch (IllegalStateException refused) {
      frame.discard();
      throw refused;
    }
  }

  private <T extends @Nullable Object> Task<T> start(
      Loop in, AsyncFrame<T> frame, @Nullable GroupScope scope) {
    Object holder = context == null ? ContextState.captured() : context;
    LoopTask<T> task = new LoopTask<>(in, frame, scope, name, holder);
    in.taskList.add(task);
    if (in.isDebug()) {
      in.noteStart(task);
    }
    if (scope != null) {
      scope.add(task);
    }
    // Outside of a run there is no round that the task could run in at once.
    if (eagerly && in.isRunning()) {
      in.kernel.runNow(task);
    } else {
      task.wake();
    }
    return task;
  }

  @Override
  public Starter named(String name) {
    return namedAfter(name);
  }

  @Override
  public Starter namedAfter(Object what) {
    return new TaskStarter(loop, group, Objects.requireNonNull(what, "name"), eagerly, context);
  }

  @Override
  public Starter eager() {
    return new TaskStarter(loop, group, name, true, context);
  }

  @Override
  public Starter in(Context context) {
    return in(ContextState.of(context));
  }

  /** The same, in a context. */
  TaskStarter in(ContextState state) {
    return new TaskStarter(loop, group, name, eagerly, state);
  }

  public static <T extends @Nullable Object> Deferred<T> ensure(Awaitable<T> awaitable) {
    if (awaitable instanceof Deferred<T> deferred) {
      Loop here = Loop.current();
      if (deferred.loop() != here.face) {
        throw new IllegalArgumentException(deferred + " belongs to another loop than " + here);
      }
      return deferred;
    }
    return INHERITING.start(awaitable.toAsync());
  }
}
