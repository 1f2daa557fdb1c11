package io.fermata.internal.compiler.bytecode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The pass that removes code which is never reached, such as the copy of a {@code finally} block on
 * a way that javac knows to be closed. Such code has no types, so no other pass could treat it.
 */
public final class DeadCode {
  private DeadCode() {}

  /**
   * Removes it.
   *
   * @return whether there was any, so that the method has to be analysed anew
   */
  public static boolean remove(MethodNode method, @Nullable Frame<?>[] frames) {
    AbstractInsnNode[] code = method.instructions.toArray();
    boolean found = false;
    for (int i = 0; i < code.length; i++) {
      // labels and lines stay: ranges may begin and end there
      if (frames[i] == null && code[i].getOpcode() >= 0) {
        method.instructions.remove(code[i]);
        found = true;
      }
    }
    return found;
  }

  /** Removes what no way leads to from the beginning of a method, and handlers of nothing. */
  public static void removeUnreachable(MethodNode method) {
    List<List<Integer>> successors = ControlFlow.successors(method);
    BitSet reached = new BitSet();
    Deque<Integer> work = new ArrayDeque<>();
    work.add(0);
    while (!work.isEmpty()) {
      int at = work.remove();
      if (!reached.get(at)) {
        reached.set(at);
        work.addAll(successors.get(at));
      }
    }
    AbstractInsnNode[] code = method.instructions.toArray();
    Set<AbstractInsnNode> unreached = new HashSet<>();
    for (int i = 0; i < code.length; i++) {
      if (!reached.get(i)) {
        unreached.add(code[i]);
        if (code[i].getOpcode() >= 0) {
          method.instructions.remove(code[i]);
        }
      }
    }
    List<TryCatchBlockNode> handlers = new ArrayList<>();
    for (TryCatchBlockNode handler : method.tryCatchBlocks) {
      // javac makes handlers that an earlier one for everything leaves nothing to
      if (!isEmpty(handler.start, handler.end) && !unreached.contains(handler.handler)) {
        handlers.add(handler);
      }
    }
    method.tryCatchBlocks = handlers;
  }

  /** Whether there is no instruction between two labels. */
  public static boolean isEmpty(LabelNode start, LabelNode end) {
    for (AbstractInsnNode at = start; at != null && at != end; at = at.getNext()) {
      if (at.getOpcode() >= 0) {
        return false;
      }
    }
    return true;
  }
}
