package io.fermata.internal.compiler;

import static io.fermata.internal.compiler.bytecode.Abi.FRAME;
import static io.fermata.internal.compiler.bytecode.Abi.RUNNING;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.Boxing;
import io.fermata.internal.compiler.bytecode.ControlFlow;
import io.fermata.internal.compiler.bytecode.QuickSteps;
import io.fermata.internal.compiler.bytecode.StraightCode;
import io.fermata.internal.compiler.bytecode.Temporaries;
import io.fermata.runtime.Linkage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The emitter of {@code resume}, the method of a frame that runs the body to its next suspension
 * point.
 *
 * <p><b>Guarantee.</b> The method does what the body does, instruction by instruction: with the
 * same side effects in the same order, the same handlers, the same line numbers and variables. All
 * that a suspended body needs lies in fields of its frame; a reference that the body will not read
 * is in none of them.
 *
 * <p><b>Structure.</b> The body's code is copied once, its locals moved up by {@link #SHIFT}, as
 * the parameters of {@code resume} come first. A suspension point becomes a save, a return, and a
 * label to go on at. A switch at the beginning leads to these labels.
 *
 * <pre>{@code
 * // for co -> { for (int i = 0; i < n; i++) co.yield(i); }, which captures n
 * protected int resume(Object sent, Throwable raised) {
 *   switch (state & PLACE) { case 0: goto start; case 1: goto resumed1; default: goto lost; }
 * start:
 *   state = RUNNING;
 *   int n = f0;                               // the parameters that are read
 *   int i = 0;
 * loop:
 *   if (i >= n) { value = null; return RETURNED; }
 *   push Integer.valueOf(i);                  // the operand
 *   --- gap: no try block covers it, no variable is visible in it
 *   value = pop;
 *   f1 = i;                                   // what is live and has changed
 *   state = 1;
 *   return YIELDED;
 * resumed1:
 *   state = RUNNING;
 *   n = f0; i = f1;
 *   --- end of the gap
 *   if (raised != null) throw raised;         // here, in the try blocks of the yield
 *   push sent;                                // what the call returns, if it returns something
 *   i++;
 *   goto loop;
 * lost:
 *   throw new AssertionError();
 * }
 * }</pre>
 *
 * <p><b>Protocol.</b> The runtime sets {@code sent} or {@code raised}, calls {@code resume}, and
 * reads what it returns: {@code YIELDED} with the value in {@code value} or {@code current}; {@code
 * DELEGATED} with what the body waits for in {@code value}; {@code RETURNED} with the result in
 * {@code value}. The state is {@code RUNNING} while the body executes, so the runtime can tell a
 * body that is resumed from within itself. {@code co} is no object here: null lies in its place on
 * the operand stack, and {@link CoArguments} writes what needs one.
 *
 * <p><b>Rejected.</b> An object per suspension point, as continuations have it: each step would
 * allocate. An array for what is saved: primitives would be boxed, and the JIT could not keep a
 * field in a register. Saving at each assignment instead of at suspension points: loops without a
 * suspension would pay. Rethrowing {@code raised} before the restore: the handlers would see no
 * variables. Code in the gap inside the try blocks: a handler could see a field's save half done,
 * and an exception of the runtime would be caught by the body.
 */
final class ResumeEmitter {
  /** The type of {@code resume}, and of the method that holds the body's code. */
  static final String RESUME = "(Ljava/lang/Object;Ljava/lang/Throwable;)I";

  /** The parameters of {@code resume}. */
  private static final int SENT = 1;

  private static final int RAISED = 2;

  /** The body's own locals come after these. */
  static final int SHIFT = 3;

  private final BodyMethod body;
  private final String name;
  private final @Nullable Frame<TypedValue>[] frames;
  private final List<SuspensionPoint> points;
  private final StraightCode straight;
  private final FieldLayout layout;
  private final CoArguments coArguments;
  private final OwnTraces ownTraces;
  private final NullMessages nullMessages;

  /** What is written: all segments, or one of them. */
  private final Segments segments;

  private final int segment;
  private final Crossings crossings;
  private final SavedValues values;

  private final MethodNode resume;
  private final Assembler out;
  private final Temporaries temporaries;
  private final CoveredRanges ranges;

