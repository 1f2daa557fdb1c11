package io.fermata.internal.compiler.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.internal.compiler.ClassPath;
import java.lang.invoke.MethodHandles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class CoverageProbesTest {
  private static final String NEW =
      "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;)[Z";
  private static final String OLD = "()[Z";

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  void probesAddedAtLoadingAreNoticed(String type) throws Exception {
    assertEquals(true, areAdded(host(type), host(null)));
  }

  @ParameterizedTest
  @ValueSource(strings = {NEW, OLD})
  void probesOfTheFileItselfAreIgnored(String type) throws Exception {
    assertEquals(false, areAdded(host(type), host(type)));
  }

  @Test
  void aClassWithoutProbesIsLeftAlone() throws Exception {
    assertEquals(false, areAdded(host(null), host(null)));
  }

  private static boolean areAdded(byte[] loaded, byte[] file) throws Exception {
    Class<?> host = new Loader().define(loaded);
    ClassPath path = name -> file;
    return CoverageProbes.wereAddedToLoaded(
        host, MethodHandles.privateLookupIn(host, MethodHandles.lookup()), path);
  }

  /** A class that has the method of the probes, if its type is given. */
  private static byte[] host(String type) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "Host", null, "java/lang/Object", null);
    if (type != null) {
      int access = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC;
      MethodVisitor method = writer.visitMethod(access, "$jacocoInit", type, null, null);
      method.visitCode();
      method.visitInsn(Opcodes.ACONST_NULL);
      method.visitInsn(Opcodes.ARETURN);
      method.visitMaxs(1, 3);
      method.visitEnd();
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static final class Loader extends ClassLoader {
    Class<?> define(byte[] file) {
      return defineClass("Host", file, 0, file.length);
    }
  }
}
