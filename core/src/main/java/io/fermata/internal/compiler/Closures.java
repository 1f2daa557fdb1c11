package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.Emission;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.internal.compiler.bytecode.OwnIterators;
import io.fermata.internal.compiler.bytecode.StraightCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * The pass that takes lambdas apart which hold {@code co} and are only called: such a lambda would
 * have to suspend its caller, so its caller and its code become part of the body.
 *
 * <p><b>Guarantee.</b> After it no lambda is made that holds {@code co}, but for the bodies of
 * {@link Captures}. The code does what it did, in the same order. A lambda that goes anywhere else
 * makes the body not compilable.
 *
 * <p><b>Structure.</b> {@link ClosureFlow} tells where each lambda arrives. A lambda is null on the
 * operand stack and in variables; what it has captured lies in locals of its own.
 *
 * <pre>{@code
 * list.forEach(x -> co.yield(x + n));
 *
 * int n1 = n;                                       // the site that made the lambda
 * Iterator walk = Walks.of(list);                   // Iteration
 * while (walk.hasNext()) {
 *   Object x = walk.next();
 *   co.yield((Integer) x + n1);                     // the code of lambda$..., with its own lines
 * }
 * }</pre>
 *
 * <p>A method of the program that is given such a lambda becomes a helper that takes the parts
 * instead ({@link SpecialisedMethod}), so it may be recursive, and pass the lambda on. The code of
 * a lambda stands in the place of the call where the class is the same; elsewhere it is a helper.
 *
 * <p><b>Rejected.</b> A helper for each call of a lambda: a step in it costs several of a loop. To
 * copy methods of the program as well: their class may be another, and they may be recursive.
 */
final class Closures {
  /** How deep closures may lie in one another; a recursion could make them ever deeper. */
  private static final int DEPTH = 4;

  private final BodyMethod body;
  private final MethodNode method;
  private final ClassFiles files;
  private final @Nullable Frame<SourceValue>[] flow;
  private final @Nullable Frame<TypedValue>[] types;
  private final Map<AbstractInsnNode, ClosureSite> sites = new LinkedHashMap<>();
  private final Map<MethodInsnNode, MethodInsnNode> ranges = new HashMap<>();
  private final ClosureCalls calls;

  private Closures(BodyMethod body, ClassFiles files) throws NotCompilable {
    this.body = body;
    this.method = body.method();
    this.files = files;
    this.flow = ClosureFlow.analyse(body);
    this.types = TypeFlow.analyse(body, files);
    this.calls = new ClosureCalls(body, files, types);
  }

  /** Rewrites a method, if lambdas in it hold {@code co}. */
  static void expand(BodyMethod body, ClassFiles files) throws NotCompilable {
    for (AbstractInsnNode at : body.method().instructions) {
      if (at instanceof InvokeDynamicInsnNode site && Closure.capturesYielder(site)) {
        new Closures(body, files).expand();
        return;
      }
    }
  }

  private void expand() throws NotCompilable {
    AbstractInsnNode[] code = method.instructions.toArray();
    int found;
    do {
      found = sites.size();
      for (int i = 0; i < code.length; i++) {
        if (code[i] instanceof InvokeDynamicInsnNode site && flow[i] != null) {
          addSite(site, Objects.requireNonNull(flow[i]));
        }
      }
    } while (sites.size() > found);
    if (sites.isEmpty()) {
      return;
    }
    StraightCode straight = new StraightCode(method);
    for (AbstractInsnNode at : code) {
      MethodInsnNode range =
          at instanceof MethodInsnNode call ? Ranges.walkedBy(call, straight) : null;
      if (range != null) {
        ranges.put((MethodInsnNode) at, range);
      }
    }
    for (int i = 0; i < code.length; i++) {
      if (code[i] instanceof LineNumberNode number) {
        calls.at(number);
      }
      Frame<SourceValue> frame = flow[i];
      if (frame != null && code[i].getOpcode() >= 0) {
        rewrite(code[i], frame, i);
      }
    }
  }

  // The sites

