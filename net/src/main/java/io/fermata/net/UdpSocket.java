package io.fermata.net;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.async.AsyncCloseable;
import io.fermata.async.AsyncQueue;
import io.fermata.async.Outcome;
import io.fermata.async.QueueShutDown;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A socket for packets of UDP. Python: a datagram endpoint.
 *
 * <pre>{@code
 * UdpSocket socket = co.await(UdpSocket.bind("127.0.0.1", 5353));
 * Datagram question = co.await(socket.receive());
 * co.await(socket.send(answer(question.data()), question.sender()));
 * co.await(socket.aclose());
 * }</pre>
 *
 * <p>UDP may lose packets, double them, and change their order. Up to 64 received packets wait to
 * be taken. The system keeps some more, and drops the rest.
 *
 * <p><b>Failures.</b> If the system reports a failure of an earlier packet, such as "port
 * unreachable" on a connected socket, the next {@link #receive} throws it.
 *
 * <p><b>Threading.</b> For tasks of the loop in which it was opened.
 */
public final class UdpSocket implements AsyncCloseable {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();
  private static final int KEPT = 64;

  private final Channel channel;
  private final AsyncQueue<Outcome<Datagram>> arrived;
  private final @Nullable InetSocketAddress peer;

  private UdpSocket(
      Channel channel, AsyncQueue<Outcome<Datagram>> arrived, @Nullable InetSocketAddress peer) {
    this.channel = channel;
    this.arrived = arrived;
    this.peer = peer;
  }

  /** The handler that puts packets into the queue. */
  private static final class Arrivals extends SimpleChannelInboundHandler<DatagramPacket> {
    private final AsyncQueue<Outcome<Datagram>> arrived;

    Arrivals(AsyncQueue<Outcome<Datagram>> arrived) {
      this.arrived = arrived;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      put(
          ctx,
          new Outcome.Value<>(
              new Datagram(ByteBufUtil.getBytes(packet.content()), packet.sender())));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      put(
          ctx,
          new Outcome.Failure<>(
              Failures.of(
                  "cannot send from " + Failures.name(ctx.channel().localAddress()), cause)));
    }

    /** Goes beyond the limit if the channel has read several packets at once. */
    private void put(ChannelHandlerContext ctx, Outcome<Datagram> item) {
      arrived.putNowait(item);
      if (arrived.size() >= KEPT) {
        ctx.channel().config().setAutoRead(false);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      arrived.shutdown();
    }
  }

  /**
   * A socket that gets packets from everybody.
   *
   * @param address of this machine, such as {@code 127.0.0.1} or {@code 0.0.0.0}
   * @param port zero: one that is free
   * @return gives the socket; an {@code IOException} if the address cannot be had
   */
  @CheckReturnValue
  public static Async<UdpSocket> bind(String address, int port) {
    return bind(new InetSocketAddress(Addresses.literal(address), port));
  }

  /**
   * A socket that gets packets from everybody.
   *
   * @param address of this machine
   * @return gives the socket; an {@code IOException} if the address cannot be had
   */
  @CheckReturnValue
  public static Async<UdpSocket> bind(InetSocketAddress address) {
    return open(Objects.requireNonNull(address, "the address is null"), null);
  }

  /**
   * A socket that exchanges packets with one peer only.
   *
   * @param host a name or an address; of several addresses, the first one
   * @param port of the peer
   * @return gives the socket; an {@code IOException} if the name is unknown
   */
  @CheckReturnValue
  public static Async<UdpSocket> connect(String host, int port) {
    return Async.of(
        HERE,
        co -> {
          InetAddress found =
              Addresses.isNumeric(host)
                  ? InetAddress.getByName(host)
                  : co.await(Async.toThread(() -> InetAddress.getByName(host)));
          return co.await(open(null, new InetSocketAddress(found, port)));
        });
  }

