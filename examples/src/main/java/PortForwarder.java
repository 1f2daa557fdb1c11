import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.EventLoop;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.TaskGroup;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import java.io.IOException;
import java.time.Duration;

/** Connects those who come to another server: {@code PortForwarder PORT HOST THEIR_PORT}. */
public class PortForwarder {
  private final String host;
  private final int port;

  PortForwarder(String host, int port) {
    this.host = host;
    this.port = port;
  }

  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      refuse("not three arguments: " + String.join(" ", args));
    }
    PortForwarder forwarder = new PortForwarder(args[1], port(args[2]));
    EventLoop.run(forwarder.serve(port(args[0])));
  }

  private static int port(String text) {
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
    if (port < 0 || port > 65535) {
      refuse("not a port: " + text);
    }
    return port;
  }

  private static void refuse(String what) {
    System.err.println(what + "; usage: PortForwarder PORT HOST THEIR_PORT");
    System.exit(2);
  }

  Async<Void> serve(int here) {
    return Async.action(
        co -> {
          TcpServer server = co.await(TcpServer.start("127.0.0.1", here, this::forward));
          System.out.println("listening on port " + server.port());
          try {
            co.await(server.serveForever());
          } finally {
            co.await(server.stop(Duration.ofSeconds(2)));
          }
        });
  }

  private void forward(Awaiter co, TcpStream client) throws Exception {
    try {
      TcpStream server = co.await(TcpStream.connect(host, port));
      co.await(Async.usingAction(server, (in, there) -> in.await(join(client, there))));
    } catch (IOException unreachable) {
      System.err.println(unreachable.getMessage());
      client.abort();
    }
  }

  /** Until both have said all; if one breaks off, so does the other. */
  private static Async<Void> join(TcpStream one, TcpStream other) {
    return Async.action(
        co -> {
          try {
            co.await(
                TaskGroup.action(
                    (in, tg) -> {
                      tg.start(pump(one, other));
                      tg.start(pump(other, one));
                    }));
          } catch (ExceptionGroup broken) {
            one.abort();
            other.abort();
          }
        });
  }

  private static Async<Void> pump(TcpStream from, TcpStream to) {
    return Async.action(
        co -> {
          while (true) {
            byte[] some = co.await(from.read(65536));
            if (some.length == 0) {
              to.end();
              return;
            }
            co.await(to.write(some));
          }
        });
  }
}
