package io.fermata.internal.flow;

import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.internal.loop.Cancellations;
import io.fermata.internal.loop.LibraryFrame;
import io.fermata.internal.loop.Throwing;
import io.fermata.internal.waiting.ChildrenWait;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The frame that cancels the tasks of a stage and waits for them. A cancellation of that wait goes
 * on to the tasks, and is thrown when they have ended.
 */
final class StageEnd extends LibraryFrame<Void> {
  private final String name;
  private final List<Task<?>> tasks;
  private final Supplier<List<Throwable>> failures;
  private final ChildrenWait wait = new ChildrenWait();

  StageEnd(String name, Collection<Task<?>> tasks, Supplier<List<Throwable>> failures) {
    this.name = name;
    this.tasks = List.copyOf(tasks);
    this.failures = failures;
  }

  @Override
  protected int go(int place, @Nullable Object sent, @Nullable Throwable raised) throws Throwable {
    if (place == 0) {
      tasks.forEach(wait::add);
      tasks.forEach(task -> StageFrame.cancel(task, name + "() was closed"));
    } else if (raised != null && !(raised instanceof Cancelled why && wait.interrupt(why))) {
      throw raised;
    }
    var unused = wait.takeEnded();
    if (wait.hasLeft()) {
      return awaiting(wait, 1);
    }
    Throwable told = wait.interruption();
    for (Throwable failure : failures.get()) {
      if (told == null) {
        told = failure;
      } else if (told instanceof Cancelled interruption) {
        told = Cancellations.replace(failure, interruption);
      } else {
        Throwing.note(told, failure);
      }
    }
    if (told != null) {
      throw told;
    }
    return done(null);
  }

  @Override
  protected String description() {
    return "the end of " + name + "()";
  }
}
