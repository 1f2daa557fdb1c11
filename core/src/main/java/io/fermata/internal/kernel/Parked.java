package io.fermata.internal.kernel;

/** A parked task, as a {@link Waitable} sees it. */
public interface Parked {
  /** The kernel that runs it. */
  Kernel kernel();

  /** Makes it ready: it runs in the next round. Once for each time that it was parked. */
  void wake();
}
