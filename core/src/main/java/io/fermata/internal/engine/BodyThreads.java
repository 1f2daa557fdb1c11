package io.fermata.internal.engine;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The factory of the threads that bodies run on: virtual ones where the JDK has them, else platform
 * threads. The only class that knows of virtual threads; this code is compiled for Java 17.
 *
 * <p>A virtual thread that waits inside a static initialiser, or up to JDK 23 inside {@code
 * synchronized}, holds on to its carrier. A body that steps another generator there, whose body
 * does the same, and so on, could use up all carriers and then wait for ever. So a body that is
 * started in a static initialiser gets a platform thread ({@link StuckBody} can tell more about
 * one, too), and up to JDK 23 also one that is started from a virtual thread or from such a
 * platform thread.
 */
final class BodyThreads {
  private static final int FEATURE = Runtime.version().feature();
  private static final @Nullable MethodHandle UNSTARTED_VIRTUAL = unstartedVirtual();
  private static final @Nullable MethodHandle IS_VIRTUAL = isVirtual();

  private BodyThreads() {}

  /** A thread for a body, not started, that the JVM does not wait for when it exits. */
  static Thread unstarted(Runnable body, String name) {
    Thread thread =
        UNSTARTED_VIRTUAL != null && virtualHere()
            ? virtual(UNSTARTED_VIRTUAL, body, name)
            : new PlatformBodyThread(body, name);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    return thread;
  }

  static boolean isVirtual(Thread thread) {
    if (IS_VIRTUAL == null) {
      return false;
    }
    try {
      return (boolean) IS_VIRTUAL.invokeExact(thread);
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static boolean virtualHere() {
    Thread starter = Thread.currentThread();
    if (FEATURE < 24 && (starter instanceof PlatformBodyThread || isVirtual(starter))) {
      return false;
    }
    return StuckBody.initialiserOnThisStack() == null;
  }

  private static Thread virtual(MethodHandle unstarted, Runnable body, String name) {
    try {
      Thread thread = (Thread) unstarted.invokeExact(body);
      thread.setName(name);
      return thread;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static @Nullable MethodHandle unstartedVirtual() {
    if (FEATURE < 21) {
      return null;
    }
    try {
      Class<?> builder = Class.forName("java.lang.Thread$Builder");
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      MethodHandle unstarted =
          lookup.findVirtual(
              builder, "unstarted", MethodType.methodType(Thread.class, Runnable.class));
      Object virtual = Thread.class.getMethod("ofVirtual").invoke(null);
      return unstarted.bindTo(virtual).asType(MethodType.methodType(Thread.class, Runnable.class));
    } catch (ReflectiveOperationException unknownJdk) {
      return null;
    }
  }

  private static @Nullable MethodHandle isVirtual() {
    if (FEATURE < 21) {
      return null;
    }
    try {
      return MethodHandles.publicLookup()
          .findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
    } catch (ReflectiveOperationException unknownJdk) {
      return null;
    }
  }

  /** A platform thread that executes a body. */
  private static final class PlatformBodyThread extends Thread {
    PlatformBodyThread(Runnable body, String name) {
      super(null, body, name, 0, true);
      setDaemon(true);
    }
  }
}
