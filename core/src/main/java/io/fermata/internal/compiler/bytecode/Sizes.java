package io.fermata.internal.compiler.bytecode;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Attribute;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/** The sizes of generated methods. */
public final class Sizes {
  /**
   * The JIT leaves larger methods to the interpreter (HotSpot's HugeMethodLimit). Tests make it
   * smaller, so that small bodies take the way of large ones.
   */
  public static final int HUGE = Integer.getInteger("fermata.huge", 8000);

  /** So begin the descriptors of the methods that run the body, or a segment of it. */
  private static final String RUNS_THE_BODY = "(Ljava/lang/Object;Ljava/lang/Throwable;";

  private Sizes() {}

  /** Whether the JIT leaves a method that runs the body to the interpreter. */
  public static boolean isHuge(byte[] file) {
    return file.length > HUGE && largest(file) > HUGE;
  }

  /** Length of the bytecode of the largest method of a frame, short of its last instruction. */
  public static int largest(byte[] file) {
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
            return descriptor.startsWith(RUNS_THE_BODY) ? new MethodVisitor(Opcodes.ASM9) {} : null;
          }
        };
    reader.accept(visitor, new Attribute[0], ClassReader.SKIP_FRAMES | ClassReader.SKIP_DEBUG);
    return reader.last;
  }

  /** About as many bytes as some code has. */
  public static int ofCode(InsnList code) {
    int size = 0;
    for (AbstractInsnNode at : code) {
      size += of(at);
    }
    return size;
  }

  /** About as many bytes as an instruction has. */
  public static int of(AbstractInsnNode instruction) {
    return switch (instruction.getType()) {
      case AbstractInsnNode.LABEL, AbstractInsnNode.LINE, AbstractInsnNode.FRAME -> 0;
      case AbstractInsnNode.INSN -> 1;
      case AbstractInsnNode.VAR_INSN, AbstractInsnNode.INT_INSN, AbstractInsnNode.LDC_INSN -> 2;
      case AbstractInsnNode.INVOKE_DYNAMIC_INSN -> 5;
      case AbstractInsnNode.METHOD_INSN ->
          instruction.getOpcode() == Opcodes.INVOKEINTERFACE ? 5 : 3;
      case AbstractInsnNode.TABLESWITCH_INSN ->
          16 + 4 * ((TableSwitchInsnNode) instruction).labels.size();
      case AbstractInsnNode.LOOKUPSWITCH_INSN ->
          12 + 8 * ((LookupSwitchInsnNode) instruction).labels.size();
      default -> 3;
    };
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
