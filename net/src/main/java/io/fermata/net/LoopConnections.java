package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.async.Deferred;
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
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connections that a server has on one loop. Belongs to the thread of that loop. */
final class LoopConnections {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  final EventLoop loop;
  final io.netty.channel.EventLoop netty;
  private final ServerSetup setup;
  private final ScopeAction<TcpStream> handler;
  private final Runnable connectionEnded;

  /** The youngest of those that are served; null if there is none. */
  private @Nullable Served last;

  /**
   * A part of a server.
   *
   * @param connectionEnded called on this thread, for each that was served
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

  /** A connection that is served, an entry in the list of them, and what is told of its end. */
  private final class Served implements Consumer<Deferred<Void>> {
    final TcpStream stream;
    final Task<Void> task;
    @Nullable Served before;
    @Nullable Served after;

    Served(TcpStream stream, Task<Void> task) {
      this.stream = stream;
      this.task = task;
    }

    void enter() {
      before = last;
      if (before != null) {
        before.after = this;
      }
      last = this;
    }

    void leave() {
      if (before != null) {
        before.after = after;
      }
      if (after == null) {
        last = before;
      } else {
        after.before = before;
      }
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
                leave();
                connectionEnded.run();
              });
    }
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
    Connection connection = Connection.from(channel, setup.readLimit(), setup.writeLimit());
    TcpStream stream = new TcpStream(connection);
    Task<Void> task =
        loop.namedAfter(connection)
            .start(setup.tls() == null ? serve(stream) : serveWithTls(stream, setup.tls()));
    Served served = new Served(stream, task);
    served.enter();
    task.addDoneCallback(served);
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

  // For the end of the server, each in the loop

  private List<Served> served() {
    List<Served> all = new ArrayList<>();
    for (Served each = last; each != null; each = each.before) {
      all.add(each);
    }
    return all;
  }

  void forEach(Consumer<TcpStream> what) {
    served().forEach(each -> what.accept(each.stream));
  }

  /** Ends the input of those on which nothing comes, and goes on until there are none. */
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
