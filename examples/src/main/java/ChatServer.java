import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.EventLoop;
import io.fermata.io.LimitOverrunException;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A room to chat in: {@code nc localhost 7010} enters it, {@code /who} lists who is there. */
public class ChatServer {
  private static final int LONGEST_LINE = 1000;

  private final Map<String, TcpStream> members = new LinkedHashMap<>();

  public static void main(String[] args) throws Exception {
    int port = args.length > 0 ? port(args[0]) : 7010;
    EventLoop.run(new ChatServer().serve(port));
  }

  private static int port(String text) {
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
    if (port < 0 || port > 65535) {
      System.err.println("not a port: " + text + "; usage: ChatServer [PORT]");
      System.exit(2);
    }
    return port;
  }

  Async<Void> serve(int port) {
    return Async.action(
        co -> {
          TcpServer server =
              co.await(
                  TcpServer.setup()
                      .on("127.0.0.1", port)
                      .limits(LONGEST_LINE, 1 << 16)
                      .start(this::welcome));
          System.out.println("listening on port " + server.port());
          try {
            co.await(server.serveForever());
          } finally {
            tell("* the room closes");
            co.await(server.stop(Duration.ofSeconds(2)));
          }
        });
  }

  private void welcome(Awaiter co, TcpStream client) throws Exception {
    try {
      co.await(client.write("your name?\n"));
      String name = co.await(client.readLine());
      if (name == null || name.isBlank() || members.containsKey(name)) {
        co.await(client.write("* this name cannot be had\n"));
        return;
      }
      tell("* " + name + " comes in");
      members.put(name, client);
      try {
        co.await(client.write("* welcome, " + name + "\n"));
        chat(co, name, client);
      } finally {
        members.remove(name);
        tell("* " + name + " has left");
      }
    } catch (IOException gone) {
      // members may leave at any time
    }
  }

  private void chat(Awaiter co, String name, TcpStream client) throws Exception {
    while (true) {
      try {
        String line = co.await(client.readLine());
        if (line == null || line.equals("/quit")) {
          return;
        } else if (line.equals("/who")) {
          co.await(client.write("* " + String.join(", ", members.keySet()) + "\n"));
        } else if (!line.isBlank()) {
          tell(name + ": " + line);
        }
      } catch (LimitOverrunException tooLong) {
        co.await(client.write("* a line has at most " + LONGEST_LINE + " bytes\n"));
      }
    }
  }

  /** To all who are in. Does not wait: who does not read what the others say is put out. */
  private void tell(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    for (TcpStream each : List.copyOf(members.values())) {
      try {
        if (!each.writer().tryWrite(bytes)) {
          each.abort();
        }
      } catch (IOException gone) {
        // its own handler takes it out
      }
    }
  }
}
