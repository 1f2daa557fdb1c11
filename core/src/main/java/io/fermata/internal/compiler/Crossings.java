package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.ControlFlow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/**
 * The emitter of the ways into a segment and out of it.
 *
 * <pre>{@code
 * int resume$2(Object sent, Throwable raised, int place) {
 *   if (place >= 1600) switch (place) { case 1603: goto entry; ... default: goto lost; }
 *   entry:
 *     restore;  goto in;
 *   switch (place) { case 17: goto resumed; ... default: goto lost; }
 *   ...                                       // code of the body
 * in:
 *   ...
 *   if (i >= n) goto out;
 *   ...
 * out:
 *   save;  return -1607;                      // the entry where resume goes on
 * }
 * }</pre>
 *
 * <p>A handler in another segment is reached like any other code there: {@code out} saves the
 * exception, which lies on the operand stack.
 */
final class Crossings {
  /** The parameter that tells where the segment goes on; the body's locals take its slot then. */
  private static final int PLACE = 3;

  private final Segments segments;
  private final int segment;
  private final FieldLayout layout;
  private final Assembler out;
  private final SavedValues values;

  /** Labels in the body's code, by entry. */
  private final Map<Integer, LabelNode> inside = new TreeMap<>();

  /** Labels of the ways out, by entry of another segment. */
  private final Map<Integer, LabelNode> ways = new TreeMap<>();

  Crossings(Segments segments, int segment, FieldLayout layout, Assembler out, SavedValues values) {
    this.segments = segments;
    this.segment = segment;
    this.layout = layout;
    this.out = out;
    this.values = values;
    for (int entry : segments.entriesOf(segment)) {
      inside.put(entry, new LabelNode());
    }
  }

  /** A label for what an index leads to: that of a way out, or a new one in this segment. */
  LabelNode to(int index) {
    int entry = segments.landing(index);
    boolean isOutside = segments.of(entry) != segment && segments.entries().get(entry);
    return isOutside ? ways.computeIfAbsent(entry, at -> new LabelNode()) : new LabelNode();
  }

  /** Marks where the code of an entry begins. */
  void mark(int index) {
    LabelNode label = inside.get(index);
    if (label != null) {
      out.label(label);
    }
  }

  /**
   * Leads to a place.
   *
   * @param first the number of the first place in {@code places}
   * @param places suspension points of the segment, and its start
   * @param lost where any other number leads
   */
  void dispatch(int first, List<LabelNode> places, LabelNode lost) {
    LabelNode suspended = new LabelNode();
    List<LabelNode> labels = new ArrayList<>();
    inside.keySet().forEach(entry -> labels.add(new LabelNode()));
    if (!labels.isEmpty()) {
      int firstEntry = segments.place(inside.keySet().iterator().next());
      out.load(PLACE, Type.INT_TYPE).push(firstEntry);
      out.jump(Opcodes.IF_ICMPLT, suspended);
      out.load(PLACE, Type.INT_TYPE);
      table(firstEntry, labels, lost);
      int next = 0;
      for (Map.Entry<Integer, LabelNode> entry : inside.entrySet()) {
        out.label(labels.get(next++));
        values.restore(layout.planOf(layout.blocks().of(entry.getKey())));
        out.jump(Opcodes.GOTO, entry.getValue());
      }
      out.label(suspended);
    }
    out.load(PLACE, Type.INT_TYPE);
    table(first, places, lost);
  }

  private void table(int first, List<LabelNode> labels, LabelNode lost) {
    if (labels.isEmpty()) {
      out.op(Opcodes.POP).jump(Opcodes.GOTO, lost);
      return;
    }
    out.add(
        new TableSwitchInsnNode(
            first, first + labels.size() - 1, lost, labels.toArray(new LabelNode[0])));
  }

  /** Goes on behind the segment, if its last instruction does. */
  void runOn() {
    int end = segments.end(segment);
    if (segment < segments.count() - 1 && segments.runsOn(end)) {
      out.jump(Opcodes.GOTO, to(end));
    }
  }

  /** The ways out that the code or the try blocks of a method use. */
  void leave(MethodNode method) {
    Set<LabelNode> used = new HashSet<>();
    for (AbstractInsnNode at : method.instructions) {
      if (at.getOpcode() >= 0) {
        used.addAll(ControlFlow.labels(at));
      }
    }
    method.tryCatchBlocks.forEach(block -> used.add(block.handler));
    for (Map.Entry<Integer, LabelNode> way : ways.entrySet()) {
      LabelNode label = Objects.requireNonNull(way.getValue());
      if (used.contains(label)) {
        out.label(label);
        values.cross(layout.planOf(layout.blocks().of(way.getKey())));
        out.push(-segments.place(way.getKey())).op(Opcodes.IRETURN);
      }
    }
  }
}
