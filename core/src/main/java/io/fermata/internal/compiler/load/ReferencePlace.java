package io.fermata.internal.compiler.load;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * The first line at which a class makes a reference to a method: the place of a body whose method
 * has no lines, as one of an interface has none.
 */
final class ReferencePlace extends ClassVisitor {
  private final String owner;
  private final String method;
  private final String descriptor;
  private @Nullable String file;
  private int first;

  private ReferencePlace(String owner, String method, String descriptor) {
    super(Opcodes.ASM9);
    this.owner = owner;
    this.method = method;
    this.descriptor = descriptor;
  }

  /**
   * Looks through a class file.
   *
   * @param className the class that is named in the reference
   * @return file and line; null if there is no reference, or its line is not known
   */
  static @Nullable String find(byte[] file, String className, String method, String descriptor) {
    ReferencePlace place = new ReferencePlace(className.replace('.', '/'), method, descriptor);
    try {
      new ClassReader(file).accept(place, ClassReader.SKIP_FRAMES);
    } catch (RuntimeException unreadable) {
      return null;
    }
    return place.file == null || place.first == 0 ? null : place.file + ":" + place.first;
  }

  @Override
  public void visitSource(@Nullable String source, @Nullable String debug) {
    file = source;
  }

  @Override
  public @Nullable MethodVisitor visitMethod(
      int access,
      String name,
      String type,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    return new MethodVisitor(Opcodes.ASM9) {
      private int line;

      @Override
      public void visitLineNumber(int number, Label start) {
        line = number;
      }

      @Override
      public void visitInvokeDynamicInsn(
          String name, String type, Handle bootstrap, Object... arguments) {
        for (Object argument : arguments) {
          if (first == 0 && argument instanceof Handle handle && isIt(handle)) {
            first = line;
          }
        }
      }
    };
  }

  private boolean isIt(Handle handle) {
    return handle.getOwner().equals(owner)
        && handle.getName().equals(method)
        && handle.getDesc().equals(descriptor);
  }
}
