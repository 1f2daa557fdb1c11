package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.ClassFiles;
import io.fermata.internal.compiler.ClassPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The probes by which JaCoCo counts. Its agent adds them to a class while the class is loaded, and
 * with them a method {@code $jacocoInit}, which the class file does not have. Code that is compiled
 * from the file would not be counted.
 *
 * <p>A class that was instrumented at build time has the probes in its file, so the compiled code
 * has them too.
 */
final class CoverageProbes {
  private static final String INIT = "$jacocoInit";

  /** The method in classes of Java 11 and newer, and in older ones. */
  private static final MethodType[] TYPES = {
    MethodType.methodType(boolean[].class, MethodHandles.Lookup.class, String.class, Class.class),
    MethodType.methodType(boolean[].class)
  };

  private CoverageProbes() {}

  /**
   * Whether a loaded class has probes, and its class file has none.
   *
   * @param host the loaded class, which need not be initialised
   * @param rights private access to it
   * @param path has its class file
   */
  static boolean wereAddedToLoaded(Class<?> host, MethodHandles.Lookup rights, ClassPath path) {
    if (!isIn(host, rights)) {
      return false;
    }
    byte[] file = ClassFiles.bytes(path, host.getName().replace('.', '/'));
    return file != null && !isIn(file);
  }

  /** Looks for the method itself: a list of all methods would load the classes that they name. */
  private static boolean isIn(Class<?> host, MethodHandles.Lookup rights) {
    for (MethodType type : TYPES) {
      try {
        rights.findStatic(host, INIT, type);
        return true;
      } catch (ReflectiveOperationException | LinkageError notThere) {
        // the next one
      }
    }
    return false;
  }

  private static boolean isIn(byte[] file) {
    boolean[] found = new boolean[1];
    new ClassReader(file)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public @Nullable MethodVisitor visitMethod(
                  int access,
                  String name,
                  String descriptor,
                  @Nullable String signature,
                  String @Nullable [] exceptions) {
                found[0] |= name.equals(INIT);
                return null;
              }
            },
            ClassReader.SKIP_CODE);
    return found[0];
  }
}