  private static Async<UdpSocket> open(
      @Nullable InetSocketAddress local, @Nullable InetSocketAddress peer) {
    return Async.of(
        HERE,
        co -> {
          io.netty.channel.EventLoop netty = co.await(Netty.loop());
          AsyncQueue<Outcome<Datagram>> arrived = AsyncQueue.fifo();
          Bootstrap bootstrap =
              new Bootstrap()
                  .group(netty)
                  .channelFactory(Transport.of(netty).datagrams())
                  .option(
                      ChannelOption.RECVBUF_ALLOCATOR,
                      new FixedRecvByteBufAllocator(EmptyPackets.ROOM))
                  .handler(new Arrivals(arrived));
          ChannelFuture opened =
              co.await(
                  new LoopThreadCall<>(
                      () ->
                          peer == null
                              ? bootstrap.bind(Objects.requireNonNull(local))
                              : bootstrap.connect(peer)));
          Channel channel = opened.channel();
          Throwable failure = co.await(Completion.orClosed(opened, channel));
          if (failure != null) {
            throw Failures.of(
                "cannot open a UDP socket"
                    + (peer == null ? " on " : " to ")
                    + Failures.name(peer == null ? Objects.requireNonNull(local) : peer),
                failure);
          }
          return new UdpSocket(channel, arrived, peer);
        });
  }

  /**
   * Waits for a packet. A cancelled wait takes none. Several tasks may wait; they get packets in
   * the order of their waits.
   *
   * @return gives the packet; an {@code IOException} if the socket is closed
   */
  @CheckReturnValue
  public Async<Datagram> receive() {
    return Async.of(
        HERE,
        co -> {
          try {
            Datagram packet = co.await(arrived.get()).get();
            if (arrived.size() < KEPT / 2) {
              channel.config().setAutoRead(true);
            }
            return packet;
          } catch (QueueShutDown closed) {
            throw new IOException("cannot receive from " + this + ": it was closed", closed);
          }
        });
  }

  /**
   * Sends a packet, and waits until the system has taken it. Cancelling the wait does not stop the
   * packet.
   *
   * @param data copied when this is awaited; at most 65507 bytes, perhaps none
   * @param to the address of the receiver
   * @return gives null; an {@code IOException} if it is too large, or the socket is closed
   * @throws IllegalArgumentException if the socket is connected to another peer
   */
  @CheckReturnValue
  public Async<@Nullable Void> send(byte[] data, InetSocketAddress to) {
    if (peer != null && !peer.equals(to)) {
      throw new IllegalArgumentException(
          "cannot send to " + Failures.name(to) + ": " + this + " is connected to another peer");
    }
    return sending(data, to);
  }

  /**
   * Sends a packet to the peer of a connected socket, as {@link #send(byte[], InetSocketAddress)}.
   *
   * @param data copied when this is awaited; at most 65507 bytes, perhaps none
   * @return gives null; if there are no bytes, and Netty has no epoll here, an {@code IOException}
   * @throws IllegalStateException if the socket is not connected
   */
  @CheckReturnValue
  public Async<@Nullable Void> send(byte[] data) {
    if (peer == null) {
      throw new IllegalStateException(
          "cannot send without an address: " + this + " has no peer; give an address to send()");
    }
    return sending(data, peer);
  }

  private Async<@Nullable Void> sending(byte[] data, InetSocketAddress to) {
    return Async.of(
        HERE,
        co -> {
          ChannelFuture sent = co.await(new LoopThreadCall<>(() -> write(data, to)));
          Throwable failure = co.await(Completion.of(sent));
          if (failure != null) {
            throw Failures.of("cannot send to " + Failures.name(to) + " from " + this, failure);
          }
          return null;
        });
  }

  private ChannelFuture write(byte[] data, InetSocketAddress to) {
    if (data.length == 0) {
      return EmptyPackets.send(channel, to);
    }
    ByteBuf bytes = Unpooled.copiedBuffer(data);
    return channel.writeAndFlush(peer == null ? new DatagramPacket(bytes, to) : bytes);
  }

  /**
   * The address of the socket.
   *
   * @return the address, with its real port
   */
  public InetSocketAddress localAddress() {
    return (InetSocketAddress) channel.localAddress();
  }

  /**
   * Closes the socket. Packets that have come can still be received. Does not wait; may be
   * repeated.
   */
  public void close() {
    Completion.close(channel);
  }

  /**
   * Closes the socket, and waits until it is closed.
   *
   * @return gives null
   */
  @Override
  @CheckReturnValue
  public Async<Void> aclose() {
    return Async.action(
        HERE, co -> co.await(Completion.of(co.await(new LoopThreadCall<>(channel::close)))));
  }

  /**
   * Netty's channel, for options that this API does not have.
   *
   * @return the channel
   */
  public Channel channel() {
    return channel;
  }

  @Override
  public String toString() {
    return "UDP socket " + channel;
  }
}
