package io.fermata.internal.loop;

import io.fermata.async.Task;
import io.fermata.internal.kernel.Timer;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The steps from a running loop to an ended one. It goes on between rounds, so that a guest can
 * take them too.
 *
 * <pre>
 * cancel all tasks  -&gt;  wait for them  -&gt;  report their failures
 *   -&gt;  close open async generators  -&gt;  wait for these  -&gt;  report what nobody has seen
 * </pre>
 *
 * <p>A task need not end because it is cancelled. After two seconds of the loop's time the tasks
 * that have not ended are named.
 */
public final class LoopShutdown {
  private static final long SILENCE = 2_000_000_000;

  /** So many tasks are named. */
  private static final int NAMED = 10;

  private final Loop loop;

  private final List<LoopTask<?>> leftovers;

  /** The first of so many leftovers have ended. */
  private int done;

  private boolean tasksEnded;
  private @Nullable Task<Void> generators;
  private boolean ended;

  private final Timer silence =
      new Timer() {
        @Override
        public void run() {
          sayWhatRuns();
        }
      };

  public LoopShutdown(Loop loop, String reason) {
    this.loop = loop;
    leftovers = loop.taskList.toList();
    cancelAll(leftovers, reason);
    if (!leftovers.isEmpty()) {
      loop.kernel.schedule(silence, loop.kernel.now() + SILENCE);
    }
  }

  private void sayWhatRuns() {
    List<LoopTask<?>> open = new ArrayList<>(leftovers);
    if (tasksEnded) {
      open = loop.taskList.toList(); // they close generators
    }
    open.removeIf(LoopTask::done);
    StringBuilder text = new StringBuilder("the loop is being closed, and waits for ");
    text.append(open.size() == 1 ? "a task that does" : open.size() + " tasks that do");
    text.append(" not end");
    text.append(tasksEnded ? "; generators are closed there:" : " although cancelled:");
    for (LoopTask<?> task : open.subList(0, Math.min(NAMED, open.size()))) {
      text.append('\n').append(loop.monitor.dump(task).stripTrailing());
    }
    text.append(open.size() > NAMED ? "\nand " + (open.size() - NAMED) + " more" : "");
    System.getLogger("io.fermata.async").log(Level.WARNING, text.toString());
  }

  /**
   * Cancels tasks, each once: one that awaits another passes it on, and where they await each other
   * in long chains the whole chain would be gone through again from each of them.
   */
  private static void cancelAll(List<LoopTask<?>> tasks, String reason) {
    // Outermost tasks first: cancelling one reaches the whole chain below it. The counts tell which
    // tasks were reached, so that a long chain is walked once.
    Set<Object> awaited = new HashSet<>();
    tasks.forEach(task -> awaited.add(task.waitsFor()));
    List<LoopTask<?>> outermostFirst = new ArrayList<>(tasks);
    outermostFirst.sort(Comparator.comparing(awaited::contains));
    int[] before = outermostFirst.stream().mapToInt(LoopTask::cancelling).toArray();
    for (int i = 0; i < before.length; i++) {
      LoopTask<?> task = outermostFirst.get(i);
      if (task.cancelling() == before[i]) {
        task.cancel(reason);
      }
    }
  }

  /**
   * Goes on as far as possible.
   *
   * @return whether all has ended; else it has to go on after another round
   */
  public boolean advance() {
    while (done < leftovers.size() && leftovers.get(done).done()) {
      done++;
    }
    if (done < leftovers.size()) {
      return false;
    }
    if (!tasksEnded) {
      tasksEnded = true;
      tasksEnded();
    }
    if (generators != null && !generators.done()) {
      return false;
    }
    // Only now: the generators' cleanup may still have looked at failures.
    if (!ended) {
      ended = true;
      loop.kernel.cancel(silence);
      loop.failures.unretrieved.reportAll();
    }
    return true;
  }

  private void tasksEnded() {
    if (!leftovers.isEmpty()) {
      loop.kernel.round(false); // those who follow the last of them are told
    }
    leftovers.forEach(loop.failures::reportLeftover);
    if (!loop.generators.isEmpty()) {
      loop.kernel.cancel(silence);
      loop.kernel.schedule(silence, loop.kernel.now() + SILENCE);
      generators = loop.start(loop.shutdownAsyncGenerators());
    }
  }
}
