package io.fermata.internal.compiler.bytecode;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Iterators that a method has made and that nobody uses after a call of {@code forEachRemaining}:
 * {@code list.iterator().forEachRemaining(...)}, or by a variable that is dead then.
 */
public final class OwnIterators {
  private final MethodNode method;
  private final StraightCode code;

  public OwnIterators(MethodNode method) {
    this.method = method;
    this.code = new StraightCode(method);
  }

  /** Whether the receiver of a call is one. */
  public boolean isReceiverOf(MethodInsnNode call) {
    AbstractInsnNode receiver = receiver(call);
    return receiver != null
        && (makesIterator(receiver)
            || (receiver instanceof VarInsnNode load
                && isMadeHere(load.var)
                && !isUsedAfter(call, load.var)));
  }

  /**
   * What pushes the receiver, if only the making of the lambda is between the two. The lambda was
   * taken apart already:
   *
   * <pre>
   * receiver; ALOAD co; DUP; POP; ILOAD n; ISTORE n1; ASTORE co1; ACONST_NULL; the call
   * </pre>
   */
  private @Nullable AbstractInsnNode receiver(MethodInsnNode call) {
    AbstractInsnNode at = code.before(call);
    if (at == null || at.getOpcode() != Opcodes.ACONST_NULL) {
      return null;
    }
    int captured = 0;
    for (at = code.before(at);
        at instanceof VarInsnNode store && isStore(store);
        at = code.before(at)) {
      captured++;
    }
    while (captured > 0 && at != null) {
      if (at.getOpcode() == Opcodes.POP) {
        at = code.before(at);
        if (at == null || at.getOpcode() != Opcodes.DUP) {
          return null;
        }
      } else if (at instanceof VarInsnNode) {
        captured--;
      } else {
        return null;
      }
      at = code.before(at);
    }
    return at;
  }

  private static boolean makesIterator(@Nullable AbstractInsnNode at) {
    return at instanceof MethodInsnNode made
        && made.getOpcode() != Opcodes.INVOKESTATIC
        && made.name.equals("iterator")
        && made.desc.equals("()Ljava/util/Iterator;");
  }

  private boolean isMadeHere(int slot) {
    boolean found = false;
    for (AbstractInsnNode at : method.instructions) {
      if (at instanceof VarInsnNode store && store.var == slot && isStore(store)) {
        if (!makesIterator(code.before(store))) {
          return false;
        }
        found = true;
      }
    }
    return found;
  }

  private static boolean isStore(VarInsnNode access) {
    return access.getOpcode() >= Opcodes.ISTORE && access.getOpcode() <= Opcodes.ASTORE;
  }

  private boolean isUsedAfter(MethodInsnNode call, int slot) {
    BitSet live = Liveness.analyse(method)[method.instructions.indexOf(call)];
    return live.get(slot);
  }
}
