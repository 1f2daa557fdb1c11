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

  /**
   * Whether code of one class can name another one. It cannot if the other one belongs to a class
   * loader that the first one's does not ask: that of an application which uses a library.
   *
   * @param from the internal name of the class with the code
   * @param type the internal name of the other one
   */
  default boolean sees(String from, String type) {
    return true;
  }
}
