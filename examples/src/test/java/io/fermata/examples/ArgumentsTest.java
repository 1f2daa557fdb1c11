package io.fermata.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the examples say of arguments that they cannot use. */
@Timeout(60)
class ArgumentsTest {
  @ParameterizedTest
  @CsvSource({
    "RedisServer, port, not a port: port; usage: RedisServer [PORT]",
    "RedisServer, 65536, not a port: 65536; usage: RedisServer [PORT]",
    "HttpServer, -1, not a port: -1; usage: HttpServer [PORT]",
    "ChatServer, 7010x, not a port: 7010x; usage: ChatServer [PORT]",
    "EchoServer, '', not a port: ; usage: EchoServer [PORT [CHAIN.pem KEY.pem]]",
    "EchoServer, 0 none key, cannot read none; usage: EchoServer [PORT [CHAIN.pem KEY.pem]]",
    "EchoServer, 0 chain, a certificate and its key belong together; usage: EchoServer [PORT [CHAIN.pem KEY.pem]]",
    "PortForwarder, 0, not three arguments: 0; usage: PortForwarder PORT HOST THEIR_PORT",
    "PortForwarder, 0 localhost x, not a port: x; usage: PortForwarder PORT HOST THEIR_PORT",
    "HttpFetch, host, not URLs: host; usage: HttpFetch http://HOST/PAGE...",
    "FileTree, none, not a directory: none; usage: FileTree [DIRECTORY]",
    "BesideThreads, many, not a number of coroutines: many; usage: BesideThreads [NUMBER]",
  })
  void oneLineSaysWhatIsWrongAndHowToCallIt(String program, String arguments, String line)
      throws Exception {
    try (NetProgram refusing =
        NetProgram.example("auto", program, (Object[]) arguments.split(" "))) {
      assertEquals(2, refusing.status());
      assertEquals(line, refusing.errors().strip());
    }
  }
}
