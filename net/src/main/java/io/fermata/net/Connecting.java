package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.async.Race;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The way to a connection: names are looked up, addresses tried, the handshake done. */
final class Connecting {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  private Connecting() {}

  /** A handler that does nothing. A bootstrap needs one. */
  @Sharable
  private static final class Nothing extends ChannelInboundHandlerAdapter {
    static final Nothing HANDLER = new Nothing();
  }

  /** A channel, and the address that the program gave. */
  private record Reached(Channel channel, SocketAddress wanted) {}

  /**
   * Connects to the first address that can be reached.
   *
   * @param wanted names, which are looked up, or addresses
   */
  static Async<TcpStream> to(StreamSetup setup, List<SocketAddress> wanted) {
    Async<TcpStream> attempt = unlimited(setup, wanted);
    Duration limit = setup.limit();
    if (limit == null) {
      return attempt;
    }
    return Async.of(
        HERE,
        co -> {
          try {
            return co.await(Async.waitFor(attempt, limit));
          } catch (TimeoutException tooLate) {
            IOException failure =
                new SocketTimeoutException(
                    attemptOn(wanted) + ": it took longer than " + limit.toMillis() + " ms");
            failure.initCause(tooLate);
            throw failure;
          }
        });
  }

  private static String attemptOn(List<SocketAddress> wanted) {
    return wanted.stream()
        .map(Failures::name)
        .collect(Collectors.joining(" or ", "cannot connect to ", ""));
  }

  private static Async<TcpStream> unlimited(StreamSetup setup, List<SocketAddress> wanted) {
    return Async.of(
        HERE,
        co -> {
          EventLoop netty = co.await(Netty.loop());
          Reached reached = co.await(reach(netty, setup, wanted));
          Channel channel = reached.channel();
          Connection connection =
              co.await(
                  new LoopThreadCall<>(
                      () ->
                          Connection.to(
                              channel, reached.wanted(), setup.readLimit(), setup.writeLimit())));
          Tls tls = setup.tls();
          if (tls != null) {
            co.await(Handshake.of(connection, tls.clientHandler(channel, reached.wanted())));
          }
          return new TcpStream(connection);
        });
  }

  private static Async<Reached> reach(
      EventLoop netty, StreamSetup setup, List<SocketAddress> wanted) {
    return Async.of(
        HERE,
        co -> {
          List<Async<Reached>> attempts = new ArrayList<>();
          List<Channel> opened = new ArrayList<>();
          for (SocketAddress each : wanted) {
            if (each instanceof InetSocketAddress inet && inet.isUnresolved()) {
              for (SocketAddress found : co.await(resolve(setup, inet))) {
                attempts.add(attempt(netty, setup, found, each, opened));
              }
            } else {
              attempts.add(attempt(netty, setup, each, each, opened));
            }
          }
          if (attempts.size() == 1) {
            return co.await(attempts.get(0));
          }
          // Also closes channels of attempts that were cancelled
          Channel won = null;
          try {
            Race<Reached> race = co.await(Async.staggeredRace(attempts, setup.attemptDelay()));
            if (!race.isWon()) {
              throw lost(attemptOn(wanted), race.failures());
            }
            Reached winner = Objects.requireNonNull(race.winner());
            won = winner.channel();
            return winner;
          } finally {
            for (Channel each : opened) {
              if (each != won) {
                Completion.close(each);
              }
            }
          }
        });
  }

  private static IOException lost(String attempt, List<@Nullable Throwable> failures) {
    IOException failure =
        new ConnectException(
            failures.stream()
                .map(each -> Objects.requireNonNull(each).getMessage())
                .collect(Collectors.joining("; ", attempt + ": ", "")));
    failures.forEach(failure::addSuppressed);
    return failure;
  }

  /** The addresses of a name, those of the two families in turn. */
  private static Async<List<InetSocketAddress>> resolve(StreamSetup setup, InetSocketAddress peer) {
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

  private static Async<Reached> attempt(
      EventLoop netty,
      StreamSetup setup,
      SocketAddress peer,
      SocketAddress wanted,
      List<Channel> opened) {
    return Async.of(
        HERE,
        co -> {
          ChannelFuture connected = co.await(new LoopThreadCall<>(() -> begin(netty, setup, peer)));
          Channel channel = connected.channel();
          opened.add(channel);
          Throwable failure = co.await(Completion.orClosed(connected, channel));
          if (failure != null) {
            throw Failures.of("cannot connect to " + Failures.name(peer), failure);
          }
          return new Reached(channel, wanted);
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
