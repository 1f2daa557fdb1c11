package io.fermata.net;

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
 * <p>It has the verbs that most programs need; {@link #reader} and {@link #writer} have all of
 * them. Reading and writing do not disturb each other: one task may read while another writes.
 *
 * <p><b>Memory.</b> A connection on which nothing happens holds no buffers. One that is not read
 * stops its peer when twice the read limit has come. One whose peer does not read holds the write
 * limit and one write; then {@link #write} waits.
 *
 * <p><b>Cancellation.</b> A read that is cancelled has taken no bytes; a write that is cancelled
 * has written none. What each operation does beyond that is said with it. Cancelling {@link
 * #connect} closes what was opened.
 *
 * <p><b>Failures.</b> They are {@code IOException}s that say what was under way, and with which
 * peer. If the connection breaks, it is closed, and everything that waits or comes later throws
 * that. With TLS, an end that the peer has not announced is a failure, as anyone could have cut the
 * connection there.
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
   * @param port where the server listens
   * @return gives the stream; an {@code IOException} if nobody can be reached
   */
  public static Async<TcpStream> connect(String host, int port) {
    return setup().connect(host, port);
  }

  /**
   * Connects with TLS, with the settings of {@link StreamSetup}.
   *
   * @param host a name or an address, which the certificate of the server must have
   * @param port where the server listens
   * @param tls whom to trust: {@link Tls#client}
   * @return gives the stream when the handshake is over; an {@code IOException} if nobody can be
   *     reached, or trusted
   */
  public static Async<TcpStream> connect(String host, int port, Tls tls) {
    return setup().tls(tls).connect(host, port);
  }

  /**
   * Connects to an address, with the settings of {@link StreamSetup}.
   *
   * @param address an {@code InetSocketAddress}, or a {@code UnixDomainSocketAddress}
   * @return gives the stream; an {@code IOException} if nobody can be reached
   */
  public static Async<TcpStream> connect(SocketAddress address) {
    return setup().connect(address);
  }

  /**
   * How to connect otherwise: with TLS, a time limit, other buffers.
   *
   * @return the usual settings
   */
  public static StreamSetup setup() {
    return StreamSetup.USUAL;
  }

  // The two directions

  /**
   * What the peer sends.
   *
   * @return always the same
   */
  public AsyncReader reader() {
    return connection.inlet.reader();
  }

  /**
   * What the peer gets.
   *
   * @return always the same
   */
  public AsyncWriter writer() {
    return connection.outlet.writer();
  }

  /**
   * Waits until there are bytes, and takes them. Cancelled, it takes none.
   *
   * @param max the most to take
   * @return gives at least one byte; none only at the end of the stream
   */
  public Async<byte[]> read(int max) {
    return reader().read(max);
  }

  /**
   * Waits until there are bytes, and takes them into a buffer. Cancelled, it takes none.
   *
   * @param target as many are taken as it has room for
   * @return gives how many; -1 at the end of the stream
   */
  public Async<Integer> read(ByteBuffer target) {
    return reader().read(target);
  }

  /**
   * Takes all bytes until the end of the stream. Cancelled, it takes none: those that came are
   * there for the next read.
   *
   * @return gives them
   */
  public Async<byte[]> readAll() {
    return reader().readAll();
  }

  /**
   * Waits until there are so many bytes, and takes them. Cancelled, it takes none: those that came
   * are there for the next read.
   *
   * @param count how many
   * @return gives them; if the stream ends before, an {@link io.fermata.io.IncompleteReadException}
   */
  public Async<byte[]> readExactly(int count) {
    return reader().readExactly(count);
  }

  /**
   * Waits for a separator, and takes everything up to and with it. Cancelled, it takes none: what
   * came is there for the next read.
   *
   * @param separators one or more; of those that are found, the one that ends first counts
   * @return gives the bytes; see {@link AsyncReader#readUntil(byte[][])} for the limit
   */
  public Async<byte[]> readUntil(byte[]... separators) {
    return reader().readUntil(separators);
  }

  /**
   * As {@link #readUntil(byte[][])}, for a separator in UTF-8.
   *
   * @param separator not empty
   * @return gives the bytes, with the separator
   */
  public Async<byte[]> readUntil(String separator) {
    return reader().readUntil(separator);
  }

  /**
   * Takes a line of text in UTF-8. Cancelled, it takes nothing: what came of the line is there for
   * the next read.
   *
   * @return gives it without its {@code \n} or {@code \r\n}, and null at the end of the stream; see
   *     {@link AsyncReader#readLine()} for the limit
   */
  public Async<@Nullable String> readLine() {
    return reader().readLine();
  }

  /**
   * The lines from here on, as {@link #readLine} gives them.
   *
   * @return a new generator, not started
   */
  public AsyncGenerator<String> lines() {
    return reader().lines();
  }

  /**
   * Writes bytes; waits before if there is no room. Cancelled, it writes none of them.
   *
   * @param bytes copied when the await returns
   * @return gives null when they are taken; {@link #flush} tells that they have gone
   */
  public Async<@Nullable Void> write(byte[] bytes) {
    return writer().write(bytes);
  }

  /**
   * Writes what a buffer has left; waits before if there is no room. Cancelled, it writes nothing.
   *
   * @param bytes its position moves to its end when they are taken
   * @return gives null when they are taken
   */
  public Async<@Nullable Void> write(ByteBuffer bytes) {
    return writer().write(bytes);
  }

  /**
   * Writes text in UTF-8; waits before if there is no room. Cancelled, it writes nothing.
   *
   * @param text what to write; no line end is added
   * @return gives null when it is taken
   */
  public Async<@Nullable Void> write(String text) {
    return writer().write(text);
  }

  /**
   * Waits until all that was written before has been given to the system. Cancelled, it is given
   * all the same.
   *
   * @return gives null
   */
  public Async<@Nullable Void> flush() {
    return writer().flush();
  }

  /**
   * Half-closes: tells the peer that no more bytes come, after those that were written. What it
   * sends can still be read. Does not wait.
   */
  public void end() {
    writer().end();
  }

  /** Begins to close: what was written still goes out. Does not wait, and can be repeated. */
  public void close() {
    writer().close();
  }

  /**
   * Closes, and waits until what was written has gone out and the socket is closed. Cancelled, it
   * goes on to close.
   *
   * @return gives null; throws what has broken the connection, if something has
   */
  @Override
  public Async<Void> aclose() {
    return writer().aclose();
  }

  /**
   * Waits until it is closed, by this side or the other.
   *
   * @return gives null; throws what has broken the connection, if something has
   */
  public Async<Void> whenClosed() {
    return writer().whenClosed();
  }

  /** Closes at once, and drops what has not gone out. The peer of a TCP connection sees a reset. */
  public void abort() {
    writer().abort();
  }

  /**
   * Whether it is closed, or being closed.
   *
   * @return true after {@link #close}, {@link #abort} or a failure
   */
  public boolean isClosing() {
    return writer().isClosing();
  }

  // More

  /**
   * Goes on with TLS, after what was written so far has gone out: the upgrade that mail and
   * databases call STARTTLS. The reader, the writer and their limits stay. Bytes that were not read
   * yet belong to the handshake. Nothing is to be read or written meanwhile. If it fails or is
   * cancelled, the stream is closed.
   *
   * @param tls {@link Tls#client}, which expects the certificate of the host that was connected to,
   *     or {@link Tls#server}
   * @return gives null when the handshake is over; an {@code IOException} if it fails
   * @throws IllegalStateException from the await, if there is TLS already, or a task reads
   */
  public Async<Void> startTls(Tls tls) {
    Objects.requireNonNull(tls, "tls");
    return Async.action(
        HERE,
        co -> {
          if (connection.tls() != null) {
            throw new IllegalStateException("cannot start TLS on " + this + ": it was before");
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
   * Sends a file. Without TLS, its bytes go from the system's cache to the socket and never come
   * into this process. They go out after what was written before this is awaited, and before what
   * is written after it.
   *
   * <p>It is as long as it is when this is awaited. Cancelled, what the system was given goes out
   * all the same; {@link #abort} stops it.
   *
   * @param file a regular file
   * @return gives how many bytes were sent, when the system has taken all; an {@code IOException}
   *     if the file cannot be read
   */
  public Async<Long> sendFile(Path file) {
    return sendFile(file, 0, Long.MAX_VALUE);
  }

  /**
   * Sends a part of a file, as {@link #sendFile(Path)}.
   *
   * @param file a regular file
   * @param offset of the first byte
   * @param count how many bytes, if the file has so many
   * @return gives how many bytes were sent
   * @throws IllegalArgumentException if one of the numbers is negative
   */
  public Async<Long> sendFile(Path file, long offset, long count) {
    return FileSending.of(this, file, offset, count);
  }

  // Looking

  /**
   * Its own address.
   *
   * @return an {@code InetSocketAddress} or a {@code UnixDomainSocketAddress}
   * @throws IllegalStateException if it is closed, and nobody has asked before
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
          "the address of " + this + " is not known any more: it is closed");
    }
    return Transport.toJdk(known);
  }

  /**
   * What TLS has agreed on: the peer's certificates, the cipher.
   *
   * @return the session; null without TLS
   */
  public @Nullable SSLSession tlsSession() {
    SslHandler tls = connection.tls();
    return tls == null ? null : tls.engine().getSession();
  }

  /**
   * The protocol that was agreed on with ALPN.
   *
   * @return its name, such as {@code h2}; null if none was
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
