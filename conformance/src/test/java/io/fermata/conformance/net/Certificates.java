package io.fermata.conformance.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority and what it has signed, made by the JDK's keytool once for all tests. */
final class Certificates {
  static final char[] PASSWORD = "secret".toCharArray();
  private static final Certificates MADE = new Certificates();

  private final KeyStore all;

  private Certificates() {
    try {
      Path directory = Files.createTempDirectory("certificates");
      Path file = directory.resolve("all.p12");
      keytool(file, "ca", "-ext", "bc:c", "-dname", "CN=authority");
      keytool(file, "good", "-signer", "ca", "-dname", "CN=good", "-ext", names("localhost"));
      keytool(file, "other", "-signer", "ca", "-dname", "CN=o", "-ext", "san=dns:other.example");
      keytool(
          file,
          "expired",
          "-signer",
          "ca",
          "-dname",
          "CN=expired",
          "-ext",
          names("localhost"),
          "-startdate",
          "-10d",
          "-validity",
          "5");
      all = KeyStore.getInstance(file.toFile(), PASSWORD);
      Files.delete(file);
      Files.delete(directory);
    } catch (IOException | GeneralSecurityException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  private static String names(String name) {
    return "san=dns:" + name + ",ip:127.0.0.1";
  }

  private static void keytool(Path file, String alias, String... more)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD)));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new AssertionError("keytool failed: " + said);
    }
  }

  /** A store with the key of one of good, other, expired. */
  static KeyStore of(String alias) throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    store.setKeyEntry(
        alias,
        MADE.all.getKey(alias, PASSWORD),
        PASSWORD,
        new Certificate[] {MADE.all.getCertificate(alias), MADE.all.getCertificate("ca")});
    return store;
  }

  /** A store with the certificate of the authority. */
  static KeyStore authority() throws GeneralSecurityException, IOException {
    KeyStore store = empty();
    store.setCertificateEntry("ca", MADE.all.getCertificate("ca"));
    return store;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  /** Writes the certificate, and that of the authority. */
  static Path chain(Path directory) throws GeneralSecurityException, IOException {
    String chain =
        pem("CERTIFICATE", MADE.all.getCertificate("good").getEncoded())
            + pem("CERTIFICATE", MADE.all.getCertificate("ca").getEncoded());
    return Files.writeString(directory.resolve("chain.pem"), chain);
  }

  static Path key(Path directory) throws GeneralSecurityException, IOException {
    PrivateKey key = (PrivateKey) MADE.all.getKey("good", PASSWORD);
    return Files.writeString(directory.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded()));
  }

  private static String pem(String what, byte[] encoded) {
    return "-----BEGIN "
        + what
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(encoded)
        + "\n-----END "
        + what
        + "-----\n";
  }
}
