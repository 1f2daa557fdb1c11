package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The pass that finds where a body lets others see a trace before its step is over: it passes an
 * exception on, or it asks for its own stack. There the runtime completes the trace, so that it
 * reads as that of the body as written.
 *
 * <pre>
 * before                              after
 *   ALOAD e                             ALOAD e; DUP; ALOAD this; INVOKESTATIC OwnTraces.passOn
 *   INVOKESTATIC Log.error              INVOKESTATIC Log.error
 *
 *   INVOKEVIRTUAL Thread.getStackTrace  ALOAD this; INVOKESTATIC OwnTraces.getStackTrace
 * </pre>
 *
 * <p>An exception is passed on where an instruction that is not harmless takes it off the operand
 * stack. To throw, catch, compare or store it in a local is harmless, and so is to ask for its
 * message or its cause: loops that are driven by exceptions stay as fast as they are. The causes of
 * an exception are completed with it, so to give it to the constructor of an exception of the JDK
 * is harmless as well. An exception that is known as an {@code Object} only is not found.
 */
final class OwnTraces {
  private static final String THROWABLE = "java/lang/Throwable";

  private static final Set<String> HARMLESS =
      Set.of(
          "addSuppressed",
          "equals",
          "fillInStackTrace",
          "getCause",
          "getClass",
          "getLocalizedMessage",
          "getMessage",
          "getSuppressed",
          "hashCode",
          "initCause",
          "setStackTrace",
          "toString");

  /** The methods that look at the stack of their caller, by owner, name and descriptor. */
  private static final Set<String> LOOKS =
      Set.of(
          "java/lang/Thread.getStackTrace()[Ljava/lang/StackTraceElement;",
          "java/lang/Thread.getAllStackTraces()Ljava/util/Map;",
          "java/lang/Thread.dumpStack()V",
          "java/lang/StackWalker.walk(Ljava/util/function/Function;)Ljava/lang/Object;",
          "java/lang/StackWalker.forEach(Ljava/util/function/Consumer;)V",
          "java/lang/StackWalker.getCallerClass()Ljava/lang/Class;");

  /** For a method in which no place was looked for. */
  static final OwnTraces NONE = new OwnTraces();

  private final Set<AbstractInsnNode> producers =
      Collections.newSetFromMap(new IdentityHashMap<>());

  private OwnTraces() {}

  /** Finds the places in one method. */
  static OwnTraces find(FrameDraft draft, ClassFiles files) {
    OwnTraces traces = new OwnTraces();
    new Search(draft, files, traces.producers).run();
    return traces;
  }

  /** Whether an instruction leaves an exception on the stack that is passed on. */
  boolean passesOn(AbstractInsnNode instruction) {
    return producers.contains(instruction);
  }

  /** Whether a call looks at the stack of its caller. */
  static boolean looks(MethodInsnNode call) {
    return call.owner.startsWith("java/lang/")
        && LOOKS.contains(call.owner + "." + call.name + call.desc);
  }

  /** The descriptor of the static method that replaces such a call. */
  static String descriptor(MethodInsnNode call) {
    String receiver = call.getOpcode() == Opcodes.INVOKESTATIC ? "" : "L" + call.owner + ";";
    return "("
        + receiver
        + call.desc.substring(1, call.desc.indexOf(')'))
        + "L"
        + Abi.FRAME
        + ";"
        + call.desc.substring(call.desc.indexOf(')'));
  }

