package io.fermata.internal.kernel;

/**
 * An observer of the rounds of a loop, and of its sleep between them; see {@link Kernel#observe}.
 * All jobs of a round share its cost.
 */
public interface RoundProbe {
  /** A round has ended. */
  void roundEnded();

  /**
   * Waits on the host.
   *
   * @param host of the loop
   * @param deadline as in {@link Host#sleep}
   */
  void sleep(Host host, long deadline);
}
