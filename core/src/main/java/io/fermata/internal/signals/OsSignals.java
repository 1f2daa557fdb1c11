package io.fermata.internal.signals;

import io.fermata.internal.loop.Throwing;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The door to the signals of the operating system. Only this class uses {@code sun.misc.Signal},
 * which every JDK has in the module {@code jdk.unsupported}. There is no other API: a shutdown hook
 * runs when the JVM is ending already, and it does not see a second signal.
 *
 * <p>The class is called by method handles, because javac warns of any use of it and the warning
 * cannot be turned off. A handler is made as javac makes a lambda, in a tenth of the time of a
 * proxy.
 */
final class OsSignals {
  /** The class of the JDK's own handlers, which end the JVM. */
  private static final String STANDARD = "sun.misc.Signal$SunMiscHandler";

  /** What the classes of handlers of this library begin with, those of its other copies too. */
  private static final String OWN = OsSignals.class.getName() + "$$Lambda";

  private final MethodHandle newSignal;
  private final MethodHandle numberOf;
  private final MethodHandle handle;

  /** Calls a handler. */
  private final MethodHandle receive;

  /** Makes a handler of an {@code IntConsumer}. */
  private final MethodHandle newHandler;

  /** Null if the JVM has no signals. */
  private static final @Nullable OsSignals HERE = find();

  private OsSignals(Class<?> signal, Class<?> handler) throws Throwable {
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    MethodType receives = MethodType.methodType(void.class, signal);
    newSignal =
        lookup
            .findConstructor(signal, MethodType.methodType(void.class, String.class))
            .asType(MethodType.methodType(Object.class, String.class));
    numberOf =
        lookup
            .findVirtual(signal, "getNumber", MethodType.methodType(int.class))
            .asType(MethodType.methodType(int.class, Object.class));
    handle =
        lookup
            .findStatic(signal, "handle", MethodType.methodType(handler, signal, handler))
            .asType(MethodType.methodType(Object.class, Object.class, Object.class));
    receive =
        lookup
            .findVirtual(handler, "handle", receives)
            .asType(MethodType.methodType(void.class, Object.class, Object.class));
    newHandler =
        LambdaMetafactory.metafactory(
                lookup,
                "handle",
                MethodType.methodType(handler, IntConsumer.class),
                receives,
                lookup.findStatic(
                    OsSignals.class,
                    "received",
                    MethodType.methodType(void.class, IntConsumer.class, Object.class)),
                receives)
            .getTarget()
            .asType(MethodType.methodType(Object.class, IntConsumer.class));
  }

  private static @Nullable OsSignals find() {
    try {
      return new OsSignals(
          Class.forName("sun.misc.Signal"), Class.forName("sun.misc.SignalHandler"));
    } catch (Throwable none) {
      return null; // a JVM without the module jdk.unsupported
    }
  }

  /** A handler that was set, and the one before it. */
  record Installed(Object signal, Object handler, Object before) {
    /** Puts the earlier handler back, unless another one has taken the place of this one. */
    void remove() {
      Object removed = set(signal, before);
      if (removed != handler) {
        set(signal, removed);
      }
    }

    /** Whether the earlier handler is that of another copy of this library. */
    boolean hasCopyBelow() {
      return before.getClass().getName().startsWith(OWN);
    }

    /** Passes the signal on to the earlier handler. */
    void passOn() {
      try {
        here().receive.invokeExact(before, signal);
      } catch (Throwable failure) {
        throw Throwing.sneaky(failure);
      }
    }
  }

  /** Passes a signal to its consumer. The JVM calls it on a new thread for each signal. */
  @SuppressWarnings("UnusedMethod") // a method handle finds it by its name
  private static void received(IntConsumer consumer, Object signal) {
    try {
      consumer.accept((int) here().numberOf.invokeExact(signal));
    } catch (Throwable failure) {
      throw Throwing.sneaky(failure);
    }
  }

  private static OsSignals here() {
    if (HERE == null) {
      throw new UnsupportedOperationException(
          "this JVM has no signals: it was built without the module jdk.unsupported");
    }
    return HERE;
  }

  private static Object set(Object signal, Object handler) {
    try {
      return here().handle.invokeExact(signal, handler);
    } catch (Throwable failure) {
      throw Throwing.sneaky(failure);
    }
  }

  /**
   * Sets the handler of a signal.
   *
   * @param name the name without SIG
   * @param consumer gets the number of the signal, each time on a new thread
   * @throws IllegalArgumentException if there is no such signal, or the JVM needs it
   * @throws UnsupportedOperationException if the JVM has no signals
   */
  static Installed handle(String name, IntConsumer consumer) {
    Object signal;
    Object handler;
    try {
      signal = here().newSignal.invokeExact(name);
      handler = here().newHandler.invokeExact(consumer);
    } catch (Throwable failure) {
      throw Throwing.sneaky(failure);
    }
    return new Installed(signal, handler, set(signal, handler));
  }

  /**
   * As {@link #handle}, if only the JVM or another copy of this library handles the signal;
   * otherwise changes nothing. A program may handle the signal, {@code nohup} ignores it, and
   * {@code -Xrs} leaves it to the system.
   *
   * @return null if nothing was changed
   */
  static @Nullable Installed handleIfStandard(String name, IntConsumer consumer) {
    if (HERE == null) {
      return null;
    }
    Installed installed;
    try {
      installed = handle(name, consumer);
    } catch (IllegalArgumentException refused) {
      return null;
    }
    // The earlier handler is known only after it was replaced, so a foreign one is put back.
    if (!installed.before.getClass().getName().equals(STANDARD) && !installed.hasCopyBelow()) {
      installed.remove();
      return null;
    }
    return installed;
  }
}
