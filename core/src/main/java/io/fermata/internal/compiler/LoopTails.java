package io.fermata.internal.compiler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * Gives every loop one entry again. A body that is resumed inside a loop enters it there as well as
 * at its head; the JIT does not optimise such an irreducible loop. So the way from where it is
 * resumed to the head of the loop is duplicated.
 *
 * <pre>
 * before                                 after
 *   head: if (i &gt;= n) return               head: if (i &gt;= n) return
 *         if (!passes(i)) goto tail              if (!passes(i)) goto tail
 *         ... suspend                            ... suspend
 *   resumed: restore                     resumed: restore
 *   tail: i++                                    i++
 *         goto head                              goto head
 *                                        tail:   i++
 *                                                goto head
 * </pre>
 *
 * <p>Loops are the strongly connected components of the code without the dispatch. A component that
 * is entered at several blocks keeps the entry that comes first in the code, which is where javac
 * puts a loop's head; from any other one, what can be reached before the head is duplicated.
 */
final class LoopTails {
  /** Instructions that one entry may cost; a longer way stays shared. */
  private static final int LIMIT = 400;

  /** Instructions that one method may grow by. */
  private static final int LIMIT_IN_ALL = 1500;

  private final MethodNode method;
  private final InsnList code;

  /** The code as it was, and where each instruction stood; copies are appended behind it. */
  private final AbstractInsnNode[] original;

  private final IdentityHashMap<AbstractInsnNode, Integer> position = new IdentityHashMap<>();

  /** Index of the first instruction of each block, and the end of the code. */
  private final List<Integer> starts = new ArrayList<>();

  private final int[] blockOf;
  private final List<List<Integer>> successors = new ArrayList<>();

  private int grown;

  private LoopTails(MethodNode method) {
    this.method = method;
    this.code = method.instructions;
    this.original = code.toArray();
    this.blockOf = new int[original.length];
    for (int i = 0; i < original.length; i++) {
      position.put(original[i], i);
    }
  }

  /**
   * Makes the loops of a resume method reducible where that is cheap.
   *
   * @param method begins with the dispatch; its code is changed
   */
  static void duplicate(MethodNode method) {
    LoopTails tails = new LoopTails(method);
    tails.findBlocks();
    tails.work();
  }

  // Blocks

  private void findBlocks() {
    BitSet leaders = new BitSet();
    leaders.set(0);
    List<List<Integer>> next = Liveness.jumps(method);
    for (int i = 0; i < original.length; i++) {
      List<Integer> targets = next.get(i);
      boolean straight = targets.size() == 1 && targets.get(0) == i + 1;
      if (!straight) {
        targets.forEach(leaders::set);
        leaders.set(i + 1);
      }
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      leaders.set(at(block.start));
      leaders.set(at(block.end));
      leaders.set(at(block.handler));
    }
    leaders.set(original.length);
    for (int at = leaders.nextSetBit(0); at >= 0; at = leaders.nextSetBit(at + 1)) {
      starts.add(at);
    }
    for (int block = 0; block < blocks(); block++) {
      Arrays.fill(blockOf, starts.get(block), starts.get(block + 1), block);
    }
    for (int block = 0; block < blocks(); block++) {
      List<Integer> targets = new ArrayList<>();
      for (int target : next.get(starts.get(block + 1) - 1)) {
        targets.add(blockOf[target]);
      }
      successors.add(targets);
    }
  }

  private int blocks() {
    return starts.size() - 1;
  }

  private int size(int block) {
    return starts.get(block + 1) - starts.get(block);
  }

  // Loops

  private void work() {
    int[] component = new Components().find();
    Map<Integer, List<Integer>> entries = new HashMap<>();
    for (int from = 0; from < blocks(); from++) {
      for (int to : successors.get(from)) {
        if (component[to] >= 0 && component[from] != component[to]) {
          List<Integer> known = entries.computeIfAbsent(component[to], c -> new ArrayList<>());
          if (!known.contains(to)) {
            known.add(to);
          }
        }
      }
    }
    for (Map.Entry<Integer, List<Integer>> loop : entries.entrySet()) {
      int head = loop.getValue().stream().min(Integer::compare).orElseThrow();
      for (int entry : loop.getValue()) {
        if (entry != head) {
          duplicate(entry, head, component);
        }
      }
    }
  }

  /** Copies what can be reached from an entry within its loop before the head. */
  private void duplicate(int entry, int head, int[] component) {
    BitSet region = new BitSet();
    Deque<Integer> work = new ArrayDeque<>();
    work.add(entry);
    int size = 0;
    while (!work.isEmpty()) {
      int block = work.remove();
      if (block == head || component[block] != component[entry] || region.get(block)) {
        continue;
      }
      region.set(block);
      size += size(block);
      work.addAll(successors.get(block));
    }
    if (size > LIMIT || grown + size > LIMIT_IN_ALL) {
      return;
    }
    grown += size;
    LabelNode copy = copy(region, entry);
    for (int from = 0; from < blocks(); from++) {
      if (component[from] != component[entry] && successors.get(from).contains(entry)) {
        redirect(from, entry, copy);
      }
    }
  }

