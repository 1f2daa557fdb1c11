package io.fermata.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * What a loop finds around it: where it waits, and its time. Tests put others in their place, for
 * the loops that their thread opens.
 *
 * @param host where it waits
 * @param clock its time
 */
public record Habitat(Host host, Clock clock) {
  private static final ThreadLocal<@Nullable Habitat> CHOSEN = new ThreadLocal<>();

  /** For a new loop: what was chosen on this thread, else a thread that parks, and real time. */
  public static Habitat forNewLoop() {
    Habitat chosen = CHOSEN.get();
    return chosen == null ? new Habitat(new ThreadHost(Clock.SYSTEM), Clock.SYSTEM) : chosen;
  }

  /** Has loops that this thread opens live elsewhere; null takes it back. */
  public static void use(@Nullable Habitat habitat) {
    if (habitat == null) {
      CHOSEN.remove();
    } else {
      CHOSEN.set(habitat);
    }
  }
}
