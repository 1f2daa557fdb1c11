package io.fermata.internal.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.compiler.bytecode.CallerSensitive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class CallerSensitiveTest {
  /** Public methods of the running JDK that are marked so, as {@code owner.name}. */
  private static Set<String> inJdk(String module) throws IOException {
    FileSystem jdk = FileSystems.getFileSystem(URI.create("jrt:/"));
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(jdk.getPath("modules", module, "java"))) {
      files.filter(file -> file.toString().endsWith(".class")).forEach(file -> scan(file, found));
    }
    return found;
  }

  private static void scan(Path file, Set<String> found) {
    ClassReader reader = new ClassReader(ClassFiles.bytes(name -> read(file), ""));
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String type, String signature, String[] exceptions) {
            return new MethodVisitor(Opcodes.ASM9) {
              @Override
              public AnnotationVisitor visitAnnotation(String annotation, boolean visible) {
                int usable = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;
                if (annotation.endsWith("/CallerSensitive;") && (access & usable) != 0) {
                  found.add(reader.getClassName() + "." + name);
                }
                return null;
              }
            };
          }
        },
        ClassReader.SKIP_CODE);
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Test
  void theTableHasAllMethodsOfTheJdk() throws IOException {
    Set<String> marked = inJdk("java.base");
    assertTrue(marked.contains("java/lang/reflect/Method.invoke"), marked::toString);
    if (ModuleLayer.boot().findModule("java.logging").isPresent()) {
      marked.addAll(inJdk("java.logging"));
    }
    if (ModuleLayer.boot().findModule("java.sql").isPresent()) {
      marked.addAll(inJdk("java.sql"));
    }
    marked.remove("java/lang/ClassLoader.registerAsParallelCapable"); // is not compiled
    marked.removeIf(
        method -> {
          int dot = method.indexOf('.');
          return CallerSensitive.contains(method.substring(0, dot), method.substring(dot + 1));
        });
    assertEquals(Set.of(), marked);
  }

  @Test
  void reflectionAsksForTheRightsOfItsCaller() {
    for (String owner : List.of("Field", "Method", "Constructor", "AccessibleObject")) {
      assertTrue(CallerSensitive.looksAtClass("java/lang/reflect/" + owner, "canAccess"), owner);
    }
  }
}
