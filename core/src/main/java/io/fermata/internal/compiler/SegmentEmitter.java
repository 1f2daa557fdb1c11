package io.fermata.internal.compiler;

import static io.fermata.internal.compiler.bytecode.Abi.FRAME;

import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.runtime.Linkage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The emitter of the methods of a body that is cut into segments: one for each segment, and {@code
 * resume}, which goes from one to the next.
 *
 * <pre>{@code
 * int resume(Object sent, Throwable raised) {
 *   int place = state & PLACE;
 *   int outcome;
 *   do {
 *     if (place <= 40) outcome = body$0(sent, raised, place);
 *     else if (place <= 83) outcome = body$1(sent, raised, place);
 *     else ...                              // a binary search
 *     place = -outcome;
 *   } while (outcome < 0);                  // negative: the place in another segment
 *   return outcome;
 * }
 * }</pre>
 */
final class SegmentEmitter {
  private static final String RESUME = "(Ljava/lang/Object;Ljava/lang/Throwable;)I";
  private static final String SEGMENT = "(Ljava/lang/Object;Ljava/lang/Throwable;I)I";
  private static final int SENT = 1;
  private static final int RAISED = 2;
  private static final int PLACE = 3;

  private final FrameDraft draft;
  private final Segments segments;

  /** The places up to a number lie in a segment. */
  private record Range(int last, int segment) {}

  SegmentEmitter(FrameDraft draft, Segments segments) {
    this.draft = draft;
    this.segments = segments;
  }

  /** The methods, {@code resume} first. */
  List<MethodNode> emit(Map<BodyMethod, FrameDraft> helpers) {
    List<MethodNode> methods = new ArrayList<>();
    methods.add(resume());
    for (int segment = 0; segment < segments.count(); segment++) {
      MethodNode method =
          new MethodNode(
              Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL,
              name(segment),
              SEGMENT,
              null,
              new String[] {"java/lang/Throwable"});
      new ResumeEmitter(draft, helpers, segments, segment, method).emit();
      methods.add(method);
    }
    return methods;
  }

  private String name(int segment) {
    return draft.code().name + "$" + segment;
  }

  private MethodNode resume() {
    MethodNode method =
        new MethodNode(
            Opcodes.ACC_PROTECTED, "resume", RESUME, null, new String[] {"java/lang/Throwable"});
    Assembler out = new Assembler(method.instructions);
    LabelNode again = new LabelNode();
    LabelNode done = new LabelNode();
    LabelNode begin = new LabelNode();
    out.label(begin);
    for (AbstractInsnNode at : draft.code().instructions) {
      if (at instanceof LineNumberNode line) {
        out.add(new LineNumberNode(line.line, begin));
        break;
      }
    }
    out.loadThis().getField(FRAME, "state", "I");
    out.constant(Linkage.PLACE).op(Opcodes.IAND).store(PLACE, Type.INT_TYPE);
    out.label(again);
    search(out, ranges(), done);
    out.label(done);
    LabelNode end = new LabelNode();
    out.op(Opcodes.DUP).jump(Opcodes.IFGE, end);
    out.op(Opcodes.INEG).store(PLACE, Type.INT_TYPE);
    out.jump(Opcodes.GOTO, again);
    out.label(end);
    out.op(Opcodes.IRETURN);
    return method;
  }

  /** Suspension points, then entries, each in the order of the code. */
  private List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    int place = 0;
    for (int segment = 0; segment < segments.count(); segment++) {
      int points = segments.pointsOf(segment).size();
      if (points > 0 || segment == 0) {
        place += points;
        ranges.add(new Range(place, segment));
      }
    }
    for (int segment = 0; segment < segments.count(); segment++) {
      int entries = segments.entriesOf(segment).length;
      if (entries > 0) {
        place += entries;
        ranges.add(new Range(place, segment));
      }
    }
    return ranges;
  }

  private void search(Assembler out, List<Range> ranges, LabelNode done) {
    if (ranges.size() == 1) {
      out.loadThis().load(SENT, TypedValue.OBJECT).load(RAISED, TypedValue.OBJECT);
      out.load(PLACE, Type.INT_TYPE);
      out.invokeVirtual(draft.name, name(ranges.get(0).segment), SEGMENT);
      out.jump(Opcodes.GOTO, done);
      return;
    }
    int middle = ranges.size() / 2;
    LabelNode after = new LabelNode();
    out.load(PLACE, Type.INT_TYPE).push(ranges.get(middle - 1).last);
    out.jump(Opcodes.IF_ICMPGT, after);
    search(out, ranges.subList(0, middle), done);
    out.label(after);
    search(out, ranges.subList(middle, ranges.size()), done);
  }
}
