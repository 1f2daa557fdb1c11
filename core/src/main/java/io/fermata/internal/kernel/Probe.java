package io.fermata.internal.kernel;

/**
 * An observer that runs each job of a loop; see {@link Kernel#observe}. It is the one seam for
 * measuring steps. A loop without a probe pays nothing for it.
 */
public interface Probe {
  /**
   * Runs a job.
   *
   * @param job what is ready; what it throws, this throws
   */
  void run(Runnable job);
}
