package io.fermata.internal.compiler;

import java.util.BitSet;
import java.util.List;
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
final class Liveness {
  private final InsnList code;
  private final List<List<Integer>> successors;
  private final BitSet[] live;

  private Liveness(MethodNode method) {
    code = method.instructions;
    successors = ControlFlow.successors(method);
    live = new BitSet[code.size()];
    for (int i = 0; i < live.length; i++) {
      live[i] = new BitSet();
    }
  }

  /** The live locals before each instruction, by slot. */
  static BitSet[] analyse(MethodNode method) {
    Liveness liveness = new Liveness(method);
    liveness.solve();
    return liveness.live;
  }

  private void solve() {
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = code.size() - 1; i >= 0; i--) {
        BitSet before = new BitSet();
        for (int next : successors.get(i)) {
          before.or(live[next]);
        }
        AbstractInsnNode instruction = code.get(i);
        if (instruction instanceof VarInsnNode access) {
          boolean isStore = access.getOpcode() >= Opcodes.ISTORE;
          if (isStore) {
            // its value from before is not read, unless a handler reads it
            before.clear(access.var);
            orHandlers(before, i);
          } else {
            before.set(access.var);
          }
        } else if (instruction instanceof IincInsnNode increment) {
          before.set(increment.var);
        }
        if (!before.equals(live[i])) {
          live[i] = before;
          changed = true;
        }
      }
    }
  }

  /** A store inside a try block: its handlers may see the value from before it. */
  private void orHandlers(BitSet before, int index) {
    for (int next : successors.get(index)) {
      if (next != index + 1) {
        before.or(live[next]);
      }
    }
  }
}
