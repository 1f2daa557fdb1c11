package io.fermata.internal.compiler.bytecode;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** The ways through the code of a method, by the index of its instructions. */
public final class ControlFlow {
  private ControlFlow() {}

  /** The instructions that may come after each one, handlers of exceptions included. */
  public static List<List<Integer>> successors(MethodNode method) {
    InsnList code = method.instructions;
    List<List<Integer>> all = jumps(method);
    BitSet caught = new BitSet(); // by a handler of everything: later ones see nothing
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      int handler = code.indexOf(block.handler);
      for (int i = code.indexOf(block.start); i < code.indexOf(block.end); i++) {
        if (code.get(i).getOpcode() >= 0 && !caught.get(i)) {
          all.get(i).add(handler);
        }
      }
      if (block.type == null) {
        caught.set(code.indexOf(block.start), code.indexOf(block.end));
      }
    }
    return all;
  }

  /** The instructions that may come after each one, if nothing is thrown. */
  public static List<List<Integer>> jumps(MethodNode method) {
    InsnList code = method.instructions;
    List<List<Integer>> all = new ArrayList<>(code.size());
    for (int i = 0; i < code.size(); i++) {
      AbstractInsnNode instruction = code.get(i);
      List<Integer> next = new ArrayList<>(2);
      if (fallsThrough(instruction) && i + 1 < code.size()) {
        next.add(i + 1);
      }
      for (LabelNode label : labels(instruction)) {
        next.add(code.indexOf(label));
      }
      all.add(next);
    }
    return all;
  }

  /** Whether the next instruction may come after it. */
  public static boolean fallsThrough(AbstractInsnNode instruction) {
    int opcode = instruction.getOpcode(); // -1 for labels and lines
    return opcode != Opcodes.GOTO
        && opcode != Opcodes.ATHROW
        && !(opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN)
        && opcode != Opcodes.TABLESWITCH
        && opcode != Opcodes.LOOKUPSWITCH;
  }

  /** Where an instruction may jump to. */
  public static List<LabelNode> labels(AbstractInsnNode instruction) {
    if (instruction instanceof JumpInsnNode jump) {
      return List.of(jump.label);
    }
    if (!(instruction instanceof TableSwitchInsnNode)
        && !(instruction instanceof LookupSwitchInsnNode)) {
      return List.of();
    }
    List<LabelNode> labels = new ArrayList<>();
    if (instruction instanceof TableSwitchInsnNode table) {
      labels.add(table.dflt);
      labels.addAll(table.labels);
    } else if (instruction instanceof LookupSwitchInsnNode lookup) {
      labels.add(lookup.dflt);
      labels.addAll(lookup.labels);
    }
    return labels;
  }
}
