package io.fermata.io;

import java.nio.file.Path;

/**
 * Something that has happened to a file in a directory that is watched.
 *
 * @param kind what
 * @param path the file; for {@link Kind#OVERFLOW}, the directory
 */
public record FileChange(Kind kind, Path path) {
  /** What can happen. */
  public enum Kind {
    /** It is new, or was moved here. */
    CREATED,
    /** Its content or its attributes are others. */
    MODIFIED,
    /** It was deleted, or moved away. */
    DELETED,
    /** So much has happened that the system has lost some of it: look at the directory. */
    OVERFLOW
  }
}
