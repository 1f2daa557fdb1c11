package io.fermata.internal.compiler;

/** What frames are made for: the running JVM, or the output of a build. */
public interface Target {
  /**
   * Makes sure that frames can be made beside a class that holds a body or a helper.
   *
   * @param host the internal name of the class
   * @throws NotCompilable if no class can be added to its package
   */
  void checkHost(String host) throws NotCompilable;

  /**
   * Whether methods may be replaced by those of mocks, at any time, in the calls that a class
   * makes.
   *
   * @param host the internal name of the class, which has been checked
   */
  default boolean meetsMocks(String host) {
    return false;
  }
}
