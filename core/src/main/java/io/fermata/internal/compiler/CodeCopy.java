package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.InlinedLine;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The copy of a method's code into another method: its locals move up, its handlers come before
 * those of the other, as they are the inner ones, and its returns become what a {@link Returns}
 * writes.
 */
final class CodeCopy {
  /** Writes what stands in the place of a return, with the result on the stack. */
  interface Returns {
    /** Writes it, for one instruction of the original. */
    void write(AbstractInsnNode instruction, Assembler out) throws NotCompilable;
  }

  private final MethodNode from;
  private final MethodNode into;
  private final int shift;

  /**
   * A copy.
   *
   * @param shift the slot of its first local in the other method
   */
  CodeCopy(MethodNode from, MethodNode into, int shift) {
    this.from = from;
    this.into = into;
    this.shift = shift;
  }

  /**
   * Writes it.
   *
   * @param call the call in whose place the code stands; null if it keeps its lines
   */
  void write(Assembler out, InlinedLine.@Nullable Call call, Returns returns) throws NotCompilable {
    Map<LabelNode, LabelNode> labels = new HashMap<>();
    for (AbstractInsnNode at : from.instructions) {
      if (at instanceof LabelNode label) {
        labels.put(label, new LabelNode());
      }
    }
    for (AbstractInsnNode at : from.instructions) {
      int opcode = at.getOpcode();
      if (at instanceof VarInsnNode access) {
        out.add(new VarInsnNode(opcode, access.var + shift));
      } else if (at instanceof IincInsnNode increment) {
        out.add(new IincInsnNode(increment.var + shift, increment.incr));
      } else if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
        returns.write(at, out);
      } else if (at instanceof LineNumberNode line) {
        LabelNode start = Objects.requireNonNull(labels.get(line.start));
        out.add(
            call == null
                ? InlinedLine.copy(line, start)
                : new InlinedLine(
                    line.line, start, InlinedLine.Call.within(InlinedLine.callOf(line), call)));
      } else if (at.getType() != AbstractInsnNode.FRAME) {
        out.add(at.clone(labels));
      }
    }
    List<TryCatchBlockNode> blocks = new ArrayList<>();
    for (TryCatchBlockNode block : from.tryCatchBlocks) {
      blocks.add(
          new TryCatchBlockNode(
              labels.get(block.start),
              labels.get(block.end),
              labels.get(block.handler),
              block.type));
    }
    blocks.addAll(into.tryCatchBlocks);
    into.tryCatchBlocks = blocks;
    copyVariables(labels);
    into.maxLocals = Math.max(into.maxLocals, shift + from.maxLocals);
  }

  private void copyVariables(Map<LabelNode, LabelNode> labels) {
    if (from.localVariables == null) {
      return;
    }
    if (into.localVariables == null) {
      into.localVariables = new ArrayList<>();
    }
    for (LocalVariableNode variable : from.localVariables) {
      if (!Shape.isYielder(Type.getType(variable.desc))) { // co is in no local
        into.localVariables.add(
            new LocalVariableNode(
                variable.name,
                variable.desc,
                variable.signature,
                labels.get(variable.start),
                labels.get(variable.end),
                variable.index + shift));
      }
    }
  }
}
