package io.fermata.net;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Who one is, and whom one trusts: the settings of TLS for one side of connections. Immutable: each
 * method gives new settings. The JDK does the cryptography.
 *
 * <pre>{@code
 * TcpStream s = co.await(TcpStream.connect("example.org", 443, Tls.client().protocols("h2")));
 * TcpServer t = co.await(TcpServer.setup().on(443).tls(Tls.server(chain, key)).start(handler));
 * }</pre>
 *
 * <p>A client checks that the certificate of the server is signed by whom it trusts, is valid
 * today, and has the name that was connected to.
 */
public final class Tls {
  private final boolean server;
  private final @Nullable KeyManagerFactory identity;
  private final @Nullable Path chain;
  private final @Nullable Path key;
  private final @Nullable TrustManagerFactory trusted;
  private final @Nullable Path trustedCertificates;
  private final List<String> protocols;
  private final boolean checksName;
  private final boolean asksClients;
  private final Duration handshakeLimit;

  /** Built at first use, from any thread; building it twice is harmless. */
  private volatile @Nullable SslContext context;

  private Tls(Draft draft) {
    server = draft.server;
    identity = draft.identity;
    chain = draft.chain;
    key = draft.key;
    trusted = draft.trusted;
    trustedCertificates = draft.trustedCertificates;
    protocols = draft.protocols;
    checksName = draft.checksName;
    asksClients = draft.asksClients;
    handshakeLimit = draft.handshakeLimit;
  }

  /** The fields, while they are changed. */
  private static final class Draft {
    boolean server;
    @Nullable KeyManagerFactory identity;
    @Nullable Path chain;
    @Nullable Path key;
    @Nullable TrustManagerFactory trusted;
    @Nullable Path trustedCertificates;
    List<String> protocols = List.of();
    boolean checksName = true;
    boolean asksClients;
    Duration handshakeLimit = Duration.ofSeconds(10);
  }

  private Draft draft() {
    Draft draft = new Draft();
    draft.server = server;
    draft.identity = identity;
    draft.chain = chain;
    draft.key = key;
    draft.trusted = trusted;
    draft.trustedCertificates = trustedCertificates;
    draft.protocols = protocols;
    draft.checksName = checksName;
    draft.asksClients = asksClients;
    draft.handshakeLimit = handshakeLimit;
    return draft;
  }

  /**
   * A client that trusts whom the JDK trusts, and has no certificate itself.
   *
   * @return such settings
   */
  public static Tls client() {
    return new Tls(new Draft());
  }

  /**
   * A server with a certificate of PEM files.
   *
   * @param chain its certificate, and those between it and the root
   * @param key its private key, in PKCS 8, without a password
   * @return such settings
   */
  public static Tls server(Path chain, Path key) {
    Draft draft = new Draft();
    draft.server = true;
    draft.chain = Objects.requireNonNull(chain, "chain");
    draft.key = Objects.requireNonNull(key, "key");
    return new Tls(draft);
  }

  /**
   * A server with a certificate of a key store.
   *
   * @param keys has the private key and its chain
   * @param password of the key
   * @return such settings
   * @throws GeneralSecurityException if the key cannot be had
   */
  public static Tls server(KeyStore keys, char[] password) throws GeneralSecurityException {
    Draft draft = new Draft();
    draft.server = true;
    draft.identity = identity(keys, password);
    return new Tls(draft);
  }

