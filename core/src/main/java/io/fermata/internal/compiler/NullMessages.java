package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.Temporaries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * The pass that finds where the JVM could not say what is null, and the messages that it would
 * give. The JVM reads the bytecode for it (JEP 358): {@code Cannot invoke "String.length()" because
 * "name" is null}. In the generated class it would find a field of the frame where a value lay on
 * the operand stack over a suspension, and no call at all where a helper's frame is made. There the
 * code checks for null itself.
 *
 * <pre>
 * before                             after
 *   ALOAD name                         ALOAD name; save; ...; restore
 *   ... co.yield(x)
 *                                      ASTORE t; LDC "Cannot invoke ..."
 *                                      INVOKESTATIC NullChecks.present; CHECKCAST String; ALOAD t
 *   INVOKEVIRTUAL String.concat        INVOKEVIRTUAL String.concat
 * </pre>
 */
final class NullMessages {
  /** For a method in which nothing was looked for. */
  static final NullMessages NONE = new NullMessages();

  /** How far the JVM follows an expression. */
  private static final int DEPTH = 5;

  private static final List<String> ARRAYS =
      List.of("int", "long", "float", "double", "object", "byte/boolean", "char", "short");

  private final Map<AbstractInsnNode, String> messages = new HashMap<>();

  private NullMessages() {}

  /** The message for an instruction that has to check; null if it need not. */
  @Nullable String of(AbstractInsnNode instruction) {
    return messages.get(instruction);
  }

  /** Finds the places in one method. */
  static NullMessages find(FrameDraft draft) {
    NullMessages found = new NullMessages();
    new Search(draft, found.messages).run();
    return found;
  }

  /** How many values lie above the one that may be null. */
  static int above(AbstractInsnNode instruction) {
    if (instruction instanceof MethodInsnNode call) {
      return Type.getArgumentTypes(call.desc).length;
    }
    int opcode = instruction.getOpcode();
    if (opcode == Opcodes.PUTFIELD || isArrayLoad(opcode)) {
      return 1;
    }
    return isArrayStore(opcode) ? 2 : 0;
  }

  private static boolean isArrayLoad(int opcode) {
    return opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD;
  }

  private static boolean isArrayStore(int opcode) {
    return opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE;
  }

  /** The search in one method. */
  private static final class Search {
    private final BodyMethod body;
    private final MethodNode method;
    private final InsnList code;
    private final @Nullable Frame<TypedValue>[] types;
    private final List<SuspensionPoint> points;
    private final Map<AbstractInsnNode, String> found;

    /** Where each value comes from; found when it is needed first. */
    private Frame<SourceValue> @Nullable [] sources;

    Search(FrameDraft draft, Map<AbstractInsnNode, String> found) {
      this.body = draft.body;
      this.method = draft.code();
      this.code = method.instructions;
      this.types = draft.types;
      this.points = draft.points;
      this.found = found;
    }

    void run() {
      for (SuspensionPoint point : points) {
        int at = code.indexOf(point.call());
        Frame<TypedValue> frame = point.before();
        int below = frame.getStackSize() - point.operands();
        for (int slot = 0; slot < below; slot++) {
          if (frame.getStack(slot).isReference()) {
            findUse(at, slot);
          }
        }
        BodyMethod helper = point.helper();
        if (helper != null && !helper.isStatic()) {
          note(at, frame.getStackSize() - above(point.call()) - 1);
        }
      }
    }

    /** Finds the instruction that takes a value off the stack; expressions lie in one piece. */
    private void findUse(int point, int slot) {
      for (int i = point + 1; i < code.size(); i++) {
        AbstractInsnNode instruction = code.get(i);
        Frame<TypedValue> frame = types[i];
        if (frame == null || instruction.getOpcode() < 0 || frame.getStackSize() <= slot) {
          continue;
        }
        int opcode = instruction.getOpcode();
        if (opcode >= Opcodes.DUP && opcode <= Opcodes.SWAP) {
          return; // the JVM loses some of these, too
        }
        boolean takes = frame.getStackSize() - OwnTraces.popped(instruction, frame) <= slot;
        if (takes && opcode != Opcodes.CHECKCAST) {
          boolean isMissed = frame.getStackSize() - above(instruction) - 1 == slot;
          if (isMissed && action(instruction) != null) {
            note(i, slot);
          }
          return;
        }
      }
    }

