package io.fermata.net;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.async.AsyncCloseable;
import io.fermata.async.AsyncGenerator;
import io.fermata.io.AsyncReader;
import io.fermata.io.AsyncWriter;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.lang.invoke.MethodHandles;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A connection: a stream of bytes to a peer and one from it, over TCP or a Unix socket, with TLS or
 * without. Python: the pair of {@code StreamReader} and {@code StreamWriter}.
 *
 * <pre>{@code
 * co.await(Async.usingAction(co.await(TcpStream.connect("localhost", 6379)), (in, redis) -> {
 *   in.await(redis.write("PING\r\n"));
 *   System.out.println(in.await(redis.readLine()));
 * }));
 * }</pre>
 *
 * <p>It has the methods that most programs need; {@link #reader} and {@link #writer} have all of
 * them. One task may read while another one writes.
 *
 * <p><b>Memory.</b> An idle connection holds no buffers. If a connection is not read, its peer is
 * stopped when twice the read limit has come. If its peer does not read, it holds the write limit
 * and one write; then {@link #write} waits.
 *
 * <p><b>Cancellation.</b> A cancelled read has taken no bytes; a cancelled write has written none.
 * Other effects are stated with each method. Cancelling {@link #connect} closes what was opened.
 *
 * <p><b>Failures.</b> An {@code IOException} names the operation and the peer. If the connection
 * breaks, it is closed, and every waiting and later call throws that exception. With TLS, an end
 * that the peer has not announced is a failure, as an attacker may have cut the connection.
 *
 * <p><b>Threading.</b> For tasks of the loop in which it was opened.
 */
public final class TcpStream implements AsyncCloseable {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  final Connection connection;

  TcpStream(Connection connection) {
    this.connection = connection;
  }

  // Opening

  /**
   * Connects, with the settings of {@link StreamSetup}.
   *
   * @param host a name or an address; a name is looked up on another thread, and its addresses are
   *     tried as RFC 8305 says
   * @param port of the server
   * @return gives the stream; an {@code IOException} if no address can be reached
   */
  @CheckReturnValue
  public static Async<TcpStream> connect(String host, int port) {
    return setup().connect(host, port);
  }

  /**
   * Connects with TLS, with the settings of {@link StreamSetup}.
   *
   * @param host a name or an address, which the certificate of the server must have
   * @param port of the server
   * @param tls the certificates to trust: {@link Tls#client}
   * @return gives the stream when the handshake is over; an {@code IOException} if no address can
   *     be reached, or the certificate is not trusted
   */
  @CheckReturnValue
  public static Async<TcpStream> connect(String host, int port, Tls tls) {
    return setup().tls(tls).connect(host, port);
  }

  /**
   * Connects to an address, with the settings of {@link StreamSetup}.
   *
   * @param address an {@code InetSocketAddress}, or a {@code UnixDomainSocketAddress}
   * @return gives the stream; an {@code IOException} if it cannot be reached
   */
  @CheckReturnValue
  public static Async<TcpStream> connect(SocketAddress address) {
    return setup().connect(address);
  }

  /**
   * The settings to change: TLS, a time limit, other buffers.
   *
   * @return the usual settings
   */
  public static StreamSetup setup() {
    return StreamSetup.USUAL;
  }

  // The two directions

  /**
   * The reader of the peer's bytes.
   *
   * @return the same reader each time
   */
  public AsyncReader reader() {
    return connection.inlet.reader();
  }

  /**
   * The writer of bytes to the peer.
   *
   * @return the same writer each time
   */
  public AsyncWriter writer() {
    return connection.outlet.writer();
  }

  /**
   * Waits until there are bytes, and takes them. A cancelled read takes none.
   *
   * @param max the most to take
   * @return gives at least one byte; none only at the end of the stream
   */
  @CheckReturnValue
  public Async<byte[]> read(int max) {
    return reader().read(max);
  }

  /**
   * Waits until there are bytes, and takes them into a buffer. A cancelled read takes none.
   *
   * @param target as many are taken as it has room for
   * @return gives their number; -1 at the end of the stream
   */
  @CheckReturnValue
  public Async<Integer> read(ByteBuffer target) {
    return reader().read(target);
  }

  /**
   * Takes all bytes until the end of the stream. A cancelled read takes none: the next read finds
   * them.
   *
   * @return gives them
   */
  @CheckReturnValue
  public Async<byte[]> readAll() {
    return reader().readAll();
  }

  /**
   * Waits until there is a number of bytes, and takes them. A cancelled read takes none: the next
   * read finds them.
   *
   * @param count the number of bytes
   * @return gives them; if the stream ends before, an {@link io.fermata.io.IncompleteReadException}
   */
  @CheckReturnValue
  public Async<byte[]> readExactly(int count) {
    return reader().readExactly(count);
  }

  /**
   * Waits for a separator, and takes all bytes up to and with it. A cancelled read takes none: the
   * next read finds them.
   *
   * @param separators one or more; the one that ends first counts
   * @return gives the bytes; see {@link AsyncReader#readUntil(byte[][])} for the limit
   */
  @CheckReturnValue
  public Async<byte[]> readUntil(byte[]... separators) {
    return reader().readUntil(separators);
  }

  /**
   * As {@link #readUntil(byte[][])}, for a separator in UTF-8.
   *
   * @param separator not empty
   * @return gives the bytes, with the separator
   */
  @CheckReturnValue
  public Async<byte[]> readUntil(String separator) {
    return reader().readUntil(separator);
  }

  /**
   * Takes a line of text in UTF-8. A cancelled read takes none of it: the next read finds it.
   *
   * @return gives it without its {@code \n} or {@code \r\n}, and null at the end of the stream; see
   *     {@link AsyncReader#readLine()} for the limit
   */
  @CheckReturnValue
  public Async<@Nullable String> readLine() {
    return reader().readLine();
  }

  /**
   * The lines that follow, as {@link #readLine} gives them.
   *
   * @return a new generator, not started
   */
  @CheckReturnValue
  public AsyncGenerator<String> lines() {
    return reader().lines();
  }

  /**
   * Waits for room if there is none, and writes bytes. A cancelled write writes none.
   *
   * @param bytes copied when the await returns
   * @return gives null when they are taken; {@link #flush} waits until they have gone out
   */
  @CheckReturnValue
  public Async<@Nullable Void> write(byte[] bytes) {
    return writer().write(bytes);
  }

  /**
   * Waits for room if there is none, and writes the rest of a buffer. A cancelled write writes
   * nothing.
   *
   * @param bytes its position moves to its end when they are taken
   * @return gives null when they are taken
   */
  @CheckReturnValue
  public Async<@Nullable Void> write(ByteBuffer bytes) {
    return writer().write(bytes);
  }

  /**
   * Waits for room if there is none, and writes text in UTF-8. A cancelled write writes nothing.
   *
   * @param text what to write; no line end is added
   * @return gives null when it is taken
   */
  @CheckReturnValue
  public Async<@Nullable Void> write(String text) {
    return writer().write(text);
  }

  /**
   * Waits until the system has taken all bytes that were written before. Cancelling the wait does
   * not take them back.
   *
   * @return gives null
   */
  @CheckReturnValue
  public Async<@Nullable Void> flush() {
    return writer().flush();
  }

  /**
   * Half-closes the connection: tells the peer that no bytes follow those that were written. Bytes
   * of the peer can still be read. Does not wait.
   */
  public void end() {
    writer().end();
  }

  /** Begins to close the connection. Written bytes still go out. Does not wait; may be repeated. */
  public void close() {
    writer().close();
  }

  /**
   * Closes the connection, and waits until the written bytes have gone out and the socket is
   * closed. Cancelling the wait does not stop the close.
   *
   * @return gives null; throws the failure that has broken the connection, if there is one
   */
  @Override
  @CheckReturnValue
  public Async<Void> aclose() {
    return writer().aclose();
  }

  /**
   * Waits until either side has closed the connection.
   *
   * @return gives null; throws the failure that has broken the connection, if there is one
   */
  @CheckReturnValue
  public Async<Void> whenClosed() {
    return writer().whenClosed();
  }

  /**
   * Closes the connection at once, and drops bytes that have not gone out. The peer of a TCP
   * connection sees a reset.
   */
  public void abort() {
    writer().abort();
  }

  /**
   * Whether the connection is closed or being closed.
   *
   * @return true after {@link #close}, {@link #abort} or a failure
   */
  public boolean isClosing() {
    return writer().isClosing();
  }

  // More

  /**
   * Upgrades the connection to TLS, after the written bytes have gone out: the STARTTLS of mail
   * servers and databases. The reader, the writer and their limits stay. Bytes that were not read
   * yet belong to the handshake. Do not read or write meanwhile. If the upgrade fails or is
   * cancelled, the stream is closed.
   *
   * @param tls {@link Tls#client}, which expects the certificate of the host that was connected to,
   *     or {@link Tls#server}
   * @return gives null when the handshake is over; an {@code IOException} if it fails
   * @throws IllegalStateException from the await, if there is TLS already, or a task reads
   */
  @CheckReturnValue
  public Async<Void> startTls(Tls tls) {
    Objects.requireNonNull(tls, "tls");
    return Async.action(
        HERE,
        co -> {
          if (connection.tls() != null) {
            throw new IllegalStateException(
                "cannot start TLS on " + this + ": it uses TLS already");
          }
          co.await(flush());
          SslHandler handler =
              tls.isServer()
                  ? tls.serverHandler(connection.channel)
                  : tls.clientHandler(connection.channel, connection.peer);
          co.await(Handshake.of(connection, handler));
        });
  }

  /**
   * Sends a file. Without TLS, its bytes go from the system's cache to the socket and never enter
   * this process. They go out after bytes that were written before this await, and before those
   * that are written after it.
   *
   * <p>The length is that of the file when this is awaited. Cancelling the await does not take back
   * what the system was given; {@link #abort} does.
   *
   * @param file a regular file
   * @return gives the number of bytes that were sent, when the system has taken all; an {@code
   *     IOException} if the file cannot be read
   */
  @CheckReturnValue
  public Async<Long> sendFile(Path file) {
    return sendFile(file, 0, Long.MAX_VALUE);
  }

  /**
   * Sends a part of a file, as {@link #sendFile(Path)}.
   *
   * @param file a regular file
   * @param offset of the first byte
   * @param count the most bytes to send
   * @return gives the number of bytes that were sent
   * @throws IllegalArgumentException if one of the numbers is negative
   */
  @CheckReturnValue
  public Async<Long> sendFile(Path file, long offset, long count) {
    return FileSending.of(this, file, offset, count);
  }

  // Looking

  /**
   * The address of this side.
   *
   * @return an {@code InetSocketAddress} or a {@code UnixDomainSocketAddress}
   * @throws IllegalStateException if the connection is closed, and the address was not asked for
   *     before
   */
  public SocketAddress localAddress() {
    return address(connection.channel.localAddress());
  }

  /**
   * The address of the peer.
   *
   * @return an {@code InetSocketAddress} or a {@code UnixDomainSocketAddress}
   */
  public SocketAddress remoteAddress() {
    return address(connection.channel.remoteAddress());
  }

  private SocketAddress address(@Nullable SocketAddress known) {
    if (known == null) {
      throw new IllegalStateException(
          "the address of " + this + " is not known: it is closed; ask before closing it");
    }
    return Transport.toJdk(known);
  }

  /**
   * The session of TLS: the peer's certificates, the cipher.
   *
   * @return the session; null without TLS
   */
  public @Nullable SSLSession tlsSession() {
    SslHandler tls = connection.tls();
    return tls == null ? null : tls.engine().getSession();
  }

  /**
   * The protocol that ALPN has chosen.
   *
   * @return its name, such as {@code h2}; null if there is none
   */
  public @Nullable String applicationProtocol() {
    SslHandler tls = connection.tls();
    return tls == null ? null : tls.applicationProtocol();
  }

  /**
   * Netty's channel, for options that this API does not have.
   *
   * @return the channel
   */
  public Channel channel() {
    return connection.channel;
  }

  @Override
  public String toString() {
    return connection.toString();
  }
}
