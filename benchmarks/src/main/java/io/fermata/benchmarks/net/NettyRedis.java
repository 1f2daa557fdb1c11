package io.fermata.benchmarks.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * PING, GET, SET, INCR and DEL of Redis's protocol, parsed in place as the example RedisServer
 * does, with the callbacks and the buffers of Netty.
 */
final class NettyRedis extends ChannelInboundHandlerAdapter {
  private static final long INCOMPLETE = Long.MIN_VALUE;
  private static final byte[][] VERBS = {
    "PING".getBytes(ISO_8859_1),
    "GET".getBytes(ISO_8859_1),
    "SET".getBytes(ISO_8859_1),
    "INCR".getBytes(ISO_8859_1),
    "DEL".getBytes(ISO_8859_1)
  };

  /** Of all connections, which are on one thread. */
  private static final Map<String, byte[]> ENTRIES = new HashMap<>();

  /** What came of a request that is not whole; null if nothing. */
  private ByteBuf unread;

  private ByteBuf bytes;
  private int at;
  private int size;
  private int[] starts = new int[8];
  private int[] ends = new int[8];

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf came = (ByteBuf) message;
    if (unread != null) {
      unread.writeBytes(came);
      came.release();
      came = unread;
      unread = null;
    }
    ByteBuf replies = ctx.alloc().directBuffer(256);
    while (parse(came)) {
      execute(replies);
    }
    if (came.isReadable()) {
      unread = ctx.alloc().buffer(came.readableBytes() * 2).writeBytes(came);
    }
    came.release();
    ctx.write(replies);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    ctx.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (unread != null) {
      unread.release();
      unread = null;
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(ctx.channel().isWritable());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private void execute(ByteBuf replies) {
    switch (verb()) {
      case 0 -> line(replies, '+', "PONG");
      case 1 -> bulk(replies, ENTRIES.get(text(1)));
      case 2 -> {
        ENTRIES.put(text(1), word(2));
        line(replies, '+', "OK");
      }
      case 3 -> {
        byte[] before = ENTRIES.get(text(1));
        long next = before == null ? 1 : Long.parseLong(new String(before, ISO_8859_1)) + 1;
        ENTRIES.put(text(1), Long.toString(next).getBytes(ISO_8859_1));
        line(replies, ':', next);
      }
      case 4 -> line(replies, ':', ENTRIES.remove(text(1)) == null ? 0 : 1);
      default -> line(replies, '-', "ERR unknown command");
    }
  }

  // Requests

  private boolean parse(ByteBuf from) {
    bytes = from;
    at = from.readerIndex();
    size = 0;
    if (!from.isReadable() || !parseArray()) {
      return false;
    }
    from.readerIndex(at);
    return true;
  }

  private boolean parseArray() {
    long words = length('*');
    for (long i = 0; i < words; i++) {
      long length = length('$');
      if (length == INCOMPLETE || bytes.writerIndex() - at < length + 2) {
        return false;
      }
      if (size == starts.length) {
        starts = Arrays.copyOf(starts, size * 2);
        ends = Arrays.copyOf(ends, size * 2);
      }
      starts[size] = at;
      ends[size++] = at + (int) length;
      at += (int) length + 2;
    }
    return words != INCOMPLETE;
  }

  private long length(char sign) {
    int end = bytes.writerIndex();
    if (at == end) {
      return INCOMPLETE;
    }
    if (bytes.getByte(at) != sign) {
      throw new IllegalArgumentException("expected " + sign);
    }
    long number = 0;
    for (int i = at + 1; i < end; i++) {
      byte digit = bytes.getByte(i);
      if (digit == '\r') {
        at = i + 2;
        return at <= end ? number : INCOMPLETE;
      }
      number = number * 10 + digit - '0';
      if (digit < '0' || digit > '9' || number > 1 << 20) {
        throw new IllegalArgumentException("invalid length");
      }
    }
    return INCOMPLETE;
  }

  private int verb() {
    int start = starts[0];
    int length = ends[0] - start;
    for (int verb = 0; verb < VERBS.length; verb++) {
      byte[] letters = VERBS[verb];
      if (letters.length == length) {
        int i = 0;
        while (i < length && (bytes.getByte(start + i) & ~0x20) == letters[i]) {
          i++;
        }
        if (i == length) {
          return verb;
        }
      }
    }
    return -1;
  }

  private byte[] word(int index) {
    byte[] copy = new byte[ends[index] - starts[index]];
    bytes.getBytes(starts[index], copy);
    return copy;
  }

  private String text(int index) {
    return new String(word(index), ISO_8859_1);
  }

  // Replies

  private static void line(ByteBuf to, char kind, String text) {
    to.writeByte(kind);
    to.writeCharSequence(text, ISO_8859_1);
    to.writeShort('\r' << 8 | '\n');
  }

  private static void line(ByteBuf to, char kind, long number) {
    line(to, kind, Long.toString(number));
  }

  private static void bulk(ByteBuf to, byte[] value) {
    line(to, '$', value == null ? -1 : value.length);
    if (value != null) {
      to.writeBytes(value).writeShort('\r' << 8 | '\n');
    }
  }
}
