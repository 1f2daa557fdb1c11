package io.fermata.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;

/**
 * The buffer into which all channels of a thread read. A channel holds no buffer of its own, and
 * need not guess a size. If a handler keeps the buffer, as one for TLS does, the next read gets
 * another one.
 *
 * <p>A channel reads once per event, so that the reader's task runs before more bytes come.
 */
final class SharedReceiveBuffer implements RecvByteBufAllocator.ExtendedHandle {
  private static final int LARGEST = 1 << 16;

  private static final FastThreadLocal<SharedReceiveBuffer> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected SharedReceiveBuffer initialValue() {
          return new SharedReceiveBuffer();
        }
      };

  /** The allocator with which a channel is configured. */
  static final RecvByteBufAllocator ALLOCATOR = OF_THREAD::get;

  /** Memory of the JDK, which is freed after the thread's end. */
  private final ByteBuf buffer = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(LARGEST));

  // Of the read under way
  private int attempted;
  private int last;

  @Override
  public ByteBuf allocate(ByteBufAllocator others) {
    boolean free = buffer.refCnt() == 1;
    return free ? buffer.clear().retain() : others.ioBuffer(LARGEST, LARGEST);
  }

  @Override
  public int guess() {
    return LARGEST;
  }

  @Override
  public void reset(ChannelConfig config) {
    attempted = 0;
    last = 0;
  }

  @Override
  public void incMessagesRead(int count) {}

  @Override
  public void lastBytesRead(int bytes) {
    last = bytes;
  }

  @Override
  public int lastBytesRead() {
    return last;
  }

  @Override
  public void attemptedBytesRead(int bytes) {
    attempted = bytes;
  }

  @Override
  public int attemptedBytesRead() {
    return attempted;
  }

  @Override
  public boolean continueReading() {
    return false;
  }

  @Override
  public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
    return false;
  }

  @Override
  public void readComplete() {}
}