  private void addSite(InvokeDynamicInsnNode site, Frame<SourceValue> frame) throws NotCompilable {
    if (sites.containsKey(site) || !Closure.isLambda(site)) {
      return;
    }
    Type[] captured = Type.getArgumentTypes(site.desc);
    int first = frame.getStackSize() - captured.length;
    String home = Closure.home(site, body.owner());
    List<Closure.Part> parts = new ArrayList<>();
    boolean holdsCo = false;
    for (int i = 0; i < captured.length; i++) {
      SourceValue value = frame.getStack(first + i);
      ClosureSite inner = value.insns.size() == 1 ? sites.get(value.insns.iterator().next()) : null;
      holdsCo |= inner != null || ClosureFlow.isFrom(value, ClosureFlow.CO);
      parts.add(
          Closure.Part.in(body.owner(), home, captured[i], inner == null ? null : inner.closure()));
    }
    if (!holdsCo) {
      return;
    }
    Closure closure = new Closure(site, home, parts);
    if (closure.depth() > DEPTH) {
      throw refused("lambdas that hold co lie too deep in one another");
    }
    int slot = method.maxLocals;
    int size = ClosureCalls.sizeOf(closure);
    method.maxLocals += size;
    method.maxStack += size; // a call may be given the parts of all
    sites.put(site, new ClosureSite(closure, slot));
  }

  /** The closure that a value is; null if it is none. */
  private @Nullable ClosureSite siteOf(SourceValue value) throws NotCompilable {
    for (AbstractInsnNode source : value.insns) {
      boolean isStale = source instanceof ClosureFlow.Stale stale && sites.containsKey(stale.site);
      if (isStale || (sites.containsKey(source) && value.insns.size() > 1)) {
        throw refused("a variable holds one of several lambdas that capture co");
      }
    }
    return value.insns.isEmpty() ? null : sites.get(value.insns.iterator().next());
  }

  // The uses

  private void rewrite(AbstractInsnNode at, Frame<SourceValue> frame, int index)
      throws NotCompilable {
    int opcode = at.getOpcode();
    if (at instanceof InvokeDynamicInsnNode site) {
      dynamic(site, frame);
    } else if (at instanceof MethodInsnNode call) {
      call(call, frame, index);
    } else if (opcode == Opcodes.IFNULL || opcode == Opcodes.IFNONNULL) {
      if (siteOf(top(frame, 0)) != null) {
        nullCheck((JumpInsnNode) at);
      }
    } else {
      int taken =
          switch (opcode) {
            case Opcodes.AASTORE,
                Opcodes.PUTSTATIC,
                Opcodes.PUTFIELD,
                Opcodes.ARETURN,
                Opcodes.ATHROW,
                Opcodes.INSTANCEOF,
                Opcodes.MONITORENTER,
                Opcodes.MONITOREXIT ->
                1;
            case Opcodes.IF_ACMPEQ, Opcodes.IF_ACMPNE -> 2;
            default -> 0;
          };
      for (int i = 0; i < taken; i++) {
        if (siteOf(top(frame, i)) != null) {
          throw refused(
              switch (opcode) {
                case Opcodes.AASTORE, Opcodes.PUTSTATIC, Opcodes.PUTFIELD ->
                    "a lambda that captures co is stored";
                case Opcodes.ARETURN -> "a lambda that captures co is returned";
                default -> "a lambda that captures co is used as an object";
              });
        }
      }
    }
  }

  private static SourceValue top(Frame<SourceValue> frame, int depth) {
    return frame.getStack(frame.getStackSize() - 1 - depth);
  }

  /** A lambda is not null; the code that asks knows nothing of the null in its place. */
  private void nullCheck(JumpInsnNode jump) {
    Assembler out = new Assembler(new InsnList());
    out.op(Opcodes.POP);
    if (jump.getOpcode() == Opcodes.IFNONNULL) {
      out.jump(Opcodes.GOTO, jump.label);
    }
    replace(jump, out);
  }

  /** The captured values go into the locals of the site. */
  private void dynamic(InvokeDynamicInsnNode dynamic, Frame<SourceValue> frame)
      throws NotCompilable {
    ClosureSite site = sites.get(dynamic);
    Type[] captured = Type.getArgumentTypes(dynamic.desc);
    if (site == null) {
      for (int i = 0; i < captured.length; i++) {
        if (siteOf(top(frame, i)) != null) {
          throw refused("a lambda that captures co is captured by something else");
        }
      }
      return;
    }
    Assembler out = new Assembler(new InsnList());
    int[] slots = new int[captured.length];
    int slot = site.slot();
    for (int i = 0; i < captured.length; i++) {
      slots[i] = slot;
      Closure inner = site.closure().parts().get(i).closure();
      slot += inner == null ? captured[i].getSize() : ClosureCalls.sizeOf(inner);
    }
    for (int i = captured.length - 1; i >= 0; i--) {
      Closure inner = site.closure().parts().get(i).closure();
      if (inner == null) {
        out.store(slots[i], captured[i]);
      } else {
        out.op(Opcodes.POP);
        ClosureCalls.copy(
            out, Objects.requireNonNull(siteOf(top(frame, captured.length - 1 - i))), slots[i]);
      }
    }
    out.op(Opcodes.ACONST_NULL);
    replace(dynamic, out);
  }

