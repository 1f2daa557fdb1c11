package io.fermata.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The programs of the network, and the clients that people use with such servers. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class NetProgramsTest {
  private static final Map<String, NetProgram> SERVERS = new HashMap<>();
  private static final Map<String, Integer> PORTS = new HashMap<>();

  @TempDir Path directory;

  // The server that takes Redis's place

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void redisCliGetsWhatRedisWouldAnswer(String engine) throws Exception {
    String commands =
        """
        PING
        SET count 41
        INCR count
        GET count
        EXPIRE count 100
        TTL count
        EXISTS count other
        DEL count other
        GET count
        INCR
        SET word text
        INCR word
        """;

    assertEquals(
        """
        PONG
        OK
        42
        42
        1
        100
        1
        1

        ERR wrong number of arguments for 'incr' command

        OK
        ERR value is not an integer or out of range

        """,
        redisCli(engine).send(commands).result());
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void aKeyIsGoneWhenItsTimeIsOver(String engine) throws Exception {
    redisCli(engine, "SET", "short", "life", "PX", 30).result();

    while (!redisCli(engine, "GET", "short").result().isBlank()) {
      Thread.onSpinWait();
    }
    assertEquals("-2", redisCli(engine, "TTL", "short").result().strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void redisBenchmarkRunsWithPipelining(String engine) throws Exception {
    String table =
        NetProgram.tool(
                "redis-benchmark",
                "-p",
                port(engine, "RedisServer"),
                "-c",
                20,
                "-n",
                10000,
                "-P",
                16,
                "--csv",
                "-t",
                "ping,set,get,incr")
            .result();

    assertEquals(
        List.of("PING_INLINE", "PING_MBULK", "SET", "GET", "INCR"),
        table.lines().skip(1).map(line -> line.split("\"")[1]).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void aSubscriberGetsWhatIsPublished(String engine) throws Exception {
    try (NetProgram subscriber = redisCli(engine, "SUBSCRIBE", "news")) {
      for (String line : List.of("subscribe", "news", "1")) {
        assertEquals(line, subscriber.line());
      }
      assertEquals("1", redisCli(engine, "PUBLISH", "news", "hello").result().strip());
      assertEquals("0", redisCli(engine, "PUBLISH", "olds", "hello").result().strip());
      for (String line : List.of("message", "news", "hello")) {
        assertEquals(line, subscriber.line());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void aRequestThatBreaksTheProtocolEndsTheConnection(String engine) throws Exception {
    assertEquals(
        "+PONG\r\n-ERR Protocol error: invalid bulk length\r\n",
        exchange(port(engine, "RedisServer"), "PING\r\n*1\r\n$x\r\n"));
  }

  // The web server

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void curlUsesAConnectionAgain(String engine) throws Exception {
    String url = url(engine, "/");
    NetProgram curl = NetProgram.tool("curl", "-sv", url, url);

    assertEquals("Hello, world!\nHello, world!\n", curl.result());
    assertTrue(curl.errors().contains("Re-using existing"), curl.errors());
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void chunksComeInAndGoOut(String engine) throws Exception {
    String body = numbers(30000);
    Path file = Files.writeString(directory.resolve("body"), body);

    String chunked = "Transfer-Encoding: chunked";
    assertEquals(body, curl("-H", chunked, "--data-binary", "@" + file, url(engine, "/echo")));
    assertEquals(body, curl("--data-binary", "@" + file, url(engine, "/echo")));
    assertEquals(numbers(3000), curl(url(engine, "/count/3000")));
    assertEquals(numbers(3000), curl("--http1.0", url(engine, "/count/3000")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void whatIsTooLargeIsRefused(String engine) throws Exception {
    Path file = Files.write(directory.resolve("body"), new byte[2_000_000]);

    assertEquals("413", status("--data-binary", "@" + file, url(engine, "/echo")));
    assertEquals(
        "413",
        status(
            "-H", "Transfer-Encoding: chunked", "--data-binary", "@" + file, url(engine, "/echo")));
    assertEquals("431", status("-H", "X: " + "x".repeat(20_000), url(engine, "/")));
    assertEquals("404", status(url(engine, "/none")));
    assertEquals("405", status("-X", "DELETE", url(engine, "/")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void pipelinedRequestsAreAnsweredInOrder(String engine) throws Exception {
    String answers =
        exchange(
            port(engine, "HttpServer"),
            """
            GET /count/1 HTTP/1.1
            Host: here

            POST /echo HTTP/1.1
            Host: here
            Content-Length: 5

            helloGET / HTTP/1.1
            Host: here
            Connection: close

            """
                .replace("\n", "\r\n"));

    assertTrue(answers.matches("(?s)(HTTP/1.1 200 OK.*){3}"), answers);
    assertTrue(answers.indexOf("2\r\n1\n") < answers.indexOf("hello"), answers);
    assertTrue(answers.indexOf("hello") < answers.indexOf("Hello, world!"), answers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void aRequestWithTwoLengthsIsRefused(String engine) throws Exception {
    String answer =
        exchange(
            port(engine, "HttpServer"),
            """
            POST /echo HTTP/1.1
            Host: here
            Content-Length: 5
            Transfer-Encoding: chunked

            0

            GET / HTTP/1.1
            Host: here

            """
                .replace("\n", "\r\n"));

    assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
    assertFalse(answer.contains("Hello"), answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void wrkFindsNoErrors(String engine) throws Exception {
    String report = NetProgram.tool("wrk", "-t1", "-c20", "-d1s", url(engine, "/")).result();

    assertTrue(report.contains("Requests/sec"), report);
    assertFalse(report.contains("Socket errors"), report);
    assertFalse(report.contains("Non-2xx"), report);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void pagesAreFetchedAtTheSameTime(String engine) throws Exception {
    String one = url(engine, "/");
    String other = url(engine, "/count/10");
    try (NetProgram fetch = NetProgram.example(engine, "HttpFetch", one, other, one + "none")) {
      assertEquals(
          "200 14 bytes %s\n200 21 bytes %s\n404 14 bytes %snone\n".formatted(one, other, one),
          fetch.result());
    }
  }

  // The other servers

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void netcatGetsItsEcho(String engine) throws Exception {
    String text = numbers(50000);

    assertEquals(text, netcat(port(engine, "EchoServer"), text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void opensslGetsItsEcho(String engine) throws Exception {
    Path key = directory.resolve("key.pem");
    Path chain = directory.resolve("chain.pem");
    NetProgram.tool(
            "openssl",
            (Object[])
                ("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost"
                        + " -addext subjectAltName=DNS:localhost -keyout "
                        + key
                        + " -out "
                        + chain)
                    .split(" "))
        .result();
    try (NetProgram server = NetProgram.example(engine, "EchoServer", 0, chain, key);
        NetProgram client =
            NetProgram.tool(
                "openssl",
                (Object[])
                    ("s_client -quiet -verify_return_error -verify_hostname localhost -CAfile "
                            + chain
                            + " -connect 127.0.0.1:"
                            + server.port())
                        .split(" "))) {
      client.send("hello\n");
      assertEquals("hello", client.line(), client::errors);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void aForwardedConnectionCarriesBytesAndEnds(String engine) throws Exception {
    String text = numbers(50000);
    try (NetProgram forwarder =
        NetProgram.example(engine, "PortForwarder", 0, "127.0.0.1", port(engine, "EchoServer"))) {
      assertEquals(text, netcat(forwarder.port(), text));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void membersOfAChatReadEachOther(String engine) throws Exception {
    int port = port(engine, "ChatServer");
    try (NetProgram ann = NetProgram.tool("nc", "127.0.0.1", port);
        NetProgram bob = NetProgram.tool("nc", "127.0.0.1", port)) {
      ann.send("ann\n").awaitLine("* welcome, ann");
      bob.send("bob\n").awaitLine("* welcome, bob");
      bob.send("hello\n");
      ann.awaitLine("bob: hello");
      bob.send("/who\n").awaitLine("* ann, bob");
      bob.send("x".repeat(2000) + "\n").awaitLine("* a line has at most 1000 bytes");
      bob.send("/quit\n");
      ann.awaitLine("* bob has left");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "thread"})
  void aServerThatIsTerminatedEndsItsConnectionsFirst(String engine) throws Exception {
    try (NetProgram server = NetProgram.example(engine, "ChatServer", 0);
        Socket client = new Socket("127.0.0.1", server.port())) {
      client.getOutputStream().write("ann\n".getBytes(StandardCharsets.UTF_8));
      byte[] greeting = "your name?\n* welcome, ann\n".getBytes(StandardCharsets.UTF_8);
      assertEquals(greeting.length, client.getInputStream().readNBytes(greeting.length).length);

      server.process.destroy();

      assertEquals(
          "* the room closes\n",
          new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      assertEquals(143, server.status(), server::errors);
      assertEquals("", server.errors());
    }
  }

  // Scenery

  /** The port of a server that all tests use. */
  private static int port(String engine, String program) throws Exception {
    String key = program + " " + engine;
    if (!PORTS.containsKey(key)) {
      NetProgram server = NetProgram.example(engine, program, 0);
      SERVERS.put(key, server);
      PORTS.put(key, server.port());
    }
    return PORTS.get(key);
  }

  @AfterAll
  static void endServers() throws Exception {
    for (NetProgram server : SERVERS.values()) {
      String errors = server.errors();
      server.close();
      assertEquals("", errors, server.name);
    }
  }

  private static String url(String engine, String path) throws Exception {
    return "http://127.0.0.1:" + port(engine, "HttpServer") + path;
  }

  private static String curl(Object... arguments) throws Exception {
    Object[] all = new Object[arguments.length + 1];
    all[0] = "-sS";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return NetProgram.tool("curl", all).result();
  }

  private String status(Object... arguments) throws Exception {
    Object[] all = new Object[arguments.length + 4];
    Object[] options = {"-o", directory.resolve("answer"), "-w", "%{http_code}"};
    System.arraycopy(options, 0, all, 0, 4);
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return curl(all);
  }

  private static NetProgram redisCli(String engine, Object... command) throws Exception {
    Object[] all = new Object[command.length + 2];
    all[0] = "-p";
    all[1] = port(engine, "RedisServer");
    System.arraycopy(command, 0, all, 2, command.length);
    return NetProgram.tool("redis-cli", all);
  }

  /** What a server answers to bytes that are sent at once. */
  private static String exchange(int port, String sent) throws IOException {
    try (Socket client = new Socket("127.0.0.1", port)) {
      client.getOutputStream().write(sent.getBytes(StandardCharsets.UTF_8));
      client.shutdownOutput();
      return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What netcat prints that gets a text to send from a file. */
  private String netcat(int port, String text) throws Exception {
    assumeTrue(NetProgram.isInstalled("nc"), "there is no nc");
    Path file = Files.writeString(directory.resolve("text"), text);
    return NetProgram.tool("sh", "-c", "exec nc -N 127.0.0.1 " + port + " <" + file).result();
  }

  private static String numbers(int to) {
    return IntStream.rangeClosed(1, to).mapToObj(i -> i + "\n").collect(Collectors.joining());
  }
}
