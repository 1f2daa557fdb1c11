package io.fermata.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A listening socket of a server. Belongs to the thread of its channel. */
final class Listener {
  private final ServerChannel channel;
  private final Acceptor acceptor;

  /** The file of a Unix socket, which is bound from the beginning; else null. */
  private final @Nullable SocketFile file;

  private Listener(ServerChannel channel, Consumer<Channel> accepted, @Nullable SocketFile file) {
    this.channel = channel;
    this.acceptor = new Acceptor(accepted);
    this.file = file;
  }

  /**
   * Opens a listening socket, which accepts nothing before {@link #want}.
   *
   * @param accepted called with each connection, which is not registered yet
   * @throws IOException if it is a Unix socket that cannot be bound
   */
  static Listener open(
      Transport transport, SocketAddress address, int backlog, Consumer<Channel> accepted)
      throws IOException {
    if (address instanceof UnixDomainSocketAddress local) {
      SocketFile file = transport.listen(local, backlog);
      return new Listener(file.channel, accepted, file);
    }
    ServerChannel channel = transport.servers().newChannel();
    channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
    channel.config().setOption(ChannelOption.SO_BACKLOG, backlog);
    return new Listener(channel, accepted, null);
  }

  ChannelFuture register(EventLoop netty) {
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(acceptor);
    return netty.register(channel);
  }

  ChannelFuture bind(SocketAddress address) {
    return file == null ? channel.bind(address) : channel.newSucceededFuture();
  }

  /** Sets whether it accepts connections. */
  void want(boolean connections) {
    acceptor.want(channel, connections);
  }

  /** The address on which it listens; null if it does not listen. */
  @Nullable SocketAddress address() {
    if (!channel.isActive()) {
      return null;
    }
    return file == null ? channel.localAddress() : file.address;
  }

  /**
   * Stops listening.
   *
   * @param keepsFile whether the file of a Unix socket stays
   */
  void close(boolean keepsFile) {
    if (file == null) {
      Completion.close(channel);
    } else {
      if (!keepsFile) {
        file.remove();
      }
      file.close();
    }
  }
}
