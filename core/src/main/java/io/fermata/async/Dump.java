package io.fermata.async;

import java.util.List;

/** What all tasks of a loop do, in words. */
final class Dump {
  private Dump() {}

  static String of(List<LoopTask<?>> tasks) {
    StringBuilder text = new StringBuilder();
    for (LoopTask<?> task : tasks) {
      text.append(task.name()).append(", body at ").append(task.place());
      if (task.waitsFor() instanceof Deferred<?> deferred) {
        text.append(", awaits ").append(deferred);
      }
      text.append('\n');
      for (StackTraceElement line : task.stack()) {
        text.append("    at ").append(line).append('\n');
      }
    }
    return text.toString();
  }
}