    private void note(int at, int slot) {
      AbstractInsnNode instruction = code.get(at);
      if (found.containsKey(instruction)) {
        return;
      }
      AbstractInsnNode source = source(at, slot);
      boolean isThis =
          source instanceof VarInsnNode load && load.var == 0 && !body.isStatic() && isKept(0);
      String action = action(instruction);
      if (isThis || action == null) {
        return;
      }
      String expression = expression(source, DEPTH);
      if (expression == null) {
        found.put(instruction, action);
      } else if (source instanceof MethodInsnNode) {
        found.put(
            instruction, action + " because the return value of \"" + expression + "\" is null");
      } else {
        found.put(instruction, action + " because \"" + expression + "\" is null");
      }
    }

    /** What the JVM says that cannot be done; null if null does not matter. */
    private static @Nullable String action(AbstractInsnNode instruction) {
      int opcode = instruction.getOpcode();
      if (instruction instanceof MethodInsnNode call) {
        return opcode == Opcodes.INVOKESTATIC || call.name.equals("<init>")
            ? null
            : "Cannot invoke \"" + text(call) + "\"";
      } else if (instruction instanceof FieldInsnNode access) {
        return opcode == Opcodes.GETFIELD
            ? "Cannot read field \"" + access.name + "\""
            : opcode == Opcodes.PUTFIELD ? "Cannot assign field \"" + access.name + "\"" : null;
      } else if (isArrayLoad(opcode)) {
        return "Cannot load from " + ARRAYS.get(opcode - Opcodes.IALOAD) + " array";
      } else if (isArrayStore(opcode)) {
        return "Cannot store to " + ARRAYS.get(opcode - Opcodes.IASTORE) + " array";
      }
      return opcode == Opcodes.ARRAYLENGTH ? "Cannot read the array length" : null;
    }

    /** An expression as the JVM writes it; null if it does not. */
    private @Nullable String expression(@Nullable AbstractInsnNode source, int depth) {
      if (source == null || depth == 0) {
        return null;
      }
      int at = code.indexOf(source);
      int opcode = source.getOpcode();
      if (source instanceof VarInsnNode load && opcode <= Opcodes.ALOAD) {
        return local(at, load.var);
      } else if (source instanceof MethodInsnNode call) {
        return text(call);
      } else if (source instanceof FieldInsnNode access) {
        String owner =
            opcode == Opcodes.GETSTATIC
                ? name(Type.getObjectType(access.owner))
                : expression(source(at, stackSize(at) - 1), depth - 1);
        return owner == null ? access.name : owner + "." + access.name;
      } else if (isArrayLoad(opcode)) {
        String array = expression(source(at, stackSize(at) - 2), depth - 1);
        String index = expression(source(at, stackSize(at) - 1), depth);
        return (array == null ? "<array>" : array) + "[" + (index == null ? "..." : index) + "]";
      } else if (opcode == Opcodes.ACONST_NULL) {
        return "null";
      } else if (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5) {
        return String.valueOf(opcode - Opcodes.ICONST_0);
      } else if (source instanceof IntInsnNode constant && opcode != Opcodes.NEWARRAY) {
        return String.valueOf(constant.operand);
      }
      return null;
    }

    private String local(int at, int slot) {
      for (LocalVariableNode variable :
          method.localVariables == null ? List.<LocalVariableNode>of() : method.localVariables) {
        if (variable.index == slot
            && code.indexOf(variable.start) <= at
            && at < code.indexOf(variable.end)) {
          return variable.name;
        }
      }
      if (slot == 0 && !body.isStatic()) {
        return "this";
      }
      int parameter = 1;
      int first = body.isStatic() ? 0 : 1;
      for (Type type : Type.getArgumentTypes(method.desc)) {
        if (slot == first && isKept(slot)) {
          return "<parameter" + parameter + ">";
        }
        first += type.getSize();
        parameter++;
      }
      return "<local" + slot + ">";
    }

