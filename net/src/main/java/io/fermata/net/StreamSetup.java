package io.fermata.net;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.io.AsyncReader;
import io.fermata.io.AsyncWriter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a connection. Immutable: each method gives new settings.
 *
 * <pre>{@code
 * StreamSetup setup = TcpStream.setup().within(ms(500)).tls(Tls.client());
 * TcpStream mail = co.await(setup.connect(host, 465));
 * }</pre>
 *
 * @param limit the time limit of connecting, with look-up and handshake; null for none
 * @param attemptDelay the time before the next address is tried beside the last one
 * @param tls null for none
 * @param localAddress the address to bind; null to let the system choose
 * @param readLimit the limit of the reader, in bytes: the longest line, and half of the bytes that
 *     are held
 * @param writeLimit the limit of the writer, in bytes: the bytes that are held before writing waits
 */
public record StreamSetup(
    @Nullable Duration limit,
    Duration attemptDelay,
    @Nullable Tls tls,
    @Nullable SocketAddress localAddress,
    int readLimit,
    int writeLimit) {
  static final StreamSetup USUAL =
      new StreamSetup(
          Duration.ofSeconds(30),
          Duration.ofMillis(250),
          null,
          null,
          AsyncReader.DEFAULT_LIMIT,
          AsyncWriter.DEFAULT_LIMIT);

  /**
   * Settings; {@link TcpStream#setup} gives the usual ones.
   *
   * @param limit null for none
   * @param attemptDelay not negative
   * @param tls null for none
   * @param localAddress null for none
   * @param readLimit positive
   * @param writeLimit not negative
   */
  public StreamSetup {
    Limits.check(readLimit, writeLimit);
    Objects.requireNonNull(attemptDelay, "attemptDelay");
  }

  /**
   * Limits the time of connecting. The default is 30 seconds.
   *
   * @param limit for look-up, all attempts and the handshake; null for none
   * @return the new settings
   */
  public StreamSetup within(@Nullable Duration limit) {
    return new StreamSetup(limit, attemptDelay, tls, localAddress, readLimit, writeLimit);
  }

  /**
   * Sets the time before the next address is tried beside the last one. The default is 250
   * milliseconds.
   *
   * @param delay see RFC 8305
   * @return the new settings
   */
  public StreamSetup attemptDelay(Duration delay) {
    return new StreamSetup(limit, delay, tls, localAddress, readLimit, writeLimit);
  }

  /**
   * Connects with TLS.
   *
   * @param tls the certificates to trust; null for no TLS
   * @return the new settings
   */
  public StreamSetup tls(@Nullable Tls tls) {
    return new StreamSetup(limit, attemptDelay, tls, localAddress, readLimit, writeLimit);
  }

  /**
   * Binds the socket before it connects. Only addresses of the same family are tried.
   *
   * @param local the address; null to let the system choose
   * @return the new settings
   */
  public StreamSetup from(@Nullable SocketAddress local) {
    return new StreamSetup(limit, attemptDelay, tls, local, readLimit, writeLimit);
  }

  /**
   * Sets the limits of the stream. The default is 64 KiB each.
   *
   * @param read the longest line, in bytes; the peer is stopped when twice as much is held
   * @param write the bytes that are held before writing waits
   * @return the new settings
   */
  public StreamSetup limits(int read, int write) {
    return new StreamSetup(limit, attemptDelay, tls, localAddress, read, write);
  }

  /**
   * Connects.
   *
   * @param host a name or an address
   * @param port of the server
   * @return gives the stream; an {@code IOException} if no address can be reached
   */
  @CheckReturnValue
  public Async<TcpStream> connect(String host, int port) {
    return connect(InetSocketAddress.createUnresolved(host, port));
  }

  /**
   * Connects.
   *
   * @param address an {@code InetSocketAddress}, or a {@code UnixDomainSocketAddress}
   * @return gives the stream; an {@code IOException} if it cannot be reached
   */
  @CheckReturnValue
  public Async<TcpStream> connect(SocketAddress address) {
    return connect(List.of(Objects.requireNonNull(address, "the address is null")));
  }

  /**
   * Connects to the first address that can be reached. They are tried in their order. If an attempt
   * takes too long, the next one runs beside it.
   *
   * @param addresses at least one
   * @return gives the stream; an {@code IOException} with all failures if no address can be reached
   * @throws IllegalArgumentException if there is no address
   */
  @CheckReturnValue
  public Async<TcpStream> connect(List<? extends SocketAddress> addresses) {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException(
          "cannot connect to an empty list of addresses; give at least one");
    }
    return Connecting.to(this, List.copyOf(addresses));
  }
}
