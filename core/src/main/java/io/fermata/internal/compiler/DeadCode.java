package io.fermata.internal.compiler;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Removes what is never reached, such as the copy of a {@code finally} block on a way that javac
 * knows to be closed: nothing is known of it, so no other pass could treat it.
 */
final class DeadCode {
  private DeadCode() {}

  /**
   * Removes it.
   *
   * @return whether there was any, so that the method has to be analysed anew
   */
  static boolean remove(MethodNode method, @Nullable Frame<TypedValue>[] frames) {
    AbstractInsnNode[] code = method.instructions.toArray();
    boolean found = false;
    for (int i = 0; i < code.length; i++) {
      if (frames[i] == null && code[i].getOpcode() >= 0) {
        method.instructions.remove(code[i]);
        found = true;
      }
    }
    return found;
  }
}
