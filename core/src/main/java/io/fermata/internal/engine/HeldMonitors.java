package io.fermata.internal.engine;

import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.internal.compiler.load.RuntimeCompiler;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What is known of awaits under monitors, for the bodies that run on threads. The code of a body is
 * looked at once for each class of bodies; of a reference to a method that can be overridden, once
 * for each class of objects.
 */
final class HeldMonitors {
  private static final String NONE = "";

  private static final ClassValue<HeldMonitors> FOUND =
      new ClassValue<>() {
        @Override
        protected HeldMonitors computeValue(Class<?> type) {
          return new HeldMonitors();
        }
      };

  /** Null until the first look; then the problem, or the object's class tells it. */
  private volatile @Nullable String problem;

  private volatile @Nullable ByReceiver receivers;

  private HeldMonitors() {}

  /** Whether a body awaits under a monitor, so that no engine may run it. */
  static boolean areIn(BodyKind kind, Object code, MethodHandles.@Nullable Lookup lookup) {
    return problem(kind, code, lookup) != null;
  }

  /** What is wrong with a body; null if nothing was found, or if its code cannot be read. */
  static @Nullable String problem(
      BodyKind kind, Object code, MethodHandles.@Nullable Lookup lookup) {
    if (!kind.awaits()) {
      return null; // its caller decides what runs while it is suspended
    }
    Object body = BoundBody.lambda(code);
    String found = FOUND.get(body.getClass()).of(kind, body, lookup);
    return found.equals(NONE) ? null : found;
  }

  private String of(BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup) {
    try {
      ByReceiver known = receivers;
      if (problem == null && known == null) {
        MethodHandle receiver = RuntimeCompiler.receiver(body, kind, lookup);
        if (receiver == null) {
          problem = orNone(RuntimeCompiler.heldAwait(body, kind, lookup, null));
        } else {
          known = new ByReceiver(receiver);
          receivers = known;
        }
      }
      return known == null ? orNone(problem) : known.of(kind, body, lookup);
    } catch (NotCompilable unknown) {
      problem = NONE;
      return NONE;
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError unexpected) {
      return NONE; // it runs as if nothing had been found
    }
  }

  private static String orNone(@Nullable String found) {
    return found == null ? NONE : found;
  }

  /** By the class of the object that a method reference has captured. */
  private static final class ByReceiver extends ClassValue<AtomicReference<@Nullable String>> {
    private final MethodHandle receiver;

    ByReceiver(MethodHandle receiver) {
      this.receiver = receiver;
    }

    @Override
    protected AtomicReference<@Nullable String> computeValue(Class<?> type) {
      return new AtomicReference<>();
    }

    String of(BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup)
        throws NotCompilable {
      Class<?> type = receiverOf(body).getClass();
      AtomicReference<@Nullable String> known = get(type);
      String found = known.get();
      if (found == null) {
        found =
            orNone(
                RuntimeCompiler.heldAwait(
                    body, kind, lookup, RuntimeCompiler.declaring(body, lookup, type)));
        known.set(found);
      }
      return found;
    }

    private Object receiverOf(Object body) {
      try {
        return receiver.invoke(body);
      } catch (Throwable impossible) {
        throw new AssertionError(impossible);
      }
    }
  }
}
