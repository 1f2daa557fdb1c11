package io.fermata.internal.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a thread runs bodies for, an event loop. Bodies on threads of their own inherit it from
 * whoever steps them, so that they find it as they would on the stepping thread.
 */
public interface Ambient {
  /** The thing that the loop runs now, a task; null if there is none. */
  @Nullable Object task();

  /** What the current thread runs for, null if nothing. */
  static @Nullable Ambient current() {
    Ambient own = Threads.OWN.get();
    return own == null ? HandOff.currentAmbient() : own;
  }

  /** What was set for this thread. */
  static @Nullable Ambient ofThread() {
    return Threads.OWN.get();
  }

  /** Sets what this thread runs for; the caller takes it back. */
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
