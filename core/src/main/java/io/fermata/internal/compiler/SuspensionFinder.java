package io.fermata.internal.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Finds the calls at which a body is suspended, and makes sure that {@code co} goes nowhere else:
 * it may be the receiver of such a call, an argument of a helper that can be compiled too, be
 * copied between locals, and nothing more.
 */
final class SuspensionFinder {
  private final BodyMethod body;
  private final ClassFiles files;
  private final @Nullable Frame<TypedValue>[] frames;
  private final List<Suspension> found = new ArrayList<>();
  private int line;

  private SuspensionFinder(
      BodyMethod body, @Nullable Frame<TypedValue>[] frames, ClassFiles files) {
    this.body = body;
    this.frames = frames;
    this.files = files;
  }

  /** The suspensions of a body, in the order of its code. */
  static List<Suspension> find(
      BodyMethod body, @Nullable Frame<TypedValue>[] frames, ClassFiles files) throws Declined {
    SuspensionFinder finder = new SuspensionFinder(body, frames, files);
    finder.search();
    return finder.found;
  }

  private void search() throws Declined {
    InsnList code = body.method().instructions;
    for (int i = 0; i < code.size(); i++) {
      AbstractInsnNode instruction = code.get(i);
      if (instruction instanceof LineNumberNode number) {
        line = number.line;
      }
      Frame<TypedValue> frame = frames[i];
      if (frame == null || instruction.getOpcode() < 0) {
        continue;
      }
      checkNotMixed(instruction, frame);
      if (instruction instanceof MethodInsnNode call) {
        call(call, frame);
      } else if (instruction instanceof InvokeDynamicInsnNode dynamic) {
        int arguments = Type.getArgumentTypes(dynamic.desc).length;
        if (coAmong(frame, arguments) >= 0) {
          throw declined("co is captured by a lambda");
        }
      } else {
        plain(instruction, frame);
      }
    }
  }

  /** Only dead locals may hold {@code co} on some ways and something else on others. */
  private void checkNotMixed(AbstractInsnNode instruction, Frame<TypedValue> frame)
      throws Declined {
    boolean mixed =
        instruction.getOpcode() == Opcodes.ALOAD
            && frame.getLocal(((VarInsnNode) instruction).var).kind() == TypedValue.Kind.PERHAPS_CO;
    for (int i = 0; i < frame.getStackSize(); i++) {
      mixed |= frame.getStack(i).kind() == TypedValue.Kind.PERHAPS_CO;
    }
    if (mixed) {
      throw declined("a variable holds either co or another value");
    }
  }

  private void call(MethodInsnNode call, Frame<TypedValue> frame) throws Declined {
    int arguments = Type.getArgumentTypes(call.desc).length;
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    int operands = isStatic ? arguments : arguments + 1;
    int position = coAmong(frame, operands);
    if (position < 0) {
      return;
    }
    if (!isStatic && position == 0) {
      onCo(call, frame);
      return;
    }
    for (int i = position + 1; i < operands; i++) {
      if (frame.getStack(frame.getStackSize() - operands + i).isCo()) {
        throw declined("co is passed twice to " + call.name + "()");
      }
    }
    found.add(
        new Suspension(call, Suspension.Kind.CALL, frame, helper(call, isStatic, position), line));
  }

  private void onCo(MethodInsnNode call, Frame<TypedValue> frame) throws Declined {
    if (call.name.equals("mayThrow")) {
      return;
    }
    boolean yieldsNothing =
        call.name.equals("yield") && Type.getArgumentTypes(call.desc).length == 0;
    Suspension.Kind kind =
        switch (call.name) {
          case "yield" -> yieldsNothing ? Suspension.Kind.YIELD_NOTHING : Suspension.Kind.YIELD;
          case "yieldFrom" -> Suspension.Kind.YIELD_FROM;
          case "await" -> Suspension.Kind.AWAIT;
          default -> throw declined("co is used as an object, by " + call.name + "()");
        };
    for (int i = 1; i <= Type.getArgumentTypes(call.desc).length; i++) {
      if (frame.getStack(frame.getStackSize() - i).isCo()) {
        throw declined("co is yielded");
      }
    }
    found.add(new Suspension(call, kind, frame, null, line));
  }

