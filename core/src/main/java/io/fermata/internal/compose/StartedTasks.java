package io.fermata.internal.compose;

import io.fermata.async.Async;
import io.fermata.async.Task;
import io.fermata.internal.loop.TaskStarter;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of an iterable that may be endless. A task starts when the iterator gives it; a
 * repeated {@code Async} is left out.
 */
public final class StartedTasks<T extends @Nullable Object> implements Iterable<Task<T>> {
  private final Iterable<? extends Async<? extends T>> asyncs;

  public StartedTasks(Iterable<? extends Async<? extends T>> asyncs) {
    this.asyncs = asyncs;
  }

  @Override
  public Iterator<Task<T>> iterator() {
    Iterator<? extends Async<? extends T>> source = asyncs.iterator();
    // Weak, as there may be no end of them. They are the library's own, which compares identities.
    Set<Async<? extends T>> known = Collections.newSetFromMap(new WeakHashMap<>());
    return new Iterator<>() {
      private @Nullable Async<? extends T> next;

      @Override
      public boolean hasNext() {
        while (next == null && source.hasNext()) {
          Async<? extends T> read =
              Objects.requireNonNull(source.next(), "an Async to start is null");
          next = known.add(read) ? read : null;
        }
        return next != null;
      }

      @Override
      public Task<T> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Async<? extends T> begins = Objects.requireNonNull(next);
        next = null;
        return started(begins);
      }
    };
  }

  @SuppressWarnings("unchecked") // a task only gives its result
  private static <T extends @Nullable Object> Task<T> started(Async<? extends T> async) {
    return (Task<T>) TaskStarter.INHERITING.start(async);
  }
}
