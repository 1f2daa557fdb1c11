package io.fermata.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The end of the pipeline of a listening socket. If the system has no descriptors left, it stops
 * accepting for a while. Belongs to the thread of its channel.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
  private static final long PAUSE_MILLIS = 100;

  private final Consumer<Channel> accepted;

  /** Whether the server accepts connections. */
  private boolean wanted;

  private boolean pausing;

  /** Made early: without descriptors, no class can be loaded from a directory. */
  private final Runnable goOn = this::goOn;

  private @Nullable Channel paused;

  /**
   * An acceptor that accepts nothing before {@link #want}.
   *
   * @param accepted called with each connection, which is not registered yet
   */
  Acceptor(Consumer<Channel> accepted) {
    this.accepted = accepted;
  }

  void want(Channel channel, boolean connections) {
    wanted = connections;
    channel.config().setAutoRead(wanted && !pausing);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object connection) {
    accepted.accept((Channel) connection);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (pausing || !ctx.channel().isOpen()) {
      return;
    }
    pausing = true;
    ctx.channel().config().setAutoRead(false);
    paused = ctx.channel();
    var unused = ctx.executor().schedule(goOn, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void goOn() {
    pausing = false;
    Objects.requireNonNull(paused).config().setAutoRead(wanted);
  }
}
