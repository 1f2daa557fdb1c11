import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Awaiter;
import io.fermata.async.EventLoop;
import io.fermata.io.IncompleteReadException;
import io.fermata.io.LimitOverrunException;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/**
 * A small HTTP/1.1 server: persistent connections, pipelining, bodies with a length or in chunks,
 * limits for everything. {@code GET /} greets, {@code POST /echo} sends the body back, and {@code
 * GET /count/3} counts in chunks.
 */
public class HttpServer {
  private static final int LONGEST_HEAD = 16 << 10;
  private static final int LARGEST_BODY = 1 << 20;

  /** For a whole request, and for the client to come back with the next one. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  public static void main(String[] args) throws Exception {
    int port = args.length > 0 ? port(args[0]) : 8080;
    EventLoop.run(
        Async.action(
            co -> {
              TcpServer server =
                  co.await(
                      TcpServer.setup()
                          .on("127.0.0.1", port)
                          .limits(LONGEST_HEAD, 1 << 16)
                          .start(HttpServer::serve));
              System.out.println("listening on port " + server.port());
              try {
                co.await(server.serveForever());
              } finally {
                co.await(server.stop(Duration.ofSeconds(2)));
              }
            }));
  }

  private static int port(String text) {
    int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : -1;
    if (port < 0 || port > 65535) {
      System.err.println("not a port: " + text + "; usage: HttpServer [PORT]");
      System.exit(2);
    }
    return port;
  }

  static void serve(Awaiter co, TcpStream client) throws Exception {
    try {
      Request request = co.await(Async.waitFor(read(client), PATIENCE));
      while (request != null) {
        co.await(send(client, request, handle(request)));
        request = request.persists() ? co.await(Async.waitFor(read(client), PATIENCE)) : null;
      }
    } catch (HttpException refused) {
      co.await(refuse(client, refused));
    } catch (TimeoutException | IOException gone) {
      // a client may be slow, and leave at any time
    }
  }

  // What is served

  static Response handle(Request request) throws HttpException {
    String path = request.target.split("\\?", 2)[0];
    if (path.equals("/echo")) {
      request.allow("POST");
      return Response.of(request.body);
    }
    request.allow("GET", "HEAD");
    if (path.equals("/")) {
      return Response.of("Hello, world!\n".getBytes(UTF_8));
    }
    if (path.matches("/count/\\d{1,6}")) {
      return Response.inPieces(count(Integer.parseInt(path.substring(7))));
    }
    throw new HttpException(404, "Not Found");
  }

  private static AsyncGenerator<byte[]> count(int to) {
    return AsyncGenerator.of(
        co -> {
          for (int i = 1; i <= to; i++) {
            co.yield((i + "\n").getBytes(UTF_8));
          }
        });
  }

  // Requests

  /** Gives null if the client has no more. */
  private static Async<Request> read(TcpStream client) {
    return Async.of(
        co -> {
          try {
            String head = "";
            while (head.isEmpty()) { // lines before it are to be ignored
              head = new String(co.await(client.readUntil("\r\n\r\n")), ISO_8859_1).strip();
            }
            Request request = new Request(head);
            if ("100-continue".equalsIgnoreCase(request.headers.get("Expect"))) {
              request.bodyLength(); // refused before it comes
              co.await(client.write("HTTP/1.1 100 Continue\r\n\r\n"));
            }
            request.body =
                request.isChunked()
                    ? readChunks(co, client)
                    : co.await(client.readExactly(request.bodyLength()));
            return request;
          } catch (IncompleteReadException end) {
            return null;
          } catch (LimitOverrunException tooLong) {
            throw new HttpException(431, "Request Header Fields Too Large");
          }
        });
  }

