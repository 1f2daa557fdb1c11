package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.async.Deferred;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopFailure;
import io.fermata.async.ScopeAction;
import io.fermata.async.Task;
import io.fermata.internal.loop.IntrusiveList;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connections of a server that one loop serves. Belongs to the thread of that loop. */
final class LoopConnections {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  final EventLoop loop;
  final io.netty.channel.EventLoop netty;
  private final ServerSetup setup;
  private final ScopeAction<TcpStream> handler;
  private final Runnable connectionEnded;

  private final ServedList served = new ServedList();

  /**
   * A part of a server, without connections.
   *
   * @param connectionEnded called on this thread, for each connection that has ended
   */
  LoopConnections(
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

  /** A connection that is served: an entry of the list, and the callback of its handler's end. */
  private final class Served implements Consumer<Deferred<Void>> {
    final TcpStream stream;
    final Task<Void> task;
    @Nullable Served before;
    @Nullable Served after;

    Served(TcpStream stream, Task<Void> task) {
      this.stream = stream;
      this.task = task;
    }

    /** The handler has ended. */
    @Override
    public void accept(Deferred<Void> ended) {
      if (ended.cancelled()) {
        stream.abort();
      } else {
        stream.close();
        Throwable failure = ended.exception();
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
                served.remove(this);
                connectionEnded.run();
              });
    }
  }

  /** The connections that are served, the oldest first. */
  private static final class ServedList extends IntrusiveList<Served> {
    @Override
    protected @Nullable Served before(Served node) {
      return node.before;
    }

    @Override
    protected void linkBefore(Served node, @Nullable Served before) {
      node.before = before;
    }

    @Override
    protected @Nullable Served after(Served node) {
      return node.after;
    }

    @Override
    protected void linkAfter(Served node, @Nullable Served after) {
      node.after = after;
    }
  }

  /** Lets the loop run a job. On any thread. */
  void run(Runnable job) {
    if (netty.inEventLoop()) {
      loop.callSoon(job);
    } else {
      loop.callSoonThreadSafe(job);
    }
  }

  /** Takes a connection that was accepted and is not registered yet. On any thread. */
  void take(Channel channel) {
    ChannelFutureListener begin =
        registered -> {
          if (registered.isSuccess()) {
            // Called by Netty, between two rounds; a task begins in a round
            loop.callSoon(() -> begin(channel));
          } else {
            channel.unsafe().closeForcibly();
            connectionEnded.run();
          }
        };
    netty.register(Connection.prepared(channel, setup.tls())).addListener(begin);
  }

  private void begin(Channel channel) {
    Connection connection = Connection.from(channel, setup.readLimit(), setup.writeLimit());
    TcpStream stream = new TcpStream(connection);
    Task<Void> task =
        loop.namedAfter(connection)
            .start(setup.tls() == null ? serve(stream) : serveWithTls(stream, setup.tls()));
    Served connected = new Served(stream, task);
    served.add(connected);
    task.addDoneCallback(connected);
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
            return; // a client that fails in the handshake is no failure of the server
          }
          co.await(serve(stream));
        });
  }

  // For the end of the server, each in the loop

  /** A copy of the list, the youngest first. */
  private List<Served> served() {
    List<Served> all = new ArrayList<>(served.size());
    for (Served each = served.first(); each != null; each = served.next(each)) {
      all.add(each);
    }
    Collections.reverse(all);
    return all;
  }

  void forEach(Consumer<TcpStream> action) {
    served().forEach(each -> action.accept(each.stream));
  }

  /** Ends the input of silent connections, until no connection is left. */
  void endQuiet(Duration quiet) {
    List<Served> before = served();
    before.forEach(each -> each.stream.connection.markQuiet());
    if (!before.isEmpty()) {
      loop.callLater(
          quiet,
          () -> {
            before.forEach(each -> each.stream.connection.endIfQuiet());
            endQuiet(quiet);
          });
    }
  }

  /** Cancels the handlers, and aborts the connections. */
  void cut(String reason) {
    served().forEach(each -> each.task.cancel(reason));
    forEach(TcpStream::abort);
  }
}
