package io.fermata.net;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopHost;
import io.fermata.internal.loop.Loop;
import io.fermata.io.AsyncReader;
import io.fermata.io.AsyncWriter;
import io.netty.channel.Channel;
import java.util.Objects;

/**
 * The bridges to Netty: its loops, its channels. {@link CoroutineDecoder} is the one to its
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
   * A loop that is a guest on one of Netty's: its tasks run on that thread beside the channels, and
   * its sockets are opened there. See {@link EventLoop#on(io.fermata.async.LoopHost)} for what a
   * guest is, and how it ends; its streams and servers are to be closed before it.
   *
   * @param netty of epoll or java.nio, if sockets are to be opened
   * @return a new loop, which rests
   */
  public static EventLoop guestOn(io.netty.channel.EventLoop netty) {
    return EventLoop.on(new NettyGuest(netty));
  }

  /**
   * Netty's loop on which the current loop does its I/O, to register channels on. Its thread is
   * that of the current loop, and it ends with it.
   *
   * @return gives the loop, without waiting; an {@code IllegalStateException} if the current loop
   *     does no I/O: that of a test, or a guest of something else
   */
  public static Async<io.netty.channel.EventLoop> loop() {
    return new LoopThreadCall<>(Netty::current);
  }

  private static io.netty.channel.EventLoop current() {
    Loop loop = Loop.current();
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
   * A channel of Netty's as a stream. What its handlers produce is read, so they may decrypt or
   * decompress, but have to give bytes in the end; what is written goes through them.
   *
   * @param channel registered on the {@link #loop} of the current loop; it begins to be read
   * @return gives a stream of the current loop, which owns the channel from now on; an {@code
   *     IllegalStateException} if the channel lives on another thread
   */
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