  private static KeyManagerFactory identity(KeyStore keys, char[] password)
      throws GeneralSecurityException {
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, password);
    return factory;
  }

  /**
   * Has a certificate too, if it is a client.
   *
   * @param keys has the private key and its chain
   * @param password of the key
   * @return such settings
   * @throws GeneralSecurityException if the key cannot be had
   */
  public Tls identity(KeyStore keys, String password) throws GeneralSecurityException {
    Draft draft = draft();
    draft.identity = identity(keys, password.toCharArray());
    draft.chain = null;
    draft.key = null;
    return new Tls(draft);
  }

  /**
   * Trusts the certificates of a file, and nobody else. A server asks its clients for certificates
   * then.
   *
   * @param certificates in PEM
   * @return such settings
   */
  public Tls trusting(Path certificates) {
    Draft draft = draft();
    draft.trustedCertificates = Objects.requireNonNull(certificates, "certificates");
    draft.trusted = null;
    draft.asksClients = server;
    return new Tls(draft);
  }

  /**
   * Trusts the certificates of a key store, and nobody else. A server asks its clients for
   * certificates then.
   *
   * @param certificates a store with certificates
   * @return such settings
   * @throws GeneralSecurityException if it cannot be used
   */
  public Tls trusting(KeyStore certificates) throws GeneralSecurityException {
    Draft draft = draft();
    draft.trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    draft.trusted.init(certificates);
    draft.trustedCertificates = null;
    draft.asksClients = server;
    return new Tls(draft);
  }

  /**
   * Offers protocols with ALPN; a server takes the first of them that the client offers.
   *
   * @param names such as {@code h2}, in the order of preference
   * @return such settings
   */
  public Tls protocols(String... names) {
    Draft draft = draft();
    draft.protocols = List.of(names);
    return new Tls(draft);
  }

  /**
   * Does not check that the certificate of the server has the name that was connected to. Whoever
   * has any certificate of those who are trusted can then pose as the server.
   *
   * @return such settings
   */
  public Tls withoutNameCheck() {
    Draft draft = draft();
    draft.checksName = false;
    return new Tls(draft);
  }

  /**
   * Limits the time of the handshake: 10 seconds, if nothing is said.
   *
   * @param limit positive
   * @return such settings
   */
  public Tls handshakeWithin(Duration limit) {
    Draft draft = draft();
    draft.handshakeLimit = Objects.requireNonNull(limit, "limit");
    return new Tls(draft);
  }

  // For a connection

  boolean isServer() {
    return server;
  }

  /**
   * A handler for a client.
   *
   * @param peer whose certificate is expected
   */
  SslHandler clientHandler(Channel channel, @Nullable SocketAddress peer) throws IOException {
    if (server) {
      throw new IllegalStateException("cannot connect with Tls.server: use Tls.client");
    }
    SslHandler handler =
        peer instanceof InetSocketAddress inet
            ? context().newHandler(channel.alloc(), inet.getHostString(), inet.getPort())
            : context().newHandler(channel.alloc());
    SSLEngine engine = handler.engine();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(checksName ? "HTTPS" : "");
    engine.setSSLParameters(parameters);
    return limited(handler);
  }

  SslHandler serverHandler(Channel channel) throws IOException {
    if (!server) {
      throw new IllegalStateException("cannot serve with Tls.client: use Tls.server");
    }
    return limited(context().newHandler(channel.alloc()));
  }

  private SslHandler limited(SslHandler handler) {
    handler.setHandshakeTimeoutMillis(handshakeLimit.toMillis());
    return handler;
  }

  /** Reads the files, so that a server fails before it listens. */
  void serverContext() throws IOException {
    if (!server) {
      throw new IllegalArgumentException("cannot serve with Tls.client: use Tls.server");
    }
    var unused = context();
  }

  /** Reads the files if that was not done. */
  private SslContext context() throws IOException {
    SslContext built = context;
    if (built == null) {
      built = build();
      context = built;
    }
    return built;
  }

  private SslContext build() throws IOException {
    SslContextBuilder builder = server ? forServer() : SslContextBuilder.forClient();
    builder.sslProvider(SslProvider.JDK);
    if (!server && identity != null) {
      builder.keyManager(identity);
    }
    if (trustedCertificates != null) {
      builder.trustManager(readable(trustedCertificates).toFile());
    } else if (trusted != null) {
      builder.trustManager(trusted);
    }
    if (asksClients) {
      builder.clientAuth(ClientAuth.REQUIRE);
    }
    if (!protocols.isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              ApplicationProtocolConfig.Protocol.ALPN,
              ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
              ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
              protocols));
    }
    try {
      return builder.build();
    } catch (SSLException | IllegalArgumentException bad) {
      throw new SSLException("cannot use these settings of TLS: " + bad.getMessage(), bad);
    }
  }

  private SslContextBuilder forServer() throws IOException {
    if (identity != null) {
      return SslContextBuilder.forServer(identity);
    }
    Path certificates = readable(Objects.requireNonNull(chain));
    Path secret = readable(Objects.requireNonNull(key));
    try {
      return SslContextBuilder.forServer(certificates.toFile(), secret.toFile());
    } catch (IllegalArgumentException bad) {
      throw new SSLException(
          "cannot use the certificate " + certificates + " with the key " + secret, bad);
    }
  }

  private static Path readable(Path file) throws IOException {
    if (!Files.isReadable(file)) {
      throw new IOException("cannot read the certificate or key " + file);
    }
    return file;
  }
}
