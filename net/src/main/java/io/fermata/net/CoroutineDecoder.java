package io.fermata.net;

import io.fermata.Coroutine;
import io.fermata.CoroutineBody;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A coroutine as a decoder in a pipeline of Netty's: bytes are sent into it, messages come out.
 *
 * <pre>{@code
 * channel.pipeline().addLast(CoroutineDecoder.of(co -> {
 *   io.netty.buffer.ByteBuf in = co.yield(null);        // null: more bytes are needed
 *   while (true) {
 *     while (in.readableBytes() < 4) in = co.yield(null);
 *     int length = in.readInt();
 *     while (in.readableBytes() < length) in = co.yield(null);
 *     in = co.yield(in.readBytes(length));              // goes to the next handler
 *   }
 * }));
 * }</pre>
 *
 * <p>The coroutine is sent all bytes that have come and were not read, in a buffer that is valid
 * until the next yield. Read some bytes before each yield of a message. When the coroutine returns,
 * the decoder leaves the pipeline, and unread bytes go to the next handler. An exception goes down
 * the pipeline as a {@code DecoderException}. When the channel is closed, or the decoder is
 * removed, the coroutine is closed.
 *
 * <p><b>Threading.</b> For one channel; the coroutine runs on the thread of the channel.
 */
public final class CoroutineDecoder extends ByteToMessageDecoder {
  private final Coroutine<@Nullable ByteBuf, @Nullable Object, ?> coroutine;
  private boolean begun;
  private boolean ended;

  private CoroutineDecoder(Coroutine<@Nullable ByteBuf, @Nullable Object, ?> coroutine) {
    this.coroutine = coroutine;
  }

  /**
   * A decoder for one channel.
   *
   * @param body yields messages, or null for more bytes, and is sent bytes
   * @return a handler for a pipeline
   */
  public static CoroutineDecoder of(CoroutineBody<ByteBuf, @Nullable Object, ?> body) {
    return of(Coroutine.of(body));
  }

  /**
   * A decoder for one channel.
   *
   * @param coroutine not started; yields messages, or null for more bytes, and is sent bytes
   * @return a handler for a pipeline
   */
  @SuppressWarnings("unchecked") // the first thing sent is null, whatever its type
  public static CoroutineDecoder of(Coroutine<ByteBuf, @Nullable Object, ?> coroutine) {
    return new CoroutineDecoder((Coroutine<@Nullable ByteBuf, @Nullable Object, ?>) coroutine);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf bytes, List<Object> messages) {
    if (!begun) {
      begun = true;
      step(ctx, null, messages);
    }
    if (!ended) {
      step(ctx, bytes, messages);
    }
  }

  private void step(ChannelHandlerContext ctx, @Nullable ByteBuf sent, List<Object> messages) {
    if (coroutine.advance(sent)) {
      Object message = coroutine.current();
      if (message != null) {
        messages.add(message);
      }
    } else {
      ended = true;
      ctx.pipeline().remove(this);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    coroutine.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    try {
      super.channelInactive(ctx);
    } finally {
      coroutine.close();
    }
  }
}
