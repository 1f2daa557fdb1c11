package io.fermata.internal.kernel;

import java.util.ServiceLoader;

/**
 * Makes the hosts of the loops that wait by themselves, for a module that has more to wait for than
 * other threads: sockets. The one that {@link ServiceLoader} finds first beside this library is
 * used for all of them. Loops of tests and guests do not ask it.
 */
@FunctionalInterface
public interface HostProvider {
  /**
   * A host for a new loop.
   *
   * @param clock the loop's, to which its deadlines refer
   */
  Host open(Clock clock);

  /** Which one is used. */
  final class Installed {
    static final HostProvider PROVIDER =
        ServiceLoader.load(HostProvider.class, HostProvider.class.getClassLoader())
            .findFirst()
            .orElse(ThreadHost::new);

    private Installed() {}
  }
}
