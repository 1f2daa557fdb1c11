package io.fermata.internal.kernel;

/**
 * Looks on while a loop runs; see {@link Kernel#observe}. It has to do what it looks at: that is
 * the one seam through which a loop is measured, and a loop without a probe pays nothing for it.
 */
public interface Probe {
  /**
   * Runs a job.
   *
   * @param job what is ready; what it throws, this throws
   */
  void run(Runnable job);

  /**
   * Waits on the host.
   *
   * @param host of the loop
   * @param deadline as in {@link Host#sleep}
   */
  void sleep(Host host, long deadline);
}
