package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.ControlFlow;
import io.fermata.internal.compiler.bytecode.LoopTails;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.internal.compiler.bytecode.QuickSteps;
import io.fermata.internal.compiler.bytecode.Sizes;
import io.fermata.internal.compiler.bytecode.VisibleVariables;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;

/**
 * The pass that writes bodies whose {@code resume} would be larger than what the JIT compiles.
 *
 * <p>First the code is made smaller: a local is restored only where it is read ({@link
 * RestoredLocals}). If that is not enough, the code is cut into {@link Segments}, each of which
 * becomes a method of its own.
 */
final class LargeBodies {
  /** How often smaller segments are tried, where one came out larger than expected. */
  private static final int TRIES = 4;

  private final FrameDraft draft;
  private final Map<BodyMethod, FrameDraft> helpers;
  private final ClassFiles files;

  /**
   * Writes one body.
   *
   * @param draft all that the analyses have found out
   * @param helpers the classes of the helpers that it calls
   * @param files where types are found
   */
  LargeBodies(FrameDraft draft, Map<BodyMethod, FrameDraft> helpers, ClassFiles files) {
    this.draft = draft;
    this.helpers = helpers;
    this.files = files;
  }

  /** Whether an ordinary {@code resume} need not be tried. */
  static boolean isCertain(FrameDraft draft) {
    return isFarTooLarge(draft);
  }

  private static boolean isFarTooLarge(FrameDraft draft) {
    int size = 0;
    for (int each : sizes(draft)) {
      size += each;
    }
    return size > Sizes.HUGE + Sizes.HUGE / 4;
  }

  /** The class file. */
  byte[] write() throws NotCompilable {
    RestoredLocals.find(draft, Segments.whole(draft));
    if (!isFarTooLarge(draft)) {
      ResumeEmitter.Resume resume = new ResumeEmitter(draft, helpers).emit();
      LoopTails.duplicate(resume.method());
      QuickSteps.copy(draft.name, resume.method(), resume.dispatch(), resume.places());
      VisibleVariables.cut(resume.method(), ResumeEmitter.SHIFT);
      byte[] file = new FrameEmitter(draft).emit(List.of(resume.method()), files);
      if (!Sizes.isHuge(file)) {
        return file;
      }
    }
    int[] sizes = sizes(draft);
    int limit = Sizes.HUGE / 2;
    byte[] file = inSegments(sizes, limit);
    for (int tries = 1; tries < TRIES && Sizes.isHuge(file); tries++) {
      limit /= 2;
      file = inSegments(sizes, limit);
    }
    return file;
  }

  private byte[] inSegments(int[] sizes, int limit) throws NotCompilable {
    Segments segments = Segments.cut(draft, sizes, limit);
    draft.layOut(FieldLayout.of(draft, segments));
    RestoredLocals.find(draft, segments);
    List<MethodNode> methods = new SegmentEmitter(draft, segments).emit(helpers);
    for (MethodNode segment : methods.subList(1, methods.size())) {
      LoopTails.duplicate(segment, limit / 16);
      VisibleVariables.cut(segment, ResumeEmitter.SHIFT);
    }
    return new FrameEmitter(draft).emit(methods, files);
  }

  /** About as many bytes as each instruction of the body becomes. */
  private static int[] sizes(FrameDraft draft) {
    InsnList code = draft.code().instructions;
    int[] sizes = new int[code.size()];
    int index = 0;
    for (AbstractInsnNode at : code) {
      sizes[index++] = Sizes.of(at) + ControlFlow.labels(at).size();
    }
    FieldLayout layout = draft.layout();
    for (SuspensionPoint point : draft.points) {
      FieldLayout.Plan plan = layout.planOf(point);
      int restored = 6 * plan.restored().cardinality();
      int saved = 6 * (plan.locals().size() - plan.unchanged().cardinality());
      int operands = 10 * (plan.stack().size() + point.operands());
      sizes[code.indexOf(point.call())] +=
          40 + restored + saved + operands + 5 * plan.dead().size();
    }
    return sizes;
  }
}