  /** Labels of the body, with those in its copy. */
  private final Map<LabelNode, LabelNode> labels = new HashMap<>();

  /** Where the body goes on, by suspension point. */
  private final List<LabelNode> resumed = new ArrayList<>();

  private final LabelNode dispatch = new LabelNode();
  private final List<QuickSteps.Place> places = new ArrayList<>();

  /**
   * The method that was written.
   *
   * @param method the method, without stack map frames
   * @param dispatch a label in the block that ends in the dispatch
   * @param places where it goes on, one for each suspension point
   */
  record Resume(MethodNode method, LabelNode dispatch, List<QuickSteps.Place> places) {}

  /**
   * Writes {@code resume}.
   *
   * @param draft all that the analyses have found out
   * @param helpers the classes of the helpers that it calls
   */
  ResumeEmitter(FrameDraft draft, Map<BodyMethod, FrameDraft> helpers) {
    this(draft, helpers, Segments.whole(draft), 0, FrameEmitter.bodyMethod(draft.code().name));
  }

  /** Writes the method of a segment, see {@link SegmentEmitter}. */
  ResumeEmitter(
      FrameDraft draft,
      Map<BodyMethod, FrameDraft> helpers,
      Segments segments,
      int segment,
      MethodNode method) {
    this.segments = segments;
    this.segment = segment;
    this.resume = method;
    this.out = new Assembler(method.instructions);
    this.body = draft.body;
    this.name = draft.name;
    this.frames = draft.types;
    this.points = draft.points;
    this.ownTraces = draft.ownTraces;
    this.nullMessages = draft.nullMessages;
    this.straight = new StraightCode(body.method());
    this.layout = draft.layout();
    this.temporaries = new Temporaries(body.method().maxLocals + SHIFT);
    this.coArguments = new CoArguments(draft, helpers, out, temporaries);
    this.values = new SavedValues(draft, out);
    this.crossings = new Crossings(segments, segment, layout, out, values);
    this.ranges =
        new CoveredRanges(
            body,
            labels,
            resume,
            segments.start(segment),
            segments.end(segment),
            layout.leavesInFields());
  }

  /** Writes it. */
  Resume emit() {
    prepare();
    LabelNode start = new LabelNode();
    LabelNode lost = new LabelNode();
    dispatch(start, lost);
    if (segment == 0) {
      out.label(start);
      state(RUNNING);
      values.restore(layout.parameterFields(), layout.restoredParameters());
      if (body.hasCoObject()) {
        CoObject.store(body, name, out);
      }
    }
    out.label(ranges.begins());
    body();
    ranges.copyTryBlocks();
    ranges.copyVariables();
    crossings.leave(resume);
    out.label(lost);
    out.allocate("java/lang/AssertionError").construct("java/lang/AssertionError");
    out.op(Opcodes.ATHROW);
    LabelNode end = new LabelNode();
    out.label(end);
    ranges.addFrame(name, dispatch, end);
    return new Resume(resume, dispatch, places);
  }

  private void prepare() {
    InsnList code = body.method().instructions;
    for (int i = segments.start(segment); i < segments.end(segment); i++) {
      if (code.get(i) instanceof LabelNode label) {
        prepare(label);
      } else if (code.get(i).getOpcode() >= 0) {
        ControlFlow.labels(code.get(i)).forEach(this::prepare);
      }
    }
    for (TryCatchBlockNode block : body.method().tryCatchBlocks) {
      prepare(block.handler);
    }
    points.forEach(point -> resumed.add(new LabelNode()));
  }

  private void prepare(LabelNode label) {
    if (!labels.containsKey(label)) {
      labels.put(label, crossings.to(body.method().instructions.indexOf(label)));
    }
  }

  /**
   * The dispatch, in a body of one segment; for others see {@link Crossings}.
   *
   * <pre>{@code
   * switch (state & PLACE) { case 0: goto start; case 1: goto resumed1; ... default: goto lost; }
   * }</pre>
   */
  private void dispatch(LabelNode start, LabelNode lost) {
    out.label(dispatch);
    // the line at which the code begins, so that no trace shows a frame without a line
    int line = firstLine();
    if (line > 0) {
      out.add(new LineNumberNode(line, dispatch));
    }
    List<LabelNode> targets = new ArrayList<>();
    if (segment == 0) {
      targets.add(start);
    }
    List<Integer> own = segments.pointsOf(segment);
    own.forEach(point -> targets.add(resumed.get(point)));
    if (segments.count() == 1) {
      out.loadThis().getField(FRAME, "state", "I");
      out.constant(Linkage.PLACE).op(Opcodes.IAND);
      out.add(new TableSwitchInsnNode(0, points.size(), lost, targets.toArray(new LabelNode[0])));
    } else {
      crossings.dispatch(segment == 0 || own.isEmpty() ? 0 : own.get(0) + 1, targets, lost);
    }
  }

