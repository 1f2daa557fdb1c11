package io.fermata.conformance.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.io.IncompleteReadException;
import io.fermata.io.LimitOverrunException;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.io.TempDir;

/** Connections: what goes over them, and how they end. */
class StreamTest extends NetTest {
  private static final byte[] LARGE = new byte[3_000_000];

  static {
    new Random(1).nextBytes(LARGE);
  }

  @TempDir Path directory;

  @EngineTest
  @Conforms({"I-024"})
  void bothSidesKnowTheirAddressesAndEachOthers() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      assertEquals(pair.client().localAddress(), pair.server().remoteAddress());
                      assertEquals(pair.client().remoteAddress(), pair.server().localAddress());
                      InetSocketAddress peer = (InetSocketAddress) pair.client().remoteAddress();
                      assertEquals(HERE, peer.getAddress().getHostAddress());
                      assertNull(pair.client().tlsSession());
                      assertNull(pair.client().applicationProtocol());
                      assertEquals(
                          "the connection to 127.0.0.1:" + peer.getPort(),
                          pair.client().toString());
                    })));
  }

  @EngineTest
  @Conforms({"I-024"})
  void aUnixSocketHasItsPathAsAddress() throws Exception {
    run(
        co -> {
          var address = UnixDomainSocketAddress.of(directory.resolve("socket"));
          TcpServer server = co.await(TcpServer.start(address, ECHO));
          TcpStream stream = co.await(TcpStream.connect(address));
          assertEquals(address, stream.remoteAddress());
          co.await(stream.aclose());
          co.await(server.aclose());
        });
  }

  @EngineTest
  @Conforms({"I-051", "I-059"})
  void largeWritesArriveWholeAndInOrder() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      Task<byte[]> reading = Task.start(pair.server().readAll());
                      in.await(pair.client().write("first"));
                      in.await(pair.client().write(LARGE));
                      in.await(pair.client().write("last"));
                      pair.client().end();
                      byte[] got = in.await(reading);
                      assertEquals("first", text(got).substring(0, 5));
                      assertEquals("last", text(got).substring(got.length - 4));
                      byte[] middle = java.util.Arrays.copyOfRange(got, 5, got.length - 4);
                      assertArrayEquals(LARGE, middle);
                    })));
  }

  @EngineTest
  @Conforms({"I-021"})
  void eitherSideMayHalfClose() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      in.await(pair.client().write("question"));
                      pair.client().end();
                      assertEquals("question", text(in.await(pair.server().readAll())));
                      in.await(pair.server().write("answer"));
                      in.await(pair.server().aclose());
                      assertEquals("answer", text(in.await(pair.client().readAll())));
                      assertThrows(
                          IllegalStateException.class,
                          () -> in.await(pair.client().write("too late")));
                    })));
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      in.await(pair.server().write("greeting"));
                      pair.server().end();
                      assertEquals("greeting", text(in.await(pair.client().readAll())));
                      in.await(pair.client().write("and back"));
                      pair.client().end();
                      assertEquals("and back", text(in.await(pair.server().readAll())));
                    })));
  }

  @EngineTest
  @Conforms({"I-019", "I-050"})
  void writingWaitsForAPeerThatDoesNotReadAndMemoryIsBounded() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    TcpStream.setup().limits(1000, 1000),
                    TcpServer.setup().limits(1000, 1000),
                    (in, pair) -> {
                      byte[] kilobyte = new byte[1000];
                      Task<Void> writing =
                          Task.start(
                              Async.action(
                                  out -> {
                                    while (true) {
                                      out.await(pair.client().write(kilobyte));
                                    }
                                  }));
                      for (int quiet = 0, before = -1; quiet < 5; ) {
                        in.await(Async.sleep(ms(10)));
                        int pending = pair.client().writer().pending();
                        quiet = pending > 1000 && pending == before ? quiet + 1 : 0;
                        before = pending;
                      }
                      assertTrue(pair.client().writer().pending() <= 3000);
                      assertTrue(pair.server().reader().available() <= 2000 + 65_536);
                      assertFalse(writing.done());
                      writing.cancel("enough");
                      Task<byte[]> all = Task.start(pair.server().readAll());
                      pair.client().end();
                      assertEquals(0, in.await(all).length % 1000);
                    })));
  }

  @EngineTest
  @Conforms({"I-015"})
  void aReaderThatDoesNotReadStopsItsPeerAndLosesNothing() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    TcpStream.setup(),
                    TcpServer.setup().limits(4096, 4096),
                    (in, pair) -> {
                      Task<Void> writing =
                          Task.start(
                              Async.action(
                                  out -> {
                                    out.await(pair.client().write(LARGE));
                                    pair.client().end();
                                  }));
                      in.await(Async.sleep(ms(50)));
                      assertTrue(pair.server().reader().available() <= 8192 + 65_536);
                      assertArrayEquals(LARGE, in.await(pair.server().readAll()));
                      in.await(writing);
                    })));
  }

  @EngineTest
  @Conforms({"I-013", "I-059"})
  void aReadThatIsCancelledLosesNoBytes() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      in.await(pair.client().write("half a "));
                      assertThrows(
                          TimeoutException.class,
                          () -> in.await(Async.waitFor(pair.server().readLine(), ms(20))));
                      assertThrows(
                          TimeoutException.class,
                          () -> in.await(Async.waitFor(pair.server().readExactly(100), ms(5))));
                      in.await(pair.client().write("line\n"));
                      assertEquals("half a line", in.await(pair.server().readLine()));
                    })));
  }

  @EngineTest
  @Conforms({"I-059"})
  void aReadIntoABufferThatIsCancelledLeavesItAndLosesNoBytes() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      ByteBuffer buffer = ByteBuffer.allocate(LARGE.length);
                      assertThrows(
                          TimeoutException.class,
                          () -> in.await(Async.waitFor(pair.server().read(buffer), ms(5))));
                      assertEquals(0, buffer.position());
                      Task<Void> writing = Task.start(pair.client().write(LARGE));
                      while (buffer.hasRemaining()) {
                        in.await(pair.server().read(buffer));
                      }
                      assertArrayEquals(LARGE, buffer.array());
                      in.await(writing);
                    })));
  }

  @EngineTest
  void bytesThatComeOneAtATimeAreTheSame() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      Task<Void> writing =
                          Task.start(
                              Async.action(
                                  out -> {
                                    for (byte each : bytes("GET /\r\nlength: 5\r\n\r\n12345")) {
                                      out.await(pair.client().write(new byte[] {each}));
                                      out.await(pair.client().flush());
                                      out.await(Async.sleep(ms(0)));
                                    }
                                  }));
                      assertEquals("GET /", in.await(pair.server().readLine()));
                      assertEquals(
                          "length: 5\r\n\r\n", text(in.await(pair.server().readUntil("\r\n\r\n"))));
                      assertEquals("12345", text(in.await(pair.server().readExactly(5))));
                      in.await(writing);
                    })));
  }

  @EngineTest
  void aLineWithoutEndIsRefusedAtTheLimit() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    TcpStream.setup(),
                    TcpServer.setup().limits(1000, 1000),
                    (in, pair) -> {
                      Task<Void> writing = Task.start(pair.client().write(LARGE));
                      LimitOverrunException failure =
                          assertThrows(
                              LimitOverrunException.class,
                              () -> in.await(pair.server().readUntil("no such thing")));
                      assertSays(failure, "the connection from 127.0.0.1:");
                      in.await(writing);
                      assertTrue(pair.server().reader().available() <= 2000 + 65_536);
                    })));
  }

  @EngineTest
  @Conforms({"I-022", "I-048"})
  void closeSendsWhatWasWritten() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      in.await(pair.client().write("x"));
                      pair.client().close();
                      pair.client().close();
                      assertTrue(pair.client().isClosing());
                      assertThrows(
                          IOException.class, () -> in.await(pair.client().write("too late")));
                      assertEquals("x", text(in.await(pair.server().readAll())));
                      in.await(pair.client().whenClosed());
                    })));
  }

  @EngineTest
  @Conforms({"I-023"})
  void afterCloseTheReaderSeesTheEnd() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      Task<byte[]> reading = Task.start(pair.client().read(1));
                      in.await(Async.sleep(ms(5)));
                      in.await(pair.client().aclose());
                      assertEquals(0, in.await(reading).length);
                    })));
  }

  @EngineTest
  @Conforms({"I-047", "I-048"})
  void abortDropsWhatWasWrittenAndResetsThePeer() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      Task<byte[]> reading = Task.start(pair.server().read(1));
                      in.await(pair.client().write("dropped"));
                      pair.client().abort();
                      pair.client().abort();
                      in.await(pair.client().whenClosed());
                      IOException reset = assertThrows(IOException.class, () -> in.await(reading));
                      assertSays(reset, "cannot read from the connection from 127.0.0.1:");
                    })));
  }

  @EngineTest
  @Conforms({"I-020", "I-047", "I-052"})
  void aResetInTheMiddleOfAWriteIsAnErrorThatNamesThePeer() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      Task<Void> writing =
                          Task.start(
                              Async.action(
                                  out -> {
                                    while (true) {
                                      out.await(pair.client().write(LARGE));
                                    }
                                  }));
                      in.await(pair.server().read(1));
                      pair.server().abort();
                      IOException failure =
                          assertThrows(IOException.class, () -> in.await(writing));
                      assertSays(failure, "cannot write to the connection to 127.0.0.1:");
                      assertThrows(IOException.class, () -> in.await(pair.client().flush()));
                      assertThrows(IOException.class, () -> in.await(pair.client().whenClosed()));
                      IOException reading =
                          assertThrows(IOException.class, () -> in.await(pair.client().read(1)));
                      assertSays(reading, "cannot read from the connection to 127.0.0.1:");
                    })));
  }

  @EngineTest
  void anEndTooEarlySaysWhatCame() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      in.await(pair.client().write("abc"));
                      pair.client().close();
                      IncompleteReadException failure =
                          assertThrows(
                              IncompleteReadException.class,
                              () -> in.await(pair.server().readExactly(10)));
                      assertEquals("abc", text(failure.partial()));
                      assertSays(failure, "from the connection from 127.0.0.1:");
                    })));
  }

  @EngineTest
  @Conforms({"I-056"})
  void aFileIsSentBetweenWhatIsWritten() throws Exception {
    Path file = directory.resolve("file");
    Files.write(file, LARGE);
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      Task<byte[]> reading = Task.start(pair.server().readAll());
                      in.await(pair.client().write("<"));
                      assertEquals(LARGE.length, in.await(pair.client().sendFile(file)));
                      assertEquals(3L, in.await(pair.client().sendFile(file, 2, 3)));
                      assertEquals(
                          2L, in.await(pair.client().sendFile(file, LARGE.length - 2, 100)));
                      in.await(pair.client().write(">"));
                      pair.client().close();
                      byte[] got = in.await(reading);
                      assertEquals(LARGE.length + 7, got.length);
                      assertEquals('<', got[0]);
                      assertEquals(LARGE[0], got[1]);
                      assertEquals(LARGE[2], got[1 + LARGE.length]);
                      assertEquals(LARGE[LARGE.length - 1], got[got.length - 2]);
                      assertEquals('>', got[got.length - 1]);
                    })));
  }

  @EngineTest
  @Conforms({"I-056"})
  void aFileIsNotSentOverAClosedStream() throws Exception {
    Path file = directory.resolve("file");
    Files.write(file, LARGE);
    run(
        co ->
            co.await(
                withPair(
                    (in, pair) -> {
                      pair.client().close();
                      assertThrows(IOException.class, () -> in.await(pair.client().sendFile(file)));
                    })));
  }

  @EngineTest
  @Conforms({"I-059"})
  void aWriteThatIsCancelledHasWrittenNothing() throws Exception {
    run(
        co ->
            co.await(
                withPair(
                    TcpStream.setup().limits(1000, 0),
                    TcpServer.setup(),
                    (in, pair) -> {
                      byte[] more = new byte[20_000_000]; // than the system keeps
                      in.await(pair.client().write(more));
                      Task<Void> second = Task.start(pair.client().write("never"));
                      in.await(Async.sleep(ms(5)));
                      second.cancel("not that one");
                      assertThrows(Cancelled.class, () -> in.await(second));
                      Task<byte[]> reading = Task.start(pair.server().readAll());
                      in.await(pair.client().write("!"));
                      pair.client().end();
                      byte[] got = in.await(reading);
                      assertEquals(more.length + 1, got.length);
                    })));
  }
}
