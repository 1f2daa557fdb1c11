package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.Emission;
import io.fermata.internal.compiler.bytecode.InlinedLine;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The emitter of calls of closures in one method: the code of the lambda in the place of the call,
 * or the call of a helper. It also hands out locals for what lies on the operand stack.
 */
final class ClosureCalls {
  /** Code of more instructions is copied once, and is a helper from then on. */
  private static final int LARGE = 200;

  private final BodyMethod body;
  private final MethodNode method;
  private final ClassFiles files;
  private final @Nullable Frame<TypedValue>[] types;
  private final Map<String, Integer> copies = new HashMap<>();
  private LineNumberNode line = new LineNumberNode(0, new LabelNode());

  /**
   * Writes into one method.
   *
   * @param types what holds before each instruction of it
   */
  ClosureCalls(BodyMethod body, ClassFiles files, @Nullable Frame<TypedValue>[] types) {
    this.body = body;
    this.method = body.method();
    this.files = files;
    this.types = types;
  }

  /** Notes the line of what follows. */
  void at(LineNumberNode number) {
    line = number;
  }

  /** A reason with the line of what is rewritten. */
  NotCompilable refused(String reason) {
    return new NotCompilable(reason + " at " + body.place(line.line));
  }

  static int sizeOf(Closure closure) {
    return SpecialisedMethod.sizes(closure.types());
  }

  static void copy(Assembler out, ClosureSite from, int to) {
    int offset = 0;
    for (Type type : from.closure().types()) {
      out.load(from.slot() + offset, type).store(to + offset, type);
      offset += type.getSize();
    }
  }

  // Calls of lambdas

  /** Calls a lambda whose arguments are on the stack. */
  void invoke(Assembler out, ClosureSite site) throws NotCompilable {
    Closure closure = site.closure();
    ClassNode owner = ownerOf(closure);
    Inheritance.Member code =
        new Inheritance.Member(
            owner == null ? body.owner() : owner, SpecialisedMethod.of(files, closure, owner));
    Type[] arguments = closure.erased().getArgumentTypes();
    boolean isCopied =
        code.owner().name.equals(body.owner().name)
            && (code.method().instructions.size() < LARGE
                || copies.merge(closure.id(), 1, Integer::sum) == 1);
    if (isCopied) {
      Closures.expand(
          new BodyMethod(body.owner(), code.method(), BodyMethod.NO_CO, body.shape(), null, null),
          files);
      int base = method.maxLocals;
      int slot = base + sizeOf(closure);
      int[] slots = new int[arguments.length];
      for (int i = 0; i < arguments.length; i++) {
        slots[i] = slot;
        slot += arguments[i].getSize();
      }
      for (int i = arguments.length - 1; i >= 0; i--) {
        out.store(slots[i], arguments[i]);
      }
      copy(out, site, base);
      inline(out, code.method(), base);
    } else {
      int[] slots = storeArguments(out, arguments, Map.of());
      loadParts(out, site);
      for (int i = 0; i < arguments.length; i++) {
        out.load(slots[i], arguments[i]);
      }
      out.add(new SpecialisedCall(Opcodes.INVOKESTATIC, code));
    }
  }

  /** The class whose method a lambda executes; null if that is a method of {@code co}. */
  private @Nullable ClassNode ownerOf(Closure closure) throws NotCompilable {
    Handle target = closure.target();
    if (Shape.isYielder(Type.getObjectType(target.getOwner()))) {
      return null;
    }
    ClassNode owner = files.find(target.getOwner());
    MethodNode found =
        owner == null ? null : SuspensionPoints.method(owner, target.getName(), target.getDesc());
    if (owner == null || found == null) {
      throw refused("co is captured by a lambda whose bytecode cannot be read");
    }
    boolean isExact =
        target.getTag() == Opcodes.H_INVOKESTATIC
            || target.getTag() == Opcodes.H_INVOKESPECIAL
            || (found.access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL)) != 0
            || (owner.access & Opcodes.ACC_FINAL) != 0;
    if (!isExact || target.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
      throw refused("co is captured by a reference to " + target.getName() + "()");
    }
    return owner;
  }

  /** The code of a method in the place of a call of it, with its result on the stack. */
  private void inline(Assembler out, MethodNode code, int base) throws NotCompilable {
    Type result = Type.getReturnType(code.desc);
    LabelNode end = new LabelNode();
    int kept = base + code.maxLocals;
    method.maxLocals = kept + result.getSize();
    method.maxStack += code.maxStack + 4;
    InlinedLine.Call call = new InlinedLine.Call(code.name, line.line, InlinedLine.callOf(line));
    new CodeCopy(code, method, base)
        .write(
            out,
            call,
            (at, returned) -> {
              if (result != Type.VOID_TYPE) {
                returned.store(kept, result);
              }
              returned.jump(Opcodes.GOTO, end);
            });
    out.label(end);
    if (line.line != 0) {
      out.add(InlinedLine.copy(line, end));
    }
    if (result != Type.VOID_TYPE) {
      out.load(kept, result);
    }
  }

  // Operands

  int newLocal(int size) {
    int slot = method.maxLocals;
    method.maxLocals += size;
    return slot;
  }

  static void loadParts(Assembler out, ClosureSite site) {
    int slot = site.slot();
    for (Type type : site.closure().types()) {
      out.load(slot, type);
      slot += type.getSize();
    }
  }

  /** Takes arguments off the stack into locals, and drops those that are lambdas. */
  int[] storeArguments(Assembler out, Type[] arguments, Map<Integer, ClosureSite> lambdas) {
    int[] slots = new int[arguments.length];
    for (int i = arguments.length - 1; i >= 0; i--) {
      if (lambdas.containsKey(i)) {
        out.op(Opcodes.POP);
      } else {
        slots[i] = newLocal(arguments[i].getSize());
        out.store(slots[i], arguments[i]);
      }
    }
    return slots;
  }

  /**
   * Writes code on an empty operand stack: a handler in it would clear what lies there.
   *
   * @param taken how many operands of the instruction are off the stack already
   * @param result what the code leaves
   */
  void aside(Assembler out, int index, int taken, Type result, Emission code) throws NotCompilable {
    Frame<TypedValue> frame = Objects.requireNonNull(types[index]);
    int below = frame.getStackSize() - taken;
    int[] slots = new int[below];
    for (int i = below - 1; i >= 0; i--) {
      TypedValue value = frame.getStack(i);
      if (!value.isUsable() || value.kind() == TypedValue.Kind.UNINITIALISED) {
        throw refused("a lambda that captures co is called among the arguments of a constructor");
      }
      slots[i] = newLocal(value.getSize());
      out.store(slots[i], value.known());
    }
    code.write(out);
    if (below == 0) {
      return;
    }
    int kept = newLocal(result.getSize());
    if (result != Type.VOID_TYPE) {
      out.store(kept, result);
    }
    for (int i = 0; i < below; i++) {
      out.load(slots[i], frame.getStack(i).known());
    }
    if (result != Type.VOID_TYPE) {
      out.load(kept, result);
    }
  }
}
