package io.fermata.async;

import io.fermata.CheckReturnValue;
import io.fermata.internal.compose.Bodies;
import io.fermata.internal.compose.GroupFrame;
import io.fermata.internal.compose.StartFrame;
import io.fermata.internal.loop.Group;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scope of tasks that belong together: it ends only when all of them have ended, and a failure of
 * one cancels the others. Python: {@code asyncio.TaskGroup}.
 *
 * <pre>{@code
 * int total = co.await(TaskGroup.of((in, tg) -> {
 *   Task<Integer> a = tg.start(count("a")), b = tg.start(count("b"));
 *   return in.await(a) + in.await(b);
 * }));                                                  // here all tasks have ended
 * }</pre>
 *
 * <p><b>Failures.</b> A failure of a member or of the body cancels the group: first the members in
 * the order of their start, then the body. Each of their later awaits throws {@link Cancelled}.
 * Once all have ended, the group throws an {@link ExceptionGroup} (an {@link ErrorGroup} if one of
 * them is an {@code Error}) with all failures in the order of ending, the body's last; a single
 * failure is wrapped, too. A cancelled member is not a failure.
 *
 * <p><b>Being cancelled.</b> Cancelling the await cancels the body and the members, and the group
 * waits for them. Then it throws the cancellation. If there are failures, it throws the group of
 * failures instead, and the cancellation comes at the next suspension. If the body throws {@code
 * Cancelled} by itself, the group throws that, unwrapped.
 */
public final class TaskGroup implements Starter {
  private final Group group;

  private TaskGroup(boolean isSupervisor) {
    group = new Group(isSupervisor);
  }

  /**
   * A group with a body that has a result.
   *
   * @param body the body; it gets a {@code co} of its own, and the group
   * @param <T> the type of the result
   * @return the group, cold; its result is the body's, null if {@link #cancel} ended the body
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> of(ScopeBody<TaskGroup, T> body) {
    return open(false, null, body);
  }

  /**
   * As {@link #of(ScopeBody)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body; it gets a {@code co} of its own, and the group
   * @param <T> the type of the result
   * @return the group, cold; its result is the body's, null if {@link #cancel} ended the body
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> of(
      MethodHandles.Lookup lookup, ScopeBody<TaskGroup, T> body) {
    return open(false, Bodies.given(lookup), body);
  }

  private static <T extends @Nullable Object> Async<T> open(
      boolean isSupervisor, MethodHandles.@Nullable Lookup lookup, ScopeBody<TaskGroup, T> body) {
    TaskGroup group = new TaskGroup(isSupervisor);
    return new GroupFrame<>(group.group, Bodies.scope(lookup, body, group));
  }

  /**
   * A group with a body without a result.
   *
   * @param body the body; it gets a {@code co} of its own, and the group
   * @return the group, cold
   */
  @CheckReturnValue
  public static Async<Void> action(ScopeAction<TaskGroup> body) {
    return openAction(false, null, body);
  }

  /**
   * As {@link #action(ScopeAction)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body; it gets a {@code co} of its own, and the group
   * @return the group, cold
   */
  @CheckReturnValue
  public static Async<Void> action(MethodHandles.Lookup lookup, ScopeAction<TaskGroup> body) {
    return openAction(false, Bodies.given(lookup), body);
  }

  private static Async<Void> openAction(
      boolean isSupervisor, MethodHandles.@Nullable Lookup lookup, ScopeAction<TaskGroup> body) {
    TaskGroup group = new TaskGroup(isSupervisor);
    return new GroupFrame<>(group.group, Bodies.scopeAction(lookup, body, group));
  }

  /**
   * A group whose members fail alone: a member that fails does not cancel the others. Ideas:
   * kotlinx's {@code supervisorScope}, Erlang.
   *
   * <pre>{@code
   * co.await(TaskGroup.supervisorAction((in, tg) -> {
   *   tg.start(warmUp());                                 // a failure goes to the exception handler
   *   tg.start(serve());
   * }));
   * }</pre>
   *
   * <p>The failure of a member goes to the {@link ExceptionHandler} of the loop in the round after,
   * unless somebody has got it, as who awaits the task. An {@code InternalError} or {@code
   * UnknownError} ends the group. A failure of the body cancels the members, and comes out in a
   * group of failures, as everywhere. Being cancelled is as for any other group.
   *
   * @param body the body; it gets a {@code co} of its own, and the group
   * @param <T> the type of the result
   * @return the group, cold; its result is the body's, null if {@link #cancel} ended the body
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> supervisor(ScopeBody<TaskGroup, T> body) {
    return open(true, null, body);
  }

  /**
   * As {@link #supervisor(ScopeBody)}, for a body in a named module that does not open its package
   * to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body; it gets a {@code co} of its own, and the group
   * @param <T> the type of the result
   * @return the group, cold; its result is the body's, null if {@link #cancel} ended the body
   */
  @CheckReturnValue
  public static <T extends @Nullable Object> Async<T> supervisor(
      MethodHandles.Lookup lookup, ScopeBody<TaskGroup, T> body) {
    return open(true, Bodies.given(lookup), body);
  }

