package io.fermata.internal.compiler.bytecode;

import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** A copy of a method's code, whose instructions are of the same classes as those of the method. */
public final class MethodCopy {
  private MethodCopy() {}

  /** The copy, without the table of variables. */
  public static MethodNode of(MethodNode method) {
    Map<LabelNode, LabelNode> labels = new HashMap<>();
    for (AbstractInsnNode each : method.instructions) {
      if (each instanceof LabelNode label) {
        labels.put(label, new LabelNode());
      }
    }
    MethodNode copy =
        new MethodNode(
            method.access,
            method.name,
            method.desc,
            method.signature,
            method.exceptions.toArray(new String[0]));
    for (AbstractInsnNode each : method.instructions) {
      copy.instructions.add(each.clone(labels));
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      copy.tryCatchBlocks.add(
          new TryCatchBlockNode(
              labels.get(block.start),
              labels.get(block.end),
              labels.get(block.handler),
              block.type));
    }
    copy.maxLocals = method.maxLocals;
    copy.maxStack = method.maxStack;
    return copy;
  }
}
