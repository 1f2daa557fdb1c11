package io.fermata.internal.compiler.bytecode;

import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * A writer of bytecode: each method appends what its name says to a list of instructions. All
 * emitters write with it, so generated code reads the same everywhere.
 */
public final class Assembler {
  /** The type of an object of which no more is known. */
  public static final Type OBJECT = Type.getObjectType("java/lang/Object");

  private final InsnList out;

  /** A writer that appends to a list. */
  public Assembler(InsnList out) {
    this.out = out;
  }

  /** The list that it appends to. */
  public InsnList code() {
    return out;
  }

  /** An instruction as it is. */
  public Assembler add(AbstractInsnNode instruction) {
    out.add(instruction);
    return this;
  }

  /** An instruction without operands in the code. */
  public Assembler op(int opcode) {
    return add(new InsnNode(opcode));
  }

  public Assembler label(LabelNode label) {
    return add(label);
  }

  public Assembler jump(int opcode, LabelNode target) {
    return add(new JumpInsnNode(opcode, target));
  }

  public Assembler load(int slot, Type type) {
    return add(new VarInsnNode(type.getOpcode(Opcodes.ILOAD), slot));
  }

  public Assembler store(int slot, Type type) {
    return add(new VarInsnNode(type.getOpcode(Opcodes.ISTORE), slot));
  }

  public Assembler loadThis() {
    return load(0, OBJECT);
  }

  /** Drops the topmost value. */
  public Assembler pop(Type type) {
    return op(type.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
  }

  /** An int constant, by the shortest instruction. */
  public Assembler push(int constant) {
    if (constant >= -1 && constant <= 5) {
      return op(Opcodes.ICONST_0 + constant);
    }
    if (constant < Short.MIN_VALUE || constant > Short.MAX_VALUE) {
      return constant(constant);
    }
    boolean isByte = constant >= Byte.MIN_VALUE && constant <= Byte.MAX_VALUE;
    return add(new IntInsnNode(isByte ? Opcodes.BIPUSH : Opcodes.SIPUSH, constant));
  }

  /** A constant of the constant pool. */
  public Assembler constant(Object constant) {
    return add(new LdcInsnNode(constant));
  }

  /** The value that a field of a type has at first. */
  public Assembler zero(Type type) {
    return op(
        switch (type.getSort()) {
          case Type.LONG -> Opcodes.LCONST_0;
          case Type.FLOAT -> Opcodes.FCONST_0;
          case Type.DOUBLE -> Opcodes.DCONST_0;
          case Type.ARRAY, Type.OBJECT -> Opcodes.ACONST_NULL;
          default -> Opcodes.ICONST_0;
        });
  }

  public Assembler getField(String owner, String name, String descriptor) {
    return add(new FieldInsnNode(Opcodes.GETFIELD, owner, name, descriptor));
  }

  public Assembler putField(String owner, String name, String descriptor) {
    return add(new FieldInsnNode(Opcodes.PUTFIELD, owner, name, descriptor));
  }

  /** Puts the topmost value into a field of {@code this}, which is not on the stack. */
  public Assembler putUnder(String owner, String name, Type type) {
    loadThis();
    if (type.getSize() == 2) {
      op(Opcodes.DUP_X2).op(Opcodes.POP);
    } else {
      op(Opcodes.SWAP);
    }
    return putField(owner, name, type.getDescriptor());
  }

  public Assembler getStatic(String owner, String name, String descriptor) {
    return add(new FieldInsnNode(Opcodes.GETSTATIC, owner, name, descriptor));
  }

  public Assembler putStatic(String owner, String name, String descriptor) {
    return add(new FieldInsnNode(Opcodes.PUTSTATIC, owner, name, descriptor));
  }

  /** {@code NEW; DUP}. */
  public Assembler allocate(String type) {
    return add(new TypeInsnNode(Opcodes.NEW, type)).op(Opcodes.DUP);
  }

  /** Calls a constructor. */
  public Assembler construct(String type, Type... parameters) {
    return add(
        new MethodInsnNode(
            Opcodes.INVOKESPECIAL,
            type,
            "<init>",
            Type.getMethodDescriptor(Type.VOID_TYPE, parameters),
            false));
  }

  public Assembler cast(String type) {
    return add(new TypeInsnNode(Opcodes.CHECKCAST, type));
  }

  public Assembler invokeStatic(String owner, String name, String descriptor) {
    return add(new MethodInsnNode(Opcodes.INVOKESTATIC, owner, name, descriptor, false));
  }

  public Assembler invokeVirtual(String owner, String name, String descriptor) {
    return add(new MethodInsnNode(Opcodes.INVOKEVIRTUAL, owner, name, descriptor, false));
  }

  public Assembler invokeDynamic(
      String name, String descriptor, Handle bootstrap, Object... arguments) {
    return add(new InvokeDynamicInsnNode(name, descriptor, bootstrap, arguments));
  }
}
