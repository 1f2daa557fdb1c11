package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.async.Race;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Connects: looks names up, tries addresses, does the handshake. */
final class Connecting {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  private Connecting() {}

  /** Does nothing; a bootstrap wants a handler. */
  @io.netty.channel.ChannelHandler.Sharable
  private static final class Nothing extends ChannelInboundHandlerAdapter {
    static final Nothing HANDLER = new Nothing();
  }

  static Async<TcpStream> to(StreamSetup setup, SocketAddress peer) {
    Async<TcpStream> attempt = unlimited(setup, peer);
    if (setup.limit() == null) {
      return attempt;
    }
    return Async.of(
        HERE,
        co -> {
          try {
            return co.await(Async.waitFor(attempt, setup.limit()));
          } catch (TimeoutException tooLate) {
            IOException failure =
                new SocketTimeoutException(
                    "cannot connect to "
                        + Failures.name(peer)
                        + ": it took longer than "
                        + setup.limit().toMillis()
                        + " ms");
            failure.initCause(tooLate);
            throw failure;
          }
        });
  }

  private static Async<TcpStream> unlimited(StreamSetup setup, SocketAddress peer) {
    return Async.of(
        HERE,
        co -> {
          EventLoop netty = co.await(new CurrentNetty());
          Channel channel = co.await(connect(netty, setup, peer));
          String name = "the connection to " + Failures.name(peer);
          Connection connection =
              co.await(
                  new OnLoopThread<>(
                      () ->
                          Connection.open(channel, name, setup.readLimit(), setup.writeLimit())));
          Tls tls = setup.tls();
          if (tls != null) {
            co.await(Handshake.of(connection, tls.clientHandler(channel, peer)));
          }
          return new TcpStream(connection, peer);
        });
  }

  private static Async<Channel> connect(EventLoop netty, StreamSetup setup, SocketAddress peer) {
    return Async.of(
        HERE,
        co -> {
          if (!(peer instanceof InetSocketAddress inet) || !inet.isUnresolved()) {
            return co.await(attempt(netty, setup, peer));
          }
          List<InetSocketAddress> addresses = co.await(resolve(setup, inet));
          if (addresses.size() == 1) {
            return co.await(attempt(netty, setup, addresses.get(0)));
          }
          List<Async<Channel>> attempts = new ArrayList<>();
          for (InetSocketAddress address : addresses) {
            attempts.add(attempt(netty, setup, address));
          }
          Race<Channel> race = co.await(Async.staggeredRace(attempts, setup.attemptDelay()));
          if (!race.isWon()) {
            throw lost(inet, race.failures());
          }
          return Objects.requireNonNull(race.winner());
        });
  }

  private static IOException lost(InetSocketAddress peer, List<@Nullable Throwable> failures) {
    StringBuilder message = new StringBuilder("cannot connect to ").append(Failures.name(peer));
    String separator = ": ";
    for (Throwable each : failures) {
      message.append(separator).append(Objects.requireNonNull(each).getMessage());
      separator = "; ";
    }
    IOException failure = new java.net.ConnectException(message.toString());
    failures.forEach(failure::addSuppressed);
    return failure;
  }

  /** The addresses of a name, those of the two families in turn. */
  private static Async<List<InetSocketAddress>> resolve(
      StreamSetup setup, InetSocketAddress peer) {
    return Async.of(
        HERE,
        co -> {
          String host = peer.getHostString();
          InetAddress[] found;
          if (Addresses.isNumeric(host)) {
            found = new InetAddress[] {InetAddress.getByName(host)};
          } else {
            try {
              found = co.await(Async.toThread(() -> InetAddress.getAllByName(host)));
            } catch (UnknownHostException unknown) {
              IOException failure =
                  new UnknownHostException(
                      "cannot connect to " + Failures.name(peer) + ": the name is not known");
              failure.initCause(unknown);
              throw failure;
            }
          }
          return Addresses.interleaved(found, peer.getPort(), setup.localAddress());
        });
  }

  private static Async<Channel> attempt(EventLoop netty, StreamSetup setup, SocketAddress peer) {
    return Async.of(
        HERE,
        co -> {
          ChannelFuture connected =
              co.await(new OnLoopThread<>(() -> begin(netty, setup, peer)));
          Channel channel = connected.channel();
          Throwable failure = co.await(Completion.of(connected, channel::close));
          if (failure != null) {
            throw Failures.of("cannot connect to " + Failures.name(peer), failure);
          }
          return channel;
        });
  }

  private static ChannelFuture begin(EventLoop netty, StreamSetup setup, SocketAddress peer) {
    Transport transport = Transport.of(netty);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(netty)
            .channelFactory(
                () -> Connection.prepared(transport.streams(peer).newChannel(), setup.tls()))
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
            .handler(Nothing.HANDLER);
    SocketAddress local = setup.localAddress();
    SocketAddress remote = transport.toNetty(peer);
    return local == null
        ? bootstrap.connect(remote)
        : bootstrap.connect(remote, transport.toNetty(local));
  }
}
