package io.fermata.internal.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The environment of a new loop: its host, its clock, its order. Tests choose another one for the
 * loops that their thread opens.
 *
 * @param host where the loop waits
 * @param clock its time
 * @param order the order of ready jobs; null for the order in which they became ready
 */
public record LoopEnvironment(Host host, Clock clock, @Nullable Order order) {
  private static final ThreadLocal<@Nullable LoopEnvironment> CHOSEN = new ThreadLocal<>();

  /**
   * With the order in which things become ready.
   *
   * @param host where a loop waits
   * @param clock its time
   */
  public LoopEnvironment(Host host, Clock clock) {
    this(host, clock, null);
  }

  /**
   * For a new loop: what was chosen on this thread; else real time, and a host of the {@link
   * HostProvider} that is installed, or a thread that parks if there is none.
   */
  public static LoopEnvironment forNewLoop() {
    LoopEnvironment chosen = CHOSEN.get();
    return chosen == null
        ? new LoopEnvironment(HostProvider.Installed.PROVIDER.open(Clock.SYSTEM), Clock.SYSTEM)
        : chosen;
  }

  /**
   * For a new loop that is a guest: the clock and order that were chosen on this thread, or the
   * usual ones.
   *
   * @param host where it lives
   */
  public static LoopEnvironment forGuest(Host host) {
    LoopEnvironment chosen = CHOSEN.get();
    return chosen == null
        ? new LoopEnvironment(host, Clock.SYSTEM)
        : new LoopEnvironment(host, chosen.clock, chosen.order);
  }

  /** Has loops that this thread opens live elsewhere; null takes it back. */
  public static void use(@Nullable LoopEnvironment environment) {
    if (environment == null) {
      CHOSEN.remove();
    } else {
      CHOSEN.set(environment);
    }
  }
}
