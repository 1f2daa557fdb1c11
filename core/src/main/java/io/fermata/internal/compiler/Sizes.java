package io.fermata.internal.compiler;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The sizes of generated methods. */
final class Sizes {
  /** The JIT leaves larger methods to the interpreter (HotSpot's HugeMethodLimit). */
  static final int HUGE = 8000;

  private Sizes() {}

  /** Whether the JIT leaves a method to the interpreter. */
  static boolean isHuge(byte[] file, String name) {
    return file.length > HUGE && ofMethod(file, name) > HUGE;
  }

  /** Length of the bytecode of a method, short of its last instruction. */
  static int ofMethod(byte[] file, String name) {
    OffsetReader reader = new OffsetReader(file);
    ClassVisitor visitor =
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public @Nullable MethodVisitor visitMethod(
              int access,
              String method,
              String descriptor,
              @Nullable String signature,
              String @Nullable [] exceptions) {
            return method.equals(name) ? new MethodVisitor(Opcodes.ASM9) {} : null;
          }
        };
    reader.accept(visitor, new Attribute[0], ClassReader.SKIP_FRAMES | ClassReader.SKIP_DEBUG);
    return reader.last;
  }

  /**
   * Notes how far the instructions go that a visitor wants; labels that are read have no offset.
   */
  private static final class OffsetReader extends ClassReader {
    int last;

    OffsetReader(byte[] file) {
      super(file);
    }

    @Override
    protected void readBytecodeInstructionOffset(int offset) {
      last = Math.max(last, offset);
    }
  }
}
