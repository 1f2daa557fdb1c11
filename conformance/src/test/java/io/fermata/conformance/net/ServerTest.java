package io.fermata.conformance.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncBarrier;
import io.fermata.async.AsyncEvent;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopFailure;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.io.TempDir;

/** Servers: who is served, by what, and how they end. */
class ServerTest extends NetTest {
  @TempDir Path directory;

  @EngineTest
  @Conforms({"I-027"})
  void aHandlerRunsAsATaskForEachConnection() throws Exception {
    run(
        co -> {
          Set<Task<?>> tasks = new HashSet<>();
          TcpServer server =
              co.await(
                  serve(
                      (in, client) -> {
                        tasks.add(Task.current());
                        in.await(client.write(in.await(client.readLine()) + "!"));
                      }));
          TcpStream first = co.await(TcpStream.connect(HERE, server.port()));
          TcpStream second = co.await(TcpStream.connect(HERE, server.port()));
          co.await(second.write("two\n"));
          assertEquals("two!", text(co.await(second.readAll())));
          co.await(first.write("one\n"));
          assertEquals("one!", text(co.await(first.readAll())));
          assertEquals(2, tasks.size());
        });
  }

  @EngineTest
  @Conforms({"I-028"})
  void aHandlerThatThrowsClosesItsConnectionAndNoOther() throws Exception {
    run(
        co -> {
          Promise<LoopFailure> reported = Promise.open();
          EventLoop.current().setExceptionHandler((l, failure) -> reported.setResult(failure));
          IOException bad = new IOException("bad");
          TcpServer server =
              co.await(
                  serve(
                      (in, client) -> {
                        in.await(client.write("before"));
                        if (in.await(client.readLine()).equals("throw")) {
                          throw bad;
                        }
                        in.await(client.write("after"));
                      }));
          TcpStream other = co.await(TcpStream.connect(HERE, server.port()));
          TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
          String name = HERE + ":" + ((InetSocketAddress) stream.localAddress()).getPort();
          co.await(stream.write("throw\n"));
          assertEquals("before", text(co.await(stream.readAll())));
          LoopFailure failure = co.await(reported);
          assertSame(bad, failure.exception());
          assertEquals("the handler of the connection from " + name + " failed", failure.message());
          co.await(other.write("go on\n"));
          assertEquals("beforeafter", text(co.await(other.readAll())));
        });
  }

  @EngineTest
  @Conforms({"I-028"})
  void aHandlerThatIsCancelledClosesItsConnectionSilently() throws Exception {
    run(
        co -> {
          List<Throwable> reported = new ArrayList<>();
          EventLoop.current()
              .setExceptionHandler((l, failure) -> reported.add(failure.exception()));
          Promise<Task<?>> handler = Promise.open();
          TcpServer server =
              co.await(
                  serve(
                      (in, client) -> {
                        handler.setResult(Task.current());
                        in.await(client.read(1));
                      }));
          TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
          co.await(handler).cancel("enough");
          try {
            assertEquals(0, co.await(stream.readAll()).length);
          } catch (IOException reset) {
            assertSays(reset, "cannot read from the connection to 127.0.0.1");
          }
          co.await(server.aclose());
          assertEquals(List.of(), reported);
        });
  }

  @EngineTest
  @Conforms({"I-029"})
  void aDeferredServerAcceptsNobodyBeforeItIsTold() throws Exception {
    run(
        co -> {
          List<String> log = new ArrayList<>();
          TcpServer server =
              co.await(
                  TcpServer.setup()
                      .on(HERE, 0)
                      .deferred()
                      .start((in, client) -> log.add("served")));
          assertFalse(server.isServing());
          TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
          co.await(Async.sleep(ms(20)));
          assertEquals(List.of(), log);
          server.startServing();
          assertTrue(server.isServing());
          assertEquals(0, co.await(stream.read(1)).length);
          assertEquals(List.of("served"), log);
        });
  }

