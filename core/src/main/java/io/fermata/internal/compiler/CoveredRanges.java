package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.DeadCode;
import io.fermata.internal.compiler.bytecode.Liveness;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The ranges of code that a try block covers, or in which a variable is visible, split where the
 * body is suspended.
 *
 * <pre>
 * body                       resume
 *   try {                      try {
 *     before                     before
 *                              }
 *     co.yield(x)                save; return; resumed: restore      // the gap
 *                              try {
 *     after                      if (raised != null) throw raised; after
 *   }                          }
 * </pre>
 */
final class CoveredRanges {
  /**
   * The name by which debuggers show the object whose method the body is. They hide names that
   * begin with {@code this}.
   */
  static final String HOST = "$this";

  private final BodyMethod body;
  private final Map<LabelNode, LabelNode> labels;
  private final MethodNode resume;
  private final List<Gap> gaps = new ArrayList<>();

  /** Where locals are read or written, by slot. */
  private final Map<Integer, BitSet> accesses = new HashMap<>();

  /** The part of the body that the method has, by index, and where it begins and ends there. */
  private final int first;

  private final int end;

  /** Whether locals may lie in their fields only, while they are not used. */
  private final boolean leavesInFields;

  private final LabelNode begins = new LabelNode();
  private final LabelNode ends = new LabelNode();

  /** The code of a suspension point that no range covers, and the index of its call in the body. */
  private record Gap(int index, LabelNode start, LabelNode end) {}

  /** Some code in {@code resume}, and the part of the body that it comes from. */
  private record Range(LabelNode from, LabelNode to, int first, int end) {}

  /**
   * Ranges of one method.
   *
   * @param labels the labels of the body, with those in {@code resume}
   * @param first index of the first instruction that the method has
   * @param end index of the first one after it that the method does not have
   * @param leavesInFields whether locals may lie in their fields only, while they are not used
   */
  CoveredRanges(
      BodyMethod body,
      Map<LabelNode, LabelNode> labels,
      MethodNode resume,
      int first,
      int end,
      boolean leavesInFields) {
    this.body = body;
    this.labels = labels;
    this.resume = resume;
    this.first = first;
    this.end = end;
    this.leavesInFields = leavesInFields;
  }

  /** A label to be put in front of the code of the body. */
  LabelNode begins() {
    return begins;
  }

  /** A label to be put behind it. */
  LabelNode ends() {
    return ends;
  }

  /** Adds a gap; they come in the order of the code. */
  void addGap(int index, LabelNode start, LabelNode end) {
    gaps.add(new Gap(index, start, end));
  }

  void copyTryBlocks() {
    BitSet caught = new BitSet(); // by a handler of everything
    for (TryCatchBlockNode block : body.method().tryCatchBlocks) {
      for (Range range : leavesInFields ? uncaught(block, caught) : ranges(block)) {
        resume.tryCatchBlocks.add(
            new TryCatchBlockNode(range.from, range.to, copyOf(block.handler), block.type));
      }
      if (block.type == null && leavesInFields) {
        caught.set(indexOf(block.start), Math.max(indexOf(block.start), indexOf(block.end)));
      }
    }
  }

  private List<Range> ranges(TryCatchBlockNode block) {
    return ranges(block.start, block.end);
  }

  /**
   * Leaves out what an earlier handler catches. The verifier would ask for the locals that the
   * later one reads, and where it cannot be reached, they may lie in their fields.
   */
  private List<Range> uncaught(TryCatchBlockNode block, BitSet caught) {
    List<Range> ranges = new ArrayList<>();
    int end = indexOf(block.end);
    int at = caught.nextClearBit(indexOf(block.start));
    while (at < end) {
      int next = caught.nextSetBit(at);
      int to = next < 0 ? end : Math.min(next, end);
      ranges.addAll(ranges(labelAt(at), labelAt(to)));
      at = caught.nextClearBit(to);
    }
    return ranges;
  }

  /** A label where some try block begins or ends. */
  private LabelNode labelAt(int index) {
    return (LabelNode) body.method().instructions.get(index);
  }

  private int indexOf(LabelNode label) {
    return body.method().instructions.indexOf(label);
  }

  void copyVariables() {
    resume.localVariables = new ArrayList<>();
    if (body.method().localVariables == null) {
      return;
    }
    findAccesses();
    for (LocalVariableNode variable : body.method().localVariables) {
      if (body.isOwnCo(variable.index)) {
        continue;
      }
      for (Range range : ranges(variable.start, variable.end)) {
        if (leavesInFields && !uses(variable.index, range)) {
          continue;
        }
        addVariable(variable, variable.name, range);
        if (variable.name.equals("this")) {
          // the first is for the messages of the JVM, debuggers take the frame for this
          addVariable(variable, HOST, range);
        }
      }
    }
  }

  private void addVariable(LocalVariableNode variable, String name, Range range) {
    resume.localVariables.add(
        new LocalVariableNode(
            name,
            variable.desc,
            variable.signature,
            range.from,
            range.to,
            variable.index + ResumeEmitter.SHIFT));
  }

  /**
   * Makes the frame a variable in all of its method, if the body has any: a debugger that finds a
   * table of variables without slot 0 evaluates nothing there.
   */
  void addFrame(String name, LabelNode start, LabelNode end) {
    if (body.method().localVariables != null && !body.method().localVariables.isEmpty()) {
      resume.localVariables.add(
          new LocalVariableNode("this", "L" + name + ";", null, start, end, 0));
    }
  }

  /** Whether a local is read or written in a range; else it may lie in its field. */
  private boolean uses(int slot, Range range) {
    BitSet at = accesses.get(slot);
    int next = at == null ? -1 : at.nextSetBit(range.first);
    return next >= 0 && next < range.end;
  }

  private void findAccesses() {
    for (int i = first; i < end; i++) {
      int slot = Liveness.slot(body.method().instructions.get(i));
      if (slot >= 0) {
        accesses.computeIfAbsent(slot, key -> new BitSet()).set(i);
      }
    }
  }

  /** The parts of a range of code that lie between the gaps, if there is any code in them. */
  private List<Range> ranges(LabelNode start, LabelNode end) {
    int from = indexOf(start);
    int to = indexOf(end);
    List<Range> ranges = new ArrayList<>();
    if (from >= this.end || to <= first) {
      return ranges;
    }
    LabelNode at = from < first ? begins : copyOf(start);
    int index = Math.max(from, first);
    for (Gap gap : gaps) {
      if (gap.index >= from && gap.index < to) {
        addRange(ranges, new Range(at, gap.start, index, gap.index));
        at = gap.end;
        index = gap.index;
      }
    }
    boolean isCut = to >= this.end;
    addRange(ranges, new Range(at, isCut ? ends : copyOf(end), index, Math.min(to, this.end)));
    return ranges;
  }

  /** A range without code would be refused by the JVM. */
  private static void addRange(List<Range> ranges, Range range) {
    if (!DeadCode.isEmpty(range.from, range.to)) {
      ranges.add(range);
    }
  }

  private LabelNode copyOf(LabelNode label) {
    return Objects.requireNonNull(labels.get(label));
  }
}
