package io.fermata.internal.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.objectweb.asm.tree.InsnList;
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
  private final BodyMethod body;
  private final Map<LabelNode, LabelNode> labels;
  private final MethodNode resume;
  private final List<Gap> gaps = new ArrayList<>();

  /** The code of a suspension point that no range covers, and the index of its call in the body. */
  private record Gap(int index, LabelNode start, LabelNode end) {}

  private record Range(LabelNode from, LabelNode to) {}

  /**
   * Ranges of one method.
   *
   * @param labels the labels of the body, with those in {@code resume}
   */
  CoveredRanges(BodyMethod body, Map<LabelNode, LabelNode> labels, MethodNode resume) {
    this.body = body;
    this.labels = labels;
    this.resume = resume;
  }

  /** Adds a gap; they come in the order of the code. */
  void addGap(int index, LabelNode start, LabelNode end) {
    gaps.add(new Gap(index, start, end));
  }

  void copyTryBlocks() {
    for (TryCatchBlockNode block : body.method().tryCatchBlocks) {
      for (Range range : ranges(block.start, block.end)) {
        resume.tryCatchBlocks.add(
            new TryCatchBlockNode(range.from, range.to, copyOf(block.handler), block.type));
      }
    }
  }

  void copyVariables() {
    resume.localVariables = new ArrayList<>();
    if (body.method().localVariables == null) {
      return;
    }
    for (LocalVariableNode variable : body.method().localVariables) {
      if (body.isOwnCo(variable.index)) {
        continue;
      }
      // the this of resume is the frame
      String shown = variable.name.equals("this") ? "this$host" : variable.name;
      for (Range range : ranges(variable.start, variable.end)) {
        resume.localVariables.add(
            new LocalVariableNode(
                shown,
                variable.desc,
                variable.signature,
                range.from,
                range.to,
                variable.index + ResumeEmitter.SHIFT));
      }
    }
  }

  /** The parts of a range of code that lie between the gaps, if there is any code in them. */
  private List<Range> ranges(LabelNode start, LabelNode end) {
    InsnList code = body.method().instructions;
    int first = code.indexOf(start);
    int last = code.indexOf(end);
    List<Range> ranges = new ArrayList<>();
    LabelNode from = copyOf(start);
    for (Gap gap : gaps) {
      if (gap.index >= first && gap.index < last) {
        addRange(ranges, from, gap.start);
        from = gap.end;
      }
    }
    addRange(ranges, from, copyOf(end));
    return ranges;
  }

  /** A range without code would be refused by the JVM. */
  private static void addRange(List<Range> ranges, LabelNode from, LabelNode to) {
    if (!DeadCode.isEmpty(from, to)) {
      ranges.add(new Range(from, to));
    }
  }

  private LabelNode copyOf(LabelNode label) {
    return Objects.requireNonNull(labels.get(label));
  }
}
