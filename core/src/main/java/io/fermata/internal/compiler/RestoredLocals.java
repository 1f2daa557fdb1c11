package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.FlowBlocks;
import io.fermata.internal.compiler.bytecode.Liveness;
import java.util.BitSet;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.InsnList;

/**
 * The analysis of the locals that a large body restores. Where a body goes on, a local is loaded
 * from its field only if it is read, or saved anew, before the body leaves the method again; any
 * other one stays in its field. It goes backward.
 *
 * <pre>
 * a and b are live at all three     all restored                   what is read
 *   co.yield(a)                       a = f0; b = f1                 a = f0
 *   a++                               a++                            a++
 *   co.yield(0)                       f0 = a; ...; a = f0; b = f1    f0 = a; ...; b = f1
 *   b--                               b--                            b--
 * </pre>
 *
 * <p>A save reads what it writes to a field: so each way to it has the local, be it restored or
 * assigned.
 */
final class RestoredLocals {
  private final FieldLayout layout;
  private final FlowBlocks blocks;
  private final Segments segments;

  /** The locals that are needed at the beginning of each block. */
  private final BitSet[] needed;

  /** What the suspension point that a block is saves; null for other blocks. */
  private final @Nullable BitSet[] saved;

  /** What a crossing to the entry that a block begins with saves; null for other blocks. */
  private final @Nullable BitSet[] crossed;

  private RestoredLocals(FieldLayout layout, Segments segments) {
    this.layout = layout;
    this.blocks = layout.blocks();
    this.segments = segments;
    this.needed = new BitSet[blocks.count()];
    for (int block = 0; block < needed.length; block++) {
      needed[block] = new BitSet();
    }
    this.saved = new BitSet[blocks.count()];
    for (int block = 0; block < saved.length; block++) {
      SuspensionPoint point = layout.pointIn(block);
      if (point != null) {
        saved[block] = saved(layout.planOf(point));
      }
    }
    this.crossed = new BitSet[blocks.count()];
    for (int block = 0; block < crossed.length; block++) {
      if (layout.isEntry(block)) {
        crossed[block] = saved(layout.planOf(block));
      }
    }
  }

  /** Finds them, and changes the plans of a layout that was made for the same segments. */
  static void find(FrameDraft draft, Segments segments) {
    new RestoredLocals(draft.layout(), segments).find(draft.code().instructions);
  }

  private void find(InsnList code) {
    BitSet[] read = new BitSet[needed.length];
    BitSet[] written = new BitSet[needed.length];
    for (int block = 0; block < needed.length; block++) {
      read[block] = Liveness.readFirst(code, blocks.start(block), blocks.end(block));
      written[block] = Liveness.written(code, blocks.start(block), blocks.end(block));
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int block = needed.length - 1; block >= 0; block--) {
        BitSet before = before(block, read[block], written[block]);
        if (!before.equals(needed[block])) {
          needed[block] = before;
          changed = true;
        }
      }
    }
    for (int block = 0; block < needed.length; block++) {
      SuspensionPoint point = layout.pointIn(block);
      if (point != null) {
        BitSet after = after(blocks.next(block), block);
        after.or(after(blocks.handlers(block), block));
        restore(layout.planOf(point), after);
      }
      if (layout.isEntry(block)) {
        restore(layout.planOf(block), needed[block]);
      }
    }
    layout.restoredParameters().and(needed[0]);
    layout.leaveInFields();
  }

  private static void restore(FieldLayout.Plan plan, BitSet needed) {
    plan.restored().and(needed);
  }

  private BitSet before(int block, BitSet read, BitSet written) {
    BitSet after = after(blocks.next(block), block);
    BitSet inHandlers = after(blocks.handlers(block), block);
    SuspensionPoint point = layout.pointIn(block);
    if (point != null) {
      BitSet before = (BitSet) Objects.requireNonNull(saved[block]).clone();
      if (point.mayReturnAtOnce()) {
        before.or(after);
      }
      before.or(inHandlers);
      return before;
    }
    after.andNot(written);
    after.or(read);
    after.or(inHandlers);
    return after;
  }

  /** What the blocks after one need; a crossing needs what it saves. */
  private BitSet after(int[] targets, int block) {
    int segment = segments.of(blocks.start(block));
    BitSet after = new BitSet();
    for (int target : targets) {
      int start = blocks.start(target);
      after.or(
          segments.of(start) == segment
              ? needed[target]
              : Objects.requireNonNull(crossed[blocks.of(segments.landing(start))]));
    }
    return after;
  }

  private static BitSet saved(FieldLayout.Plan plan) {
    BitSet saved = new BitSet();
    for (Map.Entry<Integer, FieldLayout.Field> local : plan.locals().entrySet()) {
      if (local.getValue() != FieldLayout.NULL && !plan.unchanged().get(local.getKey())) {
        saved.set(local.getKey());
      }
    }
    return saved;
  }
}
