package io.fermata.internal.compiler.bytecode;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The code of a method in which one instruction certainly comes after another. A look at the
 * instruction before would be wrong where a jump arrives between the two.
 */
public final class StraightCode {
  /** Labels at which code begins that something else leads to. */
  private final Set<LabelNode> targets = Collections.newSetFromMap(new IdentityHashMap<>());

  public StraightCode(MethodNode method) {
    for (AbstractInsnNode at : method.instructions) {
      targets.addAll(ControlFlow.labels(at));
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      targets.add(block.handler);
    }
  }

  /** The instruction that is always executed just before; null if there may be several. */
  public @Nullable AbstractInsnNode before(AbstractInsnNode at) {
    AbstractInsnNode previous = at.getPrevious();
    while (previous != null && previous.getOpcode() < 0) {
      if (previous instanceof LabelNode label && targets.contains(label)) {
        return null;
      }
      previous = previous.getPrevious();
    }
    return previous == null || !ControlFlow.fallsThrough(previous) ? null : previous;
  }
}
