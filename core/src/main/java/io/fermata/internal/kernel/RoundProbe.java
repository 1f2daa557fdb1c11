package io.fermata.internal.kernel;

/**
 * Looks on at the rounds of a loop, and at its sleep between them; see {@link Kernel#observe}. What
 * it costs is shared by all jobs of a round.
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
