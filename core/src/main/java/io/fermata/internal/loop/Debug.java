package io.fermata.internal.loop;

import java.util.ArrayList;
import java.util.List;

/** The notes that debug mode takes of the current moment. */
public final class Debug {
  /** Name of the system property that turns it on for all loops, and where none runs. */
  public static final String PROPERTY = "fermata.debug";

  static final boolean ALWAYS = Boolean.getBoolean(PROPERTY);

  private static final long SMALL_HEAP = 256L << 20;
  private static final int LINES = 16;

  private Debug() {}

  /** Whether debug mode is on for the code that runs here. */
  static boolean here() {
    if (ALWAYS) {
      return true;
    }
    Loop loop = Loop.running();
    return loop != null && loop.isDebug();
  }

  /** The stack of this thread without the library, except for the method that was called. */
  static StackTraceElement[] stack() {
    StackTraceElement[] all = Stacks.shown(new Throwable().getStackTrace());
    int first = 0;
    while (first < all.length && Stacks.isOfLibrary(all[first])) {
      first++;
    }
    List<StackTraceElement> lines = new ArrayList<>();
    for (int i = Math.max(0, first - 1); i < all.length && lines.size() < LINES; i++) {
      if (i < first || !Stacks.isOfLibrary(all[i])) {
        lines.add(all[i]);
      }
    }
    return lines.toArray(new StackTraceElement[0]);
  }

  /** Whether a collection takes a few milliseconds. */
  public static boolean isHeapSmall() {
    Runtime jvm = Runtime.getRuntime();
    return jvm.totalMemory() - jvm.freeMemory() < SMALL_HEAP;
  }
}
