package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.ControlFlow;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;

/**
 * The check that no suspension point lies inside {@code synchronized}: a monitor belongs to a
 * thread, and a frame cannot keep it.
 */
final class Monitors {
  /** An upper bound, so that counting ends even in wrong code. */
  private static final int MANY = 100;

  private Monitors() {}

  /** Makes sure of it. */
  static void check(BodyMethod body, List<SuspensionPoint> suspensions) throws NotCompilable {
    if (suspensions.isEmpty()) {
      return;
    }
    if ((body.method().access & Opcodes.ACC_SYNCHRONIZED) != 0) {
      throw new NotCompilable(
          body.method().name
              + "() is synchronized and suspends at "
              + body.place(suspensions.get(0).line()));
    }
    int[] held = held(body.method());
    for (SuspensionPoint suspension : suspensions) {
      if (held[body.method().instructions.indexOf(suspension.call())] > 0) {
        throw new NotCompilable(
            "it suspends inside a synchronized block at " + body.place(suspension.line()));
      }
    }
  }

  /** How many monitors may be held before each instruction. */
  static int[] held(MethodNode method) {
    InsnList code = method.instructions;
    int[] held = new int[code.size()];
    if (!holdsAny(code)) {
      return held;
    }
    List<List<Integer>> successors = ControlFlow.successors(method);
    Arrays.fill(held, -1);
    held[0] = 0;
    Deque<Integer> work = new ArrayDeque<>();
    work.add(0);
    while (!work.isEmpty()) {
      int index = work.remove();
      int before = held[index];
      int after =
          switch (code.get(index).getOpcode()) {
            case Opcodes.MONITORENTER -> Math.min(before + 1, MANY);
            case Opcodes.MONITOREXIT -> Math.max(before - 1, 0);
            default -> before;
          };
      for (int next : successors.get(index)) {
        // a handler, like a jump, is reached as if the instruction had not taken effect
        int arriving = next == index + 1 ? after : before;
        if (arriving > held[next]) {
          held[next] = arriving;
          work.add(next);
        }
      }
    }
    return held;
  }

  private static boolean holdsAny(InsnList code) {
    for (AbstractInsnNode at : code) {
      if (at.getOpcode() == Opcodes.MONITORENTER) {
        return true;
      }
    }
    return false;
  }
}
