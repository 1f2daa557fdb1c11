package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.ScopeAction;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets of a server, and the loops that serve its connections. Belongs to the
 * thread of the loop in which it was started, which is that of the sockets.
 *
 * <pre>
 * deferred  -&gt; accepting  accept()
 * any       -&gt; closed     close(), or the loop is closed: the listening sockets are closed
 * closed    -&gt; ended      the last connection has ended: the further threads stop
 * </pre>
 */
final class Serving {
  private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

  /** How long a connection must be silent before a server that stops ends its input. */
  private static final Duration QUIET = Duration.ofMillis(20);

  private final ServerSetup setup;
  private final ScopeAction<TcpStream> handler;
  private final io.netty.channel.EventLoop netty;
  private final EventLoop loop = EventLoop.current();
  private final List<Listener> listeners = new ArrayList<>();

  /** The first one is of this loop. */
  private final List<LoopConnections> parts = new ArrayList<>();

  private final List<LoopThread> threads = new ArrayList<>();
  private int next;

  /** The number of connections that are served. */
  private int live;

  /** Connections that were accepted beyond the limit; they are not registered. */
  private final ArrayDeque<Channel> waiting = new ArrayDeque<>(0);

  private boolean accepting;
  private final Promise<@Nullable Void> stopping = Promise.open();
  private final Promise<@Nullable Void> closed = Promise.open();

  /** Done when the server is closed and has no connections. */
  private final Promise<@Nullable Void> ended = Promise.open();

  Serving(ServerSetup setup, ScopeAction<TcpStream> handler, io.netty.channel.EventLoop netty) {
    this.setup = setup;
    this.handler = handler;
    this.netty = netty;
  }

  // Opening

  Async<Void> open() {
    return Async.action(
        HERE,
        co -> {
          if (setup.tls() != null) {
            setup.tls().serverContext();
          }
          parts.add(new LoopConnections(loop, netty, setup, handler, this::connectionEnded));
          try {
            for (SocketAddress address : setup.addresses()) {
              co.await(listen(address));
            }
            for (int i = 1; i < setup.loops(); i++) {
              threads.add(co.await(LoopThread.start(this + "-" + i, this::addPart)));
            }
          } catch (Throwable failure) {
            close();
            throw failure;
          }
          loop.named("server on " + this).start(untilClosed());
        });
  }

  private void addPart(EventLoop other, io.netty.channel.EventLoop otherNetty) {
    LoopConnections part =
        new LoopConnections(other, otherNetty, setup, handler, this::connectionEndedElsewhere);
    loop.callSoonThreadSafe(() -> parts.add(part));
  }

  private Async<Void> listen(SocketAddress address) {
    return Async.action(
        HERE,
        co -> {
          Listener listener;
          try {
            listener = co.await(new LoopThreadCall<>(() -> openListener(address)));
          } catch (IOException failure) {
            throw refused(address, failure);
          }
          co.await(succeeded(() -> listener.register(netty), address));
          co.await(succeeded(() -> listener.bind(address), address));
        });
  }

  private Listener openListener(SocketAddress address) throws IOException {
    Listener opened = Listener.open(Transport.of(netty), address, setup.backlog(), this::accepted);
    listeners.add(opened);
    return opened;
  }

  private static IOException refused(SocketAddress address, Throwable why) {
    return Failures.ofBinding("cannot listen on " + Failures.name(address), why);
  }

  private static Async<Void> succeeded(Callable<ChannelFuture> step, SocketAddress address) {
    return Async.action(
        HERE,
        co -> {
          ChannelFuture future = co.await(new LoopThreadCall<>(step));
          Throwable failure = co.await(Completion.orClosed(future, future.channel()));
          if (failure != null) {
            throw refused(address, failure);
          }
        });
  }

  /** A task that closes the server if the loop is closed. */
  private Async<Void> untilClosed() {
    return Async.action(
        HERE,
        co -> {
          try {
            co.await(Async.shield(closed));
          } catch (Cancelled loopIsClosed) {
            close();
            threads.forEach(LoopThread::stop);
            throw loopIsClosed;
          }
        });
  }

  // Accepting

  void accept() {
    accepting = true;
    want();
  }

  boolean isAccepting() {
    return accepting;
  }

  private void want() {
    boolean more = accepting && live + waiting.size() < setup.connections();
    listeners.forEach(each -> each.want(more));
  }

  private void accepted(Channel connection) {
    if (live < setup.connections()) {
      serve(connection);
    } else {
      waiting.add(connection);
    }
    if (live >= setup.connections()) {
      want();
    }
  }

  private void serve(Channel connection) {
    live++;
    LoopConnections part = parts.get(next);
    next = (next + 1) % parts.size();
    part.take(connection);
  }

  private void connectionEndedElsewhere() {
    try {
      netty.execute(this::connectionEnded);
    } catch (RejectedExecutionException theLoopIsClosed) {
      // then the count does not matter
    }
  }

  private void connectionEnded() {
    live--;
    if (!waiting.isEmpty()) {
      serve(waiting.remove());
    } else if (accepting) {
      if (live == setup.connections() - 1) {
        want();
      }
    } else {
      endIfOver();
    }
  }

  int connections() {
    return live;
  }

  List<SocketAddress> addresses() {
    return listeners.stream()
        .map(Listener::address)
        .filter(Objects::nonNull)
        .collect(Collectors.toList());
  }

  // Ending

  boolean isClosed() {
    return closed.done();
  }

  Promise<@Nullable Void> closed() {
    return closed;
  }

  Promise<@Nullable Void> ended() {
    return ended;
  }

  Promise<@Nullable Void> stopping() {
    return stopping;
  }

  void close() {
    if (!isClosed()) {
      accepting = false;
      listeners.forEach(each -> each.close(setup.keepsFile()));
      listeners.clear();
      closed.setResult(null);
      endIfOver();
    }
  }

  private void endIfOver() {
    if (isClosed() && live == 0 && waiting.isEmpty() && !ended.done()) {
      threads.forEach(LoopThread::stop);
      ended.setResult(null);
      if (!stopping.done()) {
        stopping.setResult(null);
      }
    }
  }

  void forEach(Consumer<TcpStream> action) {
    parts.forEach(part -> part.run(() -> part.forEach(action)));
  }

  Async<Boolean> stop(Duration deadline) {
    return Async.of(
        HERE,
        co -> {
          if (!stopping.done()) {
            stopping.setResult(null);
          }
          try {
            co.await(
                Async.sleep(
                    Duration.ofMillis(1))); // connections that have come so far are accepted
          } finally {
            close();
          }
          parts.forEach(part -> part.run(() -> part.endQuiet(QUIET)));
          try {
            co.await(Async.waitFor(Async.shield(ended), deadline));
            return true;
          } catch (TimeoutException tooLate) {
            parts.forEach(part -> part.run(() -> part.cut("the server stops")));
            co.await(Async.shield(ended));
            return false;
          }
        });
  }

  @Override
  public String toString() {
    List<SocketAddress> bound = addresses();
    return (bound.isEmpty() ? setup.addresses() : bound)
        .stream().map(Failures::name).collect(Collectors.joining(" and "));
  }
}
