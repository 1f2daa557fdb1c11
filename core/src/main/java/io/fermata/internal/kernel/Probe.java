package io.fermata.internal.kernel;

/**
 * Looks on at each job of a loop; see {@link Kernel#observe}. It has to do what it looks at: that
 * is the one seam through which steps are measured, and a loop without a probe pays nothing for it.
 */
public interface Probe {
  /**
   * Runs a job.
   *
   * @param job what is ready; what it throws, this throws
   */
  void run(Runnable job);
}
