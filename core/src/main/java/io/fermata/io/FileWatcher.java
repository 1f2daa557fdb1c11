package io.fermata.io;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.async.AsyncCloseable;
import io.fermata.async.AsyncGenerator;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.waiting.Parking;
import io.fermata.runtime.door.Brief;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A watcher of the files in a directory.
 *
 * <pre>{@code
 * FileWatcher watcher = co.await(FileWatcher.open(dir));
 * co.await(Async.usingAction(watcher, (in, w) -> {
 *   while (true) {
 *     for (FileChange change : in.await(w.next())) System.out.println(change);
 *   }
 * }));
 * }</pre>
 *
 * <p>It reports every change after {@link #open} has given it, perhaps with a delay, and perhaps
 * several changes of a file as one. It does not watch directories below. On systems without
 * support, such as macOS, the JDK looks every few seconds.
 *
 * <p><b>Memory.</b> At most 512 changes wait to be taken. If there are more, there is an {@link
 * FileChange.Kind#OVERFLOW}.
 *
 * <p><b>Threading.</b> For tasks of the loop in which it was opened; one may wait at a time. It
 * holds a thread of the library.
 */
public final class FileWatcher implements AsyncCloseable {
  private final Loop loop = Loop.current();
  private final Path directory;
  private final WatchService service;

  /** The changes that were not taken; while there are some, the key reports no more. */
  private @Nullable List<FileChange> seen;

  private @Nullable WatchKey key;
  private @Nullable Next waiter;

  /** Why it reports no more changes; null while it does. */
  private @Nullable IOException failure;

  private FileWatcher(Path directory, WatchService service) {
    this.directory = directory;
    this.service = service;
  }

  /**
   * Begins to watch a directory.
   *
   * @param directory what to watch
   * @return gives the watcher; if it cannot be watched, throws an {@code IOException}
   */
  @CheckReturnValue
  public static Async<FileWatcher> open(Path directory) {
    Objects.requireNonNull(directory, "directory");
    return Async.of(
        co -> {
          WatchService service = co.await(ResourceOpening.of(() -> register(directory)));
          FileWatcher watcher = new FileWatcher(directory, service);
          watcher.look();
          return watcher;
        });
  }

  /** On another thread. */
  private static WatchService register(Path directory) throws IOException {
    WatchService service = directory.getFileSystem().newWatchService();
    try {
      directory.register(
          service,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
      return service;
    } catch (IOException | RuntimeException failure) {
      service.close();
      throw new IOException(
          "cannot watch " + Brief.of(directory) + ": " + Brief.of(failure), failure);
    }
  }

  private void look() {
    PipeThreads.execute(this::takeKey);
  }

  /** On another thread. */
  private void takeKey() {
    boolean taken = false;
    try {
      WatchKey ready = service.take();
      List<FileChange> changes = new ArrayList<>();
      for (WatchEvent<?> event : ready.pollEvents()) {
        changes.add(change(event));
      }
      taken = PipeThreads.post(loop, () -> saw(changes, ready));
    } catch (ClosedWatchServiceException closed) {
      return;
    } catch (InterruptedException impossible) {
      Thread.currentThread().interrupt();
    }
    if (!taken) {
      closeService();
    }
  }

  private FileChange change(WatchEvent<?> event) {
    FileChange.Kind kind =
        event.kind() == StandardWatchEventKinds.ENTRY_CREATE
            ? FileChange.Kind.CREATED
            : event.kind() == StandardWatchEventKinds.ENTRY_MODIFY
                ? FileChange.Kind.MODIFIED
                : event.kind() == StandardWatchEventKinds.ENTRY_DELETE
                    ? FileChange.Kind.DELETED
                    : FileChange.Kind.OVERFLOW;
    return new FileChange(
        kind, event.context() instanceof Path name ? directory.resolve(name) : directory);
  }

  private void saw(List<FileChange> changes, WatchKey by) {
    if (failure != null) {
      return;
    }
    key = by;
    if (changes.isEmpty()) {
      goOn();
      return;
    }
    seen = changes;
    wake();
  }

  /** The changes were taken: asks for more. */
  private void goOn() {
    WatchKey ready = key;
    key = null;
    if (ready != null) {
      if (ready.reset()) {
        look();
      } else {
        fail(new IOException("cannot watch " + Brief.of(directory) + ": it is not there any more"));
      }
    }
  }

  private void fail(IOException why) {
    if (failure == null) {
      failure = why;
      PipeThreads.execute(this::closeService);
      wake();
    }
  }

  private void wake() {
    if (waiter != null) {
      waiter.wake();
    }
  }

  /** On another thread. */
  private void closeService() {
    try {
      service.close();
    } catch (IOException ignored) {
      // nothing is lost by it
    }
  }

  /**
   * Waits for changes, and takes them. A cancelled wait takes none.
   *
   * @return gives at least one change, in their order; throws an {@code IOException} if the
   *     directory is gone, or the watcher was closed
   */
  @CheckReturnValue
  public Async<List<FileChange>> next() {
    return new Next();
  }

  /**
   * The changes that follow, one by one. Closing the generator does not close the watcher.
   *
   * @return a new generator, not started
   */
  @CheckReturnValue
  public AsyncGenerator<FileChange> changes() {
    FileWatcher self = this;
    return AsyncGenerator.of(
        co -> {
          while (true) {
            for (FileChange change : co.await(self.next())) {
              co.yield(change);
            }
          }
        });
  }

  /**
   * Closes the watcher. A waiting {@link #next} throws an {@code IOException}.
   *
   * @return gives null
   */
  @Override
  @CheckReturnValue
  public Async<Void> aclose() {
    FileWatcher self = this;
    return Async.action(
        co ->
            self.fail(
                new IOException(
                    "cannot watch " + Brief.of(self.directory) + ": the watcher was closed")));
  }

  @Override
  public String toString() {
    return "watcher of " + Brief.of(directory);
  }

  private final class Next extends Parking<List<FileChange>> {
    @Override
    protected boolean begin(Loop here) {
      checkHome(loop, here);
      if (waiter != null) {
        throw new IllegalStateException(
            "cannot await "
                + this
                + ": another task waits for changes; only one may wait at a time");
      }
      if (seen != null || failure != null) {
        return arrive();
      }
      waiter = this;
      return false;
    }

    @Override
    protected boolean arrive() {
      waiter = null;
      List<FileChange> taken = seen;
      if (taken == null) {
        fail(Objects.requireNonNull(failure));
        return true;
      }
      seen = null;
      goOn();
      give(taken);
      return true;
    }

    @Override
    protected void abandon() {
      waiter = null;
    }

    @Override
    protected void giveBack() {
      waiter = null;
    }

    @Override
    public String toString() {
      return "next() of " + FileWatcher.this;
    }
  }
}