  private void call(MethodInsnNode call, Frame<SourceValue> frame, int index) throws NotCompilable {
    Type[] parameters = Type.getArgumentTypes(call.desc);
    int first = frame.getStackSize() - parameters.length;
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    Map<Integer, ClosureSite> given = new LinkedHashMap<>();
    for (int i = 0; i < parameters.length; i++) {
      ClosureSite site = siteOf(frame.getStack(first + i));
      if (site != null) {
        given.put(i, site);
      }
    }
    if (given.isEmpty() && ClosureFlow.isNullCheck(call) && isCo(call, frame, index)) {
      replace(call, new Assembler(new InsnList())); // as javac writes it into co::yield
      return;
    }
    ClosureSite receiver = isStatic ? null : siteOf(frame.getStack(first - 1));
    if (receiver != null) {
      if (!receiver.closure().isCalledBy(call) || !given.isEmpty()) {
        throw refused("a lambda that captures co is used as an object, by " + call.name + "()");
      }
      direct(call, receiver, parameters, index);
    } else if (!given.isEmpty()) {
      if (ClosureFlow.isNullCheck(call)) {
        Assembler out = new Assembler(new InsnList());
        if (parameters.length > 1) {
          out.op(Opcodes.POP);
        }
        replace(call, out);
      } else {
        passed(call, given, parameters, index);
      }
    }
  }

  /** Whether the argument of a null check is {@code co}, which is not null. */
  private boolean isCo(MethodInsnNode call, Frame<SourceValue> frame, int index) {
    TypedValue value = Objects.requireNonNull(types[index]).getStack(frame.getStackSize() - 1);
    return Type.getArgumentTypes(call.desc).length == 1
        && ClosureFlow.isFrom(top(frame, 0), ClosureFlow.CO)
        && (value.isCo() || !Shape.isAwaiter(value.known()));
  }

  /** A call of the lambda itself. */
  private void direct(MethodInsnNode call, ClosureSite site, Type[] parameters, int index)
      throws NotCompilable {
    Assembler out = new Assembler(new InsnList());
    int[] slots = calls.storeArguments(out, parameters, Map.of());
    out.op(Opcodes.POP);
    calls.aside(
        out,
        index,
        parameters.length + 1,
        Type.getReturnType(call.desc),
        code -> {
          for (int i = 0; i < parameters.length; i++) {
            code.load(slots[i], parameters[i]);
          }
          calls.invoke(code, site);
        });
    replace(call, out);
  }

  /** A call that is given lambdas. */
  private void passed(
      MethodInsnNode call, Map<Integer, ClosureSite> given, Type[] parameters, int index)
      throws NotCompilable {
    Callee callee = new Callee(files, call, classOfReceiver(call, parameters, index));
    Inheritance.Member found = call.name.equals("<init>") ? null : callee.find();
    boolean isOfProgram = found != null && !isOfJdk(found.owner().name);
    if (found != null && isOfProgram && callee.isExact(found)) {
      specialise(call, found, given, parameters);
      return;
    }
    Iteration iteration = Iteration.of(call, files);
    MethodInsnNode range = ranges.get(call);
    if (iteration == null && range == null && !Optionals.isWalk(call)) {
      throw refused(
          "co is captured by a lambda that is passed to "
              + SuspensionPoints.simpleName(call.owner)
              + "."
              + call.name
              + "()"
              + (isOfProgram ? ", which can be overridden; make it static, private or final" : ""));
    }
    iterate(call, given, parameters, index, iteration, range);
  }

  /** A call of the JDK's that only iterates. */
  private void iterate(
      MethodInsnNode call,
      Map<Integer, ClosureSite> given,
      Type[] parameters,
      int index,
      @Nullable Iteration iteration,
      @Nullable MethodInsnNode range)
      throws NotCompilable {
    Assembler out = new Assembler(new InsnList());
    boolean isOwn = iteration == Iteration.ITERATOR && new OwnIterators(method).isReceiverOf(call);
    int[] slots = calls.storeArguments(out, parameters, given);
    int receiver = calls.newLocal(1);
    if (range == null) {
      checkReceiver(out, call, given, parameters, slots);
    }
    out.store(receiver, TypedValue.OBJECT);
    calls.aside(
        out,
        index,
        parameters.length + 1,
        Type.VOID_TYPE,
        code -> {
          Emission each = argument(call, 0, given, slots);
          if (range != null) {
            Type type = Ranges.type(range);
            int from = calls.newLocal(type.getSize());
            int to = calls.newLocal(type.getSize());
            Assembler bounds = new Assembler(new InsnList());
            bounds.store(to, type).store(from, type).op(Opcodes.ACONST_NULL);
            replace(range, bounds);
            Ranges.walk(code, range, from, to, each);
          } else if (iteration == null) {
            Emission orElse = parameters.length > 1 ? argument(call, 1, given, slots) : null;
            Optionals.walk(code, call, receiver, each, orElse);
          } else {
            ClosureSite site = Objects.requireNonNull(given.get(0));
            iteration.loop(
                code,
                receiver,
                isOwn,
                calls.newLocal(2),
                each,
                real -> real(real, call, receiver, site));
          }
        });
    replace(call, out);
  }

