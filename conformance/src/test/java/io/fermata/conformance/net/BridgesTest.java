package io.fermata.conformance.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.Coroutine;
import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.conformance.EngineTest;
import io.fermata.net.CoroutineDecoder;
import io.fermata.net.Netty;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import io.fermata.testing.TestLoop;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Fermata beside Netty: its loops, its channels, its pipelines. */
class BridgesTest extends NetTest {
  /** Gives bytes with an exclamation mark behind. */
  private static final class Exclaim extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
      ctx.fireChannelRead(
          Unpooled.wrappedBuffer((ByteBuf) bytes, Unpooled.copiedBuffer(new byte[] {'!'})));
    }
  }

  @EngineTest
  void aChannelOfNettysIsAStream() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(ECHO));
          io.netty.channel.EventLoop netty = co.await(Netty.loop());
          boolean epoll = ((IoEventLoop) netty).isIoType(EpollIoHandler.class);
          Channel channel =
              new Bootstrap()
                  .group(netty)
                  .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
                  .handler(new Exclaim())
                  .register()
                  .channel();
          Promise<Void> connected = Promise.open();
          channel.connect(server.addresses().get(0)).addListener(done -> connected.setResult(null));
          co.await(connected);
          TcpStream stream = co.await(Netty.stream(channel));
          co.await(stream.write("hello"));
          assertEquals("hello!", text(co.await(stream.readExactly(6))));
          assertSame(channel, stream.channel());
          assertEquals(server.addresses().get(0), stream.remoteAddress());
          co.await(stream.aclose());
          assertFalse(channel.isOpen());
        });
  }

  @EngineTest
  void aChannelOfAnotherThreadIsRefused() throws Exception {
    run(
        co -> {
          Channel foreign = new NioSocketChannel();
          assertSays(
              assertThrows(IllegalStateException.class, () -> co.await(Netty.stream(foreign))),
              "register it on the loop of Netty.loop() first");
          foreign.unsafe().closeForcibly();
        });
  }

  @EngineTest
  void aGuestOfNettyServesOnItsThread() throws Exception {
    MultiThreadIoEventLoopGroup group =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    try {
      io.netty.channel.EventLoop netty = group.next();
      EventLoop loop = Netty.guestOn(netty);
      CompletableFuture<String> answer =
          loop.startThreadSafe(
              Async.of(
                  co -> {
                    assertSame(netty, co.await(Netty.loop()));
                    TcpServer server = co.await(serve(ECHO));
                    TcpStream stream = co.await(TcpStream.connect("localhost", server.port()));
                    co.await(stream.write("hello\n"));
                    String line = co.await(stream.readLine());
                    co.await(stream.aclose());
                    co.await(server.aclose());
                    return line;
                  }));
      assertEquals("hello", answer.get(20, TimeUnit.SECONDS));
      loop.closeAsync().get(20, TimeUnit.SECONDS);
    } finally {
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
  }

  @EngineTest
  void aLoopOfATestSaysThatItDoesNoIo() throws Exception {
    try (TestLoop loop = TestLoop.virtual()) {
      loop.run(
          Async.action(
              co ->
                  assertSays(
                      assertThrows(IllegalStateException.class, () -> co.await(serve(ECHO))),
                      "this loop does no I/O")));
    }
  }

  /** Strings with their length in a byte before them. */
  private static Coroutine<ByteBuf, Object, Void> strings() {
    return Coroutine.of(
        co -> {
          ByteBuf in = co.yield(null);
          while (true) {
            while (!in.isReadable()) {
              in = co.yield(null);
            }
            int length = in.readUnsignedByte();
            if (length == 255) {
              return null;
            }
            while (in.readableBytes() < length) {
              in = co.yield(null);
            }
            in = co.yield(in.readCharSequence(length, StandardCharsets.US_ASCII).toString());
          }
        });
  }

  private static ByteBuf buffer(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  @EngineTest
  void aCoroutineDecodesWhatComesInPieces() {
    EmbeddedChannel channel = new EmbeddedChannel(CoroutineDecoder.of(strings()));
    for (char each : "\3one\0\5three".toCharArray()) {
      channel.writeInbound(buffer("" + each));
    }
    assertEquals("one", channel.readInbound());
    assertEquals("", channel.readInbound());
    assertEquals("three", channel.readInbound());
    assertNull(channel.readInbound());
    channel.finishAndReleaseAll();
  }

  @EngineTest
  void aCoroutineDecodesSeveralMessagesOfOnePiece() {
    EmbeddedChannel channel = new EmbeddedChannel(CoroutineDecoder.of(strings()));
    channel.writeInbound(buffer("\3one\3two\5th"));
    channel.writeInbound(buffer("ree"));
    assertEquals("one", channel.readInbound());
    assertEquals("two", channel.readInbound());
    assertEquals("three", channel.readInbound());
    channel.finishAndReleaseAll();
  }

  @EngineTest
  void aDecoderThatReturnsLeavesThePipelineToTheRest() {
    EmbeddedChannel channel = new EmbeddedChannel(CoroutineDecoder.of(strings()));
    channel.writeInbound(buffer("\3one\u00ffrest"));
    assertEquals("one", channel.readInbound());
    ByteBuf rest = channel.readInbound();
    assertEquals("rest", rest.toString(StandardCharsets.ISO_8859_1));
    rest.release();
    assertNull(channel.pipeline().get(CoroutineDecoder.class));
    channel.finishAndReleaseAll();
  }

  @EngineTest
  void aDecoderIsClosedWithItsChannel() {
    Coroutine<ByteBuf, Object, Void> coroutine = strings();
    EmbeddedChannel channel = new EmbeddedChannel(CoroutineDecoder.of(coroutine));
    channel.writeInbound(buffer("\3o"));
    assertEquals(State.SUSPENDED, coroutine.state());
    channel.finishAndReleaseAll();
    assertEquals(State.CLOSED, coroutine.state());
  }

  @EngineTest
  void whatADecoderThrowsGoesDownThePipeline() {
    IllegalStateException bad = new IllegalStateException("bad");
    EmbeddedChannel channel =
        new EmbeddedChannel(
            CoroutineDecoder.of(
                co -> {
                  co.yield(null);
                  throw bad;
                }));
    DecoderException thrown =
        assertThrows(DecoderException.class, () -> channel.writeInbound(buffer("x")));
    assertSame(bad, thrown.getCause());
    channel.finishAndReleaseAll();
  }
}