  /**
   * As {@link #supervisor(ScopeBody)}, for a body without a result.
   *
   * @param body the body; it gets a {@code co} of its own, and the group
   * @return the group, cold
   */
  @CheckReturnValue
  public static Async<Void> supervisorAction(ScopeAction<TaskGroup> body) {
    return openAction(true, null, body);
  }

  /**
   * As {@link #supervisorAction(ScopeAction)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body; it gets a {@code co} of its own, and the group
   * @return the group, cold
   */
  @CheckReturnValue
  public static Async<Void> supervisorAction(
      MethodHandles.Lookup lookup, ScopeAction<TaskGroup> body) {
    return openAction(true, Bodies.given(lookup), body);
  }

  /**
   * Starts a member, and waits until it says that it is ready. Python: trio's {@code
   * nursery.start}.
   *
   * <pre>{@code
   * co.await(TaskGroup.action((in, tg) -> {
   *   int port = in.await(tg.startAndWait((task, started) -> {
   *     started.started(task.await(count("ports")));
   *     task.await(serve());
   *   }));
   *   log(port);
   * }));
   * }</pre>
   *
   * <p>The await gives what the body passes to {@link Started#started}; from then on the task is a
   * member as any other. If the task fails before that, the await throws the failure, and the group
   * goes on. With {@code var}, the type of the value has to be written: {@code
   * tg.<Integer>startAndWait(...)}.
   *
   * <p>Cancelling the await before that cancels the task, and waits for it; what its cleanup fails
   * with is suppressed in the cancellation. If the await is cancelled when it has the value, the
   * value is lost, and the task goes on as a member.
   *
   * @param body the body of the task; it gets a {@code co} of its own
   * @param <V> the type of the value
   * @return an {@code Async} that gives the value
   * @throws IllegalStateException from the await, if the task ends without a value, or the group
   *     takes no members
   */
  @CheckReturnValue
  public <V extends @Nullable Object> Async<V> startAndWait(ScopeAction<Started<V>> body) {
    return new StartFrame<>(group, null, body);
  }

  /**
   * As {@link #startAndWait(ScopeAction)}, for a body in a named module that does not open its
   * package to {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body the body of the task; it gets a {@code co} of its own
   * @param <V> the type of the value
   * @return an {@code Async} that gives the value
   */
  @CheckReturnValue
  public <V extends @Nullable Object> Async<V> startAndWait(
      MethodHandles.Lookup lookup, ScopeAction<Started<V>> body) {
    return new StartFrame<>(group, Bodies.given(lookup), body);
  }

  @Override
  public <T extends @Nullable Object> Task<T> start(Async<T> async) {
    return group.starting().start(async);
  }

  @Override
  public Starter named(String name) {
    return group.starting().named(name);
  }

  @Override
  public Starter namedAfter(Object source) {
    return group.starting().namedAfter(source);
  }

  @Override
  public Starter eager() {
    return group.starting().eager();
  }

  @Override
  public Starter in(Context context) {
    return group.starting().in(context);
  }

  /**
   * Ends the group early, which is not a failure. The members and the body get {@link Cancelled} at
   * their next suspension.
   *
   * @param reason the reason, for people; null for none
   */
  public void cancel(@Nullable String reason) {
    group.cancel(reason);
  }

  /**
   * Whether the group ends early: from the first failure of the body or a member, from {@link
   * #cancel}, or from a cancellation from outside on. It stays true. Any thread may ask.
   *
   * @return whether it was cancelled
   */
  public boolean cancelled() {
    return group.cancelled();
  }

  /**
   * The members that have not ended.
   *
   * @return a new list, in the order of their start
   */
  public List<Task<?>> tasks() {
    return group.tasks();
  }

  @Override
  public String toString() {
    return group.toString();
  }
}
