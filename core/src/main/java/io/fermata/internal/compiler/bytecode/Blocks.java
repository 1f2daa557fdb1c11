package io.fermata.internal.compiler.bytecode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The basic blocks of a method, in the order of its code, for passes that copy some of them.
 *
 * <p>It is a view of the code as it was when it was made: copies are appended behind that code, and
 * are no blocks.
 */
public final class Blocks {
  /** Where a copy of some blocks goes on. */
  public interface Exits {
    /** A label for the way to a block that was not copied. */
    LabelNode labelOf(int block);
  }

  private final MethodNode method;
  private final InsnList code;
  private final AbstractInsnNode[] original;
  private final IdentityHashMap<AbstractInsnNode, Integer> position = new IdentityHashMap<>();

  /** Index of the first instruction of each block, and the end of the code. */
  private final List<Integer> starts = new ArrayList<>();

  private final int[] blockOf;

  /** The instructions that some try block covers. */
  private final BitSet covered = new BitSet();

  private final List<List<Integer>> successors = new ArrayList<>();

  public Blocks(MethodNode method) {
    this.method = method;
    this.code = method.instructions;
    this.original = code.toArray();
    this.blockOf = new int[original.length];
    for (int i = 0; i < original.length; i++) {
      position.put(original[i], i);
    }
    find();
  }

  /** A block begins where a jump leads, after a jump, and where a try block begins or ends. */
  private void find() {
    BitSet leaders = new BitSet();
    leaders.set(0);
    for (int i = 0; i < original.length; i++) {
      List<LabelNode> targets = targets(i);
      for (LabelNode target : targets) {
        leaders.set(at(target));
      }
      if (!targets.isEmpty() || !ControlFlow.fallsThrough(original[i])) {
        leaders.set(i + 1);
      }
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      leaders.set(at(block.start));
      leaders.set(at(block.end));
      leaders.set(at(block.handler));
      covered.set(at(block.start), Math.max(at(block.start), at(block.end)));
    }
    leaders.set(original.length);
    for (int at = leaders.nextSetBit(0); at >= 0; at = leaders.nextSetBit(at + 1)) {
      starts.add(at);
    }
    for (int block = 0; block < count(); block++) {
      Arrays.fill(blockOf, starts.get(block), starts.get(block + 1), block);
    }
    for (int block = 0; block < count(); block++) {
      List<Integer> targets = new ArrayList<>();
      int last = starts.get(block + 1) - 1;
      if (ControlFlow.fallsThrough(original[last]) && last + 1 < original.length) {
        targets.add(block + 1);
      }
      for (LabelNode target : targets(last)) {
        targets.add(blockOf[at(target)]);
      }
      successors.add(targets);
    }
  }

  private List<LabelNode> targets(int index) {
    AbstractInsnNode at = original[index];
    return at.getOpcode() < 0 ? List.of() : ControlFlow.labels(at);
  }

  public int count() {
    return starts.size() - 1;
  }

  /** Its number of instructions, labels and lines included. */
  public int size(int block) {
    return starts.get(block + 1) - starts.get(block);
  }

  /** The blocks that may come after each block, if nothing is thrown. */
  public List<List<Integer>> successors() {
    return successors;
  }

  /** The block in which an instruction lies. */
  public int of(AbstractInsnNode instruction) {
    return blockOf[at(instruction)];
  }

  /** The instructions of a block. */
  public List<AbstractInsnNode> instructions(int block) {
    return Arrays.asList(original).subList(starts.get(block), starts.get(block + 1));
  }

  /** Whether an exception that is thrown in a block may be caught in the method. */
  public boolean isCovered(int block) {
    return covered.get(starts.get(block));
  }

  /** Ways out of a copy that go on in the original. */
  public Exits toOriginals() {
    return new Exits() {
      @Override
      public LabelNode labelOf(int block) {
        return Blocks.this.labelOf(block);
      }
    };
  }

  /** A label at the beginning of a block. */
  public LabelNode labelOf(int block) {
    AbstractInsnNode first = original[starts.get(block)];
    if (first instanceof LabelNode label) {
      return label;
    }
    LabelNode label = new LabelNode();
    code.insertBefore(first, label);
    return label;
  }

