package io.fermata.internal.compiler.bytecode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The basic blocks of a method, by number, for the analyses of its locals. All instructions of a
 * block have the same handlers, so an analysis has one step per block and not one per instruction.
 */
public final class FlowBlocks {
  private final InsnList code;

  /** The index of the first instruction of each block, and the end of the code. */
  private final int[] starts;

  /** The number of the block in which each instruction lies. */
  private final int[] blockOf;

  /** The blocks that may come after each one, if nothing is thrown. */
  private final int[][] next;

  /** The blocks of the handlers of each one. */
  private final int[][] handlers;

  /**
   * The blocks of a method.
   *
   * @param leaders further instructions at which a block begins, by index
   */
  public FlowBlocks(MethodNode method, BitSet leaders) {
    this.code = method.instructions;
    this.starts = starts(method, leaders);
    this.blockOf = new int[code.size()];
    this.next = new int[count()][];
    this.handlers = new int[count()][];
    for (int block = 0; block < count(); block++) {
      Arrays.fill(blockOf, start(block), end(block), block);
    }
    for (int block = 0; block < count(); block++) {
      next[block] = after(block);
    }
    findHandlers(method);
  }

  /** A block begins where a jump leads, after a jump, and where a try block begins or ends. */
  private static int[] starts(MethodNode method, BitSet more) {
    InsnList code = method.instructions;
    BitSet leaders = (BitSet) more.clone();
    leaders.set(0);
    leaders.set(code.size());
    int index = 0;
    for (AbstractInsnNode at : code) {
      index++;
      List<LabelNode> labels = at.getOpcode() < 0 ? List.of() : ControlFlow.labels(at);
      for (LabelNode label : labels) {
        leaders.set(code.indexOf(label));
      }
      if (!labels.isEmpty() || !ControlFlow.fallsThrough(at)) {
        leaders.set(index);
      }
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      leaders.set(code.indexOf(block.start));
      leaders.set(code.indexOf(block.end));
      leaders.set(code.indexOf(block.handler));
    }
    return leaders.stream().toArray();
  }

  private int[] after(int block) {
    AbstractInsnNode last = code.get(end(block) - 1);
    List<LabelNode> labels = ControlFlow.labels(last);
    boolean runsOn = ControlFlow.fallsThrough(last) && end(block) < code.size();
    int[] after = new int[labels.size() + (runsOn ? 1 : 0)];
    int count = 0;
    if (runsOn) {
      after[count++] = block + 1;
    }
    for (LabelNode label : labels) {
      after[count++] = blockOf[code.indexOf(label)];
    }
    return after;
  }

  private void findHandlers(MethodNode method) {
    List<List<Integer>> found = new ArrayList<>();
    BitSet empty = new BitSet(); // without an instruction that may throw
    for (int block = 0; block < count(); block++) {
      found.add(new ArrayList<>(0));
      empty.set(block, isEmpty(block));
    }
    BitSet caught = new BitSet(); // by a handler of everything: later ones see nothing
    for (TryCatchBlockNode range : method.tryCatchBlocks) {
      int first = code.indexOf(range.start);
      int end = code.indexOf(range.end);
      if (first >= end) {
        continue;
      }
      int handler = blockOf[code.indexOf(range.handler)];
      int last = blockOf[end - 1];
      for (int block = blockOf[first]; block <= last; block++) {
        if (!empty.get(block) && !caught.get(block)) {
          found.get(block).add(handler);
        }
      }
      if (range.type == null) {
        caught.set(blockOf[first], last + 1);
      }
    }
    for (int block = 0; block < count(); block++) {
      handlers[block] = found.get(block).stream().mapToInt(Integer::intValue).toArray();
    }
  }

  private boolean isEmpty(int block) {
    for (int i = start(block); i < end(block); i++) {
      if (code.get(i).getOpcode() >= 0) {
        return false;
      }
    }
    return true;
  }

  public int count() {
    return starts.length - 1;
  }

  public int start(int block) {
    return starts[block];
  }

  public int end(int block) {
    return starts[block + 1];
  }

  /** The block in which an instruction lies. */
  public int of(int index) {
    return blockOf[index];
  }

  public int[] next(int block) {
    return next[block];
  }

  public int[] handlers(int block) {
    return handlers[block];
  }
}
