package io.fermata.internal.compiler.bytecode;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The pass that hides variables where their slots hold nothing. After a suspension only those are
 * restored that the body still reads; a debugger that reads another one fails, and shows none at
 * all.
 *
 * <pre>
 * before                                     after
 *   resumed: n = f0    var n, var unused       resumed: n = f0    var n
 *            ...                                        ...
 *            unused = 5                                 unused = 5
 *            ...                                        ...       var n, var unused
 * </pre>
 *
 * <p>A forward analysis finds the slots that are assigned on every way. States are kept at labels
 * only; between two labels slots are only added.
 */
public final class VisibleVariables {
  private final MethodNode method;
  private final Map<AbstractInsnNode, Integer> positions = new HashMap<>();
  private final Map<LabelNode, BitSet> atLabels = new HashMap<>();

  /** The instructions before which a slot is assigned, by slot. */
  private final Map<Integer, BitSet> assigned = new HashMap<>();

  private boolean changed;

  private VisibleVariables(MethodNode method) {
    this.method = method;
    int at = 0;
    for (AbstractInsnNode instruction : method.instructions) {
      positions.put(instruction, at++);
    }
  }

  /** Cuts the ranges of the variables of a method whose parameters are assigned. */
  public static void cut(MethodNode method, int parameters) {
    if (method.localVariables == null || method.localVariables.isEmpty()) {
      return;
    }
    VisibleVariables variables = new VisibleVariables(method);
    BitSet start = new BitSet();
    start.set(0, parameters);
    do {
      variables.changed = false;
      variables.pass(start, false);
    } while (variables.changed);
    variables.pass(start, true);
    variables.cut();
  }

  /** Goes over the code once. */
  private void pass(BitSet start, boolean isLast) {
    BitSet now = (BitSet) start.clone();
    boolean reached = true;
    int at = 0;
    for (AbstractInsnNode instruction : method.instructions) {
      if (instruction instanceof LabelNode label) {
        if (reached) {
          merge(label, now);
        }
        BitSet known = atLabels.get(label);
        reached = known != null;
        if (known != null) {
          now = (BitSet) known.clone();
          mergeIntoHandlers(at, now);
        }
      } else if (reached && instruction.getOpcode() >= 0) {
        if (isLast) {
          for (int slot = now.nextSetBit(0); slot >= 0; slot = now.nextSetBit(slot + 1)) {
            assigned.computeIfAbsent(slot, each -> new BitSet()).set(at);
          }
        }
        for (LabelNode target : ControlFlow.labels(instruction)) {
          merge(target, now);
        }
        store(instruction, now);
        reached = ControlFlow.fallsThrough(instruction);
      }
      at++;
    }
  }

  private static void store(AbstractInsnNode instruction, BitSet now) {
    if (instruction instanceof VarInsnNode access && access.getOpcode() >= Opcodes.ISTORE) {
      now.set(access.var);
      if (access.getOpcode() == Opcodes.LSTORE || access.getOpcode() == Opcodes.DSTORE) {
        now.clear(access.var + 1);
      }
    }
  }

  private void mergeIntoHandlers(int at, BitSet now) {
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      if (position(block.start) <= at && at < position(block.end)) {
        merge(block.handler, now);
      }
    }
  }

  private void merge(LabelNode label, BitSet arriving) {
    BitSet known = atLabels.get(label);
    if (known == null) {
      atLabels.put(label, (BitSet) arriving.clone());
      changed = true;
    } else {
      int size = known.cardinality();
      known.and(arriving);
      changed |= known.cardinality() != size;
    }
  }

  private void cut() {
    AbstractInsnNode[] code = method.instructions.toArray();
    List<LocalVariableNode> visible = new ArrayList<>();
    for (LocalVariableNode variable : method.localVariables) {
      BitSet slot = assigned.getOrDefault(variable.index, new BitSet());
      int end = position(variable.end);
      LabelNode from = null;
      for (int i = position(variable.start); i < end; i++) {
        if (code[i].getOpcode() < 0) {
          continue;
        }
        if (slot.get(i) && from == null) {
          from = labelAt(code[i]);
        } else if (!slot.get(i) && from != null) {
          visible.add(copy(variable, from, labelAt(code[i])));
          from = null;
        }
      }
      if (from != null) {
        visible.add(copy(variable, from, variable.end));
      }
    }
    method.localVariables = visible;
  }

  private LabelNode labelAt(AbstractInsnNode instruction) {
    if (instruction.getPrevious() instanceof LabelNode label) {
      return label;
    }
    LabelNode label = new LabelNode();
    method.instructions.insertBefore(instruction, label);
    return label;
  }

  private static LocalVariableNode copy(LocalVariableNode variable, LabelNode from, LabelNode to) {
    return new LocalVariableNode(
        variable.name, variable.desc, variable.signature, from, to, variable.index);
  }

  private int position(LabelNode label) {
    Integer position = positions.get(label);
    return position == null ? -1 : position;
  }
}
