package io.fermata.runtime;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The steps of debug mode: a step claims its frame by a compare-and-set, so that a second thread is
 * noticed always. Otherwise it is noticed only while the first one executes the body.
 *
 * <p>One thread may step the root of a chain and another one a delegate. Each first says what it
 * does and then looks at what the other has said, so at least one of them is refused.
 */
final class ExclusiveSteps {
  /** Whether debug mode is on for the whole JVM. A constant, so that it costs nothing when off. */
  private static final boolean WANTED = Boolean.getBoolean("fermata.debug");

  /** The frame that a thread has claimed last and steps now. */
  private static final ThreadLocal<@Nullable Frame<?>> CLAIMED = new ThreadLocal<>();

  private static final VarHandle STEPPING;
  private static final VarHandle RUNNING;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STEPPING = lookup.findVarHandle(Frame.class, "stepping", byte.class);
      RUNNING = lookup.findVarHandle(Chain.Token.class, "running", Driver.class);
    } catch (ReflectiveOperationException impossible) {
      throw new LinkageError("stepping", impossible);
    }
  }

  /** A step, without the claim. */
  interface Step<T extends @Nullable Object, E extends Throwable> {
    T make() throws E;
  }

  private ExclusiveSteps() {}

  /** Whether a step has to claim its frame, and has not done so. */
  static boolean needed(Frame<?> frame) {
    return WANTED && CLAIMED.get() != frame;
  }

  /**
   * A whole step, with the value that it hands over, by this thread alone.
   *
   * @param step makes the step; it is not {@linkplain #needed needed} to claim the frame there
   */
  static <T extends @Nullable Object, E extends Throwable> T step(
      Frame<?> frame, String call, Step<T, E> step) throws E {
    if (!STEPPING.compareAndSet(frame, (byte) 0, (byte) 1)) {
      throw Misuse.busy(call, frame);
    }
    Frame<?> outer = CLAIMED.get();
    CLAIMED.set(frame);
    try {
      Chain.Token token = frame.token;
      if (token != null && RUNNING.getVolatile(token) != null) {
        throw Misuse.busy(call, frame);
      }
      return step.make();
    } finally {
      CLAIMED.set(outer);
      STEPPING.setVolatile(frame, (byte) 0);
    }
  }

  /** Notes that a step of a chain is under way, unless a frame of it is stepped by itself. */
  static void begin(Chain chain, Frame<?> root, Driver driver) {
    if (!WANTED) {
      chain.token.running = driver;
      return;
    }
    if (!RUNNING.compareAndSet(chain.token, null, driver)) {
      throw Misuse.busy("a step of its delegator", root);
    }
    for (int level = 1; level <= chain.depth(); level++) {
      Frame<?> delegate = chain.at(level);
      if (delegate.token == chain.token && (byte) STEPPING.getVolatile(delegate) != 0) {
        chain.token.running = null;
        throw Misuse.busy("a step of its delegator", delegate);
      }
    }
  }
}