  /**
   * Appends a copy of some blocks, with the handlers and variables that cover them.
   *
   * @param region the blocks
   * @param left instructions that are not copied
   * @param exits where the copy goes on where the original goes on at a block outside the region
   * @return where the copy of each block begins
   */
  public Map<Integer, LabelNode> copy(BitSet region, Set<AbstractInsnNode> left, Exits exits) {
    Map<LabelNode, LabelNode> inside = new HashMap<>();
    Map<Integer, LabelNode> begins = new HashMap<>();
    for (int block = region.nextSetBit(0); block >= 0; block = region.nextSetBit(block + 1)) {
      begins.put(block, new LabelNode());
    }
    for (AbstractInsnNode at : original) {
      if (at instanceof LabelNode label && region.get(of(at))) {
        inside.put(label, new LabelNode());
      }
    }
    for (int block = region.nextSetBit(0); block >= 0; block = region.nextSetBit(block + 1)) {
      LabelNode begin = Objects.requireNonNull(begins.get(block));
      LabelNode end = new LabelNode();
      code.add(begin);
      addLine(block, begin);
      for (AbstractInsnNode instruction : instructions(block)) {
        boolean isStrayLine =
            instruction instanceof LineNumberNode line && !inside.containsKey(line.start);
        if (!left.contains(instruction) && !isStrayLine) {
          code.add(instruction.clone(targets(instruction, inside, exits)));
        }
      }
      // the block that comes next in the original may not come next in the copy
      int next = starts.get(block + 1);
      if (next < original.length && ControlFlow.fallsThrough(original[next - 1])) {
        LabelNode copied = begins.get(blockOf[next]);
        code.add(
            new JumpInsnNode(Opcodes.GOTO, copied == null ? exits.labelOf(blockOf[next]) : copied));
      }
      code.add(end);
      copyRanges(block, begin, end);
    }
    return begins;
  }

  private Map<LabelNode, LabelNode> targets(
      AbstractInsnNode instruction, Map<LabelNode, LabelNode> inside, Exits exits) {
    List<LabelNode> labels = ControlFlow.labels(instruction);
    if (inside.keySet().containsAll(labels)) {
      return inside;
    }
    Map<LabelNode, LabelNode> targets = new HashMap<>(inside);
    for (LabelNode label : labels) {
      if (!targets.containsKey(label)) {
        targets.put(label, position.containsKey(label) ? exits.labelOf(of(label)) : label);
      }
    }
    return targets;
  }

  private void addLine(int block, LabelNode begin) {
    for (int i = starts.get(block); i >= 0; i--) {
      if (original[i] instanceof LineNumberNode line) {
        code.add(new LineNumberNode(line.line, begin));
        return;
      }
    }
  }

  /** What covers a block covers its copy: handlers, in their order, and variables. */
  private void copyRanges(int block, LabelNode begin, LabelNode end) {
    if (DeadCode.isEmpty(begin, end)) {
      return;
    }
    List<TryCatchBlockNode> handlers = new ArrayList<>();
    for (TryCatchBlockNode handler : method.tryCatchBlocks) {
      handlers.add(handler);
      if (covers(handler.start, handler.end, block)) {
        handlers.add(new TryCatchBlockNode(begin, end, handler.handler, handler.type));
      }
    }
    method.tryCatchBlocks = handlers;
    for (LocalVariableNode variable : List.copyOf(method.localVariables)) {
      if (covers(variable.start, variable.end, block)) {
        method.localVariables.add(
            new LocalVariableNode(
                variable.name, variable.desc, variable.signature, begin, end, variable.index));
      }
    }
  }

  private boolean covers(LabelNode start, LabelNode end, int block) {
    int first = starts.get(block);
    return position.containsKey(start) && at(start) <= first && at(end) > first;
  }

  /** Has a block go on at the copy where it went on at the entry. */
  public void redirect(int from, int entry, LabelNode copy) {
    int index = starts.get(from + 1) - 1;
    AbstractInsnNode last = original[index];
    if (original[starts.get(entry)] instanceof LabelNode target) {
      Map<LabelNode, LabelNode> labels = new HashMap<>();
      for (LabelNode label : ControlFlow.labels(last)) {
        labels.put(label, label == target ? copy : label);
      }
      if (last.getOpcode() >= 0) {
        AbstractInsnNode redirected = last.clone(labels);
        code.set(last, redirected);
        original[index] = redirected;
        position.put(redirected, index);
        last = redirected;
      }
    }
    // the block may also run into the entry without a jump
    if (ControlFlow.fallsThrough(last) && starts.get(from + 1).equals(starts.get(entry))) {
      code.insert(last, new JumpInsnNode(Opcodes.GOTO, copy));
    }
  }

  private int at(AbstractInsnNode instruction) {
    return Objects.requireNonNull(position.get(instruction));
  }
}
