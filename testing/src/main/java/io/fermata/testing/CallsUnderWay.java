package io.fermata.testing;

import io.fermata.internal.kernel.Order;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls on other threads that tasks of a loop wait for, in the order of their begin.
 *
 * <p>A call that has ended stays here until the loop takes it. So the loop decides when its task
 * goes on. Belongs to the loop's thread, except {@link #end}.
 */
final class CallsUnderWay {
  /** Each with what tells the loop of its end, once it has ended. Guarded by this. */
  private final Map<Object, Optional<Runnable>> calls = new LinkedHashMap<>();

  /** Whether it keeps calls. Guarded by this. */
  private boolean open = true;

  /** The size of the map. The loop's thread looks at it in each round. */
  private int count;

  synchronized void begin(Object call) {
    if (open) {
      calls.put(call, Optional.empty());
      count = calls.size();
    }
  }

  /**
   * A call has ended; on any thread. One that was left is forgotten.
   *
   * @return false if it keeps none, and the caller is to tell the loop
   */
  synchronized boolean end(Object call, Runnable deliver) {
    calls.replace(call, Optional.of(deliver));
    return open;
  }

  /** Keeps no call from now on, and gives those that have ended. */
  synchronized List<Runnable> close() {
    open = false;
    List<Runnable> ended = calls.values().stream().flatMap(Optional::stream).toList();
    calls.clear();
    count = 0;
    return ended;
  }

  synchronized void leave(Object call) {
    calls.remove(call);
    count = calls.size();
  }

  boolean isEmpty() {
    return count == 0;
  }

  /** The oldest; or one that an order chooses. */
  synchronized Object choose(@Nullable Order order) {
    int chosen = order == null || count == 1 ? 0 : order.choose(count);
    return List.copyOf(calls.keySet()).get(chosen);
  }

  /** Takes a call out, if it has ended. */
  synchronized @Nullable Runnable take(Object call) {
    Runnable deliver = calls.getOrDefault(call, Optional.empty()).orElse(null);
    if (deliver != null) {
      leave(call);
    }
    return deliver;
  }

  /** Takes out the oldest that has ended; null if none has. */
  @Nullable Runnable takeAny() {
    for (Object call : all()) {
      Runnable deliver = take(call);
      if (deliver != null) {
        return deliver;
      }
    }
    return null;
  }

  private synchronized List<Object> all() {
    return List.copyOf(calls.keySet());
  }

  @Override
  public String toString() {
    return all().toString();
  }
}