    /** Whether nothing is ever assigned to a local. */
    private boolean isKept(int slot) {
      for (AbstractInsnNode each : code) {
        if (each instanceof VarInsnNode store
            && store.getOpcode() >= Opcodes.ISTORE
            && store.var == slot) {
          return false;
        }
      }
      return true;
    }

    private static String text(MethodInsnNode call) {
      List<String> parameters = new ArrayList<>();
      for (Type type : Type.getArgumentTypes(call.desc)) {
        parameters.add(name(type));
      }
      return name(Type.getObjectType(call.owner))
          + "."
          + call.name
          + "("
          + String.join(", ", parameters)
          + ")";
    }

    private static String name(Type type) {
      return type.getClassName().replaceFirst("^java\\.lang\\.(Object|String)(?=$|\\[)", "$1");
    }

    private int stackSize(int at) {
      Frame<TypedValue> frame = types[at];
      return frame == null ? 0 : frame.getStackSize();
    }

    /** The instruction that a value on the stack comes from; null if there is not just one. */
    private @Nullable AbstractInsnNode source(int at, int slot) {
      Frame<SourceValue> frame = sources()[at];
      if (frame == null || slot < 0 || slot >= frame.getStackSize()) {
        return null;
      }
      SourceValue value = frame.getStack(slot);
      return value.insns.size() == 1 ? value.insns.iterator().next() : null;
    }

    private @Nullable Frame<SourceValue>[] sources() {
      Frame<SourceValue>[] known = sources;
      if (known == null) {
        try {
          known = new Analyzer<>(new Sources()).analyze(body.owner().name, method);
        } catch (AnalyzerException impossible) { // it has been analysed before
          throw new AssertionError(impossible);
        }
        sources = known;
      }
      return known;
    }
  }

  /** Sources as the JVM sees them: a copy or a cast has that of its operand, a load is one. */
  private static final class Sources extends SourceInterpreter {
    Sources() {
      super(Opcodes.ASM9);
    }

    @Override
    public SourceValue copyOperation(AbstractInsnNode instruction, SourceValue value) {
      return instruction instanceof VarInsnNode && instruction.getOpcode() <= Opcodes.ALOAD
          ? super.copyOperation(instruction, value)
          : value;
    }

    @Override
    public SourceValue unaryOperation(AbstractInsnNode instruction, SourceValue value) {
      return instruction.getOpcode() == Opcodes.CHECKCAST
          ? value
          : super.unaryOperation(instruction, value);
    }
  }

  /**
   * Checks the value that an instruction fails on if it is null.
   *
   * <pre>{@code
   * // before and after: value, operand
   * t = pop;  push (Type) NullChecks.present(pop, message);  push t;
   * }</pre>
   */
  static void check(
      AbstractInsnNode instruction,
      Frame<TypedValue> frame,
      String message,
      Assembler out,
      Temporaries temporaries) {
    int checked = frame.getStackSize() - above(instruction) - 1;
    for (int i = checked; i < frame.getStackSize(); i++) {
      TypedValue value = frame.getStack(i);
      if (value.allocation() != null || !(value.isKept() || value.isAlwaysNull())) {
        return; // co, which is no object
      }
    }
    temporaries.clear();
    int[] slots = new int[frame.getStackSize()];
    for (int i = frame.getStackSize() - 1; i > checked; i--) {
      slots[i] = temporaries.allocate(frame.getStack(i).known());
      out.store(slots[i], frame.getStack(i).known());
    }
    out.constant(message);
    out.invokeStatic(
        Abi.NULL_CHECKS, "present", "(Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;");
    if (frame.getStack(checked).isAlwaysNull()) {
      out.op(Opcodes.POP).op(Opcodes.ACONST_NULL); // of no type, but not reached
    } else {
      out.cast(frame.getStack(checked).known().getInternalName());
    }
    for (int i = checked + 1; i < frame.getStackSize(); i++) {
      out.load(slots[i], frame.getStack(i).known());
    }
  }
}
