import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.EventLoop;
import io.fermata.net.ServerSetup;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import io.fermata.net.Tls;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Sends back what it gets, to any number of clients, on one thread: {@code EchoServer [PORT
 * [CHAIN.pem KEY.pem]]}, with TLS if it gets a certificate.
 */
public class EchoServer {
  public static void main(String[] args) throws Exception {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 7007;
    ServerSetup setup = TcpServer.setup().on("127.0.0.1", port);
    if (args.length > 2) {
      setup = setup.tls(Tls.server(Path.of(args[1]), Path.of(args[2])));
    }
    EventLoop.run(serve(setup));
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
