package io.fermata.internal.compiler.bytecode;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The pass that gives every loop one entry. A body that is resumed inside a loop enters it there as
 * well as at its head, and the JIT does not optimise such an irreducible loop. So the pass
 * duplicates the way from where the body is resumed to the head of the loop.
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
public final class LoopTails {
  /** Instructions that one entry may cost; a longer way stays shared. */
  private static final int LIMIT = 400;

  /** Instructions that one method may grow by. */
  private static final int LIMIT_IN_ALL = 1500;

  private final Blocks blocks;
  private final int[] component;
  private int grown;
  private final int limitInAll;

  private LoopTails(Blocks blocks, int limitInAll) {
    this.blocks = blocks;
    this.limitInAll = limitInAll;
    this.component = Cycles.components(blocks.successors());
  }

  /**
   * Makes the loops of a resume method reducible where that is cheap.
   *
   * @param method begins with the dispatch; its code is changed
   */
  public static void duplicate(MethodNode method) {
    duplicate(method, LIMIT_IN_ALL);
  }

  /** The same, where the method must not grow by more instructions than some. */
  public static void duplicate(MethodNode method, int limit) {
    if (jumpsBackward(method)) { // else there is no loop
      new LoopTails(new Blocks(method), limit).work();
    }
  }

  private static boolean jumpsBackward(MethodNode method) {
    Set<LabelNode> seen = new HashSet<>();
    for (AbstractInsnNode at : method.instructions) {
      if (at instanceof LabelNode label) {
        seen.add(label);
      } else if (at.getOpcode() >= 0) {
        for (LabelNode target : ControlFlow.labels(at)) {
          if (seen.contains(target)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private void work() {
    // an entry is a block of a loop that can be reached from outside of the loop
    Map<Integer, TreeSet<Integer>> entries = new HashMap<>();
    for (int from = 0; from < blocks.count(); from++) {
      for (int to : blocks.successors().get(from)) {
        if (component[to] != Cycles.NONE && component[from] != component[to]) {
          if (!entries.containsKey(component[to])) {
            entries.put(component[to], new TreeSet<>());
          }
          Objects.requireNonNull(entries.get(component[to])).add(to);
        }
      }
    }
    for (TreeSet<Integer> loop : entries.values()) {
      int head = loop.first();
      for (int entry : loop) {
        if (entry != head) {
          duplicate(entry, head);
        }
      }
    }
  }

  /** Copies what can be reached from an entry within its loop before the head. */
  private void duplicate(int entry, int head) {
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
      size += blocks.size(block);
      work.addAll(blocks.successors().get(block));
    }
    if (size > LIMIT || grown + size > limitInAll) {
      return;
    }
    grown += size;
    LabelNode copy =
        Objects.requireNonNull(blocks.copy(region, Set.of(), blocks.toOriginals()).get(entry));
    for (int from = 0; from < blocks.count(); from++) {
      if (component[from] != component[entry] && blocks.successors().get(from).contains(entry)) {
        blocks.redirect(from, entry, copy);
      }
    }
  }
}
