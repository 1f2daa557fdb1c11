package io.fermata.internal.signals;

import io.fermata.internal.loop.Throwing;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The door to the signals of the system. The only class that knows of {@code sun.misc.Signal},
 * which every JDK has, in the module {@code jdk.unsupported}, and for which there is no other API:
 * a shutdown hook comes when the JVM is ending already, and of a second signal it learns nothing.
 *
 * <p>It is reached by handles, as javac warns of it and lets nobody turn that off. A handler is
 * made as javac would make a lambda, which takes a tenth of the time of a proxy.
 */
final class OsSignals {
  /** A handler of the JDK's own, which ends the JVM. */
  private static final String STANDARD = "sun.misc.Signal$SunMiscHandler";

  private final MethodHandle newSignal;
  private final MethodHandle numberOf;
  private final MethodHandle handle;

  /** Gives a handler for an {@code IntConsumer}. */
  private final MethodHandle newHandler;

  /** Null where the JVM has no signals. */
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
      return null;
    }
  }

  /** What was set: takes it back. */
  record Installed(Object signal, Object before) {
    void remove() {
      set(signal, before);
    }
  }

  /** Called by the JVM, on a thread of its own for each signal. */
  @SuppressWarnings("UnusedMethod") // found by its name
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
   * Has a signal be handled.
   *
   * @param name without SIG
   * @param consumer is told the number, each time on a thread of its own
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
    return new Installed(signal, set(signal, handler));
  }

  /**
   * As {@link #handle}, if nothing but the JVM handles the signal; else leaves it as it is. It may
   * be handled by the program, ignored, as below {@code nohup}, or left to the system by {@code
   * -Xrs}.
   */
  static void handleIfStandard(String name, IntConsumer consumer) {
    if (HERE == null) {
      return;
    }
    Installed installed;
    try {
      installed = handle(name, consumer);
    } catch (IllegalArgumentException refused) {
      return;
    }
    if (!installed.before.getClass().getName().equals(STANDARD)) {
      installed.remove();
    }
  }
}
