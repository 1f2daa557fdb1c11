package io.fermata.net;

import io.netty.channel.ChannelFactory;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Objects;

/** A family of Netty's channels that use one interface of the system, epoll or java.nio. */
final class Transport {
  static final Transport EPOLL =
      new Transport(
          "epoll",
          EpollSocketChannel::new,
          EpollServerSocketChannel::new,
          EpollDomainSocketChannel::new,
          SocketFile::epoll,
          EmptyPackets::epoll);
  static final Transport NIO =
      new Transport(
          "java.nio",
          NioSocketChannel::new,
          NioServerSocketChannel::new,
          NioDomainSocketChannel::new,
          SocketFile::nio,
          EmptyPackets::nio);

  /** The system property that forces one: {@code epoll} or {@code nio}. */
  private static final String PROPERTY = "fermata.net.transport";

  /**
   * The number of sockets that are read before the woken tasks run. It is small, so that the first
   * answers go out while other sockets are read.
   */
  private static final int EVENTS = 16;

  private interface LocalServers {
    SocketFile listen(UnixDomainSocketAddress address, int backlog) throws IOException;
  }

  private static final class Preferred {
    static final Transport TRANSPORT = choose(System.getProperty(PROPERTY, "auto"));
  }

  private final String name;
  private final ChannelFactory<DuplexChannel> streams;
  private final ChannelFactory<ServerChannel> servers;
  private final ChannelFactory<DuplexChannel> localStreams;
  private final LocalServers localServers;
  private final ChannelFactory<DatagramChannel> datagrams;

  private Transport(
      String name,
      ChannelFactory<DuplexChannel> streams,
      ChannelFactory<ServerChannel> servers,
      ChannelFactory<DuplexChannel> localStreams,
      LocalServers localServers,
      ChannelFactory<DatagramChannel> datagrams) {
    this.name = name;
    this.streams = streams;
    this.servers = servers;
    this.localStreams = localStreams;
    this.localServers = localServers;
    this.datagrams = datagrams;
  }

  /** The transport of loops that drive Netty themselves. */
  static Transport preferred() {
    return Preferred.TRANSPORT;
  }

  static Transport choose(String wanted) {
    return switch (wanted) {
      case "auto" -> Epoll.isAvailable() ? EPOLL : NIO;
      case "nio" -> NIO;
      case "epoll" -> epoll();
      default ->
          throw new IllegalStateException(
              "the system property " + PROPERTY + " must be auto, epoll or nio, not " + wanted);
    };
  }

  private static Transport epoll() {
    if (!Epoll.isAvailable()) {
      throw new IllegalStateException(
          "the system property "
              + PROPERTY
              + " is epoll, which is not available here; add netty-transport-native-epoll for"
              + " this platform, or use nio",
          Epoll.unavailabilityCause());
    }
    return EPOLL;
  }

  /** The transport of an event loop of Netty's. */
  static Transport of(EventLoop netty) {
    if (netty instanceof IoEventLoop io) {
      if (io.isIoType(EpollIoHandler.class)) {
        return EPOLL;
      }
      if (io.isIoType(NioIoHandler.class)) {
        return NIO;
      }
    }
    throw new IllegalStateException(
        "cannot open a socket on " + netty + ": it is neither of epoll nor of java.nio");
  }

  IoHandlerFactory ioHandler() {
    return this == EPOLL
        ? EpollIoHandler.newFactory(EVENTS, DefaultSelectStrategyFactory.INSTANCE)
        : NioIoHandler.newFactory();
  }

  ChannelFactory<DuplexChannel> streams(SocketAddress peer) {
    return isLocal(peer) ? localStreams : streams;
  }

  ChannelFactory<ServerChannel> servers() {
    return servers;
  }

  SocketFile listen(UnixDomainSocketAddress address, int backlog) throws IOException {
    return localServers.listen(address, backlog);
  }

  ChannelFactory<DatagramChannel> datagrams() {
    return datagrams;
  }

  static boolean isLocal(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress || address instanceof DomainSocketAddress;
  }

  /** An address in the form that the channels take. */
  SocketAddress toNetty(SocketAddress address) {
    return this == EPOLL && address instanceof UnixDomainSocketAddress local
        ? new DomainSocketAddress(local.getPath().toString())
        : address;
  }

  /** An address in the form of the JDK. */
  static SocketAddress toJdk(SocketAddress address) {
    return Objects.requireNonNull(address) instanceof DomainSocketAddress local
        ? UnixDomainSocketAddress.of(local.path())
        : address;
  }

  @Override
  public String toString() {
    return name;
  }
}
