import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.EventLoop;
import io.fermata.net.ServerSetup;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import io.fermata.net.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Sends back what it gets, to any number of clients, on one thread: {@code EchoServer [PORT
 * [CHAIN.pem KEY.pem]]}, with TLS if it gets a certificate.
 */
public class EchoServer {
  public static void main(String[] args) throws Exception {
    int port = args.length > 0 ? port(args[0]) : 7007;
    ServerSetup setup = TcpServer.setup().on("127.0.0.1", port);
    if (args.length > 1) {
      if (args.length != 3) {
        refuse("a certificate and its key belong together");
      }
      setup = setup.tls(Tls.server(file(args[1]), file(args[2])));
    }
    EventLoop.run(serve(setup));
  }

  private static int port(String text) {
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
    if (port < 0 || port > 65535) {
      refuse("not a port: " + text);
    }
    return port;
  }

  private static Path file(String name) {
    if (!Files.isReadable(Path.of(name))) {
      refuse("cannot read " + name);
    }
    return Path.of(name);
  }

  private static void refuse(String what) {
    System.err.println(what + "; usage: EchoServer [PORT [CHAIN.pem KEY.pem]]");
    System.exit(2);
  }

  static Async<Void> serve(ServerSetup setup) {
    return Async.action(
        co -> {
          TcpServer server = co.await(setup.start(EchoServer::echo));
          System.out.println("listening on port " + server.port());
          try {
            co.await(server.serveForever());
          } finally {
            co.await(server.stop(Duration.ofSeconds(2)));
          }
        });
  }

  static void echo(Awaiter co, TcpStream client) throws Exception {
    try {
      while (true) {
        byte[] some = co.await(client.read(65536));
        if (some.length == 0) {
          break;
        }
        co.await(client.write(some));
      }
    } catch (IOException gone) {
      // a client may leave at any time
    }
  }
}
