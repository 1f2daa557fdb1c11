package io.fermata.internal.compiler;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Appends small pieces of code to the resume method of a frame's class. */
final class Assembler {
  /** Slots of {@code resume}. */
  static final int THIS = 0;

  static final int SENT = 1;
  static final int RAISED = 2;

  /** The body's own locals come after these. */
  static final int SHIFT = 3;

  private final InsnList out;
  private final String name;
  private final int firstTemporary;
  private int nextTemporary;

  /**
   * Appends to a method.
   *
   * @param out the method's code
   * @param name the class that is written
   * @param locals slots that the body takes
   */
  Assembler(InsnList out, String name, int locals) {
    this.out = out;
    this.name = name;
    this.firstTemporary = locals + SHIFT;
    this.nextTemporary = firstTemporary;
  }

  /** Forgets all temporary variables. */
  void freeTemporaries() {
    nextTemporary = firstTemporary;
  }

  int temporary(Type type) {
    int slot = nextTemporary;
    nextTemporary += type.getSize();
    return slot;
  }

  void load(int slot, Type type) {
    out.add(new VarInsnNode(type.getOpcode(Opcodes.ILOAD), slot));
  }

  void store(int slot, Type type) {
    out.add(new VarInsnNode(type.getOpcode(Opcodes.ISTORE), slot));
  }

  void getField(String owner, String field, String descriptor) {
    load(THIS, TypedValue.OBJECT);
    out.add(new FieldInsnNode(Opcodes.GETFIELD, owner, field, descriptor));
  }

  void putField(FieldLayout.Field field) {
    out.add(new FieldInsnNode(Opcodes.PUTFIELD, name, field.name(), field.type().getDescriptor()));
  }

  /** Puts the topmost value into a field of this. */
  void putUnder(String owner, String field, Type type) {
    load(THIS, TypedValue.OBJECT);
    if (type.getSize() == 2) {
      out.add(new InsnNode(Opcodes.DUP_X2));
      out.add(new InsnNode(Opcodes.POP));
    } else {
      out.add(new InsnNode(Opcodes.SWAP));
    }
    out.add(new FieldInsnNode(Opcodes.PUTFIELD, owner, field, type.getDescriptor()));
  }

  /** Sets the state; returns the instructions that do it. */
  List<AbstractInsnNode> putState(int state) {
    AbstractInsnNode last = out.getLast();
    load(THIS, TypedValue.OBJECT);
    push(state);
    out.add(new FieldInsnNode(Opcodes.PUTFIELD, Abi.FRAME, "state", "I"));
    List<AbstractInsnNode> added = new ArrayList<>();
    for (AbstractInsnNode at = last.getNext(); at != null; at = at.getNext()) {
      added.add(at);
    }
    return added;
  }

  void push(int constant) {
    if (constant <= 5) {
      out.add(new InsnNode(Opcodes.ICONST_0 + constant));
    } else if (constant <= Short.MAX_VALUE) {
      out.add(
          new IntInsnNode(constant <= Byte.MAX_VALUE ? Opcodes.BIPUSH : Opcodes.SIPUSH, constant));
    } else {
      out.add(new LdcInsnNode(constant));
    }
  }

  void invokeFrame(String method, String descriptor) {
    out.add(new MethodInsnNode(Opcodes.INVOKEVIRTUAL, Abi.FRAME, method, descriptor, false));
  }
}