  /** The line of the first instruction that is copied; 0 if unknown. */
  private int firstLine() {
    int line = 0;
    int begin = segments.landing(segments.start(segment));
    InsnList code = body.method().instructions;
    for (int i = 0; i < code.size() && (i < begin || line == 0); i++) {
      if (code.get(i) instanceof LineNumberNode number && (segment > 0 || line == 0)) {
        line = number.line;
      }
    }
    return line;
  }

  private void body() {
    Map<AbstractInsnNode, Integer> byCall = new HashMap<>();
    segments.pointsOf(segment).forEach(point -> byCall.put(points.get(point).call(), point));
    MethodNode method = body.method();
    for (int i = segments.start(segment); i < segments.end(segment); i++) {
      crossings.mark(i);
      AbstractInsnNode instruction = method.instructions.get(i);
      Frame<TypedValue> frame = frames[i];
      Integer place = byCall.get(instruction);
      if (place != null) {
        suspend(place, i);
      } else if (instruction.getOpcode() < 0) {
        copyMark(instruction);
      } else if (frame != null) { // else it is never reached
        copy(instruction, frame);
      }
      if (ownTraces.passesOn(instruction)) {
        passOn();
      }
    }
    out.label(ranges.ends());
    crossings.runOn();
  }

  /**
   * Has the runtime complete the trace of the exception on top of the stack.
   *
   * <pre>{@code
   * // before and after: failure
   * dup;  OwnTraces.passOn(pop, this);
   * }</pre>
   */
  private void passOn() {
    out.op(Opcodes.DUP).loadThis();
    out.invokeStatic(Abi.OWN_TRACES, "passOn", "(Ljava/lang/Object;L" + FRAME + ";)V");
  }

  /** Copies a label or a line. Stack map frames of the body say nothing about its copy. */
  private void copyMark(AbstractInsnNode mark) {
    if (mark instanceof LabelNode || mark instanceof LineNumberNode) {
      out.add(mark.clone(labels));
    }
  }

