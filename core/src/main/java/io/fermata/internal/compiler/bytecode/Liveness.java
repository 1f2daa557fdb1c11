package io.fermata.internal.compiler.bytecode;

import java.util.BitSet;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The analysis of live locals: those that will be read before they are written. It goes backward,
 * and the handlers that cover an instruction are among its successors.
 */
public final class Liveness {
  private final InsnList code;
  private final FlowBlocks blocks;

  /** The live locals at the beginning of each block. */
  private final BitSet[] atStart;

  private Liveness(MethodNode method) {
    code = method.instructions;
    blocks = new FlowBlocks(method, new BitSet());
    atStart = new BitSet[blocks.count()];
    for (int block = 0; block < atStart.length; block++) {
      atStart[block] = new BitSet();
    }
  }

  /**
   * The live locals before each instruction, by slot. Instructions share these sets, so nobody may
   * change one.
   */
  public static BitSet[] analyse(MethodNode method) {
    Liveness liveness = new Liveness(method);
    liveness.solve();
    return liveness.eachInstruction();
  }

  private void solve() {
    BitSet[] read = new BitSet[blocks.count()];
    BitSet[] written = new BitSet[blocks.count()];
    for (int block = 0; block < blocks.count(); block++) {
      read[block] = readFirst(code, blocks.start(block), blocks.end(block));
      written[block] = written(code, blocks.start(block), blocks.end(block));
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int block = blocks.count() - 1; block >= 0; block--) {
        BitSet before = atEnd(block);
        before.andNot(written[block]);
        before.or(read[block]);
        before.or(inHandlers(block));
        if (!before.equals(atStart[block])) {
          atStart[block] = before;
          changed = true;
        }
      }
    }
  }

  /** The locals that some instructions read before they write them. */
  public static BitSet readFirst(InsnList code, int start, int end) {
    BitSet read = new BitSet();
    BitSet written = new BitSet();
    for (int i = start; i < end; i++) {
      int slot = slot(code.get(i));
      if (slot >= 0 && reads(code.get(i)) && !written.get(slot)) {
        read.set(slot);
      } else if (slot >= 0) {
        written.set(slot);
      }
    }
    return read;
  }

  /** The locals that some instructions write. */
  public static BitSet written(InsnList code, int start, int end) {
    BitSet written = new BitSet();
    for (int i = start; i < end; i++) {
      int slot = slot(code.get(i));
      if (slot >= 0 && writes(code.get(i))) {
        written.set(slot);
      }
    }
    return written;
  }

  /** The local that an instruction reads or writes; -1 if none. */
  public static int slot(AbstractInsnNode instruction) {
    if (instruction instanceof VarInsnNode access) {
      return access.var;
    }
    return instruction instanceof IincInsnNode increment ? increment.var : -1;
  }

  private static boolean reads(AbstractInsnNode access) {
    return access.getOpcode() < Opcodes.ISTORE || access.getOpcode() == Opcodes.IINC;
  }

  private static boolean writes(AbstractInsnNode access) {
    return access.getOpcode() >= Opcodes.ISTORE; // also IINC
  }

  private BitSet atEnd(int block) {
    BitSet after = new BitSet();
    for (int next : blocks.next(block)) {
      after.or(atStart[next]);
    }
    return after;
  }

  private BitSet inHandlers(int block) {
    BitSet in = new BitSet();
    for (int handler : blocks.handlers(block)) {
      in.or(atStart[handler]);
    }
    return in;
  }

  private BitSet[] eachInstruction() {
    BitSet[] live = new BitSet[code.size()];
    for (int block = 0; block < blocks.count(); block++) {
      BitSet after = atEnd(block);
      BitSet handlers = inHandlers(block);
      for (int i = blocks.end(block) - 1; i >= blocks.start(block); i--) {
        after = before(code.get(i), after, handlers);
        live[i] = after;
      }
    }
    return live;
  }

  /** What is live before an instruction; the same set if it makes no difference. */
  private static BitSet before(AbstractInsnNode instruction, BitSet after, BitSet handlers) {
    if (instruction.getOpcode() < 0) {
      return after;
    }
    BitSet before = (BitSet) after.clone();
    int slot = slot(instruction);
    if (slot >= 0) {
      before.set(slot, reads(instruction));
    }
    before.or(handlers); // they may see the value from before a store
    return before.equals(after) ? after : before;
  }
}
