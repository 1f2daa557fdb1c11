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
 * The settings of TLS for one side of connections: its identity, and the certificates that it
 * trusts. Immutable: each method gives new settings. The JDK does the cryptography.
 *
 * <pre>{@code
 * TcpStream s = co.await(TcpStream.connect("example.org", 443, Tls.client().protocols("h2")));
 * TcpServer t = co.await(TcpServer.setup().on(443).tls(Tls.server(chain, key)).start(handler));
 * }</pre>
 *
 * <p>A client checks that it trusts the signer of the server's certificate, that the certificate is
 * valid today, and that it has the name of the server.
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

  /** The fields of new settings. */
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
   * A client without a certificate that trusts the certificates of the JDK.
   *
   * @return the new settings
   */
  public static Tls client() {
    return new Tls(new Draft());
  }

  /**
   * A server with a certificate of PEM files.
   *
   * @param chain its certificate, and the intermediate ones
   * @param key its private key, in PKCS 8, without a password
   * @return the new settings
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
   * @return the new settings
   * @throws GeneralSecurityException if the key cannot be read
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
   * Gives a client a certificate.
   *
   * @param keys has the private key and its chain
   * @param password of the key
   * @return the new settings
   * @throws GeneralSecurityException if the key cannot be read
   */
  public Tls identity(KeyStore keys, String password) throws GeneralSecurityException {
    Draft draft = draft();
    draft.identity = identity(keys, password.toCharArray());
    draft.chain = null;
    draft.key = null;
    return new Tls(draft);
  }

  /**
   * Trusts the certificates of a file, and no others. A server then asks its clients for
   * certificates.
   *
   * @param certificates in PEM
   * @return the new settings
   */
  public Tls trusting(Path certificates) {
    Draft draft = draft();
    draft.trustedCertificates = Objects.requireNonNull(certificates, "certificates");
    draft.trusted = null;
    draft.asksClients = server;
    return new Tls(draft);
  }

  /**
   * Trusts the certificates of a key store, and no others. A server then asks its clients for
   * certificates.
   *
   * @param certificates a store with certificates
   * @return the new settings
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
   * Offers protocols with ALPN. A server takes its first one that the client offers.
   *
   * @param names such as {@code h2}, in the order of preference
   * @return the new settings
   */
  public Tls protocols(String... names) {
    Draft draft = draft();
    draft.protocols = List.of(names);
    return new Tls(draft);
  }

  /**
   * Does not check that the certificate of the server has the server's name. Then anyone with any
   * trusted certificate can pose as the server.
   *
   * @return the new settings
   */
  public Tls withoutNameCheck() {
    Draft draft = draft();
    draft.checksName = false;
    return new Tls(draft);
  }

  /**
   * Limits the time of the handshake. The default is 10 seconds.
   *
   * @param limit positive
   * @return the new settings
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
   * @param peer the server the server whose certificate is expected
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

  /** Reads the files now, so that a server fails before it listens. */
  void serverContext() throws IOException {
    if (!server) {
      throw new IllegalArgumentException("cannot serve with Tls.client: use Tls.server");
    }
    var unused = context();
  }

  /** Reads the files at the first call. */
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