  /** Copies an instruction: locals move up, null stands for {@code co}, returns leave a result. */
  private void copy(AbstractInsnNode instruction, Frame<TypedValue> frame) {
    int opcode = instruction.getOpcode();
    String message = nullMessages.of(instruction);
    if (message != null) {
      NullMessages.check(instruction, frame, message, out, temporaries);
    }
    if (instruction instanceof VarInsnNode access) {
      if (opcode == Opcodes.ALOAD && frame.getLocal(access.var).isWithoutObject()) {
        out.op(Opcodes.ACONST_NULL);
      } else if (opcode == Opcodes.ASTORE
          && frame.getStack(frame.getStackSize() - 1).isWithoutObject()) {
        out.op(Opcodes.POP);
      } else {
        out.add(new VarInsnNode(opcode, access.var + SHIFT));
      }
    } else if (instruction instanceof IincInsnNode increment) {
      out.add(new IincInsnNode(increment.var + SHIFT, increment.incr));
    } else if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
      returned(opcode);
    } else if (isMayThrow(instruction, frame)) {
      out.op(Opcodes.POP2); // co and the class: it is there for javac only
    } else if (instruction instanceof InvokeDynamicInsnNode site
        && Captures.capturesOwn(site, frame)) {
      coArguments.capture(site, frame);
      out.add(site.clone(labels));
    } else if (instruction instanceof MethodInsnNode call && OwnTraces.looks(call)) {
      out.loadThis();
      out.invokeStatic(Abi.OWN_TRACES, call.name, OwnTraces.descriptor(call));
    } else {
      out.add(instruction.clone(labels));
    }
  }

  private boolean isMayThrow(AbstractInsnNode instruction, Frame<TypedValue> frame) {
    return instruction instanceof MethodInsnNode call
        && call.name.equals("mayThrow")
        && call.owner.equals(body.shape().yielder)
        && frame.getStack(frame.getStackSize() - 2).isCo();
  }

  /**
   * A return.
   *
   * <pre>{@code
   * value = boxed result;  return RETURNED;     // null, if there is no result to keep
   * }</pre>
   */
  private void returned(int opcode) {
    Type type = Type.getReturnType(body.method().desc);
    boolean isVoid = opcode == Opcodes.RETURN;
    if (!isVoid && !body.keepsResult()) {
      out.pop(type);
    }
    if (isVoid || !body.keepsResult()) {
      out.op(Opcodes.ACONST_NULL);
    } else {
      Boxing.box(out, type);
    }
    out.putUnder(FRAME, "value", TypedValue.OBJECT);
    out.push(Abi.RETURNED).op(Opcodes.IRETURN);
  }

  /**
   * A suspension point.
   *
   * <pre>{@code
   *   hand the operand over; if the call is done at once, push what it returns and goto done;
   *   save;  state = place;  return outcome;
   * resumed:
   *   state = RUNNING;  restore;
   *   if (raised != null) throw raised;
   *   push sent;
   * done:
   * }</pre>
   */
  private void suspend(int place, int index) {
    temporaries.clear();
    SuspensionPoint point = points.get(place);
    FieldLayout.Plan plan = layout.planOf(point);
    LabelNode gapStart = new LabelNode();
    LabelNode gapEnd = new LabelNode();
    LabelNode done = new LabelNode();
    if (point.isThroughNullable()) {
      failOnNull(point);
    }
    int outcome = hand(point, gapStart, done);
    values.suspend(plan);
    List<AbstractInsnNode> suspended = state(place + 1);
    out.push(outcome).op(Opcodes.IRETURN);

    out.label(resumed.get(place));
    places.add(new QuickSteps.Place(resumed.get(place), state(RUNNING), suspended));
    values.restore(plan);
    out.label(gapEnd);
    ranges.addGap(index, gapStart, gapEnd);

    LabelNode goOn = new LabelNode();
    out.load(RAISED, TypedValue.OBJECT).jump(Opcodes.IFNULL, goOn);
    out.load(RAISED, TypedValue.OBJECT).op(Opcodes.ATHROW);
    out.label(goOn);
    Type type = Type.getReturnType(point.call().desc);
    if (type != Type.VOID_TYPE) {
      out.load(SENT, TypedValue.OBJECT);
      Boxing.unbox(out, type);
    }
    out.label(done);
  }

  /**
   * Makes the call if {@code co} is null: then it fails, with the message that the JVM has for it.
   *
   * <pre>{@code
   * // before: co or null, operands         after: co, operands
   *   t = operands;
   *   if (co == null) { co.yield(t); throw null; }
   *   push t;
   * }</pre>
   */
  private void failOnNull(SuspensionPoint point) {
    Type[] operands = Type.getArgumentTypes(point.call().desc);
    int[] slots = new int[operands.length];
    for (int i = operands.length - 1; i >= 0; i--) {
      slots[i] = temporaries.allocate(operands[i]);
      out.store(slots[i], operands[i]);
    }
    LabelNode fine = new LabelNode();
    out.op(Opcodes.DUP).jump(Opcodes.IFNONNULL, fine);
    for (int i = 0; i < operands.length; i++) {
      out.load(slots[i], operands[i]);
    }
    out.add(point.call().clone(labels)).op(Opcodes.ACONST_NULL).op(Opcodes.ATHROW);
    out.label(fine);
    for (int i = 0; i < operands.length; i++) {
      out.load(slots[i], operands[i]);
    }
  }

  /**
   * Takes the operands of a suspension point from the stack and leaves them where the frame has
   * them.
   *
   * @return what {@code resume} returns then
   */
  private int hand(SuspensionPoint point, LabelNode gapStart, LabelNode done) {
    switch (point.kind()) {
      case YIELD -> {
        // before: co, operand
        out.label(gapStart);
        if (mayYieldNull(point)) {
          out.invokeStatic(FRAME, "offered", "(Ljava/lang/Object;)Ljava/lang/Object;");
        }
        out.putUnder(body.shape().yieldedOwner, body.shape().yieldedField, body.shape().yielded);
        out.op(Opcodes.POP);
        return Abi.YIELDED;
      }
      case YIELD_NOTHING -> {
        // before: co
        out.label(gapStart);
        out.op(Opcodes.ACONST_NULL);
        out.invokeStatic(FRAME, "offered", "(Ljava/lang/Object;)Ljava/lang/Object;");
        out.putUnder(FRAME, "value", TypedValue.OBJECT);
        out.op(Opcodes.POP);
        return Abi.YIELDED;
      }
      case YIELD_FROM, AWAIT -> {
        int target = delegate(point);
        begun(point, target, done);
      }
      default -> {
        // before: the arguments of the helper
        coArguments.callHelper(point);
        int frame = temporaries.allocate(TypedValue.OBJECT);
        out.store(frame, TypedValue.OBJECT);
        out.loadThis().load(frame, TypedValue.OBJECT);
        out.invokeVirtual(FRAME, "begin", "(Ljava/lang/Object;)Z"); // runs it at once, as a call
        begun(point, frame, done);
      }
    }
    out.label(gapStart);
    out.putUnder(FRAME, "value", TypedValue.OBJECT);
    return Abi.DELEGATED;
  }

  /** Whether the operand of a yield is an object, and none that a box was made for just before. */
  private boolean mayYieldNull(SuspensionPoint point) {
    if (!body.shape().yieldsObjects()) {
      return false;
    }
    AbstractInsnNode before = straight.before(point.call());
    return !(before instanceof MethodInsnNode call && Boxing.isBoxing(call));
  }

  /**
   * Begins what a body yields from or awaits.
   *
   * <pre>{@code
   * // before: co, operand                 after: whether it has ended at once
   * target = Objects.requireNonNull(operand, "...");
   * Linkage.checkNested(co);               // where co is that of an outer body; else pop
   * this.beginDelegate(target, raised)
   * }</pre>
   *
   * @return the slot of the operand
   */
  private int delegate(SuspensionPoint point) {
    out.constant(
        point.kind() == SuspensionPoint.Kind.AWAIT
            ? "await() needs something to wait for, but got null"
            : "yieldFrom() needs a generator, iterable, iterator or stream, but got null");
    out.invokeStatic(
        "java/util/Objects",
        "requireNonNull",
        "(Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;");
    int target = temporaries.allocate(TypedValue.OBJECT);
    out.store(target, TypedValue.OBJECT);
    if (point.isThroughOuterCo()) {
      out.invokeStatic(Abi.LINKAGE, "checkNested", "(Ljava/lang/Object;)V");
    } else {
      out.op(Opcodes.POP);
    }
    out.loadThis().load(target, TypedValue.OBJECT).load(RAISED, TypedValue.OBJECT);
    out.invokeVirtual(FRAME, "beginDelegate", "(Ljava/lang/Object;Ljava/lang/Throwable;)Z");
    return target;
  }

  /**
   * Goes on at once if what was begun has ended; else it is what the body waits for.
   *
   * <pre>{@code
   * // before: whether it has ended        after: what the body waits for
   *   if (!pop) goto later;
   *   push (Type) Frame.returned(begun);  goto done;
   * later:
   *   push begun;
   * }</pre>
   */
  private void begun(SuspensionPoint point, int slot, LabelNode done) {
    LabelNode later = new LabelNode();
    out.jump(Opcodes.IFEQ, later);
    Type type = Type.getReturnType(point.call().desc);
    if (type != Type.VOID_TYPE) {
      out.load(slot, TypedValue.OBJECT);
      out.invokeStatic(FRAME, "returned", "(Ljava/lang/Object;)Ljava/lang/Object;");
      Boxing.unbox(out, type);
    }
    out.jump(Opcodes.GOTO, done);
    out.label(later);
    out.load(slot, TypedValue.OBJECT);
  }

  /** {@code state = place}; gives the instructions, which {@link QuickSteps} may leave out. */
  private List<AbstractInsnNode> state(int place) {
    AbstractInsnNode last = out.code().getLast();
    out.loadThis().push(place).putField(FRAME, "state", "I");
    List<AbstractInsnNode> added = new ArrayList<>();
    for (AbstractInsnNode at = last.getNext(); at != null; at = at.getNext()) {
      added.add(at);
    }
    return added;
  }
}
