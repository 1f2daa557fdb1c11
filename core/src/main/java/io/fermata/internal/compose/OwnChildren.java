package io.fermata.internal.compose;

import io.fermata.async.Awaitable;
import io.fermata.internal.loop.LoopDeferred;
import io.fermata.internal.loop.TaskStarter;
import io.fermata.internal.waiting.ChildrenWait;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tasks and promises behind the awaitables that one frame runs at the same time. A repeated
 * awaitable has one child, which stands in the list once for each occurrence.
 */
final class OwnChildren<T extends @Nullable Object> {
  final List<LoopDeferred<? extends T>> all = new ArrayList<>();
  final ChildrenWait wait = new ChildrenWait();
  private final Map<Object, LoopDeferred<? extends T>> started = new IdentityHashMap<>();

  /** Who runs them, for messages. */
  private final String owner;

  OwnChildren(String owner) {
    this.owner = owner;
  }

  /** The awaitables that a factory was given, none of which is null. */
  static <T extends @Nullable Object> List<Awaitable<? extends T>> copy(
      Iterable<? extends Awaitable<? extends T>> awaitables, String owner) {
    List<Awaitable<? extends T>> all = new ArrayList<>();
    for (Awaitable<? extends T> each :
        Objects.requireNonNull(awaitables, () -> owner + " has nothing to wait for: null")) {
      all.add(given(each, all.size(), owner));
    }
    return all;
  }

  private static <A> A given(@Nullable A each, int index, String owner) {
    if (each == null) {
      throw new NullPointerException("awaitable number " + index + " of " + owner + " is null");
    }
    return each;
  }

  /** How many may run at the same time. */
  static int limit(int most) {
    if (most < 1) {
      throw new IllegalArgumentException("at least one has to run at a time, not " + most);
    }
    return most;
  }

  /** Runs one, and waits for it. */
  void start(Awaitable<? extends T> awaitable) {
    LoopDeferred<? extends T> child = started.get(given(awaitable, all.size(), owner));
    if (child == null) {
      child = (LoopDeferred<? extends T>) TaskStarter.ensure(awaitable);
      started.put(awaitable, child);
      wait.add(child);
    }
    all.add(child);
  }

  /**
   * Waits for none of them any more. The tasks that were started here have no other owner; promises
   * and tasks of the caller do.
   */
  void abandon(String reason) {
    wait.leave();
    started.forEach(
        (awaitable, child) -> {
          if (awaitable != child) {
            child.cancel(reason);
          }
        });
  }
}
