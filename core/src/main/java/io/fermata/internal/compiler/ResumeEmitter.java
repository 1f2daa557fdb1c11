package io.fermata.internal.compiler;

import static io.fermata.internal.compiler.Abi.FRAME;
import static io.fermata.internal.compiler.Abi.RUNNING;
import static io.fermata.internal.compiler.Assembler.RAISED;
import static io.fermata.internal.compiler.Assembler.SENT;
import static io.fermata.internal.compiler.Assembler.SHIFT;
import static io.fermata.internal.compiler.Assembler.THIS;

import io.fermata.runtime.Linkage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Writes the method of a frame that runs the body to its next suspension: the body's own code, in
 * which each suspension has become a save, a return, and a place to go on at. The pseudo-code
 * stands at {@link FrameEmitter}.
 */
final class ResumeEmitter {
  private static final String RESUME = "(Ljava/lang/Object;Ljava/lang/Throwable;)I";

  private final BodyMethod body;
  private final String name;
  private final @Nullable Frame<TypedValue>[] frames;
  private final List<SuspensionPoint> suspensions;
  private final FieldLayout layout;
  private final CoArguments coArguments;

  private final MethodNode resume =
      new MethodNode(
          Opcodes.ACC_PROTECTED, "resume", RESUME, null, new String[] {"java/lang/Throwable"});
  private final InsnList out = resume.instructions;
  private final Assembler write;
  private final Map<LabelNode, LabelNode> labels = new HashMap<>();
  private final List<LabelNode> resumed = new ArrayList<>();
  private final LabelNode dispatch = new LabelNode();
  private final List<QuickSteps.Place> places = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();

  /** The types of the exceptions that the body catches, as variables have them. */
  private final Set<Type> caught = new HashSet<>();

  /**
   * What was written.
   *
   * @param method the method
   * @param dispatch a label in the block that ends in the dispatch
   * @param places where it goes on, one for each suspension point
   */
  record Resume(MethodNode method, LabelNode dispatch, List<QuickSteps.Place> places) {}

  /** Code of a suspension that lies in no try block and has no variables. */
  private record Gap(int index, LabelNode start, LabelNode end) {}

  ResumeEmitter(FrameDraft draft, Map<BodyMethod, FrameDraft> helpers) {
    this.body = draft.body;
    this.name = draft.name;
    this.frames = draft.types;
    this.suspensions = draft.points;
    this.layout = draft.layout();
    this.write = new Assembler(out, name, body.method().maxLocals);
    this.coArguments = new CoArguments(body, name, helpers, out, write);
  }

  /** The method, without stack map frames. */
  Resume emit() {
    translate();
    return new Resume(resume, dispatch, places);
  }

  private void translate() {
    MethodNode method = body.method();
    for (AbstractInsnNode at : method.instructions) {
      if (at instanceof LabelNode label) {
        labels.put(label, new LabelNode());
      }
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      Frame<TypedValue> handler = frames[method.instructions.indexOf(block.handler)];
      if (handler != null) {
        caught.add(handler.getStack(0).known());
      }
    }
    LabelNode start = new LabelNode();
    LabelNode lost = new LabelNode();
    for (int i = 0; i < suspensions.size(); i++) {
      resumed.add(new LabelNode());
    }
    dispatch(start, lost);
    out.add(start);
    write.putState(RUNNING);
    restore(layout.parameterFields());
    Map<AbstractInsnNode, Integer> byCall = new HashMap<>();
    for (int i = 0; i < suspensions.size(); i++) {
      byCall.put(suspensions.get(i).call(), i);
    }
    for (int i = 0; i < method.instructions.size(); i++) {
      AbstractInsnNode instruction = method.instructions.get(i);
      Integer place = byCall.get(instruction);
      if (place != null) {
        suspend(place, i);
      } else {
        copy(instruction, frames[i]);
      }
    }
    out.add(lost);
    out.add(new TypeInsnNode(Opcodes.NEW, "java/lang/AssertionError"));
    out.add(new InsnNode(Opcodes.DUP));
    out.add(
        new MethodInsnNode(
            Opcodes.INVOKESPECIAL, "java/lang/AssertionError", "<init>", "()V", false));
    out.add(new InsnNode(Opcodes.ATHROW));
    tryBlocks();
    variables();
  }

