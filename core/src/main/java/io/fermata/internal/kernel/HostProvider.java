package io.fermata.internal.kernel;

import java.lang.System.Logger.Level;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * A factory of hosts for loops on threads of their own. A module that waits for more than other
 * threads, such as sockets, provides one.
 *
 * <p>{@link ServiceLoader} finds it beside this library; the first one serves all loops. Loops of
 * tests and guests do not ask it.
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
    static final HostProvider PROVIDER = find();

    private Installed() {}

    private static HostProvider find() {
      try {
        return ServiceLoader.load(HostProvider.class, HostProvider.class.getClassLoader())
            .findFirst()
            .orElse(ThreadHost::new);
      } catch (ServiceConfigurationError | LinkageError broken) {
        System.getLogger("io.fermata.async")
            .log(
                Level.ERROR,
                "the module that lets loops wait for sockets cannot be used: loops wait for other"
                    + " threads only",
                broken);
        return ThreadHost::new;
      }
    }
  }
}