  /** Throws what the call would throw if the receiver were null, with the same message. */
  private static void checkReceiver(
      Assembler out,
      MethodInsnNode call,
      Map<Integer, ClosureSite> given,
      Type[] parameters,
      int[] slots) {
    LabelNode fine = new LabelNode();
    out.op(Opcodes.DUP).jump(Opcodes.IFNONNULL, fine);
    for (int i = 0; i < parameters.length; i++) {
      if (given.containsKey(i)) {
        out.op(Opcodes.ACONST_NULL);
      } else {
        out.load(slots[i], parameters[i]);
      }
    }
    out.add(call.clone(Map.of()));
    out.op(Opcodes.ACONST_NULL).op(Opcodes.ATHROW); // never reached
    out.label(fine);
  }

  /** Writes the call of an argument of a walk, with what it takes on the stack. */
  private Emission argument(
      MethodInsnNode call, int index, Map<Integer, ClosureSite> given, int[] slots) {
    ClosureSite site = given.get(index);
    if (site != null) {
      return out -> {
        calls.invoke(out, site);
        Type result = site.closure().erased().getReturnType();
        if (result != Type.VOID_TYPE) {
          out.pop(result);
        }
      };
    }
    return out -> Optionals.callOrdinary(out, call, index, slots[index], calls.newLocal(2));
  }

  /** The call as it is, on a thread. */
  private void real(Assembler out, MethodInsnNode call, int receiver, ClosureSite site) {
    List<@Nullable Closure> closures = new ArrayList<>();
    closures.add(null);
    closures.add(site.closure());
    out.load(receiver, TypedValue.OBJECT).cast(call.owner);
    ClosureCalls.loadParts(out, site);
    out.add(new RealCall(call, closures));
  }

  /** A call of a method of the program. */
  private void specialise(
      MethodInsnNode call,
      Inheritance.Member found,
      Map<Integer, ClosureSite> given,
      Type[] parameters)
      throws NotCompilable {
    if ((found.method().access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
      throw refused(
          "co is captured by a lambda that is passed to "
              + call.name
              + "(), which has no bytecode");
    }
    Map<Integer, Closure> closures = new LinkedHashMap<>();
    given.forEach((index, site) -> closures.put(index, site.closure().givenTo(found.owner())));
    SpecialisedMethod made = SpecialisedMethod.of(files, found, closures);
    Assembler out = new Assembler(new InsnList());
    int[] slots = calls.storeArguments(out, parameters, given);
    for (int i = 0; i < parameters.length; i++) {
      ClosureSite site = given.get(i);
      if (site == null) {
        out.load(slots[i], parameters[i]);
      } else {
        ClosureCalls.loadParts(out, site);
      }
    }
    out.add(new SpecialisedCall(call.getOpcode(), new Inheritance.Member(found.owner(), made)));
    replace(call, out);
  }

  private static boolean isOfJdk(String name) {
    return name.startsWith("java/") || name.startsWith("javax/") || name.startsWith("jdk/");
  }

  private @Nullable String classOfReceiver(MethodInsnNode call, Type[] parameters, int index) {
    Frame<TypedValue> frame = Objects.requireNonNull(types[index]);
    if (call.getOpcode() == Opcodes.INVOKESTATIC) {
      return null;
    }
    TypedValue receiver = frame.getStack(frame.getStackSize() - parameters.length - 1);
    return switch (receiver.kind()) {
      case EXACT -> receiver.known().getInternalName();
      case SELF -> body.self();
      default -> null;
    };
  }

  private void replace(AbstractInsnNode old, Assembler code) {
    method.instructions.insertBefore(old, code.code());
    method.instructions.remove(old);
  }

  private NotCompilable refused(String reason) {
    return calls.refused(reason);
  }
}
