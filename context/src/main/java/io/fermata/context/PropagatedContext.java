package io.fermata.context;

import io.fermata.async.ThreadContext;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The thread-bound values that Micrometer's context-propagation knows: those of each {@link
 * ThreadLocalAccessor} in {@link ContextRegistry#getInstance()}, SLF4J's MDC and OpenTelemetry's
 * context. Fermata finds this class by itself; nobody needs to make one.
 *
 * <p>An accessor that fails is reported, and the others go on. An accessor that is registered later
 * is used from then on.
 */
public final class PropagatedContext implements ThreadContext {
  /**
   * How many scopes of one accessor a step may leave open. An accessor that restores a value by
   * closing a scope closes one at a time.
   */
  private static final int MOST_OPEN = 64;

  /** The value of an accessor that failed: it is left alone. */
  private static final Object FAILED = new Object();

  private final Accessors accessors;

  /** Values, one for each accessor; null where there is none. */
  private static final class Snapshot {
    final ThreadLocalAccessor<?>[] accessors;
    final @Nullable Object[] values;

    Snapshot(ThreadLocalAccessor<?>[] accessors) {
      this.accessors = accessors;
      this.values = new Object[accessors.length];
    }

    /** The value of an accessor that is probably at a place. */
    @Nullable Object of(ThreadLocalAccessor<?> accessor, int place) {
      if (place < accessors.length && accessors[place] == accessor) {
        return values[place];
      }
      for (int i = 0; i < accessors.length; i++) {
        if (accessors[i] == accessor) {
          return values[i];
        }
      }
      return null;
    }
  }

  /** For the service loader. */
  public PropagatedContext() {
    this(ContextRegistry.getInstance());
  }

  PropagatedContext(ContextRegistry registry) {
    accessors = new Accessors(registry);
  }

  @Override
  public Object capture(Failures failures) {
    Snapshot taken = new Snapshot(accessors.all());
    for (int i = 0; i < taken.values.length; i++) {
      taken.values[i] = valueOf(taken.accessors[i], failures);
    }
    return taken;
  }

  @Override
  public Object install(@Nullable Object snapshot, Failures failures) {
    Snapshot wanted = (Snapshot) Objects.requireNonNull(snapshot);
    Snapshot before = new Snapshot(accessors.all());
    for (int i = 0; i < before.values.length; i++) {
      ThreadLocalAccessor<?> accessor = before.accessors[i];
      Object old = valueOf(accessor, failures);
      before.values[i] = old;
      Object value = wanted.of(accessor, i);
      if (value != old && value != FAILED && old != FAILED) {
        set(accessor, value, failures);
      }
    }
    return before;
  }

  @Override
  public Object restore(@Nullable Object before, Failures failures) {
    Snapshot wanted = (Snapshot) Objects.requireNonNull(before);
    Snapshot left = new Snapshot(accessors.all());
    for (int i = left.values.length - 1; i >= 0; i--) {
      ThreadLocalAccessor<?> accessor = left.accessors[i];
      Object now = valueOf(accessor, failures);
      left.values[i] = now;
      Object value = wanted.of(accessor, i);
      if (value != now && value != FAILED && now != FAILED) {
        bringBack(accessor, value, now, failures);
      }
    }
    return left;
  }

  @SuppressWarnings("NullAway") // Micrometer's annotation for null is not one that NullAway sees
  private static @Nullable Object valueOf(ThreadLocalAccessor<?> accessor, Failures failures) {
    try {
      Object value = accessor.getValue();
      return value instanceof Map<?, ?> map && map.isEmpty() ? null : value;
    } catch (Throwable failure) {
      failures.failed(accessor, failure);
      return FAILED;
    }
  }

  @SuppressWarnings("unchecked") // a value of the accessor's own
  private static void set(
      ThreadLocalAccessor<?> accessor, @Nullable Object value, Failures failures) {
    try {
      if (value == null) {
        accessor.setValue();
      } else {
        ((ThreadLocalAccessor<Object>) accessor).setValue(value);
      }
    } catch (Throwable failure) {
      failures.failed(accessor, failure);
    }
  }

  /** Restores a value, and closes what the step has left open on top of it. */
  private static void bringBack(
      ThreadLocalAccessor<?> accessor,
      @Nullable Object value,
      @Nullable Object now,
      Failures failures) {
    Object last = now;
    for (int i = 0; i < MOST_OPEN; i++) {
      restoreOnce(accessor, value, failures);
      if (accessor instanceof Slf4jThreadLocalAccessor
          || accessor instanceof OpenTelemetryAccessor) {
        return; // they know no scopes
      }
      Object left = valueOf(accessor, failures);
      if (left == FAILED || Objects.equals(left, value) || Objects.equals(left, last)) {
        return;
      }
      last = left;
    }
  }

  @SuppressWarnings("unchecked") // a value of the accessor's own
  private static void restoreOnce(
      ThreadLocalAccessor<?> accessor, @Nullable Object value, Failures failures) {
    try {
      if (value == null) {
        accessor.restore();
      } else {
        ((ThreadLocalAccessor<Object>) accessor).restore(value);
      }
    } catch (Throwable failure) {
      failures.failed(accessor, failure);
    }
  }

  @Override
  public String toString() {
    return "context propagation of Micrometer";
  }
}
