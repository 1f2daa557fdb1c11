package io.fermata.net;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.async.AsyncCloseable;
import io.fermata.async.Cancelled;
import io.fermata.async.Deferred;
import io.fermata.async.EventLoop;
import io.fermata.async.ScopeAction;
import java.lang.invoke.MethodHandles;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server that runs a task for each connection. Python: {@code asyncio.Server}.
 *
 * <pre>{@code
 * TcpServer server = co.await(TcpServer.start(7, (in, client) -> {
 *   for (byte[] some; (some = in.await(client.read(4096))).length > 0; ) {
 *     in.await(client.write(some));
 *   }
 * }));
 * co.await(server.serveForever());
 * }</pre>
 *
 * <p><b>A connection</b> is closed when its handler returns, after all written bytes have gone out.
 * If the handler throws, the failure goes to the loop's {@linkplain EventLoop#setExceptionHandler
 * exception handler}, the connection is closed, and the others go on. If the handler is cancelled,
 * the connection is aborted. If the TLS handshake fails, the handler is not called, and the server
 * reports no failure.
 *
 * <p><b>The end.</b> {@link #close} stops accepting, and leaves the connections alone. {@link
 * #stop} lets them end by themselves until a deadline, and then ends them. When the loop is closed,
 * so is the server.
 *
 * <p><b>Many clients.</b> If the system has no descriptors left, accepting pauses until there are
 * some. {@link ServerSetup#connections} limits the number of connections.
 *
 * <p><b>Threading.</b> For tasks of the loop in which it was started. With {@link
 * ServerSetup#loops}, handlers run on other threads too.
 *
 * <p><b>Differences from Python.</b> The handler is an asynchronous body, never a callback. {@link
 * #serveForever} does not wait for the connections when it is cancelled, and returns if the server
 * is closed.
 */
public final class TcpServer implements AsyncCloseable {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  private final Serving serving;
  private boolean serves;

  TcpServer(Serving serving) {
    this.serving = serving;
  }

  // Starting

  /**
   * Serves on all addresses of this machine, with the settings of {@link ServerSetup}.
   *
   * @param port zero for any free one, see {@link #port}
   * @param handler called for each connection, in a task of its own
   * @return gives the server; an {@code IOException} if the port cannot be bound
   */
  @CheckReturnValue
  public static Async<TcpServer> start(int port, ScopeAction<TcpStream> handler) {
    return setup().on(port).start(handler);
  }

  /**
   * Serves on an address of this machine, with the settings of {@link ServerSetup}.
   *
   * @param address such as {@code 127.0.0.1} or {@code ::1}
   * @param port zero for any free one, see {@link #port}
   * @param handler called for each connection, in a task of its own
   * @return gives the server; an {@code IOException} if the address cannot be bound
   */
  @CheckReturnValue
  public static Async<TcpServer> start(String address, int port, ScopeAction<TcpStream> handler) {
    return setup().on(address, port).start(handler);
  }

  /**
   * Serves on an address, with the settings of {@link ServerSetup}.
   *
   * @param address an {@code InetSocketAddress}, or a {@code UnixDomainSocketAddress}
   * @param handler called for each connection, in a task of its own
   * @return gives the server; an {@code IOException} if the address cannot be bound
   */
  @CheckReturnValue
  public static Async<TcpServer> start(SocketAddress address, ScopeAction<TcpStream> handler) {
    return setup().on(address).start(handler);
  }

  /**
   * The settings to change: TLS, limits, several loops.
   *
   * @return the usual settings, without an address
   */
  public static ServerSetup setup() {
    return ServerSetup.USUAL;
  }

  static Async<TcpServer> open(ServerSetup setup, ScopeAction<TcpStream> handler) {
    return Async.of(
        HERE,
        co -> {
          Serving serving = new Serving(setup, handler, co.await(Netty.loop()));
          co.await(serving.open());
          if (setup.atOnce()) {
            serving.accept();
          }
          return new TcpServer(serving);
        });
  }

  // Serving

  /**
   * Begins to accept, if the server was set up {@linkplain ServerSetup#deferred deferred}; else
   * does nothing.
   *
   * @throws IllegalStateException if it is closed
   */
  public void startServing() {
    checkOpen();
    serving.accept();
  }

  /**
   * Whether it accepts connections.
   *
   * @return false before {@link #startServing} and after {@link #close}
   */
  public boolean isServing() {
    return serving.isAccepting();
  }

  /**
   * Serves until the await is cancelled; then closes the server, and throws the cancellation.
   *
   * @return gives null if another task closes the server
   */
  @CheckReturnValue
  public Async<Void> serveForever() {
    return Async.action(
        HERE,
        co -> {
          checkOpen();
          if (serves) {
            throw new IllegalStateException(
                "cannot serve twice at the same time: " + this + " is in serveForever() already");
          }
          serves = true;
          serving.accept();
          try {
            co.await(Async.shield(serving.closed()));
          } catch (Cancelled cancelled) {
            close();
            throw cancelled;
          } finally {
            serves = false;
          }
        });
  }

  private void checkOpen() {
    if (serving.isClosed()) {
      throw new IllegalStateException("cannot serve: the server is closed; start another one");
    }
  }

  /**
   * The addresses on which it listens.
   *
   * @return each an {@code InetSocketAddress} or a {@code UnixDomainSocketAddress}; none after
   *     {@link #close}
   */
  public List<SocketAddress> addresses() {
    return serving.addresses();
  }

  /**
   * The port on which it listens, the first of several.
   *
   * @return the number
   * @throws IllegalStateException if it is closed, or listens on Unix sockets only
   */
  public int port() {
    for (SocketAddress each : addresses()) {
      if (each instanceof InetSocketAddress inet) {
        return inet.getPort();
      }
    }
    throw new IllegalStateException("no port: " + this);
  }

  /**
   * How many connections are open.
   *
   * @return those whose handler has not ended
   */
  public int connections() {
    return serving.connections();
  }

  // Ending

  /** Stops accepting. Connections go on. May be repeated. */
  public void close() {
    serving.close();
  }

  /**
   * Waits until the server is closed and all its connections have ended; closes nothing.
   *
   * @return gives null
   */
  @CheckReturnValue
  public Async<Void> whenClosed() {
    return Async.action(HERE, co -> co.await(Async.shield(serving.ended())));
  }

  /**
   * Closes the server, and waits until all connections have ended. Cancelling the wait leaves the
   * server closed, and the connections go on.
   *
   * @return gives null
   */
  @Override
  @CheckReturnValue
  public Async<Void> aclose() {
    return Async.action(
        HERE,
        co -> {
          close();
          co.await(whenClosed());
        });
  }

  /**
   * Stops the server gracefully. It accepts no more connections. As soon as a connection is silent
   * for a moment, its handler reads the end of the stream. So a handler that reads requests until
   * the end answers those that have come, and returns. At the deadline, the other handlers are
   * cancelled, and their connections aborted.
   *
   * @param deadline the time from now
   * @return gives true if all handlers have ended by themselves; if it is cancelled, connections go
   *     on
   */
  @CheckReturnValue
  public Async<Boolean> stop(Duration deadline) {
    return serving.stop(deadline);
  }

  /**
   * Waits until the server stops, so that a handler can end its conversation.
   *
   * @return gives null when {@link #stop} was called, or the server is closed and has no
   *     connections
   */
  @CheckReturnValue
  public Async<Void> whenStopping() {
    Deferred<@Nullable Void> stopping = serving.stopping();
    return Async.action(HERE, co -> co.await(Async.shield(stopping)));
  }

  /** Closes all connections, after the written bytes have gone out. Their handlers go on. */
  public void closeClients() {
    serving.forEach(TcpStream::close);
  }

  /** Aborts all connections. Their handlers go on, and their next writes fail. */
  public void abortClients() {
    serving.forEach(TcpStream::abort);
  }

  @Override
  public String toString() {
    return "server on " + serving;
  }
}
