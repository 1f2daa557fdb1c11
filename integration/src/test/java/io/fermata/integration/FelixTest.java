package io.fermata.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies in a bundle, whose loader sees the packages that the bundle imports. */
class FelixTest {
  private static final String FELIX = "org.apache.felix.framework";
  private static final String OSGI = "org.osgi.framework;version=\"[1,2)\",";

  @TempDir Path launcher;
  @TempDir Path classes;
  @TempDir Path jars;

  @BeforeEach
  void compile() {
    new Program("felix", launcher, FELIX).javac();
    new Program("felix-bundle", classes, FELIX).javac();
  }

  @BothEngines
  void bodiesInABundleAreCompiled(String engine) throws IOException {
    Path bundle = bundle("io.fermata,io.fermata.async,io.fermata.runtime");
    String name = engine.equals("auto") ? "compiled" : "thread";
    Java.Output output = start(bundle, "-Dfermata.engine=" + engine);
    assertEquals(name + " [bundle, end]\nslept", output.out(), output.err());
  }

  @Test
  void theReasonSaysWhatToImport() throws IOException {
    Java.Output output = start(bundle("io.fermata"), "-Dgenerators=true", "-Dreason=true");
    assertTrue(output.out().startsWith("thread [bundle, end]"), output.toString());
    assertTrue(output.out().contains("io.fermata.runtime"), output.toString());
  }

  private Java.Output start(Path bundle, String... options) {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.addAll(List.of("-cp", Java.path(List.of(launcher, Jars.of(FELIX))), "Main"));
    arguments.addAll(List.of(Jars.fermata().toString(), bundle.toString()));
    return Java.run(arguments);
  }

  private Path bundle(String imports) throws IOException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", "user");
    headers.putValue("Bundle-Version", "1.0.0");
    headers.putValue("Bundle-Activator", "user.Activator");
    headers.putValue("Import-Package", OSGI + imports);
    Path bundle = jars.resolve("user.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(bundle), manifest);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
      }
    }
    return bundle;
  }
}
