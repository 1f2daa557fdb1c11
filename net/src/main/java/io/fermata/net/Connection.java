package io.fermata.net;

import io.fermata.io.AsyncReader;
import io.fermata.io.ByteSource;
import io.fermata.io.CollectingSink;
import io.fermata.io.Inlet;
import io.fermata.io.Outlet;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The end of a pipeline at which bytes go into a reader and come from a writer.
 *
 * <p><b>Guarantee.</b> Bytes are copied once on each side: from Netty's buffer into the reader's,
 * and from the program's into the one that Netty writes. If the channel breaks, the reader and the
 * writer fail once, with the same cause, and the channel is closed. Without traffic, it holds no
 * buffer.
 *
 * <p><b>Structure.</b> It is a handler for Netty, the source of the reader and the sink of the
 * writer, in one object per connection. All of it belongs to the thread of the loop, which is that
 * of the channel.
 *
 * <p><b>Protocol.</b> The reader's {@link #pause} and {@link #resume} turn Netty's {@code autoRead}
 * off and on. The writer's bytes are {@linkplain #collect collected} in a batch; {@link
 * #writeCollected} hands it to Netty, whose future answers. The writer ends and closes after a file
 * that was sent. The state of the input:
 *
 * <pre>
 * QUIET -&gt; NOISY   bytes have come
 * NOISY -&gt; QUIET   markQuiet(): the server stops
 * any   -&gt; ENDED   the peer has ended what it sends, or the channel is closed or broken
 * </pre>
 *
 * <p><b>Rejected.</b> To let Netty's outbound buffer decide when a write waits: its water marks
 * count bytes after encryption, and know no order of the waiting tasks.
 */
