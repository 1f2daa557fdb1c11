package io.fermata.net;

import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.kernel.HostProvider;

/** The provider of a host that waits for sockets, for every loop with a thread of its own. */
@SuppressWarnings("exports") // only the library sees what it is for
public final class NettyHostProvider implements HostProvider {
  /** For the service loader. */
  public NettyHostProvider() {}

  @Override
  public Host open(Clock clock) {
    return new NettyHost(clock);
  }
}
