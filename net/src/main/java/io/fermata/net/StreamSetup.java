package io.fermata.net;

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
 * How to connect. Immutable: each method gives new settings.
 *
 * <pre>{@code
 * StreamSetup setup = TcpStream.setup().within(ms(500)).tls(Tls.client());
 * TcpStream mail = co.await(setup.connect(host, 465));
 * }</pre>
 *
 * @param limit how long connecting may take in all, with look-up and handshake; null: no limit
 * @param attemptDelay how long an address is tried before the next one is tried beside it
 * @param tls null for none
 * @param localAddress what to bind to before; null: what the system chooses
 * @param readLimit the limit of the reader, in bytes: the longest line, and half of what is held
 * @param writeLimit the limit of the writer, in bytes: what is held before writing waits
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
   * Limits the time of connecting: 30 seconds, if nothing is said.
   *
   * @param limit for look-up, all attempts and the handshake; null for none
   * @return such settings
   */
  public StreamSetup within(@Nullable Duration limit) {
    return new StreamSetup(limit, attemptDelay, tls, localAddress, readLimit, writeLimit);
  }

  /**
   * Sets how long an address is tried before the next one is tried beside it: 250 milliseconds, if
   * nothing is said.
   *
   * @param delay see RFC 8305
   * @return such settings
   */
  public StreamSetup attemptDelay(Duration delay) {
    return new StreamSetup(limit, delay, tls, localAddress, readLimit, writeLimit);
  }

  /**
   * Connects with TLS.
   *
   * @param tls whom to trust; null for no TLS
   * @return such settings
   */
  public StreamSetup tls(@Nullable Tls tls) {
    return new StreamSetup(limit, attemptDelay, tls, localAddress, readLimit, writeLimit);
  }

  /**
   * Binds the socket before it connects. Of the peer's addresses, those of the same family are
   * tried.
   *
   * @param local the address; null: what the system chooses
   * @return such settings
   */
  public StreamSetup from(@Nullable SocketAddress local) {
    return new StreamSetup(limit, attemptDelay, tls, local, readLimit, writeLimit);
  }

  /**
   * Sets the limits of the stream: 64 KiB each, if nothing is said.
   *
   * @param read the longest line, and half of what is held before the peer is stopped
   * @param write what is held before writing waits
   * @return such settings
   */
  public StreamSetup limits(int read, int write) {
    return new StreamSetup(limit, attemptDelay, tls, localAddress, read, write);
  }

  /**
   * Connects.
   *
   * @param host a name or an address
   * @param port where the server listens
   * @return gives the stream; an {@code IOException} if nobody can be reached
   */
  public Async<TcpStream> connect(String host, int port) {
    return connect(InetSocketAddress.createUnresolved(host, port));
  }

  /**
   * Connects.
   *
   * @param address an {@code InetSocketAddress}, or a {@code UnixDomainSocketAddress}
   * @return gives the stream; an {@code IOException} if nobody can be reached
   */
  public Async<TcpStream> connect(SocketAddress address) {
    return connect(List.of(Objects.requireNonNull(address, "the address is null")));
  }

  /**
   * Connects to the first of several addresses that can be reached: they are tried in their order,
   * and the next one beside the last, if that takes too long.
   *
   * @param addresses at least one
   * @return gives the stream; an {@code IOException} with all failures if nobody can be reached
   * @throws IllegalArgumentException if there is no address
   */
  public Async<TcpStream> connect(List<? extends SocketAddress> addresses) {
    if (addresses.isEmpty()) {
      throw new IllegalArgumentException("no address to connect to");
    }
    return Connecting.to(this, List.copyOf(addresses));
  }
}
