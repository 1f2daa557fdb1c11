package io.fermata.io;

import io.fermata.async.Async;
import java.io.Closeable;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The opening of a file or watcher on another thread. If the await is cancelled, the resource is
 * closed.
 */
final class ResourceOpening {
  private ResourceOpening() {}

  static <C extends Closeable> Async<C> of(Callable<C> open) {
    return Async.of(
        co -> {
          AtomicReference<@Nullable C> opened = new AtomicReference<>();
          boolean given = false;
          try {
            C result =
                co.await(
                    Async.uncancellable(
                        Async.toThread(
                            () -> {
                              C one = open.call();
                              opened.set(one);
                              return one;
                            })));
            given = true;
            return result;
          } finally {
            C left = opened.get();
            if (!given && left != null) {
              left.close();
            }
          }
        });
  }
}
