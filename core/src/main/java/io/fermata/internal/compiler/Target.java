package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import org.objectweb.asm.tree.ClassNode;

/** What frames are made for: the running JVM, or the output of a build. */
public interface Target {
  /**
   * Makes sure that frames can be made beside a class that holds a body or a helper.
   *
   * @param host the class
   * @throws NotCompilable if no class can be added to its package
   */
  void checkHost(ClassNode host) throws NotCompilable;

  /**
   * Makes sure that the class file of a class that the code depends on is the class that runs.
   *
   * @param file the class file
   * @throws NotCompilable if it is another one
   */
  default void checkFile(ClassNode file) throws NotCompilable {}

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
