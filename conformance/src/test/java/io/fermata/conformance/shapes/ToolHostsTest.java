package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.conformance.EngineTest;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts that tools of the JDK make. */
class ToolHostsTest {
  @TempDir Path directory;

  private static final String PROGRAM =
      """
      import io.fermata.*;
      class Program {
        private static int secret = 5;
        private static Object help(Yielder<Integer, Object> co) { return co.yield("help" + secret); }
        public static void main(String[] args) {
          Coroutine<Integer, Object, Object> c = Coroutine.of(co -> help(co) + "" + secret);
          System.out.println(c.engine() + " " + c.next() + " " + c.position());
          try { c.send(1); } catch (StopIteration end) { System.out.println(end.value()); }
        }
      }
      """;

  @Test
  void theSourceLauncherCompilesInMemory() throws Exception {
    Path file = Files.writeString(directory.resolve("Program.java"), PROGRAM);
    assertEquals("compiled help5 Program.help(Program.java:4)\n15", Child.java(file.toString()));
  }

  @Test
  void jshellDefinesSnippets() {
    String session =
        """
        import io.fermata.*
        int secret = 5
        Object help(Yielder<Integer, Object> co) { return co.yield("help" + secret); }
        Coroutine<Integer, Object, Object> c = Coroutine.of(co -> help(co) + "" + secret)
        System.out.println(c.engine() + " " + c.next() + " " + (c.engine().equals("compiled") ? "" : c.engineReason()))
        try { c.send(1); } catch (StopIteration end) { System.out.println(end.value()); }
        /exit
        """;
    String preferences = "-J-Djava.util.prefs.userRoot=" + directory;
    String out =
        Child.run("jshell", session, preferences, "-s", "--class-path", Child.classPath(), "-");
    assertTrue(out.endsWith("compiled help5 \n15"), out); // its own messages may come before
  }

  @EngineTest
  void aSignedJarIsAHost() throws Exception {
    Path jar = directory.resolve("host.jar");
    Path classes =
        Sources.compile(
                """
                package signed;
                import io.fermata.*;
                public class Host {
                  private static Object help(Yielder<Integer, Object> co) { return co.yield("signed"); }
                  public static Coroutine<Integer, Object, Object> make() {
                    return Coroutine.of(co -> "got" + help(co));
                  }
                }
                """)
            .writeTo(directory);
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("signed/Host.class"));
      Files.copy(classes.resolve("signed/Host.class"), out);
    }
    Path signed = sign(jar);
    try (var loader =
        new URLClassLoader(new URL[] {signed.toUri().toURL()}, getClass().getClassLoader())) {
      Class<?> host = loader.loadClass("signed.Host");
      assertNotNull(host.getSigners(), "the jar should be signed");
      @SuppressWarnings("unchecked")
      var coroutine = (Coroutine<Integer, Object, Object>) host.getMethod("make").invoke(null);
      assertEquals("signed =got1", Run.of(coroutine).toEnd());
    }
  }

  private Path sign(Path jar) throws Exception {
    Path store = directory.resolve("keys.p12");
    Path signed = directory.resolve("signed.jar");
    String password = "changeit";
    Child.run(
        "keytool",
        "",
        "-genkeypair",
        "-alias",
        "k",
        "-keyalg",
        "EC",
        "-dname",
        "CN=test",
        "-keystore",
        store.toString(),
        "-storepass",
        password,
        "-storetype",
        "PKCS12");
    KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
    var entry =
        (KeyStore.PrivateKeyEntry)
            keys.getEntry("k", new KeyStore.PasswordProtection(password.toCharArray()));
    try (var in = new ZipFile(jar.toFile());
        OutputStream out = Files.newOutputStream(signed)) {
      new JarSigner.Builder(entry).build().sign(in, out);
    }
    Sources.makeOld(signed);
    return signed;
  }
}
