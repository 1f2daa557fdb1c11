package io.fermata.internal.loop;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of a loop that have not ended, in the order of their start: a list that runs through
 * the tasks themselves, so that a task costs no entry.
 */
public final class TaskList {
  private @Nullable LoopTask<?> first;
  private @Nullable LoopTask<?> last;
  private int size;

  void add(LoopTask<?> task) {
    task.before = last;
    if (last == null) {
      first = task;
    } else {
      last.after = task;
    }
    last = task;
    size++;
  }

  void remove(LoopTask<?> task) {
    LoopTask<?> before = task.before;
    LoopTask<?> after = task.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    task.before = null;
    task.after = null;
    size--;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public List<LoopTask<?>> toList() {
    List<LoopTask<?>> all = new ArrayList<>(size);
    for (LoopTask<?> task = first; task != null; task = task.after) {
      all.add(task);
    }
    return all;
  }
}
