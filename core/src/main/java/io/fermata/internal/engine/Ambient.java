package io.fermata.internal.engine;

import io.fermata.async.ThreadContext;
import org.jspecify.annotations.Nullable;

/**
 * The environment in which a thread runs bodies: an event loop. A body on a thread of its own
 * inherits it from its caller, so it finds the loop as it would on the thread of the caller.
 */
public interface Ambient extends ThreadContext.Failures {
  /** The task that the loop runs now; null if there is none. */
  @Nullable Object task();

  /** The environment of the current thread, null if there is none. */
  static @Nullable Ambient current() {
    Ambient own = Threads.OWN.get();
    return own == null ? HandOff.currentAmbient() : own;
  }

  /** The environment that was set for this thread. */
  static @Nullable Ambient ofThread() {
    return Threads.OWN.get();
  }

  /** Sets the environment of this thread; the caller takes it back. */
  static void set(@Nullable Ambient ambient) {
    if (ambient == null) {
      Threads.OWN.remove();
    } else {
      Threads.OWN.set(ambient);
    }
  }

  /** Where it is kept. */
  final class Threads {
    private static final ThreadLocal<@Nullable Ambient> OWN = new ThreadLocal<>();

    private Threads() {}
  }
}
