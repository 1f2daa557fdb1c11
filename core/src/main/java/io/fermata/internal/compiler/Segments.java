package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.ControlFlow;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The segments of a large body: runs of its code, each of which becomes a method of its own.
 *
 * <p>A way from one segment to another is a <em>crossing</em>; the instruction that it leads to is
 * an <em>entry</em>. Nothing that a frame cannot keep is alive at an entry: no object whose
 * constructor has not run, and no monitor. Labels and lines belong to the instruction after them.
 *
 * <p>A cut costs the crossings of the ways over it, and those in inner loops count most. So the
 * pass looks at all places at which a segment may end, and cuts where the least is crossed.
 */
final class Segments {
  /** How much more a way counts for each loop around it. */
  private static final int LOOP_WEIGHT = 8;

  /** As many loops count. */
  private static final int DEPTH = 6;

  private final InsnList code;
  private final @Nullable Frame<TypedValue>[] types;

  /** The first instruction of each segment. */
  private final List<Integer> starts = new ArrayList<>();

  /** For each index, that of the instruction there, or after the labels there. */
  private final int[] landing;

  /** The instructions that other segments go on at. */
  private final BitSet entries = new BitSet();

  private final List<SuspensionPoint> points;

  /** The number of the segment of each index. */
  private final int[] segmentOf;

  /** The suspension points of each segment, by their index among all. */
  private final List<List<Integer>> pointsOf = new ArrayList<>();

  private Segments(FrameDraft draft) {
    this.code = draft.code().instructions;
    this.types = draft.types;
    this.points = draft.points;
    this.landing = new int[code.size() + 1];
    landing[code.size()] = code.size();
    for (int i = code.size() - 1; i >= 0; i--) {
      landing[i] = code.get(i).getOpcode() < 0 ? landing[i + 1] : i;
    }
    starts.add(0);
    this.segmentOf = new int[code.size() + 1];
  }

  /** One segment with all of the code. */
  static Segments whole(FrameDraft draft) {
    Segments whole = new Segments(draft);
    whole.number();
    return whole;
  }

  /**
   * Cuts a body.
   *
   * @param sizes about how many bytes each instruction becomes
   * @param limit how many a segment should have at most
   */
  static Segments cut(FrameDraft draft, int[] sizes, int limit) {
    Segments segments = new Segments(draft);
    segments.cut(draft.code(), sizes, limit);
    segments.number();
    segments.findEntries(draft.code());
    return segments;
  }

  // Where to cut

  private void cut(MethodNode method, int[] sizes, int limit) {
    BitSet allowed = allowed(method);
    long[] costs = costs(method);
    int size = 0;
    int at = landing[0];
    int from = at;
    while (at < code.size()) {
      size += sizes[at];
      if (size > limit && at > from) {
        int cut = cheapest(allowed, costs, sizes, from, at, limit / 2);
        if (cut < 0) { // nowhere: the segment becomes larger
          cut = allowed.nextSetBit(at + 1);
        }
        if (cut < 0) {
          return;
        }
        starts.add(cut);
        from = cut;
        at = cut;
        size = 0;
      } else {
        at = landing[at + 1];
      }
    }
  }

  /** The place of least cost in the second half of some code; else in the first; else -1. */
  private static int cheapest(
      BitSet allowed, long[] costs, int[] sizes, int from, int to, int half) {
    int best = -1;
    int size = 0;
    for (int i = to; i > from; i = allowed.previousSetBit(i - 1)) {
      if (best >= 0 && size > half) {
        break;
      }
      if (allowed.get(i) && (best < 0 || costs[i] < costs[best])) {
        best = i;
      }
      int before = allowed.previousSetBit(i - 1);
      for (int k = Math.max(before, from); k < i; k++) {
        size += sizes[k];
      }
      if (before < 0) {
        break;
      }
    }
    return best;
  }

  /** The instructions before which the code may be cut. */
  private BitSet allowed(MethodNode method) {
    boolean[] kept = keepable(method);
    int[] inside = new int[code.size() + 2]; // how many ways that may not be cut lead over it
    eachWay(
        method,
        (from, to) -> {
          if (to < code.size() && !kept[to]) {
            inside[Math.min(from, to) + 1]++;
            inside[Math.max(from, to) + 1]--;
          }
        });
    BitSet allowed = new BitSet();
    int over = 0;
    for (int i = 0; i < code.size(); i++) {
      over += inside[i];
      if (i > 0 && code.get(i).getOpcode() >= 0 && over == 0 && types[i] != null && kept[i]) {
        allowed.set(i);
      }
    }
    return allowed;
  }

  /** Whether a frame can keep all that is alive before each instruction. */
  private boolean[] keepable(MethodNode method) {
    boolean[] kept = new boolean[code.size()];
    int[] monitors = Monitors.held(method);
    boolean inLocals = storesUninitialised();
    for (int i = 0; i < kept.length; i++) {
      Frame<TypedValue> frame = types[i];
      kept[i] = frame != null && monitors[i] <= 0 && !holdsUninitialised(frame, inLocals);
    }
    return kept;
  }

