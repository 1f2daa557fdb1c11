package io.fermata.net;

import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A listening Unix socket and its file. The socket is bound before Netty gets it. If Netty bound
 * it, Netty would remove the file by its name, even if the file is another socket's by then.
 */
final class SocketFile {
  final ServerChannel channel;
  final UnixDomainSocketAddress address;

  /** The JDK's channel below that of Netty's; null with epoll. */
  private final @Nullable ServerSocketChannel below;

  /** The identity of the file; null if the system has none. */
  private final @Nullable Object key;

  private SocketFile(
      ServerChannel channel, UnixDomainSocketAddress address, @Nullable ServerSocketChannel below) {
    this.channel = channel;
    this.address = address;
    this.below = below;
    this.key = keyNow();
  }

  static SocketFile epoll(UnixDomainSocketAddress address, int backlog) throws IOException {
    Socket socket = Socket.newSocketDomain();
    try {
      socket.bind(new DomainSocketAddress(address.getPath().toString()));
      socket.listen(backlog);
      return new SocketFile(
          new EpollServerDomainSocketChannel(socket.intValue(), true), address, null);
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  static SocketFile nio(UnixDomainSocketAddress address, int backlog) throws IOException {
    ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(address, backlog);
      return new SocketFile(new NioServerDomainSocketChannel(socket), address, socket);
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  private @Nullable Object keyNow() {
    try {
      return Files.readAttributes(
              address.getPath(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (IOException gone) {
      return null;
    }
  }

  /** Removes the file if it is still the one that was made. */
  void remove() {
    if (key != null && key.equals(keyNow())) {
      try {
        Files.deleteIfExists(address.getPath());
      } catch (IOException notAllowed) {
        // then it stays, and the next server that binds there fails
      }
    }
  }

  /** Closes the socket, and leaves the file alone. */
  void close() {
    if (below != null) {
      try {
        below.close(); // before Netty asks it for its address, to remove the file
      } catch (IOException closedAnyhow) {
        // the caller cannot do anything about it
      }
    }
    Completion.close(channel);
  }
}