  private BodyMethod helper(MethodInsnNode call, boolean isStatic, int position) throws Declined {
    String shown = simpleName(call.owner) + "." + call.name + "()";
    ClassNode owner = files.find(call.owner);
    MethodNode method = null;
    ClassNode declaring = owner;
    while (declaring != null && method == null) {
      method = method(declaring, call.name, call.desc);
      if (method == null) {
        declaring = declaring.superName == null ? null : files.find(declaring.superName);
      }
    }
    if (method == null || declaring == null) {
      throw declined("co is passed to " + shown + ", whose bytecode cannot be read");
    }
    boolean exact =
        isStatic
            || call.getOpcode() == Opcodes.INVOKESPECIAL
            || (method.access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL)) != 0
            || (Objects.requireNonNull(owner).access & Opcodes.ACC_FINAL) != 0;
    if (!exact) {
      throw declined(
          "co is passed to "
              + shown
              + ", which can be overridden; make it static, private or final");
    }
    if ((method.access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
      throw declined("co is passed to " + shown + ", which has no bytecode");
    }
    if (call.name.equals("<init>")) {
      throw declined("co is passed to a constructor of " + simpleName(call.owner));
    }
    int slot = isStatic ? 0 : 1;
    Type[] arguments = Type.getArgumentTypes(call.desc);
    int index = isStatic ? position : position - 1;
    for (int i = 0; i < index; i++) {
      slot += arguments[i].getSize();
    }
    Shape shape = body.shape().ofHelper(arguments[index]);
    if (!arguments[index].getInternalName().equals(shape.yielder)) {
      throw declined("co is passed to " + shown + " as an object of another type");
    }
    return new BodyMethod(declaring, method, slot, shape, true);
  }

  static @Nullable MethodNode method(ClassNode owner, String name, String descriptor) {
    for (MethodNode method : owner.methods) {
      if (method.name.equals(name) && method.desc.equals(descriptor)) {
        return method;
      }
    }
    return null;
  }

  /** Position of {@code co} among the topmost values, counted from the deepest; -1 if not there. */
  private static int coAmong(Frame<TypedValue> frame, int count) {
    int size = frame.getStackSize();
    for (int i = 0; i < count; i++) {
      if (frame.getStack(size - count + i).isCo()) {
        return i;
      }
    }
    return -1;
  }

  private void plain(AbstractInsnNode instruction, Frame<TypedValue> frame) throws Declined {
    int taken =
        switch (instruction.getOpcode()) {
          case Opcodes.AASTORE,
              Opcodes.PUTSTATIC,
              Opcodes.PUTFIELD,
              Opcodes.ARETURN,
              Opcodes.ATHROW,
              Opcodes.IFNULL,
              Opcodes.IFNONNULL,
              Opcodes.INSTANCEOF,
              Opcodes.MONITORENTER,
              Opcodes.MONITOREXIT ->
              1;
          case Opcodes.IF_ACMPEQ, Opcodes.IF_ACMPNE -> 2;
          case Opcodes.CHECKCAST ->
              ((TypeInsnNode) instruction).desc.equals(body.shape().yielder) ? 0 : 1;
          default -> 0;
        };
    if (coAmong(frame, taken) >= 0) {
      throw declined(
          switch (instruction.getOpcode()) {
            case Opcodes.AASTORE, Opcodes.PUTSTATIC, Opcodes.PUTFIELD -> "co is stored";
            case Opcodes.ARETURN -> "co is returned";
            case Opcodes.MONITORENTER, Opcodes.MONITOREXIT -> "co is used as a lock";
            default -> "co is used as an object";
          });
    }
  }

  private Declined declined(String what) {
    return new Declined(what + " at " + body.place(line));
  }

  static String simpleName(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1).replace('$', '.');
  }
}
