package io.fermata.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.Socket;
import io.netty.util.AttributeKey;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;

/**
 * Channels that send and receive packets without bytes. Netty drops such a packet when it writes
 * one; with epoll and a connected socket, also when it reads one.
 */
final class EmptyPackets {
  private static final int LARGEST = 65_535;

  /** The room for one read of a channel: two packets, see {@link #epoll}. */
  static final int ROOM = 2 * LARGEST;

  /** The channel of java.nio below that of Netty. */
  private static final AttributeKey<java.nio.channels.DatagramChannel> SOCKET =
      AttributeKey.newInstance(EmptyPackets.class.getName());

  private static final ByteBuffer NO_BYTES = ByteBuffer.allocateDirect(0);

  private EmptyPackets() {}

  /**
   * A channel of epoll. It reads two packets by one system call, as that call reports empty ones.
   */
  static DatagramChannel epoll() {
    EpollDatagramChannel channel = new EpollDatagramChannel();
    channel.config().setMaxDatagramPayloadSize(LARGEST);
    return channel;
  }

  /** A channel of java.nio. */
  static DatagramChannel nio() {
    try {
      java.nio.channels.DatagramChannel socket = java.nio.channels.DatagramChannel.open();
      DatagramChannel channel = new NioDatagramChannel(socket);
      channel.attr(SOCKET).set(socket);
      return channel;
    } catch (IOException failure) {
      throw new ChannelException("cannot open a socket", failure);
    }
  }

  /**
   * Sends an empty packet past Netty, on the thread of the channel. If the system has no room, the
   * packet is lost; the system does not report that.
   *
   * @param channel made by this class
   */
  static ChannelFuture send(Channel channel, InetSocketAddress to) {
    try {
      if (!channel.isOpen()) {
        throw new ClosedChannelException();
      }
      if (to.isUnresolved()) {
        throw new UnresolvedAddressException();
      }
      if (channel instanceof EpollDatagramChannel epoll) {
        ((Socket) epoll.fd()).sendTo(NO_BYTES, 0, 0, to.getAddress(), to.getPort());
      } else {
        sendBelow(channel.attr(SOCKET).get(), to);
      }
      return channel.newSucceededFuture();
    } catch (IOException | UnresolvedAddressException failure) {
      return channel.newFailedFuture(failure);
    }
  }

  private static void sendBelow(java.nio.channels.DatagramChannel socket, InetSocketAddress to)
      throws IOException {
    if (socket.isConnected()) {
      throw new IOException("java.nio sends no packet without bytes from a connected socket");
    }
    socket.send(NO_BYTES.duplicate(), to);
  }
}