  /** Appends a copy of some blocks; returns where the copy of the entry begins. */
  private LabelNode copy(BitSet region, int entry) {
    Map<LabelNode, LabelNode> labels = new HashMap<>();
    for (AbstractInsnNode at : code) { // also labels of earlier copies: jumps may lead there by now
      if (at instanceof LabelNode label) {
        Integer place = position.get(label);
        boolean isCopied = place != null && region.get(blockOf[place]);
        labels.put(label, isCopied ? new LabelNode() : label);
      }
    }
    Map<Integer, LabelNode> begins = new HashMap<>();
    region.stream().forEach(block -> begins.put(block, new LabelNode()));
    for (int block = region.nextSetBit(0); block >= 0; block = region.nextSetBit(block + 1)) {
      LabelNode begin = Objects.requireNonNull(begins.get(block));
      LabelNode end = new LabelNode();
      code.add(begin);
      addLine(block, begin);
      for (int i = starts.get(block); i < starts.get(block + 1); i++) {
        code.add(original[i].clone(labels));
      }
      int next = starts.get(block + 1);
      if (next < original.length && Liveness.fallsThrough(original[next - 1])) {
        LabelNode copied = begins.get(blockOf[next]);
        code.add(new JumpInsnNode(Opcodes.GOTO, copied == null ? labelOf(blockOf[next]) : copied));
      }
      code.add(end);
      copyRanges(block, begin, end);
    }
    return Objects.requireNonNull(begins.get(entry));
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
    if (!hasCode(block)) {
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

  private boolean hasCode(int block) {
    for (int i = starts.get(block); i < starts.get(block + 1); i++) {
      if (original[i].getOpcode() >= 0) {
        return true;
      }
    }
    return false;
  }

  private boolean covers(LabelNode start, LabelNode end, int block) {
    int first = starts.get(block);
    return position.containsKey(start) && at(start) <= first && at(end) > first;
  }

  /** Has a block go on at the copy where it went on at the entry. */
  private void redirect(int from, int entry, LabelNode copy) {
    int index = starts.get(from + 1) - 1;
    AbstractInsnNode last = original[index];
    if (original[starts.get(entry)] instanceof LabelNode target) {
      Map<LabelNode, LabelNode> labels = new HashMap<>();
      for (AbstractInsnNode at : code) {
        if (at instanceof LabelNode label) {
          labels.put(label, label == target ? copy : label);
        }
      }
      if (last.getOpcode() >= 0) {
        AbstractInsnNode redirected = last.clone(labels);
        code.set(last, redirected);
        original[index] = redirected;
        position.put(redirected, index);
        last = redirected;
      }
    }
    if (Liveness.fallsThrough(last) && starts.get(from + 1).equals(starts.get(entry))) {
      code.insert(last, new JumpInsnNode(Opcodes.GOTO, copy));
    }
  }

  private LabelNode labelOf(int block) {
    AbstractInsnNode first = original[starts.get(block)];
    if (first instanceof LabelNode label) {
      return label;
    }
    LabelNode label = new LabelNode();
    code.insertBefore(first, label);
    return label;
  }

  private int at(AbstractInsnNode instruction) {
    return Objects.requireNonNull(position.get(instruction));
  }

  /** Tarjan's algorithm, without recursion: the strongly connected components of the blocks. */
  private final class Components {
    private final int[] component = new int[blocks()];
    private final int[] number = new int[blocks()];
    private final int[] low = new int[blocks()];
    private final Deque<Integer> open = new ArrayDeque<>();
    private final BitSet isOpen = new BitSet();
    private int numbered;
    private int found;

    /** For each block the number of its component; -1 for one that is on no cycle. */
    int[] find() {
      Arrays.fill(component, -1);
      for (int block = 1; block < blocks(); block++) {
        if (number[block] == 0) {
          visit(block);
        }
      }
      return component;
    }

    private void visit(int root) {
      Deque<int[]> path = new ArrayDeque<>(); // block, index of the next successor
      path.push(begin(root));
      while (!path.isEmpty()) {
        int[] at = path.element();
        int block = at[0];
        if (at[1] < successors.get(block).size()) {
          int next = successors.get(block).get(at[1]++);
          if (number[next] == 0) {
            path.push(begin(next));
          } else if (isOpen.get(next)) {
            low[block] = Math.min(low[block], number[next]);
          }
          continue;
        }
        path.pop();
        if (!path.isEmpty()) {
          int parent = path.element()[0];
          low[parent] = Math.min(low[parent], low[block]);
        }
        if (low[block] == number[block]) {
          close(block);
        }
      }
    }

    private int[] begin(int block) {
      number[block] = ++numbered;
      low[block] = numbered;
      open.push(block);
      isOpen.set(block);
      return new int[] {block, 0};
    }

    private void close(int root) {
      boolean isCycle = open.element() != root || successors.get(root).contains(root);
      int block;
      do {
        block = open.pop();
        isOpen.clear(block);
        if (isCycle) {
          component[block] = found;
        }
      } while (block != root);
      found++;
    }
  }
}
