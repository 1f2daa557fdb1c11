package io.fermata.context;

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import java.util.ArrayList;
import java.util.List;

/**
 * The accessors in use: those of Micrometer's registry, and those of this module.
 *
 * <p>Micrometer's accessor for SLF4J is not registered by itself, and OpenTelemetry has none. So
 * this module adds both, unless the registry has one of the same key, and unless the library is
 * missing. It keeps them to itself, so that no other user of the registry is affected.
 */
final class Accessors {
  private final ContextRegistry registry;
  private final List<ThreadLocalAccessor<?>> own;

  /** Replaced when the registry has changed; read and written by any thread. */
  private volatile Known known;

  private static final class Known {
    final List<ThreadLocalAccessor<?>> registered;
    final ThreadLocalAccessor<?>[] all;

    Known(List<ThreadLocalAccessor<?>> registered, ThreadLocalAccessor<?>[] all) {
      this.registered = registered;
      this.all = all;
    }

    boolean isOf(List<ThreadLocalAccessor<?>> now) {
      int size = registered.size();
      if (now.size() != size) {
        return false;
      }
      for (int i = 0; i < size; i++) {
        if (now.get(i) != registered.get(i)) {
          return false;
        }
      }
      return true;
    }
  }

  Accessors(ContextRegistry registry) {
    this.registry = registry;
    own = ofLibrariesHere();
    known = with(List.of());
  }

  private static List<ThreadLocalAccessor<?>> ofLibrariesHere() {
    List<ThreadLocalAccessor<?>> found = new ArrayList<>();
    if (isHere("org.slf4j.MDC")) {
      found.add(new Slf4jThreadLocalAccessor());
    }
    if (isHere("io.opentelemetry.context.Context")) {
      found.add(new OpenTelemetryAccessor());
    }
    return found;
  }

  private static boolean isHere(String name) {
    try {
      Class.forName(name, false, Accessors.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError missing) {
      return false;
    }
  }

  /** All accessors, those of the registry first. Not to be changed. */
  ThreadLocalAccessor<?>[] all() {
    List<ThreadLocalAccessor<?>> registered = registry.getThreadLocalAccessors();
    Known now = known;
    if (!now.isOf(registered)) {
      now = with(List.copyOf(registered));
      known = now;
    }
    return now.all;
  }

  private Known with(List<ThreadLocalAccessor<?>> registered) {
    List<ThreadLocalAccessor<?>> all = new ArrayList<>(registered);
    for (ThreadLocalAccessor<?> each : own) {
      if (registered.stream().noneMatch(other -> other.key().equals(each.key()))) {
        all.add(each);
      }
    }
    return new Known(registered, all.toArray(new ThreadLocalAccessor<?>[0]));
  }
}
