package io.fermata.net;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.async.ScopeAction;
import io.fermata.io.AsyncReader;
import io.fermata.io.AsyncWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a server. Immutable: each method gives new settings.
 *
 * <pre>{@code
 * ServerSetup setup = TcpServer.setup().on("127.0.0.1", 0).connections(1000);
 * TcpServer server = co.await(setup.start(handler));
 * }</pre>
 *
 * @param addresses where to listen
 * @param tls null for none
 * @param connections the most that are served at a time; others wait until one has ended
 * @param backlog the most that wait in the system to be accepted
 * @param loops the number of threads that serve connections
 * @param atOnce whether accepting begins at once, or with {@link TcpServer#startServing}
 * @param keepsFile whether the files of Unix sockets stay when the server is closed
 * @param readLimit the limit of the readers, in bytes
 * @param writeLimit the limit of the writers, in bytes
 */
public record ServerSetup(
    List<SocketAddress> addresses,
    @Nullable Tls tls,
    int connections,
    int backlog,
    int loops,
    boolean atOnce,
    boolean keepsFile,
    int readLimit,
    int writeLimit) {
  static final ServerSetup USUAL =
      new ServerSetup(
          List.of(),
          null,
          Integer.MAX_VALUE,
          1024,
          1,
          true,
          false,
          AsyncReader.DEFAULT_LIMIT,
          AsyncWriter.DEFAULT_LIMIT);

  /**
   * Settings; {@link TcpServer#setup} gives the usual ones.
   *
   * @param addresses where to listen
   * @param tls null for none
   * @param connections at least one
   * @param backlog at least one
   * @param loops at least one
   * @param atOnce whether accepting begins at once
   * @param keepsFile whether the files of Unix sockets stay
   * @param readLimit positive
   * @param writeLimit not negative
   */
  public ServerSetup {
    Limits.check(readLimit, writeLimit);
    if (connections <= 0 || backlog <= 0 || loops <= 0) {
      throw new IllegalArgumentException(
          "connections, backlog and loops must be positive, not "
              + connections
              + ", "
              + backlog
              + " and "
              + loops);
    }
    addresses = List.copyOf(addresses);
  }

  /**
   * Listens on all addresses of this machine.
   *
   * @param port zero for any free one
   * @return the new settings
   */
  public ServerSetup on(int port) {
    return on(new InetSocketAddress(port));
  }

  /**
   * Listens on an address of this machine.
   *
   * @param address such as {@code 127.0.0.1} or {@code ::1}; not a name, as that would be looked up
   * @param port zero for any free one
   * @return the new settings
   */
  public ServerSetup on(String address, int port) {
    return on(new InetSocketAddress(Addresses.literal(address), port));
  }

  /**
   * Listens on an address of this machine.
   *
   * @param address which one
   * @param port zero for any free one
   * @return the new settings
   */
  public ServerSetup on(InetAddress address, int port) {
    return on(new InetSocketAddress(address, port));
  }

  /**
   * Listens on one more address.
   *
   * @param address an {@code InetSocketAddress}, or a {@code UnixDomainSocketAddress}, whose file
   *     must not be there, and is removed when the server is closed, if it is still the same one
   * @return the new settings
   */
  public ServerSetup on(SocketAddress address) {
    List<SocketAddress> more = new ArrayList<>(addresses);
    more.add(Objects.requireNonNull(address, "the address is null"));
    return new ServerSetup(
        more, tls, connections, backlog, loops, atOnce, keepsFile, readLimit, writeLimit);
  }

  /**
   * Serves with TLS. The handler is called after the handshake.
   *
   * @param tls the identity of the server: {@link Tls#server}; null for no TLS
   * @return the new settings
   */
  public ServerSetup tls(@Nullable Tls tls) {
    return new ServerSetup(
        addresses, tls, connections, backlog, loops, atOnce, keepsFile, readLimit, writeLimit);
  }

  /**
   * Limits the number of connections that are served at a time. A further one waits in the system
   * until another one has ended.
   *
   * @param most at least one
   * @return the new settings
   */
  public ServerSetup connections(int most) {
    return new ServerSetup(
        addresses, tls, most, backlog, loops, atOnce, keepsFile, readLimit, writeLimit);
  }

  /**
   * Sets the number of connections that wait in the system to be accepted. The default is 1024.
   *
   * @param most at least one; the system may lower it
   * @return the new settings
   */
  public ServerSetup backlog(int most) {
    return new ServerSetup(
        addresses, tls, connections, most, loops, atOnce, keepsFile, readLimit, writeLimit);
  }

  /**
   * Serves on several threads, each with a loop of its own: the current one, and others that end
   * with the server. A connection stays on one loop, and its handler runs there. Handlers of
   * different connections run at the same time and share the captures of the lambda: protect shared
   * data with locks.
   *
   * @param count the number of threads, at least one
   * @return the new settings
   */
  public ServerSetup loops(int count) {
    return new ServerSetup(
        addresses, tls, connections, backlog, count, atOnce, keepsFile, readLimit, writeLimit);
  }

  /**
   * Listens, but accepts no connection before {@link TcpServer#startServing}.
   *
   * @return the new settings
   */
  public ServerSetup deferred() {
    return new ServerSetup(
        addresses, tls, connections, backlog, loops, false, keepsFile, readLimit, writeLimit);
  }

  /**
   * Keeps the files of Unix sockets when the server is closed.
   *
   * @return the new settings
   */
  public ServerSetup keepFile() {
    return new ServerSetup(
        addresses, tls, connections, backlog, loops, atOnce, true, readLimit, writeLimit);
  }

  /**
   * Sets the limits of the streams. The default is 64 KiB each.
   *
   * @param read the longest line, in bytes; the peer is stopped when twice as much is held
   * @param write the bytes that are held before writing waits
   * @return the new settings
   */
  public ServerSetup limits(int read, int write) {
    return new ServerSetup(
        addresses, tls, connections, backlog, loops, atOnce, keepsFile, read, write);
  }

  /**
   * Begins to listen and to serve.
   *
   * @param handler called for each connection, in a task of its own; when it returns, the written
   *     bytes go out, and the connection is closed
   * @return gives the server; an {@code IOException} if an address cannot be bound; then nothing is
   *     left open
   * @throws IllegalArgumentException if there is no address
   */
  @CheckReturnValue
  public Async<TcpServer> start(ScopeAction<TcpStream> handler) {
    Objects.requireNonNull(handler, "the handler is null");
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException(
          "a server needs an address to listen on, and there is none; call on(...) before start()");
    }
    return TcpServer.open(this, handler);
  }
}