  /** How many values an instruction takes off the stack; 0 if all of them are numbers. */
  static int popped(AbstractInsnNode instruction, Frame<TypedValue> frame) {
    if (instruction instanceof MethodInsnNode call) {
      int receiver = call.getOpcode() == Opcodes.INVOKESTATIC ? 0 : 1;
      return Type.getArgumentTypes(call.desc).length + receiver;
    } else if (instruction instanceof InvokeDynamicInsnNode site) {
      return Type.getArgumentTypes(site.desc).length;
    }
    return switch (instruction.getOpcode()) {
      case Opcodes.ATHROW -> frame.getStackSize();
      case Opcodes.ASTORE,
          Opcodes.ARRAYLENGTH,
          Opcodes.POP,
          Opcodes.IFNULL,
          Opcodes.IFNONNULL,
          Opcodes.INSTANCEOF,
          Opcodes.CHECKCAST,
          Opcodes.ARETURN,
          Opcodes.PUTSTATIC,
          Opcodes.GETFIELD,
          Opcodes.MONITORENTER,
          Opcodes.MONITOREXIT ->
          1;
      case Opcodes.POP2,
          Opcodes.PUTFIELD,
          Opcodes.AALOAD,
          Opcodes.IALOAD,
          Opcodes.LALOAD,
          Opcodes.FALOAD,
          Opcodes.DALOAD,
          Opcodes.BALOAD,
          Opcodes.CALOAD,
          Opcodes.SALOAD,
          Opcodes.IF_ACMPEQ,
          Opcodes.IF_ACMPNE ->
          2;
      case Opcodes.IASTORE,
          Opcodes.LASTORE,
          Opcodes.FASTORE,
          Opcodes.DASTORE,
          Opcodes.AASTORE,
          Opcodes.BASTORE,
          Opcodes.CASTORE,
          Opcodes.SASTORE ->
          3;
      default -> 0;
    };
  }

  /** The search in one method. */
  private static final class Search {
    private final BodyMethod body;
    private final ClassFiles files;
    private final InsnList code;
    private final @Nullable Frame<TypedValue>[] types;
    private final Set<AbstractInsnNode> found;
    private final Map<AbstractInsnNode, SuspensionPoint> points = new HashMap<>();
    private final Map<String, Boolean> throwables = new HashMap<>();

    Search(FrameDraft draft, ClassFiles files, Set<AbstractInsnNode> found) {
      this.body = draft.body;
      this.files = files;
      this.code = draft.code().instructions;
      this.types = draft.types;
      this.found = found;
      draft.points.forEach(point -> points.put(point.call(), point));
    }

    void run() {
      for (int i = 0; i < code.size(); i++) {
        Frame<TypedValue> frame = types[i];
        if (frame != null && code.get(i).getOpcode() >= 0) {
          visit(i, frame);
        }
      }
    }

    private void visit(int index, Frame<TypedValue> frame) {
      AbstractInsnNode instruction = code.get(index);
      Type made = made(instruction, frame);
      if (made == null || made.getSort() != Type.OBJECT || !isThrowable(made.getInternalName())) {
        return;
      }
      int slot = frame.getStackSize() - popped(instruction, frame);
      if (instruction instanceof MethodInsnNode call && call.name.equals("<init>")) {
        slot--; // the copy below the one that is consumed
      }
      if (isPassedOn(index, slot)) {
        found.add(instruction);
      }
    }

    /** The type of the reference that an instruction leaves on the stack; null if it is none. */
    private static @Nullable Type made(AbstractInsnNode instruction, Frame<TypedValue> frame) {
      if (instruction instanceof VarInsnNode load && load.getOpcode() == Opcodes.ALOAD) {
        TypedValue value = frame.getLocal(load.var);
        return value.hasOrdinaryType() ? value.type() : null;
      } else if (instruction instanceof FieldInsnNode access) {
        boolean reads =
            access.getOpcode() == Opcodes.GETFIELD || access.getOpcode() == Opcodes.GETSTATIC;
        return reads ? Type.getType(access.desc) : null;
      } else if (instruction instanceof TypeInsnNode cast) {
        return cast.getOpcode() == Opcodes.CHECKCAST ? Type.getObjectType(cast.desc) : null;
      } else if (instruction instanceof InvokeDynamicInsnNode site) {
        return Type.getReturnType(site.desc);
      } else if (instruction instanceof MethodInsnNode call) {
        return call.name.equals("<init>")
            ? constructed(call, frame)
            : Type.getReturnType(call.desc);
      } else if (instruction.getOpcode() == Opcodes.AALOAD) {
        Type array = frame.getStack(frame.getStackSize() - 2).type();
        return array != null && array.getSort() == Type.ARRAY
            ? Type.getType(array.getDescriptor().substring(1))
            : null;
      }
      return null;
    }

