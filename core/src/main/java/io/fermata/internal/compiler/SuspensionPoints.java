package io.fermata.internal.compiler;

import java.util.ArrayList;
import java.util.List;
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
 * The search for the calls at which a body may be suspended. It makes sure that {@code co} goes
 * nowhere else: {@code co} may be the receiver of such a call or an argument of a helper that can
 * be compiled too, be copied between locals, and be captured as {@link Captures} allows. The same
 * holds for the {@code co} of an outer body, although that is an object.
 */
final class SuspensionPoints {
  private final BodyMethod body;
  private final ClassFiles files;
  private final @Nullable Frame<TypedValue>[] frames;
  private final Captures captures;
  private final List<SuspensionPoint> found = new ArrayList<>();
  private int line;

  private SuspensionPoints(
      BodyMethod body, @Nullable Frame<TypedValue>[] frames, ClassFiles files) {
    this.body = body;
    this.frames = frames;
    this.files = files;
    this.captures = new Captures(body, files);
  }

  /** The suspensions of a body, in the order of its code. */
  static List<SuspensionPoint> find(
      BodyMethod body, @Nullable Frame<TypedValue>[] frames, ClassFiles files)
      throws NotCompilable {
    SuspensionPoints finder = new SuspensionPoints(body, frames, files);
    finder.search();
    return finder.found;
  }

