package io.fermata.net;

import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.kernel.HostProvider;

/** Has every loop with a thread of its own wait for sockets, as soon as it has opened one. */
@SuppressWarnings("exports") // only the library sees what it is for
public final class NettyHostProvider implements HostProvider {
  /** For the service loader. */
  public NettyHostProvider() {}

  @Override
  public Host open(Clock clock) {
    return new NettyHost(clock);
  }
}
