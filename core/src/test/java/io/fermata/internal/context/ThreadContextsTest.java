package io.fermata.internal.context;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.ThreadContext;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which providers are found; fermata-context tests the rest. */
class ThreadContextsTest {
  private static final URL CLASSES =
      ThreadContexts.class.getProtectionDomain().getCodeSource().getLocation();

  @TempDir private Path services;

  private boolean presentWith(String provider) throws Exception {
    Path folder = Files.createDirectories(services.resolve("META-INF/services"));
    Files.writeString(folder.resolve(ThreadContext.class.getName()), provider);
    // JUL reports to standard error, which no test should.
    Logger log = Logger.getLogger("io.fermata.async");
    Level before = log.getLevel();
    log.setLevel(Level.OFF);
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {CLASSES, services.toUri().toURL(), here()},
            ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(ThreadContexts.class.getName());
      assertSame(loader, type.getClassLoader());
      return type.getField("PRESENT").getBoolean(null);
    } finally {
      log.setLevel(before);
    }
  }

  private static URL here() {
    return ThreadContextsTest.class.getProtectionDomain().getCodeSource().getLocation();
  }

  /** A provider that works. */
  public static final class Works implements ThreadContext {
    @Override
    public Object capture(Failures failures) {
      return "";
    }

    @Override
    public Object install(Object snapshot, Failures failures) {
      return "";
    }

    @Override
    public Object restore(Object before, Failures failures) {
      return "";
    }
  }

  /** A provider that cannot be made. */
  public static final class Fails {
    /** Fails. */
    public Fails() {
      throw new IllegalStateException();
    }
  }

  @Test
  void nothingIsPresentByItself() {
    assertFalse(ThreadContexts.PRESENT);
  }

  @Test
  void aProviderBesideTheLibraryIsFound() throws Exception {
    assertTrue(presentWith(Works.class.getName()));
  }

  @Test
  void providersThatCannotBeMadeAreLeftOut() throws Exception {
    assertFalse(presentWith("no.such.Provider\n" + Fails.class.getName()));
    assertTrue(presentWith("no.such.Provider\n" + Works.class.getName()));
  }
}