final class Connection extends ChannelInboundHandlerAdapter
    implements ByteSource, CollectingSink, ChannelFutureListener {
  private static final int SMALLEST_BATCH = 256;

  final Channel channel;

  /** The address of the peer; null if it has none. */
  final @Nullable SocketAddress peer;

  /** Whether a server accepted it. */
  private final boolean accepted;

  final Inlet inlet;
  final Outlet outlet;

  /** The bytes that were collected and are not written yet; null if there are none. */
  private @Nullable ByteBuf batch;

  private static final byte QUIET = 0;
  private static final byte NOISY = 1;
  private static final byte ENDED = 2;
  private byte input = QUIET;

  private boolean broken;

  /** The last file that was sent; null if there was none. */
  private @Nullable ChannelFuture fileSent;

  private Connection(
      Channel channel,
      @Nullable SocketAddress peer,
      boolean accepted,
      int readLimit,
      int writeLimit) {
    this.channel = channel;
    this.peer = peer;
    this.accepted = accepted;
    this.inlet = Inlet.open(this, this, readLimit);
    this.outlet = Outlet.open(this, this, writeLimit);
  }

  /** Prepares a new channel: it reads nothing yet. */
  static <C extends Channel> C prepared(C channel, @Nullable Tls tls) {
    channel.config().setAutoRead(false);
    channel.config().setRecvByteBufAllocator(SharedReceiveBuffer.ALLOCATOR);
    halfCloses(channel, tls == null);
    return channel;
  }

  /** Sets whether a channel stays open after the end of its input. */
  static void halfCloses(Channel channel, boolean half) {
    if (channel.config() instanceof DuplexChannelConfig duplex) {
      duplex.setAllowHalfClosure(half);
    }
  }

  /** As {@link #to}, for a channel that a server accepted. */
  static Connection from(Channel channel, int readLimit, int writeLimit) {
    return begun(new Connection(channel, channel.remoteAddress(), true, readLimit, writeLimit));
  }

  /**
   * Puts a connection at the end of a channel's pipeline, and lets the channel read. Called in a
   * loop.
   *
   * @param peer the address that the program gave, perhaps a name
   */
  static Connection to(
      Channel channel, @Nullable SocketAddress peer, int readLimit, int writeLimit) {
    return begun(new Connection(channel, peer, false, readLimit, writeLimit));
  }

  private static Connection begun(Connection opened) {
    Channel channel = opened.channel;
    channel.pipeline().addLast(opened);
    if (channel.isActive()) {
      channel.config().setAutoRead(true);
    } else {
      opened.closed();
    }
    return opened;
  }

  @Nullable SslHandler tls() {
    return channel.pipeline().get(SslHandler.class);
  }

  // From the channel

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ReferenceCountUtil.release(message);
      breakWith(
          new IOException(
              "a handler of the pipeline produced a "
                  + message.getClass().getName()
                  + ", but a stream needs bytes; the last handler must produce a ByteBuf"));
      return;
    }
    try {
      if (input != ENDED) {
        feed(bytes);
      }
    } finally {
      bytes.release();
    }
  }

  private void feed(ByteBuf bytes) {
    input = NOISY;
    // internalNioBuffer() allocates nothing; a buffer of several parts has none
    if (bytes.nioBufferCount() == 1) {
      inlet.feed(bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes()));
    } else {
      for (ByteBuffer part : bytes.nioBuffers()) {
        inlet.feed(part);
      }
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      endInput();
    } else if (event instanceof SslCloseCompletionEvent close) {
      if (close.isSuccess()) {
        endInput();
      } else {
        truncated(close.cause());
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  /** Ends the input. Later bytes are dropped. */
  void endInput() {
    if (input != ENDED) {
      input = ENDED;
      channel.config().setAutoRead(false);
      inlet.end();
    }
  }

  /** Takes the bytes that came and were not read; null if there are none. */
  @Nullable ByteBuf takeUnread() throws IOException {
    AsyncReader reader = inlet.reader();
    ByteBuffer unread = reader.peek();
    if (!unread.hasRemaining()) {
      return null;
    }
    ByteBuf taken = Unpooled.copiedBuffer(unread);
    reader.skip(reader.available());
    return taken;
  }

  /** Begins the time that {@link #endIfQuiet} asks about. */
  void markQuiet() {
    if (input == NOISY) {
      input = QUIET;
    }
  }

  /** Ends the input if no bytes came since {@link #markQuiet}, and all were read. */
  void endIfQuiet() {
    if (input == QUIET && inlet.reader().available() == 0) {
      endInput();
    }
  }

  /** The input ended without the close_notify of TLS: an attacker may have cut it. */
  private void truncated(Throwable cause) {
    if (input != ENDED && !outlet.writer().isClosing()) {
      IOException failure =
          new EOFException(
              "cannot read from " + this + ": it ended without the close_notify of TLS");
      failure.initCause(cause);
      input = ENDED;
      inlet.fail(failure);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closed();
    ctx.fireChannelInactive();
  }

  private void closed() {
    input = ENDED;
    inlet.end();
    outlet.closed();
    dropBatch();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    breakWith(cause);
  }

  /** Breaks both directions. */
  void breakWith(Throwable failure) {
    if (broken) {
      return;
    }
    broken = true;
    Throwable cause =
        failure instanceof DecoderException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    input = ENDED;
    inlet.fail(Failures.of("cannot read from " + this, cause));
    outlet.failed(Failures.of("cannot write to " + this, cause));
    dropBatch();
    Completion.close(channel);
  }

  // From the reader

  @Override
  public void pause() {
    channel.config().setAutoRead(false);
  }

  @Override
  public void resume() {
    if (input != ENDED) {
      channel.config().setAutoRead(true);
    }
  }

  /** Bytes that come are dropped, but still taken from the socket: so its end is noticed. */
  @Override
  public void abandon() {
    resume();
  }

  // From the writer

  @Override
  public void collect(byte[] bytes, int offset, int length) {
    room(length).writeBytes(bytes, offset, length);
  }

  @Override
  public void collect(ByteBuffer bytes) {
    room(bytes.remaining()).writeBytes(bytes);
  }

  private ByteBuf room(int length) {
    ByteBuf filling = batch;
    if (filling == null) {
      filling = channel.alloc().directBuffer(Math.max(length, SMALLEST_BATCH));
      batch = filling;
    }
    return filling;
  }

  @Override
  public void writeCollected() {
    ByteBuf full = batch;
    batch = null;
    answer(channel.writeAndFlush(full));
  }

  @Override
  public void write(ByteBuffer bytes) {
    throw new UnsupportedOperationException("a sink that collects is given no buffer to write");
  }

  private void answer(ChannelFuture written) {
    if (written.isDone()) {
      operationComplete(written);
    } else {
      written.addListener(this);
    }
  }

  @Override
  public void operationComplete(ChannelFuture written) {
    if (written.isSuccess()) {
      outlet.written();
    } else {
      breakWith(written.cause());
    }
  }

  /** Sends a file. All bytes of the writer were written before. */
  ChannelFuture send(FileRegion file) {
    fileSent = channel.writeAndFlush(file);
    return fileSent;
  }

  /** Runs an action when the last file has gone out. */
  private void afterFile(Runnable action) {
    ChannelFuture file = fileSent;
    if (file == null || file.isDone()) {
      action.run();
    } else {
      file.addListener(sent -> action.run());
    }
  }

  @Override
  public void end() {
    afterFile(this::endOutput);
  }

  private void endOutput() {
    SslHandler tls = tls();
    if (tls != null) {
      answer(tls.closeOutbound());
    } else if (channel instanceof DuplexChannel duplex) {
      answer(duplex.shutdownOutput());
    } else {
      breakWith(
          new IOException(
              "cannot half-close " + channel + ": it has one direction only; close it"));
    }
  }

  @Override
  public void close() {
    afterFile(() -> channel.close().addListener(gone -> closed()));
  }

  /** Sends a reset, so that a peer that waits for bytes notices. */
  @Override
  public void abort() {
    broken = true;
    dropBatch();
    if (channel.config() instanceof SocketChannelConfig socket) {
      try {
        socket.setSoLinger(0);
      } catch (ChannelException closedBefore) {
        // then there is nothing to reset
      }
    }
    ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
    // Past the handler of TLS, as that would send a close_notify, and the peer would take the end
    // for a regular one
    ChannelFuture gone = tls == null ? channel.close() : tls.close();
    gone.addListener(done -> closed());
  }

  private void dropBatch() {
    ByteBuf dropped = batch;
    batch = null;
    if (dropped != null) {
      dropped.release();
    }
  }

  @Override
  public String toString() {
    return (accepted ? "the connection from " : "the connection to ")
        + (peer == null ? "a peer without an address" : Failures.name(Transport.toJdk(peer)));
  }
}
