package io.fermata.internal.compiler;

import org.jspecify.annotations.Nullable;

/** A place where class files are read from. */
public interface ClassPath {
  /**
   * The bytes of a class file, which become the caller's own; null if there is none.
   *
   * @param internalName the name of the class, with slashes
   */
  byte @Nullable [] read(String internalName);
}
