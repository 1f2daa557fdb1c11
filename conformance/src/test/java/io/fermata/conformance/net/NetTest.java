package io.fermata.conformance.net;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncAction;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.ScopeAction;
import io.fermata.net.ServerSetup;
import io.fermata.net.StreamSetup;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What the tests of sockets share: real loops with a limit of time, on the loopback. */
abstract class NetTest {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  static final String HERE = "127.0.0.1";

  /** Sends back what comes. */
  static final ScopeAction<TcpStream> ECHO =
      (in, client) -> {
        for (byte[] some = in.await(client.read(65_536));
            some.length > 0;
            some = in.await(client.read(65_536))) {
          in.await(client.write(some));
        }
      };

  static void run(AsyncAction main) throws Exception {
    EventLoop.run(Async.waitFor(Async.action(main), PATIENCE));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static Duration ms(long millis) {
    return Duration.ofMillis(millis);
  }

  static void assertSays(Throwable failure, String part) {
    assertTrue(String.valueOf(failure.getMessage()).contains(part), failure.toString());
  }

  static Async<TcpServer> serve(ScopeAction<TcpStream> handler) {
    return TcpServer.start(HERE, 0, handler);
  }

  /** Both ends of a connection. */
  record Pair(TcpStream client, TcpStream server) {}

  static Async<Void> withPair(ScopeAction<Pair> body) {
    return withPair(TcpStream.setup(), TcpServer.setup(), body);
  }

  /** Connects a pair, runs the body, and aborts what is left. */
  static Async<Void> withPair(StreamSetup client, ServerSetup server, ScopeAction<Pair> body) {
    return Async.action(
        co -> {
          Promise<TcpStream> accepted = Promise.open();
          Promise<Void> over = Promise.open();
          TcpServer listening =
              co.await(
                  server
                      .on(HERE, 0)
                      .start(
                          (in, stream) -> {
                            accepted.setResult(stream);
                            in.await(Async.shield(over));
                          }));
          TcpStream near = co.await(client.connect(HERE, listening.port()));
          Pair pair = new Pair(near, co.await(accepted));
          try {
            co.await(runWith(pair, body));
          } finally {
            over.setResult(null);
            near.abort();
            pair.server().abort();
            listening.close();
          }
        });
  }

  private static Async<Void> runWith(Pair pair, ScopeAction<Pair> body) {
    return Async.action(co -> body.run(co, pair));
  }
}
