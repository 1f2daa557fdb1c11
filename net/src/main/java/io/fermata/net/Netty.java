package io.fermata.net;

import io.fermata.CheckReturnValue;
import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopHost;
import io.fermata.internal.loop.Loop;
import io.fermata.io.AsyncReader;
import io.fermata.io.AsyncWriter;
import io.netty.channel.Channel;
import java.util.Objects;

/**
 * The bridges to Netty's event loops and channels. {@link CoroutineDecoder} is the bridge to its
 * pipelines.
 *
 * <pre>{@code
 * EventLoop loop = Netty.guestOn(group.next());         // tasks on a thread that Netty drives
 * loop.startThreadSafe(serve());
 * }</pre>
 */
public final class Netty {
  private Netty() {}

  /**
   * A loop that is a guest of an event loop of Netty's. Its tasks run on that thread beside the
   * channels, and its sockets are opened there. {@link EventLoop#on(io.fermata.async.LoopHost)}
   * describes guests and how they end. Close the guest's streams and servers before it.
   *
   * @param netty an event loop; of epoll or java.nio, if the guest opens sockets
   * @return a new loop without tasks
   */
  public static EventLoop guestOn(io.netty.channel.EventLoop netty) {
    return EventLoop.on(new NettyGuest(netty));
  }

  /**
   * The event loop of Netty's on which the current loop does its I/O. Register channels there. It
   * has the thread of the current loop, and ends with that loop.
   *
   * @return gives the event loop, without waiting; an {@code IllegalStateException} if the current
   *     loop does no I/O: the loop of a test, or a guest of another host
   */
  @CheckReturnValue
  public static Async<io.netty.channel.EventLoop> loop() {
    return new LoopThreadCall<>(Netty::current);
  }

  private static io.netty.channel.EventLoop current() {
    Loop loop = Loop.current();
    loop.noteOutside();
    LoopHost guestOf = loop.home.host();
    if (guestOf instanceof NettyGuest guest) {
      return guest.netty();
    }
    if (loop.kernel.host() instanceof NettyHost driving) {
      return driving.netty();
    }
    throw new IllegalStateException(
        "cannot open a socket: this loop does no I/O, as "
            + (guestOf == null
                ? "it is one of a test, with a host of its own"
                : "it is a guest of " + guestOf)
            + "; use EventLoop.run, or a loop of Netty.guestOn");
  }

  /**
   * A channel of Netty's as a stream. Its handlers may decrypt or decompress; the last one must
   * produce bytes. Written bytes go through them too.
   *
   * @param channel registered on the {@link #loop} of the current loop; the stream starts reading
   *     it
   * @return gives a stream of the current loop, which then owns the channel; an {@code
   *     IllegalStateException} if the channel belongs to another thread
   */
  @CheckReturnValue
  public static Async<TcpStream> stream(Channel channel) {
    Objects.requireNonNull(channel, "the channel is null");
    return new LoopThreadCall<>(
        () -> {
          if (!channel.isRegistered() || !channel.eventLoop().inEventLoop()) {
            throw new IllegalStateException(
                "cannot use "
                    + channel
                    + " as a stream here: register it on the loop of Netty.loop() first");
          }
          return new TcpStream(
              Connection.to(
                  channel,
                  channel.remoteAddress(),
                  AsyncReader.DEFAULT_LIMIT,
                  AsyncWriter.DEFAULT_LIMIT));
        });
  }
}