  private void search() throws NotCompilable {
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
        refuseIf(captures.problem(dynamic, frame));
      } else {
        plain(instruction, frame);
      }
    }
  }

  /** Only dead locals may hold {@code co} on some ways and something else on others. */
  private void checkNotMixed(AbstractInsnNode instruction, Frame<TypedValue> frame)
      throws NotCompilable {
    boolean mixed =
        instruction.getOpcode() == Opcodes.ALOAD
            && frame.getLocal(((VarInsnNode) instruction).var).kind() == TypedValue.Kind.PERHAPS_CO;
    for (int i = 0; i < frame.getStackSize(); i++) {
      mixed |= frame.getStack(i).kind() == TypedValue.Kind.PERHAPS_CO;
    }
    if (mixed) {
      throw refused("a variable holds either co or another value");
    }
  }

  private void call(MethodInsnNode call, Frame<TypedValue> frame) throws NotCompilable {
    refuseIf(captures.problem(call, frame));
    Type[] parameters = Type.getArgumentTypes(call.desc);
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    int first = frame.getStackSize() - parameters.length;
    if (!isStatic) {
      TypedValue receiver = frame.getStack(first - 1);
      if (receiver.isCo()) {
        onCo(call, frame);
        return;
      }
      if (receiver.isOuterCo()) {
        onOuterCo(call, frame);
        return;
      }
      if (isAwait(call) && receiver.kind() != TypedValue.Kind.NULL) {
        throw refused(
            "it awaits through a co that is neither its own nor a captured variable, but read from"
                + " somewhere");
      }
    }
    int own = -1;
    boolean isHelper = false;
    for (int i = 0; i < parameters.length; i++) {
      TypedValue argument = frame.getStack(first + i);
      if (argument.isCo()) {
        if (own >= 0 && !Shape.isAwaiter(parameters[i]) && !(call instanceof RealCall)) {
          throw refused("co is passed twice to " + call.name + "()");
        }
        own = own >= 0 ? own : i;
      } else if (!argument.isOuterCo()) {
        checkNoCo(call, parameters[i], argument);
        continue;
      } else if (!Shape.isAwaiter(parameters[i])) {
        throw refused(
            "the co of an outer body is passed to "
                + shown(call)
                + " as an object of another type");
      }
      isHelper = true;
    }
    if (isHelper) {
      found.add(
          new SuspensionPoint(
              call,
              SuspensionPoint.Kind.CALL,
              frame,
              helper(call, isStatic, own, frame.getStack(isStatic ? 0 : first - 1)),
              line));
    }
  }

  /** The class of an object, if it is known that it is no subclass. */
  private @Nullable String classOf(TypedValue object) {
    return switch (object.kind()) {
      case EXACT -> object.known().getInternalName();
      case SELF -> body.self();
      default -> null;
    };
  }

  /** What is passed as a {@code co} has to be one, if the callee is to be compiled as a helper. */
  private void checkNoCo(MethodInsnNode call, Type parameter, TypedValue argument)
      throws NotCompilable {
    if (Shape.isAwaiter(parameter) && argument.kind() != TypedValue.Kind.NULL) {
      throw refused(
          "a co that is neither its own nor a captured variable is passed to " + shown(call));
    }
  }

  private static boolean isAwait(MethodInsnNode call) {
    return call.name.equals("await") && Shape.isAwaiter(Type.getObjectType(call.owner));
  }

  private void onOuterCo(MethodInsnNode call, Frame<TypedValue> frame) throws NotCompilable {
    if (!isAwait(call)) {
      throw refused(
          call.name.equals("yield")
              ? "it yields through the co of an outer body"
              : "the co of an outer body is used as an object, by " + call.name + "()");
    }
    checkOperands(call, frame);
    found.add(new SuspensionPoint(call, SuspensionPoint.Kind.AWAIT, frame, null, line));
  }

  private void checkOperands(MethodInsnNode call, Frame<TypedValue> frame) throws NotCompilable {
    for (int i = 1; i <= Type.getArgumentTypes(call.desc).length; i++) {
      if (frame.getStack(frame.getStackSize() - i).leadsToCo()) {
        throw refused("co is yielded");
      }
    }
  }

  private void onCo(MethodInsnNode call, Frame<TypedValue> frame) throws NotCompilable {
    if (call.name.equals("mayThrow")) {
      return;
    }
    boolean yieldsNothing =
        call.name.equals("yield") && Type.getArgumentTypes(call.desc).length == 0;
    SuspensionPoint.Kind kind =
        switch (call.name) {
          case "yield" ->
              yieldsNothing ? SuspensionPoint.Kind.YIELD_NOTHING : SuspensionPoint.Kind.YIELD;
          case "yieldFrom" -> SuspensionPoint.Kind.YIELD_FROM;
          case "await" -> SuspensionPoint.Kind.AWAIT;
          default -> throw refused("co is used as an object, by " + call.name + "()");
        };
    checkOperands(call, frame);
    found.add(new SuspensionPoint(call, kind, frame, null, line));
  }

  /**
   * The helper that a call gives {@code co}; null if the class of the receiver decides.
   *
   * @param index of the argument that is the body's own; -1 if it gets only those of outer bodies
   */
  private @Nullable BodyMethod helper(
      MethodInsnNode call, boolean isStatic, int index, TypedValue receiver) throws NotCompilable {
    if (call instanceof RealCall) {
      return null;
    }
    String shown = shown(call);
    String self = isStatic ? null : classOf(receiver);
    Callee callee = new Callee(files, call, self);
    Inheritance.Member found = call instanceof SpecialisedCall made ? made.member : callee.find();
    boolean isNamed = isStatic || call.getOpcode() == Opcodes.INVOKESPECIAL;
    if (found == null && isNamed) {
      throw refused("co is passed to " + shown + ", whose bytecode cannot be read");
    }
    Type[] arguments = Type.getArgumentTypes(call.desc);
    Shape shape = index < 0 ? Shape.ASYNC : body.shape().ofHelper(arguments[index]);
    if (index >= 0 && !arguments[index].getInternalName().equals(shape.yielder)) {
      throw refused("co is passed to " + shown + " as an object of another type");
    }
    boolean isExact = call instanceof SpecialisedCall || (found != null && callee.isExact(found));
    if (found == null || !isExact) {
      return null;
    }
    ClassNode declaring = found.owner();
    MethodNode method = found.method();
    if ((method.access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
      throw refused("co is passed to " + shown + ", which has no bytecode");
    }
    if (call.name.equals("<init>")) {
      throw refused("co is passed to a constructor of " + simpleName(call.owner));
    }
    if (index < 0) {
      return new BodyMethod(declaring, method, BodyMethod.NO_CO, shape, null, self);
    }
    int slot = isStatic ? 0 : 1;
    for (int i = 0; i < index; i++) {
      slot += arguments[i].getSize();
    }
    return new BodyMethod(declaring, method, slot, shape, null, self);
  }

  private static String shown(MethodInsnNode call) {
    return simpleName(call.owner) + "." + call.name + "()";
  }

  static @Nullable MethodNode method(ClassNode owner, String name, String descriptor) {
    for (MethodNode method : owner.methods) {
      if (method.name.equals(name) && method.desc.equals(descriptor)) {
        return method;
      }
    }
    return null;
  }

  private void plain(AbstractInsnNode instruction, Frame<TypedValue> frame) throws NotCompilable {
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
              Opcodes.CHECKCAST,
              Opcodes.MONITORENTER,
              Opcodes.MONITOREXIT ->
              1;
          case Opcodes.IF_ACMPEQ, Opcodes.IF_ACMPNE -> 2;
          default -> 0;
        };
    for (int i = 1; i <= taken; i++) {
      TypedValue value = frame.getStack(frame.getStackSize() - i);
      if (value.leadsToCo() && !isHarmless(instruction, value)) {
        throw refused(
            (value.isHolder() ? "a body that captures co" : "co")
                + switch (instruction.getOpcode()) {
                  case Opcodes.AASTORE, Opcodes.PUTSTATIC, Opcodes.PUTFIELD -> " is stored";
                  case Opcodes.ARETURN -> " is returned";
                  case Opcodes.MONITORENTER, Opcodes.MONITOREXIT -> " is used as a lock";
                  default -> " is used as an object";
                });
      }
    }
  }

  /** Whether {@code co} stays what it is. */
  private boolean isHarmless(AbstractInsnNode instruction, TypedValue value) {
    return switch (instruction.getOpcode()) {
      case Opcodes.CHECKCAST -> {
        String type = ((TypeInsnNode) instruction).desc;
        yield value.isHolder()
            || type.equals(body.shape().yielder)
            || (value.isOuterCo() && Shape.isAwaiter(Type.getObjectType(type)));
      }
      case Opcodes.IFNULL, Opcodes.IFNONNULL -> !value.isCo();
      default -> false;
    };
  }

  private void refuseIf(@Nullable String problem) throws NotCompilable {
    if (problem != null) {
      throw refused(problem);
    }
  }

  private NotCompilable refused(String reason) {
    return new NotCompilable(reason + " at " + body.place(line));
  }

  static String simpleName(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1).replace('$', '.');
  }
}
