package io.fermata.async;

import io.fermata.internal.compose.Bodies;
import io.fermata.internal.compose.GroupFrame;
import io.fermata.internal.loop.Group;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that belong together: the group does not leave before all of them have ended, and if one
 * fails, the others are cancelled. Python: {@code asyncio.TaskGroup}.
 *
 * <pre>{@code
 * int total = co.await(TaskGroup.of((in, tg) -> {
 *   Task<Integer> a = tg.start(count("a")), b = tg.start(count("b"));
 *   return in.await(a) + in.await(b);
 * }));                                                  // here all tasks have ended
 * }</pre>
 *
 * <p><b>Failures.</b> When a member or the body fails, the group is cancelled: the members in the
 * order of their start, then the body; each of their later awaits throws {@link Cancelled}. Once
 * all have ended, the group throws an {@link ExceptionGroup} (an {@link ErrorGroup} if one of them
 * is an {@code Error}) with all failures in the order of ending, the body's last; one alone is
 * wrapped too. A member that ends as cancelled is no failure.
 *
 * <p><b>Being cancelled.</b> The body and the members are, and the group waits for them; then it
 * throws the cancellation, or the group of failures if there are any, and the cancellation comes at
 * the next suspension. A body that throws {@code Cancelled} by itself gives that, bare.
 */
public final class TaskGroup implements Starter {
  private final Group group = new Group();

  private TaskGroup() {}

  /**
   * A group with a body that has a result.
   *
   * @param body gets a {@code co} of its own, and the group
   * @param <T> the result
   * @return the group, cold; its result is the body's, null if the body was cut short by {@link
   *     #cancel}
   */
  public static <T extends @Nullable Object> Async<T> of(ScopeBody<TaskGroup, T> body) {
    return open(null, body);
  }

  /**
   * As {@link #of(ScopeBody)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body gets a {@code co} of its own, and the group
   * @param <T> the result
   * @return the group, cold; its result is the body's, null if the body was cut short by {@link
   *     #cancel}
   */
  public static <T extends @Nullable Object> Async<T> of(
      MethodHandles.Lookup lookup, ScopeBody<TaskGroup, T> body) {
    return open(Bodies.given(lookup), body);
  }

  private static <T extends @Nullable Object> Async<T> open(
      MethodHandles.@Nullable Lookup lookup, ScopeBody<TaskGroup, T> body) {
    TaskGroup group = new TaskGroup();
    return new GroupFrame<>(group.group, Bodies.scope(lookup, body, group));
  }

  /**
   * A group with a body without a result.
   *
   * @param body gets a {@code co} of its own, and the group
   * @return the group, cold
   */
  public static Async<Void> action(ScopeAction<TaskGroup> body) {
    return openAction(null, body);
  }

  /**
   * As {@link #action(ScopeAction)}, for a body in a named module that does not open its package to
   * {@code io.fermata}.
   *
   * @param lookup {@code MethodHandles.lookup()}, called in the class that holds the body
   * @param body gets a {@code co} of its own, and the group
   * @return the group, cold
   */
  public static Async<Void> action(MethodHandles.Lookup lookup, ScopeAction<TaskGroup> body) {
    return openAction(Bodies.given(lookup), body);
  }

  private static Async<Void> openAction(
      MethodHandles.@Nullable Lookup lookup, ScopeAction<TaskGroup> body) {
    TaskGroup group = new TaskGroup();
    return new GroupFrame<>(group.group, Bodies.scopeAction(lookup, body, group));
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
  public Starter namedAfter(Object what) {
    return group.starting().namedAfter(what);
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
   * Ends the group early, which is no failure: cancels the members and the body, which get {@link
   * Cancelled} at their next suspension.
   *
   * @param reason why, for people
   */
  public void cancel(@Nullable String reason) {
    group.cancel(reason);
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
