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
 * The end of a pipeline at which bytes go into a reader and come from a writer. Belongs to the
 * thread of the loop, which is that of the channel.
 *
 * <p>Bytes are copied once on each side: from Netty's buffer into the reader's, and from the
 * program's into one that Netty writes.
 */
final class Connection extends ChannelInboundHandlerAdapter
    implements ByteSource, CollectingSink, ChannelFutureListener {
  private static final int SMALLEST_BATCH = 256;

  final Channel channel;

  /** The other side; null if it has no address. */
  final @Nullable SocketAddress peer;

  /** Whether the other side has come by itself. */
  private final boolean accepted;

  final Inlet inlet;
  final Outlet outlet;

  /** What was collected and is not written yet; null if nothing. */
  private @Nullable ByteBuf batch;

  // QUIET -> NOISY   bytes have come
  // NOISY -> QUIET   markQuiet()
  // any   -> ENDED   the end of what the peer sends has come, or nobody shall see the rest
  private static final byte QUIET = 0;
  private static final byte NOISY = 1;
  private static final byte ENDED = 2;
  private byte input = QUIET;

  private boolean broken;

  /** The last file that was sent; null if none. */
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

  /** A new channel, which reads nothing yet. */
  static <C extends Channel> C prepared(C channel, @Nullable Tls tls) {
    channel.config().setAutoRead(false);
    channel.config().setRecvByteBufAllocator(SharedReceiveBuffer.ALLOCATOR);
    halfCloses(channel, tls == null);
    return channel;
  }

  /** Whether a channel stays open when the peer has ended what it sends. */
  static void halfCloses(Channel channel, boolean half) {
    if (channel.config() instanceof DuplexChannelConfig duplex) {
      duplex.setAllowHalfClosure(half);
    }
  }

  /** One whose other side has come by itself; as {@link #to}. */
  static Connection from(Channel channel, int readLimit, int writeLimit) {
    return begun(new Connection(channel, channel.remoteAddress(), true, readLimit, writeLimit));
  }

  /**
   * Puts one at the end of a channel's pipeline, and has the channel read; in a loop.
   *
   * @param peer whom the program wanted to reach, perhaps by a name
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
              "a handler before the stream has produced no bytes, but a "
                  + message.getClass().getName()));
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

  /** No more bytes come; or nobody shall see them. */
  void endInput() {
    if (input != ENDED) {
      input = ENDED;
      channel.config().setAutoRead(false);
      inlet.end();
    }
  }

  /** Takes back what has come and was not read; null if nothing. */
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

  /** From here on {@link #endIfQuiet} counts. */
  void markQuiet() {
    if (input == NOISY) {
      input = QUIET;
    }
  }

  /** Ends the input if nothing has come in the meantime, and all was read. */
  void endIfQuiet() {
    if (input == QUIET && inlet.reader().available() == 0) {
      endInput();
    }
  }

  /** The end came without TLS having said so: it may be an attacker's. */
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

  /** Both directions are broken. */
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

  /** What comes is dropped, but still taken from the socket, so that its end is noticed. */
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
    throw new UnsupportedOperationException("it collects");
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

  /** Sends a file after what was written; no bytes of the writer are under way. */
  ChannelFuture send(FileRegion file) {
    fileSent = channel.writeAndFlush(file);
    return fileSent;
  }

  /** Does something when the file that is sent has gone out. */
  private void afterFile(Runnable what) {
    ChannelFuture file = fileSent;
    if (file == null || file.isDone()) {
      what.run();
    } else {
      file.addListener(sent -> what.run());
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
      breakWith(new IOException(channel + " cannot be closed for one direction"));
    }
  }

  @Override
  public void close() {
    afterFile(() -> channel.close().addListener(gone -> closed()));
  }

  /** A peer that still waits for bytes is told that something is wrong, by a reset. */
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
    ChannelFuture gone = tls == null ? channel.close() : tls.close(); // without a close_notify
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
        + (peer == null ? "somebody without an address" : Failures.name(Transport.toJdk(peer)));
  }
}
