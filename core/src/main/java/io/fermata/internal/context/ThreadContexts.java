package io.fermata.internal.context;

import io.fermata.async.ThreadContext;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * All {@link ThreadContext}s beside the library, as one.
 *
 * <p><b>Guarantee.</b> No method throws what a provider throws. A provider that fails leaves the
 * others alone.
 *
 * <p><b>Protocol.</b> What is installed is restored on the same thread, last in, first out:
 * accessors of traces open a scope and close it. While a body runs on a thread of its own, the
 * values are taken off its caller's thread.
 *
 * <p><b>Cost.</b> Callers ask {@link #PRESENT} first. It is a constant for the JIT, so without a
 * provider nothing is left of the question.
 *
 * <p><b>Rejected.</b> Registration by a call: then each step reads a field, and a library that
 * outlives its users holds the provider of one of them.
 */
public final class ThreadContexts {
  private static final ThreadContext[] PROVIDERS = load();

  /** Whether there is a provider. */
  public static final boolean PRESENT = PROVIDERS.length > 0;

  /** What a provider that fails gives: it leaves the thread as it is. */
  private static final Object NONE = new Object();

  /** What lies on the current thread; null if nothing does. */
  private static final ThreadLocal<@Nullable Installed> INNERMOST = new ThreadLocal<>();

  /** Values that lie on a thread. Belongs to the thread. */
  private static final class Installed {
    final @Nullable Installed outer;

    /** What the thread had before, one for each provider. */
    @Nullable Object[] before = new Object[0];

    Installed(@Nullable Installed outer) {
      this.outer = outer;
    }
  }

  private ThreadContexts() {}

  private static ThreadContext[] load() {
    List<ThreadContext> found = new ArrayList<>(0);
    Iterator<ThreadContext> providers =
        ServiceLoader.load(ThreadContext.class, ThreadContext.class.getClassLoader()).iterator();
    while (true) {
      try {
        if (!providers.hasNext()) {
          break;
        }
        found.add(providers.next());
      } catch (ServiceConfigurationError | LinkageError broken) {
        log("a provider of thread contexts cannot be used: tasks run without it", broken);
      }
    }
    return found.toArray(new ThreadContext[0]);
  }

  /** The values of the current thread. */
  public static Object capture(ThreadContext.Failures failures) {
    @Nullable Object[] values = new Object[PROVIDERS.length];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = PROVIDERS[i].capture(failures);
      } catch (Throwable failure) {
        values[i] = NONE;
        failures.failed(PROVIDERS[i], failure);
      }
    }
    return values;
  }

  /**
   * Gives the current thread values, up to {@link #restore}.
   *
   * @param snapshot of {@link #capture}, {@link #restore} or {@link #takeOff}; null leaves the
   *     thread as it is
   * @return for {@link #restore}
   */
  public static @Nullable Object install(
      @Nullable Object snapshot, ThreadContext.Failures failures) {
    if (snapshot == null) {
      return null;
    }
    Installed installed = new Installed(INNERMOST.get());
    installed.before = putOn((@Nullable Object[]) snapshot, failures);
    INNERMOST.set(installed);
    return installed;
  }

  /**
   * Undoes an {@link #install}.
   *
   * @param token what that returned
   * @return the values that the thread had until now
   */
  public static @Nullable Object restore(@Nullable Object token, ThreadContext.Failures failures) {
    if (token == null) {
      return null;
    }
    Installed installed = (Installed) token;
    INNERMOST.set(installed.outer);
    return takeOff(installed.before, failures);
  }

  /**
   * Takes the values of the last {@link #install} away from the current thread, as the control goes
   * to another one. Where nothing is installed, the thread keeps its values.
   *
   * @return the values
   */
  public static Object takeOff(ThreadContext.Failures failures) {
    Installed installed = INNERMOST.get();
    return installed == null ? capture(failures) : takeOff(installed.before, failures);
  }

  /** Undoes a {@link #takeOff}, with the values that the other thread has left. */
  public static void putOn(@Nullable Object snapshot, ThreadContext.Failures failures) {
    if (snapshot != null) {
      Installed installed = INNERMOST.get();
      @Nullable Object[] before = putOn((@Nullable Object[]) snapshot, failures);
      if (installed != null) {
        installed.before = before;
      }
    }
  }

  private static @Nullable Object[] putOn(
      @Nullable Object[] values, ThreadContext.Failures failures) {
    @Nullable Object[] before = new Object[PROVIDERS.length];
    for (int i = 0; i < before.length; i++) {
      before[i] = NONE;
      try {
        if (values[i] != NONE) {
          before[i] = PROVIDERS[i].install(values[i], failures);
        }
      } catch (Throwable failure) {
        failures.failed(PROVIDERS[i], failure);
      }
    }
    return before;
  }

  /** The last provider first, as providers may build on each other. */
  private static @Nullable Object[] takeOff(
      @Nullable Object[] before, ThreadContext.Failures failures) {
    @Nullable Object[] left = new Object[PROVIDERS.length];
    for (int i = left.length - 1; i >= 0; i--) {
      left[i] = NONE;
      try {
        if (before[i] != NONE) {
          left[i] = PROVIDERS[i].restore(before[i], failures);
        }
      } catch (Throwable failure) {
        failures.failed(PROVIDERS[i], failure);
      }
    }
    return left;
  }

  /** Logs a failure outside of any loop. */
  public static void log(Object source, Throwable failure) {
    log("thread context failed: " + source, failure);
  }

  private static void log(String message, Throwable failure) {
    System.getLogger("io.fermata.async").log(Level.ERROR, message, failure);
  }
}
