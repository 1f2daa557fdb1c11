package io.fermata.internal.compiler;

import io.fermata.runtime.BodySite;
import io.fermata.runtime.Inspection;
import io.fermata.runtime.Linkage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
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
 * Writes the class of a frame.
 *
 * <pre>{@code
 * // for co -> { for (int i = 0; i < n; i++) co.yield(i); }, which captures n
 * public final class Host$fermata$lambda$main$0$0 extends GeneratorFrame {
 *   int f0;                                     // n
 *   int f1;                                     // i
 *
 *   public Host$fermata$lambda$main$0$0(int n) { f0 = n; }
 *
 *   protected int resume(Object sent, Throwable raised) {
 *     switch (state & PLACE) { case 0: goto start; case 1: goto resumed1; default: throw ...; }
 *   start:
 *     state = RUNNING;
 *     int n = f0;
 *     int i = 0;
 *   loop:
 *     if (i >= n) { value = null; return RETURNED; }
 *     value = Integer.valueOf(i);               // the operand of the yield
 *     f1 = i;                                   // what is live and has changed
 *     state = 1;
 *     return YIELDED;
 *   resumed1:                                   // up to here outside of all try blocks
 *     state = RUNNING;
 *     n = f0; i = f1;
 *     if (raised != null) throw raised;
 *     i++;
 *     goto loop;
 *   }
 * }
 * }</pre>
 */
final class FrameEmitter {
  private static final String FRAME = Type.getInternalName(io.fermata.runtime.Frame.class);
  private static final String SITE = Type.getInternalName(BodySite.class);
  private static final String RESUME = "(Ljava/lang/Object;Ljava/lang/Throwable;)I";

  private static final Handle CAPTURED =
      new Handle(
          Opcodes.H_INVOKESTATIC,
          Type.getInternalName(Linkage.class),
          "captured",
          "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;"
              + "Ljava/lang/invoke/MethodType;I)Ljava/lang/invoke/CallSite;",
          false);

  /** Bytes that finding the stack maps of a class may take; about what a method can need. */
  private static final int MEMORY = 256 << 20;

  /** Steps that it may take: some seconds. */
  private static final long OPERATIONS = 2_000_000_000;

  /** The state while the body executes, see the runtime's frame. */
  private static final int RUNNING = -1;

  /** Slots of {@code resume}. */
  private static final int THIS = 0;

  private static final int SENT = 1;
  private static final int RAISED = 2;

  /** The body's own locals come after these. */
  private static final int SHIFT = 3;

  private final BodyMethod body;
  private final String name;
  private final boolean keepsResult;
  private final @Nullable Frame<TypedValue>[] frames;
  private final List<Suspension> suspensions;
  private final FieldLayout layout;
  private final Map<BodyMethod, String> helperNames;

  private final MethodNode resume =
      new MethodNode(
          Opcodes.ACC_PROTECTED, "resume", RESUME, null, new String[] {"java/lang/Throwable"});
  private final InsnList out = resume.instructions;
  private final Map<LabelNode, LabelNode> labels = new HashMap<>();
  private final List<LabelNode> resumed = new ArrayList<>();
  private final LabelNode dispatch = new LabelNode();
  private final List<QuickSteps.Place> places = new ArrayList<>();
  private final List<Gap> gaps = new ArrayList<>();
  private int nextTemporary;

  /** Code of a suspension that lies in no try block and has no variables. */
  private record Gap(int index, LabelNode start, LabelNode end) {}

  FrameEmitter(
      BodyMethod body,
      String name,
      boolean keepsResult,
      @Nullable Frame<TypedValue>[] frames,
      List<Suspension> suspensions,
      FieldLayout layout,
      Map<BodyMethod, String> helperNames) {
    this.body = body;
    this.name = name;
    this.keepsResult = keepsResult;
    this.frames = frames;
    this.suspensions = suspensions;
    this.layout = layout;
    this.helperNames = helperNames;
    this.nextTemporary = body.method().maxLocals + SHIFT;
  }