  private void dispatch(LabelNode start, LabelNode lost) {
    out.add(dispatch);
    for (AbstractInsnNode at : body.method().instructions) {
      if (at instanceof LineNumberNode line) {
        out.add(new LineNumberNode(line.line, dispatch));
        break;
      }
    }
    write.getField(FRAME, "state", "I");
    out.add(new LdcInsnNode(Linkage.PLACE));
    out.add(new InsnNode(Opcodes.IAND));
    LabelNode[] targets = new LabelNode[suspensions.size() + 1];
    targets[0] = start;
    for (int i = 0; i < suspensions.size(); i++) {
      targets[i + 1] = resumed.get(i);
    }
    out.add(new TableSwitchInsnNode(0, suspensions.size(), lost, targets));
  }

  private void copy(AbstractInsnNode instruction, @Nullable Frame<TypedValue> frame) {
    int opcode = instruction.getOpcode();
    if (opcode < 0) {
      if (instruction instanceof LabelNode || instruction instanceof LineNumberNode) {
        out.add(instruction.clone(labels));
      }
      return;
    }
    if (frame == null) {
      return; // never reached
    }
    if (instruction instanceof VarInsnNode access) {
      if (opcode == Opcodes.ALOAD && frame.getLocal(access.var).isCo()) {
        out.add(new InsnNode(Opcodes.ACONST_NULL));
      } else if (opcode == Opcodes.ASTORE && frame.getStack(frame.getStackSize() - 1).isCo()) {
        out.add(new InsnNode(Opcodes.POP));
      } else {
        out.add(new VarInsnNode(opcode, access.var + SHIFT));
      }
    } else if (instruction instanceof IincInsnNode increment) {
      out.add(new IincInsnNode(increment.var + SHIFT, increment.incr));
    } else if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
      returned(opcode);
    } else if (instruction instanceof MethodInsnNode call
        && call.name.equals("mayThrow")
        && call.owner.equals(body.shape().yielder)) {
      out.add(new InsnNode(Opcodes.POP2));
    } else if (instruction instanceof InvokeDynamicInsnNode site
        && Captures.capturesOwn(site, frame)) {
      coArguments.capture(site, frame);
      out.add(site.clone(labels));
    } else {
      out.add(instruction.clone(labels));
    }
  }

  /** A return: the result goes into {@code value}, boxed. */
  private void returned(int opcode) {
    Type type = Type.getReturnType(body.method().desc);
    if (opcode != Opcodes.RETURN && !body.keepsResult()) {
      out.add(new InsnNode(type.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP));
    }
    if (opcode == Opcodes.RETURN || !body.keepsResult()) {
      out.add(new InsnNode(Opcodes.ACONST_NULL));
    } else {
      Boxing.box(out, type);
    }
    write.putUnder(FRAME, "value", TypedValue.OBJECT);
    write.push(Abi.RETURNED);
    out.add(new InsnNode(Opcodes.IRETURN));
  }

  private void suspend(int place, int index) {
    write.freeTemporaries(); // none outlives its suspension
    SuspensionPoint suspension = suspensions.get(place);
    FieldLayout.Plan plan = layout.planOf(suspension);
    LabelNode gapStart = new LabelNode();
    LabelNode gapEnd = new LabelNode();
    LabelNode done = new LabelNode();
    int outcome = hand(suspension, gapStart, done);
    for (int depth = plan.stack().size() - 1; depth >= 0; depth--) {
      FieldLayout.Field field = plan.stack().get(depth);
      if (field == null) {
        out.add(new InsnNode(Opcodes.POP));
      } else {
        write.putUnder(name, field.name(), field.type());
      }
    }
    for (Map.Entry<Integer, FieldLayout.Field> local : plan.locals().entrySet()) {
      int slot = local.getKey();
      FieldLayout.Field field = local.getValue();
      if (field != FieldLayout.NULL && !plan.unchanged().get(slot)) {
        write.load(THIS, TypedValue.OBJECT);
        write.load(slot + SHIFT, field.type());
        write.putField(field);
        if (caught.contains(field.type())) {
          write.load(THIS, TypedValue.OBJECT);
          write.load(slot + SHIFT, field.type());
          write.invokeFrame("hold", "(Ljava/lang/Object;)V");
        }
      }
    }
    for (FieldLayout.Field dead : plan.dead()) {
      write.load(THIS, TypedValue.OBJECT);
      out.add(new InsnNode(Opcodes.ACONST_NULL));
      write.putField(dead);
    }
    List<AbstractInsnNode> suspended = write.putState(place + 1);
    write.push(outcome);
    out.add(new InsnNode(Opcodes.IRETURN));

    out.add(resumed.get(place));
    places.add(new QuickSteps.Place(resumed.get(place), write.putState(RUNNING), suspended));
    restore(plan.locals());
    for (FieldLayout.Field field : plan.stack()) {
      if (field == null) {
        out.add(new InsnNode(Opcodes.ACONST_NULL));
      } else {
        write.getField(name, field.name(), field.type().getDescriptor());
      }
    }
    out.add(gapEnd);
    gaps.add(new Gap(index, gapStart, gapEnd));
    LabelNode goOn = new LabelNode();
    write.load(RAISED, TypedValue.OBJECT);
    out.add(new JumpInsnNode(Opcodes.IFNULL, goOn));
    write.load(RAISED, TypedValue.OBJECT);
    out.add(new InsnNode(Opcodes.ATHROW));
    out.add(goOn);
    received(suspension);
    out.add(done);
  }

  /** Takes the operands of a suspension from the stack and leaves them where the frame has them. */
  private int hand(SuspensionPoint suspension, LabelNode gapStart, LabelNode done) {
    switch (suspension.kind()) {
      case YIELD -> {
        out.add(gapStart);
        write.putUnder(body.shape().yieldedOwner, body.shape().yieldedField, body.shape().yielded);
        out.add(new InsnNode(Opcodes.POP));
        return Abi.YIELDED;
      }
      case YIELD_NOTHING -> {
        out.add(gapStart);
        out.add(new InsnNode(Opcodes.ACONST_NULL));
        write.putUnder(FRAME, "value", TypedValue.OBJECT);
        out.add(new InsnNode(Opcodes.POP));
        return Abi.YIELDED;
      }
      case YIELD_FROM, AWAIT -> {
        out.add(
            new LdcInsnNode(
                suspension.kind() == SuspensionPoint.Kind.AWAIT
                    ? "await() needs something to wait for, but got null"
                    : "yieldFrom() needs a generator, iterable, iterator or stream, but got null"));
        out.add(
            new MethodInsnNode(
                Opcodes.INVOKESTATIC,
                "java/util/Objects",
                "requireNonNull",
                "(Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;",
                false));
        int target = write.temporary(TypedValue.OBJECT);
        write.store(target, TypedValue.OBJECT);
        out.add(
            suspension.isThroughOuterCo()
                ? new MethodInsnNode(
                    Opcodes.INVOKESTATIC,
                    Abi.LINKAGE,
                    "checkNested",
                    "(Ljava/lang/Object;)V",
                    false)
                : new InsnNode(Opcodes.POP));
        write.load(THIS, TypedValue.OBJECT);
        write.load(target, TypedValue.OBJECT);
        write.load(RAISED, TypedValue.OBJECT);
        write.invokeFrame("beginDelegate", "(Ljava/lang/Object;Ljava/lang/Throwable;)Z");
        begun(suspension, target, done);
        out.add(gapStart);
        write.putUnder(FRAME, "value", TypedValue.OBJECT);
        return Abi.DELEGATED;
      }
      default -> {
        coArguments.callHelper(suspension);
        begin(suspension, done);
        out.add(gapStart);
        write.putUnder(FRAME, "value", TypedValue.OBJECT);
        return Abi.DELEGATED;
      }
    }
  }

  /** Runs the helper at once, as a call. */
  private void begin(SuspensionPoint suspension, LabelNode done) {
    int frame = write.temporary(TypedValue.OBJECT);
    write.store(frame, TypedValue.OBJECT);
    write.load(THIS, TypedValue.OBJECT);
    write.load(frame, TypedValue.OBJECT);
    write.invokeFrame("begin", "(Ljava/lang/Object;)Z");
    begun(suspension, frame, done);
  }

  /** If what was begun has returned, the call is done; else it is what the body waits for. */
  private void begun(SuspensionPoint suspension, int frame, LabelNode done) {
    LabelNode later = new LabelNode();
    out.add(new JumpInsnNode(Opcodes.IFEQ, later));
    Type type = Type.getReturnType(suspension.call().desc);
    if (type != Type.VOID_TYPE) {
      write.load(frame, TypedValue.OBJECT);
      out.add(
          new MethodInsnNode(
              Opcodes.INVOKESTATIC,
              FRAME,
              "returned",
              "(Ljava/lang/Object;)Ljava/lang/Object;",
              false));
      Boxing.unbox(out, type);
    }
    out.add(new JumpInsnNode(Opcodes.GOTO, done));
    out.add(later);
    write.load(frame, TypedValue.OBJECT);
  }

  /** Leaves on the stack what the call would. */
  private void received(SuspensionPoint suspension) {
    Type type = Type.getReturnType(suspension.call().desc);
    if (type == Type.VOID_TYPE) {
      return;
    }
    write.load(SENT, TypedValue.OBJECT);
    Boxing.unbox(out, type);
  }

  private void restore(Map<Integer, FieldLayout.Field> locals) {
    for (Map.Entry<Integer, FieldLayout.Field> local : locals.entrySet()) {
      FieldLayout.Field field = local.getValue();
      if (field == FieldLayout.NULL) {
        out.add(new InsnNode(Opcodes.ACONST_NULL));
      } else {
        write.getField(name, field.name(), field.type().getDescriptor());
      }
      write.store(local.getKey() + SHIFT, field.type());
    }
  }

  private void tryBlocks() {
    for (TryCatchBlockNode block : body.method().tryCatchBlocks) {
      for (Range range : ranges(block.start, block.end)) {
        resume.tryCatchBlocks.add(
            new TryCatchBlockNode(range.from, range.to, copyOf(block.handler), block.type));
      }
    }
  }

  private void variables() {
    resume.localVariables = new ArrayList<>();
    if (body.method().localVariables == null) {
      return;
    }
    for (LocalVariableNode variable : body.method().localVariables) {
      if (variable.index == body.coSlot()) {
        continue;
      }
      String shown = variable.name.equals("this") ? "this$host" : variable.name;
      for (Range range : ranges(variable.start, variable.end)) {
        resume.localVariables.add(
            new LocalVariableNode(
                shown,
                variable.desc,
                variable.signature,
                range.from,
                range.to,
                variable.index + SHIFT));
      }
    }
  }

  private record Range(LabelNode from, LabelNode to) {}

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

  private static void addRange(List<Range> ranges, LabelNode from, LabelNode to) {
    if (!DeadCode.isEmpty(from, to)) {
      ranges.add(new Range(from, to));
    }
  }

  private LabelNode copyOf(LabelNode label) {
    return Objects.requireNonNull(labels.get(label));
  }
}
