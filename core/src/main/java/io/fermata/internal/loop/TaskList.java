package io.fermata.internal.loop;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tasks of a loop that have not ended, in the order of their start. */
public final class TaskList extends IntrusiveList<LoopTask<?>> {
  @Override
  protected @Nullable LoopTask<?> before(LoopTask<?> node) {
    return node.before;
  }

  @Override
  protected void linkBefore(LoopTask<?> node, @Nullable LoopTask<?> before) {
    node.before = before;
  }

  @Override
  protected @Nullable LoopTask<?> after(LoopTask<?> node) {
    return node.after;
  }

  @Override
  protected void linkAfter(LoopTask<?> node, @Nullable LoopTask<?> after) {
    node.after = after;
  }

  /** A copy of this moment. */
  public List<LoopTask<?>> toList() {
    List<LoopTask<?>> all = new ArrayList<>(size());
    for (LoopTask<?> task = first(); task != null; task = next(task)) {
      all.add(task);
    }
    return all;
  }
}
