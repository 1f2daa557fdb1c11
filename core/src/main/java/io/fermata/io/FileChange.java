package io.fermata.io;

import java.nio.file.Path;

/**
 * A change of a file in a watched directory.
 *
 * @param kind of the change
 * @param path the file; for {@link Kind#OVERFLOW}, the directory
 */
public record FileChange(Kind kind, Path path) {
  /** The kinds of changes. */
  public enum Kind {
    /** The file is new, or was moved here. */
    CREATED,
    /** The content or the attributes have changed. */
    MODIFIED,
    /** The file was deleted, or moved away. */
    DELETED,
    /** The system has lost changes, as there were too many: look at the directory. */
    OVERFLOW
  }
}
