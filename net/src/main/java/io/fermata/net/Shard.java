package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopFailure;
import io.fermata.async.ScopeAction;
import io.fermata.async.Task;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** The connections that a server has on one loop. Belongs to the thread of that loop. */
final class Shard {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  final EventLoop loop;
  final io.netty.channel.EventLoop netty;
  private final ServerSetup setup;
  private final ScopeAction<TcpStream> handler;
  private final Runnable connectionEnded;

  /** Those that are served, each with its task. */
  private final Map<TcpStream, Task<Void>> served = new LinkedHashMap<>();

  /**
   * A part of a server.
   *
   * @param connectionEnded called on this thread, for each that was served
   */
  Shard(
      EventLoop loop,
      io.netty.channel.EventLoop netty,
      ServerSetup setup,
      ScopeAction<TcpStream> handler,
      Runnable connectionEnded) {
    this.loop = loop;
    this.netty = netty;
    this.setup = setup;
    this.handler = handler;
    this.connectionEnded = connectionEnded;
  }

  /** Has a job run in the loop; on any thread. */
  void run(Runnable job) {
    if (netty.inEventLoop()) {
      loop.callSoon(job);
    } else {
      loop.callSoonThreadSafe(job);
    }
  }

  /** Takes a connection that was accepted, and is not registered anywhere; on any thread. */
  void take(Channel channel) {
    ChannelFutureListener begin =
        registered -> {
          if (registered.isSuccess()) {
            loop.callSoon(() -> begin(channel));
          } else {
            channel.unsafe().closeForcibly();
            connectionEnded.run();
          }
        };
    netty.register(Connection.prepared(channel, setup.tls())).addListener(begin);
  }

  private void begin(Channel channel) {
    Connection connection =
        Connection.open(channel, nameOf(channel), setup.readLimit(), setup.writeLimit());
    TcpStream stream = new TcpStream(connection, null);
    Task<Void> task =
        loop.named(connection.name)
            .start(setup.tls() == null ? serve(stream) : serveWithTls(stream, setup.tls()));
    served.put(stream, task);
    task.addDoneCallback(ended -> ended(stream, task));
  }

  private static String nameOf(Channel channel) {
    return channel.remoteAddress() == null
        ? "a connection"
        : "the connection from " + Failures.name(Transport.toJdk(channel.remoteAddress()));
  }

  private Async<Void> serve(TcpStream stream) {
    return Async.actionWith(stream, handler);
  }

  private Async<Void> serveWithTls(TcpStream stream, Tls tls) {
    return Async.action(
        HERE,
        co -> {
          try {
            co.await(Handshake.of(stream.connection, tls.serverHandler(stream.connection.channel)));
          } catch (IOException notAClient) {
            return; // who does not speak TLS, or does not like the certificate, is no failure here
          }
          co.await(serve(stream));
        });
  }

  private void ended(TcpStream stream, Task<Void> task) {
    if (task.cancelled()) {
      stream.abort();
    } else {
      stream.close();
      Throwable failure = task.exception();
      if (failure != null) {
        loop.report(new LoopFailure("the handler of " + stream + " failed", failure, task));
      }
    }
    stream
        .connection
        .channel
        .closeFuture()
        .addListener(
            closed -> {
              served.remove(stream);
              connectionEnded.run();
            });
  }

  // For the end of the server, each in the loop

  void forEach(Consumer<TcpStream> what) {
    new ArrayList<>(served.keySet()).forEach(what);
  }

  /** Ends the input of those on which nothing comes, and goes on until there are none. */
  void endQuiet(Duration quiet) {
    Map<Connection, Long> before = new HashMap<>();
    forEach(stream -> before.put(stream.connection, stream.connection.received()));
    if (!before.isEmpty()) {
      loop.callLater(
          quiet,
          () -> {
            before.forEach(Connection::endIfQuiet);
            endQuiet(quiet);
          });
    }
  }

  /** Cancels the handlers, and aborts the connections. */
  void cut(String reason) {
    new ArrayList<>(served.values()).forEach(task -> task.cancel(reason));
    forEach(TcpStream::abort);
  }
}
