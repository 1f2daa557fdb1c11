package io.fermata.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The door through which awaits that are written outside of the event loop's package let debug mode
 * know that they were made, and awaited.
 */
public final class Leaves {
  private static volatile @Nullable Observer observer;

  private Leaves() {}

  /** Who wants to know; on any thread. */
  public interface Observer {
    /** Something was made that has to be awaited. */
    void made(Waitable leaf);

    /** It is awaited. */
    void used(Waitable leaf);
  }

  /** Has somebody told, for good. */
  public static void tell(Observer interested) {
    observer = interested;
  }

  /** Something was made that has to be awaited; nothing if nobody wants to know. */
  public static void made(Waitable leaf) {
    Observer interested = observer;
    if (interested != null) {
      interested.made(leaf);
    }
  }

  /** It is awaited. */
  public static void used(Waitable leaf) {
    Observer interested = observer;
    if (interested != null) {
      interested.used(leaf);
    }
  }
}
