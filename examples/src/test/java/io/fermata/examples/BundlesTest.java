package io.fermata.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** The headers for OSGi in the jars that are published. */
class BundlesTest {
  private static Attributes headers(String module, String jar) throws IOException {
    try (JarFile file = new JarFile(Path.of("..", module, "target", jar).toFile())) {
      return file.getManifest().getMainAttributes();
    }
  }

  @Test
  void theLibraryExportsItsApiAndTheRuntime() throws IOException {
    Attributes headers = headers("core", "fermata.jar");
    assertEquals("io.fermata", headers.getValue("Bundle-SymbolicName"));
    String exports = headers.getValue("Export-Package");
    assertTrue(exports.contains("io.fermata.runtime;version="), exports);
    assertTrue(exports.contains("uses:=\"io.fermata,io.fermata.async\""), exports);
    assertFalse(exports.contains("internal"), exports);
  }

  @Test
  void theLibraryNeedsNothing() throws IOException {
    String imports = headers("core", "fermata.jar").getValue("Import-Package");
    for (String each : imports.split(",")) {
      assertTrue(each.endsWith(";resolution:=optional"), imports);
    }
  }

  @Test
  void theOtherModulesAreFragmentsOfIt() throws IOException {
    for (String module : new String[] {"net", "testing"}) {
      Attributes headers = headers(module, "fermata-" + module + ".jar");
      assertEquals("io.fermata." + module, headers.getValue("Bundle-SymbolicName"));
      assertEquals("io.fermata", headers.getValue("Fragment-Host"));
      assertTrue(
          headers.getValue("Export-Package").startsWith("io.fermata." + module + ";version="));
    }
  }
}