  /** The class, without stack map frames. */
  ClassNode emit() {
    ClassNode type = new ClassNode();
    type.version = Opcodes.V17;
    type.access =
        Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
    type.name = name;
    type.superName = body.shape().frame;
    type.sourceFile = body.owner().sourceFile;
    type.fields.add(
        new FieldNode(
            Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL,
            "SITE",
            "L" + SITE + ";",
            null,
            null));
    for (FieldLayout.Field field : layout.fields()) {
      type.fields.add(new FieldNode(0, field.name(), field.type().getDescriptor(), null, null));
    }
    type.methods.add(initialiser());
    type.methods.add(constructor());
    emitResume();
    LoopTails.duplicate(resume);
    QuickSteps.copy(name, resume, dispatch, places);
    type.methods.add(resume);
    type.methods.add(inspect());
    type.methods.add(ended());
    type.methods.add(body.helper() ? isCall() : fresh());
    return type;
  }

  /** Makes a class file of it. */
  static byte[] bytes(ClassNode type, ClassFiles files) {
    ClassWriter writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected String getCommonSuperClass(String first, String second) {
            return files.commonSuperclass(first, second);
          }
        };
    writer.setComputeLimits(MEMORY, OPERATIONS);
    type.accept(writer);
    return writer.toByteArray();
  }

  // resume()

  private void emitResume() {
    MethodNode method = body.method();
    for (AbstractInsnNode at : method.instructions) {
      if (at instanceof LabelNode label) {
        labels.put(label, new LabelNode());
      }
    }
    LabelNode start = new LabelNode();
    LabelNode lost = new LabelNode();
    for (int i = 0; i < suspensions.size(); i++) {
      resumed.add(new LabelNode());
    }
    dispatch(start, lost);
    out.add(start);
    putState(RUNNING);
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
    getField(FRAME, "state", "I");
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
    } else {
      out.add(instruction.clone(labels));
    }
  }

  /** A return: the result goes into {@code value}, boxed. */
  private void returned(int opcode) {
    Type type = Type.getReturnType(body.method().desc);
    if (opcode != Opcodes.RETURN && !keepsResult) {
      out.add(new InsnNode(type.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP));
    }
    if (opcode == Opcodes.RETURN || !keepsResult) {
      out.add(new InsnNode(Opcodes.ACONST_NULL));
    } else {
      Boxing.box(out, type);
    }
    putUnder(FRAME, "value", TypedValue.OBJECT);
    out.add(new InsnNode(Opcodes.ICONST_2)); // RETURNED
    out.add(new InsnNode(Opcodes.IRETURN));
  }

  private void suspend(int place, int index) {
    nextTemporary = body.method().maxLocals + SHIFT; // none outlives its suspension
    Suspension suspension = suspensions.get(place);
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
        putUnder(name, field.name(), field.type());
      }
    }
    for (Map.Entry<Integer, FieldLayout.Field> local : plan.locals().entrySet()) {
      int slot = local.getKey();
      FieldLayout.Field field = local.getValue();
      if (field != FieldLayout.NULL && !plan.unchanged().get(slot)) {
        load(THIS, TypedValue.OBJECT);
        load(slot + SHIFT, field.type());
        putField(field);
      }
    }
    for (FieldLayout.Field dead : plan.dead()) {
      load(THIS, TypedValue.OBJECT);
      out.add(new InsnNode(Opcodes.ACONST_NULL));
      putField(dead);
    }
    List<AbstractInsnNode> suspended = putState(place + 1);
    push(outcome);
    out.add(new InsnNode(Opcodes.IRETURN));

    out.add(resumed.get(place));
    places.add(new QuickSteps.Place(resumed.get(place), putState(RUNNING), suspended));
    restore(plan.locals());
    for (FieldLayout.Field field : plan.stack()) {
      if (field == null) {
        out.add(new InsnNode(Opcodes.ACONST_NULL));
      } else {
        getField(name, field.name(), field.type().getDescriptor());
      }
    }
    out.add(gapEnd);
    gaps.add(new Gap(index, gapStart, gapEnd));
    LabelNode goOn = new LabelNode();
    load(RAISED, TypedValue.OBJECT);
    out.add(new JumpInsnNode(Opcodes.IFNULL, goOn));
    load(RAISED, TypedValue.OBJECT);
    out.add(new InsnNode(Opcodes.ATHROW));
    out.add(goOn);
    received(suspension);
    out.add(done);
  }

  /** Takes the operands of a suspension from the stack and leaves them where the frame has them. */
  private int hand(Suspension suspension, LabelNode gapStart, LabelNode done) {
    Type[] arguments = Type.getArgumentTypes(suspension.call().desc);
    switch (suspension.kind()) {
      case YIELD -> {
        out.add(gapStart);
        putUnder(body.shape().yieldedOwner, body.shape().yieldedField, body.shape().yielded);
        out.add(new InsnNode(Opcodes.POP));
        return 0; // YIELDED
      }
      case YIELD_NOTHING -> {
        out.add(gapStart);
        out.add(new InsnNode(Opcodes.ACONST_NULL));
        putUnder(FRAME, "value", TypedValue.OBJECT);
        out.add(new InsnNode(Opcodes.POP));
        return 0;
      }
      case YIELD_FROM, AWAIT -> {
        out.add(
            new LdcInsnNode(
                suspension.kind() == Suspension.Kind.AWAIT
                    ? "await() needs something to wait for, but got null"
                    : "yieldFrom() needs a generator, iterable, iterator or stream, but got null"));
        out.add(
            new MethodInsnNode(
                Opcodes.INVOKESTATIC,
                "java/util/Objects",
                "requireNonNull",
                "(Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;",
                false));
        int target = temporary(TypedValue.OBJECT);
        store(target, TypedValue.OBJECT);
        out.add(new InsnNode(Opcodes.POP));
        load(THIS, TypedValue.OBJECT);
        load(target, TypedValue.OBJECT);
        load(RAISED, TypedValue.OBJECT);
        invokeFrame("beginDelegate", "(Ljava/lang/Object;Ljava/lang/Throwable;)Z");
        begun(suspension, target, done);
        out.add(gapStart);
        putUnder(FRAME, "value", TypedValue.OBJECT);
        return 1; // DELEGATED
      }
      default -> {
        call(suspension, arguments);
        begin(suspension, done);
        out.add(gapStart);
        putUnder(FRAME, "value", TypedValue.OBJECT);
        return 1;
      }
    }
  }

  /** Makes the frame of a helper from its arguments. */
  private void call(Suspension suspension, Type[] arguments) {
    BodyMethod helper = Objects.requireNonNull(suspension.helper());
    Frame<TypedValue> before = suspension.before();
    int[] slots = new int[arguments.length];
    StringBuilder parameters = new StringBuilder("(");
    for (int i = arguments.length - 1; i >= 0; i--) {
      if (before.getStack(before.getStackSize() - arguments.length + i).isCo()) {
        out.add(new InsnNode(Opcodes.POP));
        slots[i] = -1;
      } else {
        slots[i] = temporary(arguments[i]);
        store(slots[i], arguments[i]);
      }
    }
    int receiver = -1;
    Type owner = Type.getObjectType(helper.owner().name);
    if (!helper.isStatic()) {
      receiver = temporary(owner);
      out.add(
          new MethodInsnNode(
              Opcodes.INVOKESTATIC,
              "java/util/Objects",
              "requireNonNull",
              "(Ljava/lang/Object;)Ljava/lang/Object;",
              false));
      out.add(new TypeInsnNode(Opcodes.CHECKCAST, owner.getInternalName()));
      store(receiver, owner);
      parameters.append(owner.getDescriptor());
    }
    String helperName = Objects.requireNonNull(helperNames.get(helper));
    out.add(new TypeInsnNode(Opcodes.NEW, helperName));
    out.add(new InsnNode(Opcodes.DUP));
    if (receiver >= 0) {
      load(receiver, owner);
    }
    for (int i = 0; i < arguments.length; i++) {
      if (slots[i] >= 0) {
        load(slots[i], arguments[i]);
        parameters.append(arguments[i].getDescriptor());
      }
    }
    out.add(
        new MethodInsnNode(
            Opcodes.INVOKESPECIAL,
            helperName,
            "<init>",
            parameters.append(")V").toString(),
            false));
  }

  /** Runs the helper at once, as a call. */
  private void begin(Suspension suspension, LabelNode done) {
    int frame = temporary(TypedValue.OBJECT);
    store(frame, TypedValue.OBJECT);
    load(THIS, TypedValue.OBJECT);
    load(frame, TypedValue.OBJECT);
    invokeFrame("begin", "(Ljava/lang/Object;)Z");
    begun(suspension, frame, done);
  }

  /** If what was begun has returned, the call is done; else it is what the body waits for. */
  private void begun(Suspension suspension, int frame, LabelNode done) {
    LabelNode later = new LabelNode();
    out.add(new JumpInsnNode(Opcodes.IFEQ, later));
    Type type = Type.getReturnType(suspension.call().desc);
    if (type != Type.VOID_TYPE) {
      load(frame, TypedValue.OBJECT);
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
    load(frame, TypedValue.OBJECT);
  }

  private void invokeFrame(String method, String descriptor) {
    out.add(new MethodInsnNode(Opcodes.INVOKEVIRTUAL, FRAME, method, descriptor, false));
  }

  /** Leaves on the stack what the call would. */
  private void received(Suspension suspension) {
    Type type = Type.getReturnType(suspension.call().desc);
    if (type == Type.VOID_TYPE) {
      return;
    }
    load(SENT, TypedValue.OBJECT);
    Boxing.unbox(out, type);
  }

  private void restore(Map<Integer, FieldLayout.Field> locals) {
    for (Map.Entry<Integer, FieldLayout.Field> local : locals.entrySet()) {
      FieldLayout.Field field = local.getValue();
      if (field == FieldLayout.NULL) {
        out.add(new InsnNode(Opcodes.ACONST_NULL));
      } else {
        getField(name, field.name(), field.type().getDescriptor());
      }
      store(local.getKey() + SHIFT, field.type());
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

  // Small pieces of code

  private int temporary(Type type) {
    int slot = nextTemporary;
    nextTemporary += type.getSize();
    return slot;
  }

  private void load(int slot, Type type) {
    out.add(new VarInsnNode(type.getOpcode(Opcodes.ILOAD), slot));
  }

  private void store(int slot, Type type) {
    out.add(new VarInsnNode(type.getOpcode(Opcodes.ISTORE), slot));
  }

  private void getField(String owner, String field, String descriptor) {
    load(THIS, TypedValue.OBJECT);
    out.add(new FieldInsnNode(Opcodes.GETFIELD, owner, field, descriptor));
  }

  private void putField(FieldLayout.Field field) {
    out.add(new FieldInsnNode(Opcodes.PUTFIELD, name, field.name(), field.type().getDescriptor()));
  }

  /** Puts the topmost value into a field of this. */
  private void putUnder(String owner, String field, Type type) {
    load(THIS, TypedValue.OBJECT);
    if (type.getSize() == 2) {
      out.add(new InsnNode(Opcodes.DUP_X2));
      out.add(new InsnNode(Opcodes.POP));
    } else {
      out.add(new InsnNode(Opcodes.SWAP));
    }
    out.add(new FieldInsnNode(Opcodes.PUTFIELD, owner, field, type.getDescriptor()));
  }

  /** Sets the state; returns the instructions that do it. */
  private List<AbstractInsnNode> putState(int state) {
    AbstractInsnNode last = out.getLast();
    load(THIS, TypedValue.OBJECT);
    push(state);
    out.add(new FieldInsnNode(Opcodes.PUTFIELD, FRAME, "state", "I"));
    List<AbstractInsnNode> added = new ArrayList<>();
    for (AbstractInsnNode at = last.getNext(); at != null; at = at.getNext()) {
      added.add(at);
    }
    return added;
  }

  private void push(int constant) {
    if (constant <= 5) {
      out.add(new InsnNode(Opcodes.ICONST_0 + constant));
    } else if (constant <= Short.MAX_VALUE) {
      out.add(
          new IntInsnNode(constant <= Byte.MAX_VALUE ? Opcodes.BIPUSH : Opcodes.SIPUSH, constant));
    } else {
      out.add(new LdcInsnNode(constant));
    }
  }

  // The other methods

  /** Learns from {@link Linkage} what the class stands for, and gives it a frame to copy. */
  private MethodNode initialiser() {
    MethodNode method = new MethodNode(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
    method.visitLdcInsn(Type.getObjectType(name));
    if (body.helper()) {
      method.visitInsn(Opcodes.ACONST_NULL);
    } else {
      method.visitTypeInsn(Opcodes.NEW, name);
      method.visitInsn(Opcodes.DUP);
      for (Type type : constructorTypes()) {
        method.visitInsn(zero(type));
      }
      method.visitMethodInsn(
          Opcodes.INVOKESPECIAL,
          name,
          "<init>",
          Type.getMethodDescriptor(Type.VOID_TYPE, constructorTypes()),
          false);
    }
    method.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        Type.getInternalName(Linkage.class),
        "begin",
        "(Ljava/lang/Class;L" + FRAME + ";)L" + SITE + ";",
        false);
    method.visitFieldInsn(Opcodes.PUTSTATIC, name, "SITE", "L" + SITE + ";");
    method.visitInsn(Opcodes.RETURN);
    return method;
  }

  private static int zero(Type type) {
    return switch (type.getSort()) {
      case Type.LONG -> Opcodes.LCONST_0;
      case Type.FLOAT -> Opcodes.FCONST_0;
      case Type.DOUBLE -> Opcodes.DCONST_0;
      case Type.ARRAY, Type.OBJECT -> Opcodes.ACONST_NULL;
      default -> Opcodes.ICONST_0;
    };
  }

  /** {@code return new Frame(captured 0, captured 1, ..., (Handle) handle)}. */
  private MethodNode fresh() {
    MethodNode method =
        new MethodNode(
            Opcodes.ACC_PROTECTED,
            "fresh",
            "(Ljava/lang/Object;Ljava/lang/Object;)L" + FRAME + ";",
            null,
            null);
    method.visitTypeInsn(Opcodes.NEW, name);
    method.visitInsn(Opcodes.DUP);
    Type[] types = constructorTypes();
    int captured = types.length - body.shape().handles();
    for (int i = 0; i < captured; i++) {
      method.visitVarInsn(Opcodes.ALOAD, 1);
      method.visitInvokeDynamicInsn(
          "captured", Type.getMethodDescriptor(types[i], TypedValue.OBJECT), CAPTURED, i);
    }
    for (int i = captured; i < types.length; i++) {
      method.visitVarInsn(Opcodes.ALOAD, 2);
      method.visitTypeInsn(Opcodes.CHECKCAST, types[i].getInternalName());
    }
    method.visitMethodInsn(
        Opcodes.INVOKESPECIAL,
        name,
        "<init>",
        Type.getMethodDescriptor(Type.VOID_TYPE, types),
        false);
    method.visitInsn(Opcodes.ARETURN);
    return method;
  }

  /** The types of all parameters but {@code co}. */
  private Type[] constructorTypes() {
    List<Type> types = new ArrayList<>();
    int slot = 0;
    for (Type type : body.parameters()) {
      if (slot != body.coSlot()) {
        types.add(type);
      }
      slot += type.getSize();
    }
    return types.toArray(new Type[0]);
  }

  private MethodNode constructor() {
    MethodNode method =
        new MethodNode(
            Opcodes.ACC_PUBLIC,
            "<init>",
            Type.getMethodDescriptor(Type.VOID_TYPE, constructorTypes()),
            null,
            null);
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitMethodInsn(Opcodes.INVOKESPECIAL, body.shape().frame, "<init>", "()V", false);
    int slot = 0;
    int own = 1;
    for (Type type : body.parameters()) {
      if (slot != body.coSlot()) {
        FieldLayout.Field field = layout.parameterFields().get(slot);
        if (field != null) {
          method.visitVarInsn(Opcodes.ALOAD, 0);
          method.visitVarInsn(type.getOpcode(Opcodes.ILOAD), own);
          method.visitFieldInsn(Opcodes.PUTFIELD, name, field.name(), field.type().getDescriptor());
        }
        own += type.getSize();
      }
      slot += type.getSize();
    }
    method.visitInsn(Opcodes.RETURN);
    return method;
  }

  private MethodNode inspect() {
    String inspection = "L" + Type.getInternalName(Inspection.class) + ";";
    MethodNode method =
        new MethodNode(Opcodes.ACC_PROTECTED, "inspect", "()" + inspection, null, null);
    method.visitFieldInsn(Opcodes.GETSTATIC, name, "SITE", "L" + SITE + ";");
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitFieldInsn(Opcodes.GETFIELD, FRAME, "state", "I");
    method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, SITE, "at", "(I)" + inspection, false);
    method.visitInsn(Opcodes.ARETURN);
    return method;
  }

  private MethodNode ended() {
    MethodNode method = new MethodNode(Opcodes.ACC_PROTECTED, "ended", "()V", null, null);
    for (FieldLayout.Field field : layout.fields()) {
      if (field.isReference()) {
        method.visitVarInsn(Opcodes.ALOAD, 0);
        method.visitInsn(Opcodes.ACONST_NULL);
        method.visitFieldInsn(Opcodes.PUTFIELD, name, field.name(), field.type().getDescriptor());
      }
    }
    method.visitInsn(Opcodes.RETURN);
    return method;
  }

  private static MethodNode isCall() {
    MethodNode method = new MethodNode(Opcodes.ACC_PROTECTED, "isCall", "()Z", null, null);
    method.visitInsn(Opcodes.ICONST_1);
    method.visitInsn(Opcodes.IRETURN);
    return method;
  }
}