    /** The class of an object that its constructor leaves on the stack; null if it leaves none. */
    private static @Nullable Type constructed(MethodInsnNode call, Frame<TypedValue> frame) {
      int receiver = frame.getStackSize() - 1 - Type.getArgumentTypes(call.desc).length;
      boolean isCopied =
          receiver > 0 && frame.getStack(receiver).equals(frame.getStack(receiver - 1));
      return isCopied ? frame.getStack(receiver).type() : null;
    }

    /** Whether what takes a value off the stack passes it on. */
    private boolean isPassedOn(int producer, int slot) {
      // expressions lie in one piece in the code, branches of a conditional one after the other
      for (int i = producer + 1; i < code.size(); i++) {
        AbstractInsnNode instruction = code.get(i);
        Frame<TypedValue> frame = types[i];
        if (frame == null || instruction.getOpcode() < 0 || frame.getStackSize() <= slot) {
          continue;
        }
        if (isCopy(instruction.getOpcode()) && frame.getStackSize() - 3 <= slot) {
          return true; // who takes the copy is not known
        }
        if (frame.getStackSize() - popped(instruction, frame) <= slot) {
          return !isHarmless(instruction, frame, slot);
        }
      }
      return true;
    }

    private static boolean isCopy(int opcode) {
      return opcode >= Opcodes.DUP && opcode <= Opcodes.SWAP;
    }

    private boolean isHarmless(AbstractInsnNode instruction, Frame<TypedValue> frame, int slot) {
      SuspensionPoint point = points.get(instruction);
      if (point != null) {
        return point.helper() != null; // it looks itself where it passes the exception on
      }
      if (instruction instanceof InvokeDynamicInsnNode site) {
        return site.bsm.getOwner().equals("java/lang/invoke/StringConcatFactory");
      } else if (instruction instanceof MethodInsnNode call) {
        boolean isReceiver =
            call.getOpcode() != Opcodes.INVOKESTATIC
                && frame.getStackSize() - popped(call, frame) == slot;
        if (call.name.equals("<init>")) {
          return call.owner.startsWith("java/") && isThrowable(call.owner);
        }
        return call.owner.equals("java/util/Objects")
            || (HARMLESS.contains(call.name)
                && (isReceiver
                    || call.name.equals("addSuppressed")
                    || call.name.equals("initCause")));
      }
      return switch (instruction.getOpcode()) {
        case Opcodes.PUTFIELD, Opcodes.PUTSTATIC, Opcodes.AASTORE -> false;
        case Opcodes.ARETURN -> body.helper();
        case Opcodes.CHECKCAST -> isThrowable(((TypeInsnNode) instruction).desc);
        default -> true;
      };
    }

    private boolean isThrowable(String internalName) {
      Boolean known = throwables.get(internalName);
      if (known == null) {
        known = extendsThrowable(internalName);
        throwables.put(internalName, known);
      }
      return known;
    }

    private boolean extendsThrowable(String internalName) {
      Set<String> seen = new HashSet<>();
      for (String at = internalName; at != null && seen.add(at); ) {
        if (at.startsWith("java/")) { // by their names: to read their files takes time
          return at.endsWith("Exception")
              || at.endsWith("Error")
              || at.equals(THROWABLE)
              || at.equals("java/lang/ThreadDeath");
        }
        ClassNode node = files.find(at);
        at = node == null ? null : node.superName;
      }
      return false;
    }
  }
}
