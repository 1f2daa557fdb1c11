package io.fermata.internal.compiler;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** How large generated methods are. */
final class Sizes {
  private Sizes() {}

  /** Length of the bytecode of a method. */
  static int ofMethod(byte[] file, String name) {
    int[] size = new int[1];
    ClassVisitor visitor =
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public @Nullable MethodVisitor visitMethod(
              int access,
              String method,
              String descriptor,
              @Nullable String signature,
              String @Nullable [] exceptions) {
            if (!method.equals(name)) {
              return null;
            }
            return new MethodVisitor(Opcodes.ASM9) {
              @Override
              public void visitLabel(Label label) {
                size[0] = Math.max(size[0], label.getOffset());
              }
            };
          }
        };
    new ClassReader(file).accept(visitor, new Attribute[0], ClassReader.SKIP_FRAMES);
    return size[0];
  }
}