  private boolean storesUninitialised() {
    for (int i = 0; i < code.size(); i++) {
      Frame<TypedValue> frame = types[i];
      if (frame != null
          && code.get(i).getOpcode() == Opcodes.ASTORE
          && isUninitialised(frame.getStack(frame.getStackSize() - 1))) {
        return true;
      }
    }
    return false;
  }

  private static boolean holdsUninitialised(Frame<TypedValue> frame, boolean inLocals) {
    for (int i = 0; i < frame.getStackSize(); i++) {
      if (isUninitialised(frame.getStack(i))) {
        return true;
      }
    }
    for (int i = 0; inLocals && i < frame.getLocals(); i++) {
      if (isUninitialised(frame.getLocal(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isUninitialised(TypedValue value) {
    return value.kind() == TypedValue.Kind.UNINITIALISED;
  }

  /** What it costs to cut before each instruction. */
  private long[] costs(MethodNode method) {
    int[] depth = loopDepths();
    long[] costs = new long[code.size() + 2];
    eachWay(
        method,
        (from, to) -> {
          long weight = weight(Math.min(depth[from], depth[to]));
          costs[Math.min(from, to) + 1] += weight;
          costs[Math.max(from, to) + 1] -= weight;
        });
    for (int i = 1; i < costs.length; i++) {
      costs[i] += costs[i - 1];
    }
    for (int i = 0; i < code.size(); i++) {
      Frame<TypedValue> frame = types[i];
      costs[i] += frame == null ? 0 : frame.getStackSize();
    }
    return costs;
  }

  /** How many loops each instruction is in: a loop begins where a jump leads backward. */
  private int[] loopDepths() {
    int[] ends = new int[code.size() + 1]; // by beginning
    eachJump((from, to) -> ends[to] = to <= from ? Math.max(ends[to], from + 1) : ends[to]);
    int[] depth = new int[code.size() + 2];
    for (int head = 0; head <= code.size(); head++) {
      if (ends[head] > 0) {
        depth[head]++;
        depth[ends[head]]--;
      }
    }
    for (int i = 1; i < depth.length; i++) {
      depth[i] += depth[i - 1];
    }
    return depth;
  }

  private static long weight(int depth) {
    return (long) Math.pow(LOOP_WEIGHT, Math.min(depth, DEPTH));
  }

  // The ways through the code

  private interface Way {
    void from(int from, int to);
  }

  /** All jumps, and what follows each instruction. */
  private void eachWay(MethodNode method, Way way) {
    eachJump(way);
    for (int i = 0; i < code.size(); i++) {
      if (code.get(i).getOpcode() >= 0 && ControlFlow.fallsThrough(code.get(i))) {
        way.from(i, landing[i + 1]);
      }
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      // enough for what may not be cut: it counts from each end to the handler
      int handler = landing[code.indexOf(block.handler)];
      way.from(landing[code.indexOf(block.start)], handler);
      way.from(code.indexOf(block.end) - 1, handler);
    }
  }

  private void eachJump(Way way) {
    int index = 0;
    for (AbstractInsnNode at : code) {
      for (LabelNode label : at.getOpcode() < 0 ? List.<LabelNode>of() : ControlFlow.labels(at)) {
        way.from(index, landing[code.indexOf(label)]);
      }
      index++;
    }
  }

  private void findEntries(MethodNode method) {
    eachWay(
        method,
        (from, to) -> {
          if (to < code.size() && types[to] != null && of(from) != of(to)) {
            entries.set(to);
          }
        });
  }

  private void number() {
    int segment = 0;
    for (int i = 0; i <= code.size(); i++) {
      while (segment + 1 < starts.size() && landing[i] >= starts.get(segment + 1)) {
        segment++;
      }
      segmentOf[i] = segment;
    }
    starts.forEach(start -> pointsOf.add(new ArrayList<>()));
    for (int i = 0; i < points.size(); i++) {
      pointsOf.get(of(code.indexOf(points.get(i).call()))).add(i);
    }
  }

  // What comes of it

  int count() {
    return starts.size();
  }

  /** The segment of an instruction, a label or a line. */
  int of(int index) {
    return segmentOf[index];
  }

  /** The index at which a segment begins, with the labels before its first instruction. */
  int start(int segment) {
    if (segment == count()) {
      return code.size();
    }
    int start = starts.get(segment);
    while (start > 0 && code.get(start - 1).getOpcode() < 0) {
      start--;
    }
    return start;
  }

  /** The index at which it ends. */
  int end(int segment) {
    return start(segment + 1);
  }

  /** Whether the code before an index leads there. */
  boolean runsOn(int index) {
    return ControlFlow.fallsThrough(code.get(index - 1));
  }

  /** The index of the instruction at an index, or after the labels there. */
  int landing(int index) {
    return landing[index];
  }

  /** The instructions that other segments go on at, by index. */
  BitSet entries() {
    return entries;
  }

  /** The number of an entry; those of suspension points are smaller. */
  int place(int entry) {
    return points.size() + 1 + entries.get(0, entry).cardinality();
  }

  /** The suspension points of a segment, by their index among all. */
  List<Integer> pointsOf(int segment) {
    return pointsOf.get(segment);
  }

  /** The entries of a segment, by index. */
  int[] entriesOf(int segment) {
    BitSet own = entries.get(start(segment), end(segment));
    return own.stream().map(entry -> entry + start(segment)).toArray();
  }
}
