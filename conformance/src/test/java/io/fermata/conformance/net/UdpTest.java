package io.fermata.conformance.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Async;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.net.Datagram;
import io.fermata.net.UdpSocket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Packets. */
class UdpTest extends NetTest {
  @EngineTest
  @Conforms({"I-055", "I-059"})
  void packetsComeWholeWithTheirSender() throws Exception {
    run(
        co -> {
          UdpSocket one = co.await(UdpSocket.bind(HERE, 0));
          UdpSocket two = co.await(UdpSocket.bind(HERE, 0));
          co.await(two.send(bytes("first"), one.localAddress()));
          co.await(two.send(new byte[60_000], one.localAddress()));
          Datagram first = co.await(one.receive());
          assertEquals("first", text(first.data()));
          assertEquals(two.localAddress(), first.sender());
          assertEquals(60_000, co.await(one.receive()).data().length);
          co.await(one.send(bytes("back"), first.sender()));
          assertEquals("back", text(co.await(two.receive()).data()));
          co.await(one.aclose());
          co.await(two.aclose());
        });
  }

  @EngineTest
  @Conforms({"I-055"})
  void anEmptyPacketIsSentAndReceivedWithItsSender() throws Exception {
    run(
        co -> {
          UdpSocket one = co.await(UdpSocket.bind(HERE, 0));
          UdpSocket two = co.await(UdpSocket.bind(HERE, 0));
          co.await(one.send(new byte[0], two.localAddress()));
          co.await(one.send(bytes("next"), two.localAddress()));
          Datagram empty = co.await(two.receive());
          assertEquals(0, empty.data().length);
          assertEquals(one.localAddress(), empty.sender());
          assertEquals("next", text(co.await(two.receive()).data()));
          co.await(one.aclose());
          co.await(two.aclose());
        });
  }

  @EngineTest
  @Conforms({"I-055"})
  void connectedSocketsExchangeEmptyPackets() throws Exception {
    run(
        co -> {
          UdpSocket server = co.await(UdpSocket.bind(HERE, 0));
          UdpSocket client = co.await(UdpSocket.connect(HERE, server.localAddress().getPort()));
          if (client.channel() instanceof NioDatagramChannel) {
            assertSays(
                assertThrows(IOException.class, () -> co.await(client.send(new byte[0]))),
                "java.nio sends no packet without bytes from a connected socket");
            return;
          }
          co.await(client.send(new byte[0]));
          Datagram empty = co.await(server.receive());
          assertEquals(0, empty.data().length);
          co.await(server.send(new byte[0], empty.sender()));
          co.await(server.send(bytes("next"), empty.sender()));
          Datagram answer = co.await(client.receive());
          assertEquals(0, answer.data().length);
          assertEquals(server.localAddress(), answer.sender());
          assertEquals("next", text(co.await(client.receive()).data()));
          co.await(client.aclose());
          co.await(server.aclose());
        });
  }

  @EngineTest
  @Conforms({"I-055"})
  void aConnectedSocketSendsToItsPeerOnly() throws Exception {
    run(
        co -> {
          UdpSocket server = co.await(UdpSocket.bind(HERE, 0));
          UdpSocket client = co.await(UdpSocket.connect(HERE, server.localAddress().getPort()));
          co.await(client.send(bytes("a")));
          co.await(client.send(bytes("b"), server.localAddress()));
          assertEquals("a", text(co.await(server.receive()).data()));
          assertEquals("b", text(co.await(server.receive()).data()));
          assertThrows(
              IllegalArgumentException.class, () -> client.send(bytes("c"), client.localAddress()));
          assertThrows(IllegalStateException.class, () -> server.send(bytes("nobody")));
          co.await(client.aclose());
          co.await(server.aclose());
        });
  }

  @EngineTest
  @Conforms({"I-055"})
  void whatTheSystemSaysOfAPacketIsThrownByTheNextReceive() throws Exception {
    run(
        co -> {
          UdpSocket gone = co.await(UdpSocket.bind(HERE, 0));
          int port = gone.localAddress().getPort();
          co.await(gone.aclose());
          UdpSocket client = co.await(UdpSocket.connect(HERE, port));
          co.await(client.send(bytes("is anybody there?")));
          IOException failure = assertThrows(IOException.class, () -> co.await(client.receive()));
          assertSays(failure, "cannot send from 127.0.0.1:");
          co.await(client.aclose());
        });
  }

  @EngineTest
  @Conforms({"I-055"})
  void aClosedSocketRefuses() throws Exception {
    run(
        co -> {
          UdpSocket socket = co.await(UdpSocket.bind(HERE, 0));
          var address = socket.localAddress();
          Task<Datagram> receiving = Task.start(socket.receive());
          co.await(Async.sleep(ms(1)));
          co.await(socket.aclose());
          assertSays(assertThrows(IOException.class, () -> co.await(receiving)), "was closed");
          assertSays(
              assertThrows(IOException.class, () -> co.await(socket.send(bytes("x"), address))),
              "cannot send to 127.0.0.1:");
          assertSays(
              assertThrows(IOException.class, () -> co.await(socket.send(new byte[0], address))),
              "cannot send to 127.0.0.1:");
        });
  }

  @EngineTest
  void aPacketThatIsTooLargeIsAnError() throws Exception {
    run(
        co -> {
          UdpSocket socket = co.await(UdpSocket.bind(HERE, 0));
          assertSays(
              assertThrows(
                  IOException.class,
                  () -> co.await(socket.send(new byte[70_000], socket.localAddress()))),
              "oo long");
          co.await(socket.aclose());
        });
  }

  @EngineTest
  @Conforms({"I-059"})
  void aReceiveThatIsCancelledLosesNoPacket() throws Exception {
    run(
        co -> {
          UdpSocket socket = co.await(UdpSocket.bind(HERE, 0));
          assertThrows(
              TimeoutException.class, () -> co.await(Async.waitFor(socket.receive(), ms(5))));
          co.await(socket.send(bytes("x"), socket.localAddress()));
          assertArrayEquals(bytes("x"), co.await(socket.receive()).data());
          co.await(socket.aclose());
        });
  }

  @EngineTest
  void packetsThatNobodyReceivesAreKeptUpToALimit() throws Exception {
    run(
        co -> {
          UdpSocket one = co.await(UdpSocket.bind(HERE, 0));
          UdpSocket two = co.await(UdpSocket.bind(HERE, 0));
          for (int i = 0; i < 150; i++) {
            co.await(two.send(bytes("" + i), one.localAddress()));
          }
          for (int i = 0; i < 150; i++) {
            assertEquals("" + i, text(co.await(one.receive()).data()));
          }
          co.await(one.aclose());
          co.await(two.aclose());
        });
  }
}