  private static byte[] readChunks(Awaiter co, TcpStream client) throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int length = chunkLength(co.await(client.readUntil("\r\n")));
      if (body.size() + length > LARGEST_BODY) {
        throw new HttpException(413, "Content Too Large");
      }
      if (length == 0) {
        break;
      }
      body.write(co.await(client.readExactly(length)));
      if (co.await(client.readUntil("\r\n")).length != 2) {
        throw HttpException.badRequest();
      }
    }
    int trailer = LONGEST_HEAD;
    while (true) {
      int length = co.await(client.readUntil("\r\n")).length;
      trailer -= length;
      if (length == 2) {
        return body.toByteArray();
      } else if (trailer < 0) {
        throw new HttpException(431, "Request Header Fields Too Large");
      }
    }
  }

  private static int chunkLength(byte[] line) throws HttpException {
    String digits = new String(line, ISO_8859_1).replaceFirst(";.*", "").strip();
    if (!digits.matches("[0-9A-Fa-f]{1,16}")) {
      throw HttpException.badRequest();
    }
    return (int) Math.min(Long.parseUnsignedLong(digits, 16) & Long.MAX_VALUE, LARGEST_BODY + 1);
  }

  /** A request, checked so that nobody can take it for another one. */
  static final class Request {
    final String method;
    final String target;
    final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final boolean old;
    byte[] body = {};

    Request(String head) throws HttpException {
      String[] lines = head.split("\r\n");
      String[] words = lines[0].split(" ", -1);
      if (words.length != 3 || !words[2].matches("HTTP/\\d\\.\\d")) {
        throw HttpException.badRequest();
      }
      if (!words[2].startsWith("HTTP/1.")) {
        throw new HttpException(505, "HTTP Version Not Supported");
      }
      method = words[0];
      target = words[1];
      old = words[2].equals("HTTP/1.0");
      for (int i = 1; i < lines.length; i++) {
        addHeader(lines[i]);
      }
      if (!old && !headers.containsKey("Host")) {
        throw HttpException.badRequest();
      }
    }

    private void addHeader(String line) throws HttpException {
      int colon = line.indexOf(':');
      if (colon <= 0 || !isToken(line, colon)) {
        throw HttpException.badRequest();
      }
      String name = line.substring(0, colon);
      String before = headers.put(name, line.substring(colon + 1).strip());
      if (before != null) {
        if (name.equalsIgnoreCase("Content-Length") || name.equalsIgnoreCase("Host")) {
          throw HttpException.badRequest();
        }
        headers.merge(name, before, (value, first) -> first + ", " + value);
      }
    }

    private static boolean isToken(String line, int end) {
      for (int i = 0; i < end; i++) {
        char c = line.charAt(i);
        if (c <= ' ' || c >= 127 || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
          return false;
        }
      }
      return true;
    }

    boolean isChunked() throws HttpException {
      String coding = headers.get("Transfer-Encoding");
      if (coding == null) {
        return false;
      }
      if (headers.containsKey("Content-Length")) {
        throw HttpException.badRequest();
      }
      if (!coding.equalsIgnoreCase("chunked")) {
        throw new HttpException(501, "Not Implemented");
      }
      return true;
    }

    int bodyLength() throws HttpException {
      String length = headers.getOrDefault("Content-Length", "0");
      if (!length.matches("\\d{1,18}")) {
        throw HttpException.badRequest();
      }
      if (Long.parseLong(length) > LARGEST_BODY) {
        throw new HttpException(413, "Content Too Large");
      }
      return Integer.parseInt(length);
    }

    /** Whether the connection goes on after it. */
    boolean persists() {
      String wish = headers.getOrDefault("Connection", "keep-alive");
      return !old && !wish.toLowerCase(Locale.ROOT).contains("close");
    }

    void allow(String... methods) throws HttpException {
      for (String each : methods) {
        if (each.equals(method)) {
          return;
        }
      }
      throw new HttpException(405, "Method Not Allowed", "Allow: " + String.join(", ", methods));
    }
  }

  // Responses

  record Response(byte[] body, AsyncGenerator<byte[]> pieces) {
    static Response of(byte[] body) {
      return new Response(body, null);
    }

    /** One whose length is not known before. */
    static Response inPieces(AsyncGenerator<byte[]> pieces) {
      return new Response(null, pieces);
    }
  }

  private static Async<Void> send(TcpStream client, Request request, Response response) {
    return Async.action(
        co -> {
          String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
          head += request.persists() ? "" : "Connection: close\r\n";
          boolean wantsBody = !request.method.equals("HEAD");
          if (response.body != null) {
            head += "Content-Length: " + response.body.length + "\r\n\r\n";
            co.await(client.write(joined(head, wantsBody ? response.body : new byte[0])));
            return;
          }
          boolean chunked = !request.old; // else the end of the connection is that of the body
          co.await(client.write(head + (chunked ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n")));
          if (wantsBody) {
            co.await(
                response.pieces.forEach(
                    (in, each) -> in.await(client.write(chunked ? chunk(each) : each))));
            co.await(client.write(chunked ? "0\r\n\r\n" : ""));
          }
        });
  }

  private static byte[] chunk(byte[] piece) {
    byte[] end = {'\r', '\n'};
    return joined(Integer.toHexString(piece.length) + "\r\n", piece, end);
  }

  private static byte[] joined(String first, byte[]... rest) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first.getBytes(ISO_8859_1));
    for (byte[] each : rest) {
      all.writeBytes(each);
    }
    return all.toByteArray();
  }

  /** Says why, and waits a moment for the client to read it, who may be sending still. */
  private static Async<Void> refuse(TcpStream client, HttpException why) {
    return Async.action(
        co -> {
          byte[] body = (why.getMessage() + "\n").getBytes(UTF_8);
          String head =
              "HTTP/1.1 "
                  + why.getMessage()
                  + "\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                  + why.headers
                  + "Content-Length: "
                  + body.length
                  + "\r\n\r\n";
          try {
            co.await(client.write(joined(head, body)));
            client.end();
            co.await(Async.waitFor(discard(client), Duration.ofSeconds(1)));
          } catch (TimeoutException | IOException gone) {
            // then it does not read it
          }
        });
  }

  private static Async<Void> discard(TcpStream client) {
    return Async.action(
        co -> {
          while (co.await(client.read(65536)).length > 0) {}
        });
  }

  static final class HttpException extends Exception {
    final String headers;

    HttpException(int status, String reason, String... headers) {
      super(status + " " + reason, null, false, false);
      this.headers = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    }

    static HttpException badRequest() {
      return new HttpException(400, "Bad Request");
    }
  }
}
