package io.fermata.conformance.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import io.fermata.net.Tls;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Connecting: names, addresses, limits, and what is said when it fails. */
class ConnectTest extends NetTest {
  @TempDir Path directory;

  @EngineTest
  void aNameIsLookedUp() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(ECHO));
          TcpStream stream = co.await(TcpStream.connect("localhost", server.port()));
          assertEquals("the connection to localhost:" + server.port(), stream.toString());
          co.await(stream.aclose());
        });
  }

  private static List<SocketAddress> at(int port, String... addresses) {
    List<SocketAddress> all = new ArrayList<>();
    for (String each : addresses) {
      all.add(new InetSocketAddress(each, port));
    }
    return all;
  }

  @EngineTest
  @Conforms({"I-039"})
  void ifAllAddressesFailTheErrorHasAllFailures() throws Exception {
    run(
        co -> {
          int port = freePort();
          ConnectException failure =
              assertThrows(
                  ConnectException.class,
                  () -> co.await(TcpStream.setup().connect(at(port, "127.0.0.1", "127.0.0.2"))));
          assertSays(
              failure,
              "cannot connect to 127.0.0.1:%d or 127.0.0.2:%d: ".formatted(port, port)
                  + "cannot connect to 127.0.0.1:%d: Connection refused; ".formatted(port)
                  + "cannot connect to 127.0.0.2:%d: Connection refused".formatted(port));
          assertEquals(2, failure.getSuppressed().length);
        });
  }

  @EngineTest
  @Conforms({"I-039"})
  void addressesAreTriedInTheirOrder() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(TcpServer.setup().on("127.0.0.2", 0).start(ECHO));
          List<SocketAddress> addresses = at(server.port(), "127.0.0.1", "127.0.0.2", "127.0.0.3");
          TcpStream stream = co.await(TcpStream.setup().connect(addresses));
          assertEquals(server.addresses().get(0), stream.remoteAddress());
          co.await(stream.aclose());
        });
  }

  @EngineTest
  @Conforms({"I-041"})
  void anAddressThatDoesNotAnswerIsOvertakenAndClosed() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      List<SocketChannel> queue = new ArrayList<>();
      for (int i = 0; i < 8; i++) { // until the system drops what comes
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(deaf.getLocalSocketAddress());
        queue.add(channel);
      }
      run(
          co -> {
            TcpServer server =
                co.await(TcpServer.setup().on("127.0.0.2", deaf.getLocalPort()).start(ECHO));
            List<SocketAddress> addresses = at(server.port(), "127.0.0.1", "127.0.0.2");
            TcpStream stream = co.await(TcpStream.setup().attemptDelay(ms(20)).connect(addresses));
            assertEquals(server.addresses().get(0), stream.remoteAddress());
            co.await(stream.aclose());
          });
      for (SocketChannel each : queue) {
        each.close();
      }
    }
  }

  @EngineTest
  void aNameThatNobodyKnowsIsAnError() throws Exception {
    run(
        co -> {
          UnknownHostException failure =
              assertThrows(
                  UnknownHostException.class,
                  () -> co.await(TcpStream.connect("no-such-host.invalid", 80)));
          assertEquals(
              "cannot connect to no-such-host.invalid:80: the name is not known",
              failure.getMessage());
        });
  }

  @EngineTest
  void aRefusedConnectionNamesThePeer() throws Exception {
    run(
        co -> {
          int port = freePort();
          assertEquals(
              "cannot connect to 127.0.0.1:" + port + ": Connection refused",
              assertThrows(ConnectException.class, () -> co.await(TcpStream.connect(HERE, port)))
                  .getMessage());
          Path none = directory.resolve("none");
          IOException failure =
              assertThrows(
                  IOException.class,
                  () -> co.await(TcpStream.connect(UnixDomainSocketAddress.of(none))));
          assertSays(failure, "cannot connect to " + none + ": ");
        });
  }

  @EngineTest
  void connectingHasALimitOfTime() throws Exception {
    run(
        co -> {
          // Nobody answers the handshake, so that connecting does not come to an end.
          TcpServer server = co.await(serve((in, client) -> in.await(client.readAll())));
          SocketTimeoutException failure =
              assertThrows(
                  SocketTimeoutException.class,
                  () ->
                      co.await(
                          TcpStream.setup()
                              .within(ms(50))
                              .tls(Tls.client())
                              .connect(HERE, server.port())));
          assertEquals(
              "cannot connect to 127.0.0.1:" + server.port() + ": it took longer than 50 ms",
              failure.getMessage());
          co.await(server.aclose()); // the connection is gone
        });
  }

  @EngineTest
  @Conforms({"I-042"})
  void aLocalAddressCanBeChosen() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(ECHO));
          InetSocketAddress local = new InetSocketAddress("127.0.0.3", 0);
          TcpStream stream =
              co.await(TcpStream.setup().from(local).connect("localhost", server.port()));
          assertEquals(
              "127.0.0.3",
              ((InetSocketAddress) stream.localAddress()).getAddress().getHostAddress());
          co.await(stream.aclose());
        });
  }

  @EngineTest
  @Conforms({"I-043", "I-059"})
  void connectingThatIsCancelledEndsAtOnceAndLeavesNothing() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve((in, client) -> in.await(client.readAll())));
          Task<TcpStream> connecting =
              Task.start(TcpStream.connect(HERE, server.port(), Tls.client()));
          while (server.connections() == 0) {
            co.await(Async.sleep(ms(1)));
          }
          connecting.cancel("not needed");
          assertEquals(
              "not needed", assertThrows(Cancelled.class, () -> co.await(connecting)).reason());
          TcpStream again = co.await(TcpStream.connect(HERE, server.port()));
          co.await(again.aclose());
          co.await(server.aclose());
          assertTrue(connecting.cancelled());
        });
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
