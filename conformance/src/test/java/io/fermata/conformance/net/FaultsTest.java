package io.fermata.conformance.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** What goes wrong with many clients, and must not harm a server. */
class FaultsTest extends NetTest {
  @EngineTest
  void noRequestThatWasReadIsLostWhenTheServerStopsUnderLoad() throws Exception {
    run(
        co -> {
          int[] read = new int[1];
          int[] answered = new int[1];
          TcpServer server =
              co.await(
                  serve(
                      (in, client) -> {
                        for (String line = in.await(client.readLine());
                            line != null;
                            line = in.await(client.readLine())) {
                          read[0]++;
                          in.await(Async.sleep(ms(1))); // the work
                          in.await(client.write(line + "\n"));
                        }
                      }));
          int port = server.port();
          List<Task<Void>> clients = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            clients.add(Task.start(askingUntilTheEnd(port, answered)));
          }
          while (answered[0] < 100) {
            co.await(Async.sleep(ms(1)));
          }
          Task<Boolean> stopping = Task.eager().start(server.stop(ms(5000)));
          co.await(server.whenStopping());
          assertTrue(co.await(stopping));
          for (Task<Void> each : clients) {
            co.await(each);
          }
          assertEquals(read[0], answered[0]);
          assertEquals(0, server.connections());
        });
  }

  /** Pauses between requests, as a connection that is never silent is not ended early. */
  private static Async<Void> askingUntilTheEnd(int port, int[] answered) {
    return Async.action(
        co -> {
          TcpStream stream = co.await(TcpStream.connect(HERE, port));
          try {
            while (true) {
              co.await(stream.write("question\n"));
              if (co.await(stream.readLine()) == null) {
                break;
              }
              answered[0]++;
              co.await(Async.sleep(ms(answered[0] < 100 ? 0 : 200)));
            }
          } catch (IOException closedBeforeTheQuestion) {
            assertSays(closedBeforeTheQuestion, "the connection to 127.0.0.1:" + port);
          }
          stream.close();
        });
  }

  @EngineTest
  void atTheDeadlineOfAStopHandlersAreCancelled() throws Exception {
    run(
        co -> {
          List<String> log = new ArrayList<>();
          TcpServer server =
              co.await(
                  serve(
                      (in, client) -> {
                        in.await(client.write("begun\n"));
                        try {
                          in.await(Async.sleep(PATIENCE));
                        } finally {
                          log.add("ended");
                        }
                      }));
          TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
          assertEquals("begun", co.await(stream.readLine()));
          assertFalse(co.await(server.stop(ms(30))));
          assertEquals(List.of("ended"), log);
          stream.abort();
        });
  }

  @EngineTest
  void aPeerThatDoesNotReadDoesNotHoldUpTheEndOfAServer() throws Exception {
    run(
        co -> {
          TcpServer server =
              co.await(serve((in, client) -> in.await(client.write(new byte[20_000_000]))));
          TcpStream stream =
              co.await(TcpStream.setup().limits(1000, 1000).connect(HERE, server.port()));
          while (server.connections() == 0) {
            co.await(Async.sleep(ms(1)));
          }
          assertFalse(co.await(server.stop(ms(50))));
          assertEquals(0, server.connections());
          stream.abort();
        });
  }

  @EngineTest
  void aFloodOfConnectsAndClosesLeavesNothing() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(ECHO));
          EventLoop.current().setExceptionHandler((loop, failure) -> {});
          long before = descriptors();
          for (int round = 0; round < 20; round++) {
            List<Async<Void>> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
              int number = i;
              clients.add(
                  Async.action(
                      in -> {
                        TcpStream stream = in.await(TcpStream.connect(HERE, server.port()));
                        if (number % 3 == 0) {
                          in.await(stream.write("bytes"));
                        }
                        if (number % 2 == 0) {
                          stream.abort();
                        } else {
                          stream.close();
                        }
                        in.await(stream.whenClosed());
                      }));
            }
            co.await(Async.gather(clients));
          }
          TcpStream last = co.await(TcpStream.connect(HERE, server.port()));
          co.await(last.write("still there?\n"));
          assertEquals("still there?", co.await(last.readLine()));
          co.await(last.aclose());
          co.await(server.aclose());
          assertEquals(0, server.connections());
          assertTrue(descriptors() <= before);
        });
  }

  private static UnixOperatingSystemMXBean system() {
    Assumptions.assumeTrue(
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean,
        "no counts of descriptors here");
    return (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  }

  private static long descriptors() {
    return system().getOpenFileDescriptorCount();
  }

  private static int endless(int depth) {
    return endless(depth + 1) + 1;
  }

  @EngineTest
  void aHandlerWithoutMemoryOrStackFailsAlone() throws Exception {
    List<String> reported = new ArrayList<>();
    run(
        co -> {
          EventLoop.current()
              .setExceptionHandler(
                  (loop, failure) -> reported.add(failure.exception().getClass().getSimpleName()));
          TcpServer server =
              co.await(
                  serve(
                      (in, client) -> {
                        for (String line = in.await(client.readLine());
                            line != null;
                            line = in.await(client.readLine())) {
                          int number =
                              switch (line) {
                                case "memory" -> new long[Integer.MAX_VALUE].length;
                                case "stack" -> endless(0);
                                default -> 0;
                              };
                          in.await(client.write(line + number + "\n"));
                        }
                      }));
          TcpStream other = co.await(TcpStream.connect(HERE, server.port()));
          for (String fault : List.of("memory", "stack", "memory", "stack")) {
            TcpStream bad = co.await(TcpStream.connect(HERE, server.port()));
            co.await(bad.write(fault + "\n"));
            assertNull(co.await(bad.readLine()), fault);
            co.await(bad.aclose());
            co.await(other.write("ping\n"));
            assertEquals("ping0", co.await(other.readLine()));
          }
          co.await(other.aclose());
          co.await(server.aclose());
        });
    assertEquals(
        List.of("OutOfMemoryError", "StackOverflowError", "OutOfMemoryError", "StackOverflowError"),
        reported);
  }

  @EngineTest
  void tenThousandIdleConnectionsHoldLittle() throws Exception {
    long free = system().getMaxFileDescriptorCount() - descriptors() - 200;
    int most = EveryEngine.compiles() ? 10_000 : 100; // each is a thread on the other engine
    int count = (int) Math.min(most, free / 2);
    Assumptions.assumeTrue(count >= 100, "too few descriptors");
    List<SocketChannel> clients = new ArrayList<>();
    run(
        co -> {
          TcpServer server = co.await(serve(ECHO));
          int port = server.port();
          long before = usedMemory();
          co.await(
              Async.toThread(
                  () -> {
                    for (int i = 0; i < count; i++) {
                      SocketChannel client =
                          SocketChannel.open(new java.net.InetSocketAddress(HERE, port));
                      client.setOption(StandardSocketOptions.SO_LINGER, 0);
                      clients.add(client);
                    }
                  }));
          while (server.connections() < count) {
            co.await(Async.sleep(ms(5)));
          }
          co.await(Async.sleep(ms(50)));
          long each = (usedMemory() - before) / count;
          if (EveryEngine.compiles()) {
            System.out.println(
                count + " idle connections: " + each + " bytes of heap each, with the clients'");
            assertTrue(each < 6_000, each + " bytes");
          }
          server.abortClients();
          co.await(server.aclose());
          for (SocketChannel client : clients) {
            client.close();
          }
        });
  }

  private static long usedMemory() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** A server with few descriptors; prints its port. */
  public static final class Scarce {
    private Scarce() {}

    public static void main(String[] arguments) throws Exception {
      EventLoop.run(
          Async.action(
              co -> {
                TcpServer server = co.await(serve(ECHO));
                List<Async<Void>> first = new ArrayList<>();
                for (int i = 0; i < 5; i++) { // so that all classes are loaded
                  first.add(holdingOn(server.port(), new int[1]));
                }
                co.await(Async.gather(first));
                System.out.println(server.port());
                co.await(server.serveForever());
              }));
    }
  }

  @EngineTest
  @Conforms({"I-036"})
  void aServerWithoutDescriptorsPausesAndGoesOn() throws Exception {
    Process process =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "ulimit -n 120 && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dfermata.engine=" + (EveryEngine.compiles() ? "auto" : "thread"),
                "-cp",
                System.getProperty("java.class.path"),
                Scarce.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
      String line = out.readLine();
      assertNotNull(line, "the server did not start");
      int port = Integer.parseInt(line);
      run(
          co -> {
            int[] answered = new int[1];
            List<Task<Void>> clients = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
              clients.add(Task.start(holdingOn(port, answered)));
            }
            int before = -1;
            for (int quiet = 0; quiet < 10; ) {
              co.await(Async.sleep(ms(30)));
              quiet = answered[0] > 0 && answered[0] == before ? quiet + 1 : 0;
              before = answered[0];
            }
            assertTrue(before < 120, before + " were served with 120 descriptors");
            for (int i = 0; i < clients.size(); i++) {
              co.await(clients.get(i));
            }
            assertEquals(200, answered[0]);
            assertTrue(process.isAlive());
          });
    } finally {
      process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  /** Is answered, and holds its connection for a while. */
  private static Async<Void> holdingOn(int port, int[] answered) {
    return Async.action(
        co -> {
          TcpStream stream = co.await(TcpStream.connect(HERE, port));
          co.await(stream.write("x\n"));
          assertEquals("x", co.await(stream.readLine()));
          answered[0]++;
          co.await(Async.sleep(ms(600)));
          co.await(stream.aclose());
        });
  }
}
