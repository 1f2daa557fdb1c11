package io.fermata.conformance.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.net.TcpServer;
import io.fermata.net.TcpStream;
import io.fermata.net.Tls;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** TLS: what goes over it, whom it lets in, and how it breaks. */
class TlsTest extends NetTest {
  @TempDir Path directory;

  /** Not in a loop, as it takes seconds. */
  @BeforeAll
  static void makeCertificates() throws Exception {
    Certificates.authority();
  }

  private static Tls serverOf(String alias) throws Exception {
    return Tls.server(Certificates.of(alias), Certificates.PASSWORD);
  }

  private static Tls trusting() throws Exception {
    return Tls.client().trusting(Certificates.authority());
  }

  private static Async<TcpServer> serve(Tls tls) {
    return TcpServer.setup().on(HERE, 0).tls(tls).start(ECHO);
  }

  private static Async<Void> echoes(TcpStream stream) {
    return Async.action(
        co -> {
          co.await(stream.write("ping\n"));
          assertEquals("ping", co.await(stream.readLine()));
          co.await(stream.aclose());
        });
  }

  @EngineTest
  @Conforms({"I-024"})
  void bothSidesTalkAndAgreeOnAProtocol() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(serverOf("good").protocols("first", "second")));
          TcpStream stream =
              co.await(
                  TcpStream.connect(
                      "localhost", server.port(), trusting().protocols("third", "second")));
          assertEquals("second", stream.applicationProtocol());
          assertEquals("TLSv1.3", stream.tlsSession().getProtocol());
          co.await(echoes(stream));
        });
  }

  @EngineTest
  void certificatesComeFromPemFilesToo() throws Exception {
    Path chain = Certificates.chain(directory);
    Path key = Certificates.key(directory);
    run(
        co -> {
          TcpServer server = co.await(serve(Tls.server(chain, key)));
          Tls client = Tls.client().trusting(chain);
          co.await(echoes(co.await(TcpStream.connect(HERE, server.port(), client))));
        });
  }

  @EngineTest
  void aServerWithoutItsCertificateDoesNotStart() throws Exception {
    Path none = directory.resolve("none.pem");
    run(
        co -> {
          IOException failure =
              assertThrows(IOException.class, () -> co.await(serve(Tls.server(none, none))));
          assertSays(failure, "cannot read the certificate or key " + none);
        });
  }

  @EngineTest
  void largeDataGoesBothWaysAtTheSameTime() throws Exception {
    byte[] large = new byte[2_000_000];
    new Random(2).nextBytes(large);
    run(
        co -> {
          TcpServer server = co.await(serve(serverOf("good")));
          TcpStream stream = co.await(TcpStream.connect("localhost", server.port(), trusting()));
          Task<byte[]> reading = Task.start(stream.readExactly(large.length));
          co.await(stream.write(large));
          assertArrayEquals(large, co.await(reading));
          co.await(stream.aclose());
        });
  }

  @EngineTest
  @Conforms({"I-056"})
  void aFileIsSentEncrypted() throws Exception {
    byte[] large = new byte[300_000];
    new Random(3).nextBytes(large);
    Path file = Files.write(directory.resolve("file"), large);
    run(
        co -> {
          TcpServer server = co.await(serve(serverOf("good")));
          TcpStream stream = co.await(TcpStream.connect("localhost", server.port(), trusting()));
          Task<byte[]> reading = Task.start(stream.readExactly(large.length));
          assertEquals(large.length, co.await(stream.sendFile(file)));
          assertArrayEquals(large, co.await(reading));
          co.await(stream.aclose());
        });
  }

  @EngineTest
  void theEndIsAnnouncedAndTheOtherDirectionGoesOn() throws Exception {
    run(
        co -> {
          TcpServer server =
              co.await(
                  TcpServer.setup()
                      .on(HERE, 0)
                      .tls(serverOf("good"))
                      .start(
                          (in, client) -> {
                            byte[] all = in.await(client.readAll());
                            in.await(client.write("got " + all.length));
                          }));
          TcpStream stream = co.await(TcpStream.connect("localhost", server.port(), trusting()));
          co.await(stream.write("12345"));
          stream.end();
          assertEquals("got 5", text(co.await(stream.readAll())));
        });
  }

  @EngineTest
  void anEndThatWasNotAnnouncedIsAFailure() throws Exception {
    run(
        co -> {
          List<Throwable> reported = new ArrayList<>();
          EventLoop.current()
              .setExceptionHandler((l, failure) -> reported.add(failure.exception()));
          TcpServer server = co.await(serve(serverOf("good")));
          TcpStream stream = co.await(TcpStream.connect("localhost", server.port(), trusting()));
          co.await(stream.write("ping\n"));
          assertEquals("ping", co.await(stream.readLine()));
          stream.channel().pipeline().firstContext().close(); // below TLS
          co.await(server.aclose());
          assertEquals(1, reported.size());
          assertTrue(reported.get(0) instanceof EOFException, reported.toString());
          assertSays(reported.get(0), "it ended without the close_notify of TLS");
        });
  }

  @EngineTest
  @Conforms({"I-026"})
  void aStreamGoesOnWithTls() throws Exception {
    run(
        co -> {
          Tls serverSide = serverOf("good");
          TcpServer server =
              co.await(
                  NetTest.serve(
                      (in, client) -> {
                        String line = in.await(client.readLine());
                        in.await(client.write("go ahead after " + line + "\n"));
                        in.await(client.startTls(serverSide));
                        in.await(client.write("secret " + in.await(client.readLine()) + "\n"));
                      }));
          TcpStream stream = co.await(TcpStream.connect("localhost", server.port()));
          assertNull(stream.tlsSession());
          co.await(stream.write("STARTTLS\n"));
          assertEquals("go ahead after STARTTLS", co.await(stream.readLine()));
          co.await(stream.startTls(trusting()));
          assertNotNull(stream.tlsSession());
          assertEquals("TLSv1.3", stream.tlsSession().getProtocol());
          co.await(stream.write("word\n"));
          assertEquals("secret word", co.await(stream.readLine()));
          assertNull(co.await(stream.readLine()));
        });
  }

  @EngineTest
  @Conforms({"I-026"})
  void whatCameBeforeTheUpgradeIsNotTakenForSecret() throws Exception {
    run(
        co -> {
          Tls serverSide = serverOf("good");
          List<Throwable> failures = new ArrayList<>();
          TcpServer server =
              co.await(
                  NetTest.serve(
                      (in, client) -> {
                        in.await(client.readLine());
                        try {
                          in.await(client.startTls(serverSide));
                          in.await(client.write("did " + in.await(client.readLine())));
                        } catch (IOException refused) {
                          failures.add(refused);
                        }
                      }));
          TcpStream stream = co.await(TcpStream.connect(HERE, server.port()));
          co.await(stream.write("STARTTLS\nINJECTED COMMAND\n"));
          try {
            co.await(stream.readAll());
          } catch (IOException reset) {
            assertSays(reset, "cannot read from");
          }
          co.await(server.aclose());
          assertEquals(1, failures.size());
          assertTrue(failures.get(0) instanceof SSLException, failures.toString());
        });
  }

  @EngineTest
  void aCertificateOfAnotherNameIsRefused() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(serverOf("other")));
          SSLHandshakeException failure =
              assertThrows(
                  SSLHandshakeException.class,
                  () -> co.await(TcpStream.connect("localhost", server.port(), trusting())));
          assertSays(
              failure,
              "cannot do the TLS handshake on the connection to localhost:" + server.port());
          assertSays(failure, "localhost");
          Tls careless = trusting().withoutNameCheck();
          co.await(echoes(co.await(TcpStream.connect("localhost", server.port(), careless))));
        });
  }

  @EngineTest
  void anExpiredCertificateIsRefused() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(serverOf("expired")));
          SSLHandshakeException failure =
              assertThrows(
                  SSLHandshakeException.class,
                  () -> co.await(TcpStream.connect("localhost", server.port(), trusting())));
          assertSays(failure, "validity check failed");
        });
  }

  @EngineTest
  void aCertificateOfAStrangerIsRefused() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(serverOf("good")));
          SSLHandshakeException failure =
              assertThrows(
                  SSLHandshakeException.class,
                  () -> co.await(TcpStream.connect("localhost", server.port(), Tls.client())));
          assertSays(failure, "PKIX path building failed");
        });
  }

  @EngineTest
  void aServerThatAsksForCertificatesRefusesThoseWithout() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(serverOf("good").trusting(Certificates.authority())));
          Tls known = trusting().identity(Certificates.of("other"), "secret");
          co.await(echoes(co.await(TcpStream.connect("localhost", server.port(), known))));
          assertThrows(
              IOException.class,
              () ->
                  co.await(
                      echoes(co.await(TcpStream.connect("localhost", server.port(), trusting())))));
        });
  }

  @EngineTest
  void aHandshakeThatStopsEndsAfterItsLimitAndDisturbsNobody() throws Exception {
    run(
        co -> {
          TcpServer server = co.await(serve(serverOf("good").handshakeWithin(ms(1000))));
          TcpStream silent = co.await(TcpStream.connect(HERE, server.port()));
          co.await(silent.write(new byte[] {22, 3, 1})); // the first bytes of a ClientHello
          co.await(echoes(co.await(TcpStream.connect("localhost", server.port(), trusting()))));
          assertTrue(co.await(silent.readAll()).length < 100);
          co.await(server.aclose());
        });
  }

  @EngineTest
  void garbageInsteadOfAHandshakeDisturbsNobody() throws Exception {
    run(
        co -> {
          List<Throwable> reported = new ArrayList<>();
          EventLoop.current()
              .setExceptionHandler((l, failure) -> reported.add(failure.exception()));
          TcpServer server = co.await(serve(serverOf("good")));
          TcpStream wrong = co.await(TcpStream.connect(HERE, server.port()));
          co.await(wrong.write("GET / HTTP/1.1\r\n\r\n"));
          try {
            co.await(wrong.readAll());
          } catch (IOException reset) {
            assertSays(reset, "cannot read from");
          }
          co.await(echoes(co.await(TcpStream.connect("localhost", server.port(), trusting()))));
          co.await(server.aclose());
          assertEquals(List.of(), reported);
        });
  }

  @EngineTest
  void aClientThatMeetsGarbageSaysWhatWasUnderWay() throws Exception {
    run(
        co -> {
          TcpServer server =
              co.await(NetTest.serve((in, client) -> in.await(client.write("220 hello\r\n"))));
          IOException failure =
              assertThrows(
                  IOException.class,
                  () -> co.await(TcpStream.connect("localhost", server.port(), trusting())));
          assertSays(failure, "cannot do the TLS handshake on the connection to localhost:");
        });
  }
}
