package io.fermata.integration;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The jars of Maven Central, chosen by artifact from the class path of the tests. */
final class Jars {
  private Jars() {}

  /** The jars of some artifacts; it is an error if one of them is not there. */
  static List<Path> of(String... artifacts) {
    List<Path> jars = new ArrayList<>();
    for (String artifact : artifacts) {
      jars.add(of(artifact));
    }
    return jars;
  }

  /** The jar of an artifact. */
  static Path of(String artifact) {
    Pattern name = Pattern.compile(Pattern.quote(artifact) + "(-\\d[^/\\\\]*)?\\.jar");
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path jar = Path.of(entry);
      if (name.matcher(jar.getFileName().toString()).matches()) {
        return jar;
      }
    }
    throw new IllegalStateException(
        artifact + " is not on the class path of the tests: package core, and look into the pom");
  }

  /** The library, as it is published. */
  static Path fermata() {
    return of("fermata");
  }
}