  @EngineTest
  @Conforms({"I-030"})
  void serveForeverEndsWithACancellationAndClosesTheServer() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(ECHO));
          Task<Void> serving = Task.eager().start(server.serveForever());
          assertTrue(server.isServing());
          assertSays(
              assertThrows(IllegalStateException.class, () -> co.await(server.serveForever())),
              "cannot serve twice");
          serving.cancel("that was all");
          assertEquals(
              "that was all", assertThrows(Cancelled.class, () -> co.await(serving)).reason());
          assertFalse(server.isServing());
          assertSays(
              assertThrows(IllegalStateException.class, () -> co.await(server.serveForever())),
              "closed");
        });
  }

  @EngineTest
  @Conforms({"I-031"})
  void aClosedServerRefusesClientsAndKeepsThoseItHas() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(ECHO));
          int port = server.port();
          TcpStream stream = co.await(TcpStream.connect(HERE, port));
          co.await(stream.write("x"));
          assertEquals("x", text(co.await(stream.read(1))));
          server.close();
          server.close();
          assertEquals(List.of(), server.addresses());
          co.await(Async.sleep(ms(5))); // java.nio closes a socket when it selects next
          ConnectException refused =
              assertThrows(ConnectException.class, () -> co.await(TcpStream.connect(HERE, port)));
          assertEquals(
              "cannot connect to 127.0.0.1:" + port + ": Connection refused", refused.getMessage());
          co.await(stream.write("y"));
          assertEquals("y", text(co.await(stream.read(1))));
        });
  }

  @EngineTest
  @Conforms({"I-032"})
  void whenClosedWaitsForTheServerAndItsConnections() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(ECHO));
          TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
          co.await(stream.write("x"));
          co.await(stream.read(1));
          Task<Void> waiting = Task.start(server.whenClosed());
          co.await(Async.sleep(ms(5)));
          assertFalse(waiting.done());
          server.close();
          co.await(Async.sleep(ms(5)));
          assertFalse(waiting.done());
          co.await(stream.aclose());
          co.await(waiting);
          co.await(server.whenClosed());
        });
  }

  @EngineTest
  @Conforms({"I-032"})
  void whenClosedWaitsForTheServerAfterItsConnections() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve((in, client) -> {}));
          TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
          co.await(stream.readAll());
          Task<Void> waiting = Task.start(server.whenClosed());
          co.await(Async.sleep(ms(5)));
          assertFalse(waiting.done());
          server.close();
          co.await(waiting);
        });
  }

  @EngineTest
  @Conforms({"I-033"})
  void closeClientsClosesWhatWasWrittenAndAll() throws Exception {
    run(
        co -> {
          AsyncEvent over = AsyncEvent.open();
          TcpServer server =
              co.await(
                  serve(
                      (in, client) -> {
                        in.await(client.write("bye"));
                        in.await(over.whenSet());
                      }));
          TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
          co.await(stream.reader().more());
          server.closeClients();
          assertEquals("bye", text(co.await(stream.readAll())));
          over.set();
        });
  }

  @EngineTest
  @Conforms({"I-033"})
  void abortClientsDropsAllConnections() throws Exception {
    run(
        co -> {
          AsyncEvent over = AsyncEvent.open();
          TcpServer server =
              co.await(
                  serve(
                      (in, client) -> {
                        in.await(client.write("bye"));
                        in.await(over.whenSet());
                      }));
          TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
          co.await(stream.reader().more());
          server.abortClients();
          IOException reset = assertThrows(IOException.class, () -> co.await(stream.readAll()));
          assertSays(reset, "cannot read from the connection to 127.0.0.1:" + server.port() + ": ");
          assertSays(reset, "eset");
          over.set();
        });
  }

  @EngineTest
  @Conforms({"I-034"})
  void theScopedFormClosesAndWaits() throws Exception {
    run(
        co -> {
          List<String> log = new ArrayList<>();
          TcpServer server =
              co.await(
                  serve(
                      (in, client) -> {
                        in.await(client.readAll());
                        log.add("handled");
                      }));
          co.await(
              Async.usingAction(
                  server,
                  (in, s) -> {
                    TcpStream stream = in.await(TcpStream.connect(HERE, s.port()));
                    in.await(stream.write("x"));
                    stream.close();
                  }));
          assertEquals(List.of("handled"), log);
          assertFalse(server.isServing());
        });
  }

  @EngineTest
  @Conforms({"I-035"})
  void aServerListensOnSeveralAddresses() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(TcpServer.setup().on(HERE, 0).on("127.0.0.2", 0).start(ECHO));
          assertEquals(2, server.addresses().size());
          for (var address : server.addresses()) {
            assertTrue(((InetSocketAddress) address).getPort() > 0);
            TcpStream stream = co.await(TcpStream.connect(address));
            assertEquals(address, stream.remoteAddress());
            stream.end();
            assertNull(co.await(stream.readLine()));
          }
        });
  }

  @EngineTest
  @Conforms({"I-035"})
  void anAddressInUseIsAnErrorAndLeavesNothingOpen() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(ECHO));
          int port = server.port();
          Path socket = directory.resolve("other");
          BindException failure =
              assertThrows(
                  BindException.class,
                  () ->
                      co.await(
                          TcpServer.setup()
                              .on(UnixDomainSocketAddress.of(socket))
                              .on(HERE, port)
                              .start(ECHO)));
          assertSays(failure, "cannot listen on 127.0.0.1:" + port + ": Address already in use");
          co.await(Async.sleep(ms(5)));
          assertFalse(Files.exists(socket));
        });
  }

  @EngineTest
  @Conforms({"I-037"})
  void aServerOnAUnixSocketRemovesItsFile() throws Exception {
    run(
        co -> {
          Path socket = directory.resolve("socket");
          TcpServer server = co.await(TcpServer.start(UnixDomainSocketAddress.of(socket), ECHO));
          assertEquals(List.of(UnixDomainSocketAddress.of(socket)), server.addresses());
          TcpStream stream = co.await(TcpStream.connect(UnixDomainSocketAddress.of(socket)));
          co.await(stream.write("x\n"));
          assertEquals("x", co.await(stream.readLine()));
          co.await(stream.aclose());
          co.await(server.aclose());
          assertFalse(Files.exists(socket));
        });
  }

  @EngineTest
  @Conforms({"I-037"})
  void aServerOnAUnixSocketLeavesTheFileOfAnotherThatHasTakenItsPlace() throws Exception {
    run(
        co -> {
          Path socket = directory.resolve("socket");
          TcpServer first = co.await(TcpServer.start(UnixDomainSocketAddress.of(socket), ECHO));
          Files.delete(socket);
          TcpServer second = co.await(TcpServer.start(UnixDomainSocketAddress.of(socket), ECHO));
          co.await(first.aclose());
          TcpStream stream = co.await(TcpStream.connect(UnixDomainSocketAddress.of(socket)));
          co.await(stream.write("x\n"));
          assertEquals("x", co.await(stream.readLine()));
          co.await(stream.aclose());
          co.await(second.aclose());
          assertFalse(Files.exists(socket));
        });
  }

  @EngineTest
  @Conforms({"I-037"})
  void aServerOnAUnixSocketDoesNotMindThatItsFileIsGone() throws Exception {
    run(
        co -> {
          Path socket = directory.resolve("socket");
          TcpServer server = co.await(TcpServer.start(UnixDomainSocketAddress.of(socket), ECHO));
          Files.delete(socket);
          co.await(server.aclose());
          assertEquals(List.of(), server.addresses());
        });
  }

  @EngineTest
  @Conforms({"I-037"})
  void aServerOnAUnixSocketKeepsItsFileIfItShould() throws Exception {
    run(
        co -> {
          Path socket = directory.resolve("socket");
          TcpServer server =
              co.await(
                  TcpServer.setup().on(UnixDomainSocketAddress.of(socket)).keepFile().start(ECHO));
          co.await(server.aclose());
          co.await(Async.sleep(ms(1))); // until the socket is closed
          assertTrue(Files.exists(socket));
          Files.delete(socket);
        });
  }

  @EngineTest
  void noMoreAreServedAtATimeThanTheLimit() throws Exception {
    run(
        co -> {
          int[] now = new int[1];
          int[] most = new int[1];
          AsyncBarrier three = AsyncBarrier.of(3);
          TcpServer server =
              co.await(
                  TcpServer.setup()
                      .on(HERE, 0)
                      .connections(3)
                      .start(
                          (in, client) -> {
                            most[0] = Math.max(most[0], ++now[0]);
                            in.await(three.arrive());
                            in.await(client.write(in.await(client.readLine()) + "\n"));
                            now[0]--;
                          }));
          List<Async<Void>> clients = new ArrayList<>();
          for (int i = 0; i < 39; i++) {
            clients.add(
                Async.action(
                    in -> {
                      TcpStream stream = in.await(TcpStream.connect(HERE, server.port()));
                      in.await(stream.write("x\n"));
                      assertEquals("x", in.await(stream.readLine()));
                      in.await(stream.aclose());
                    }));
          }
          co.await(Async.gather(clients));
          assertEquals(3, most[0]);
        });
  }

  @EngineTest
  void aConnectionStaysOnOneOfTheLoops() throws Exception {
    run(
        co -> {
          Set<EventLoop> loops = ConcurrentHashMap.newKeySet();
          TcpServer server =
              co.await(
                  TcpServer.setup()
                      .on(HERE, 0)
                      .loops(2)
                      .start(
                          (in, client) -> {
                            EventLoop loop = EventLoop.current();
                            for (String line = in.await(client.readLine());
                                line != null;
                                line = in.await(client.readLine())) {
                              assertSame(loop, EventLoop.current());
                              in.await(client.write(line + "\n"));
                            }
                            loops.add(loop);
                          }));
          for (int i = 0; i < 4; i++) {
            TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
            for (int n = 0; n < 3; n++) {
              co.await(stream.write("x\n"));
              assertEquals("x", co.await(stream.readLine()));
            }
            co.await(stream.aclose());
          }
          co.await(server.aclose());
          assertEquals(2, loops.size());
        });
  }

  @EngineTest
  void aServerEndsWithItsLoop() throws Exception {
    int[] port = new int[1];
    run(co -> port[0] = co.await(serve(ECHO)).port());
    run(
        co ->
            assertThrows(ConnectException.class, () -> co.await(TcpStream.connect(HERE, port[0]))));
  }

  @EngineTest
  void theThreadsOfAServerEndWithItsLoop() throws Exception {
    List<SocketChannel> clients = new ArrayList<>();
    run(
        co -> {
          TcpServer server = co.await(TcpServer.setup().on(HERE, 0).loops(3).start(ECHO));
          for (int i = 0; i < 6; i++) {
            clients.add(SocketChannel.open(new InetSocketAddress(HERE, server.port())));
          }
          while (server.connections() < 6) {
            co.await(Async.sleep(ms(1)));
          }
        });
    for (SocketChannel each : clients) {
      try {
        assertEquals(-1, each.read(ByteBuffer.allocate(1)));
      } catch (IOException reset) {
        assertNotNull(reset.getMessage());
      }
      each.close();
    }
  }
}
