package io.fermata.internal.compiler.load;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file that a class file lies in, itself or in a jar, as it was when this was made.
 *
 * @param file the class file or the outermost jar
 * @param modified when it was last modified, in milliseconds as {@link File#lastModified} gives it
 */
record FilePlace(Path file, long modified) {
  private static final String NESTED = "nested:";

  /** The place of a resource; null if it is not in a file. */
  static @Nullable FilePlace of(URL resource) {
    Path file = fileOf(resource.toString());
    return file == null ? null : new FilePlace(file, modified(file));
  }

  /**
   * The file or directory that a URL leads to or into.
   *
   * @return null if it is none
   */
  static @Nullable Path fileOf(String url) {
    try {
      if (url.startsWith("file:")) {
        return Path.of(URI.create(url.replace(" ", "%20")));
      }
      if (!url.startsWith("jar:")) {
        return null;
      }
      String inner = url.substring("jar:".length());
      if (inner.startsWith(NESTED)) { // of an executable jar: nested:/app.jar/!lib/inner.jar!/
        int end = inner.indexOf("/!");
        return end < 0 ? null : fileOf("file:" + inner.substring(NESTED.length(), end));
      }
      int end = inner.indexOf("!/");
      return fileOf(end < 0 ? inner : inner.substring(0, end));
    } catch (IllegalArgumentException noPath) {
      return null;
    }
  }

  /** Whether the file is there as it was. */
  boolean isUnchanged() {
    return modified(file) == modified;
  }

  private static long modified(Path file) {
    return file.toFile().lastModified();
  }
}
