package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.Temporaries;
import io.fermata.runtime.Linkage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The emitter of the places where {@code co} is an argument: of a helper, whose frame is made
 * there, or of a lambda that captures it. On the operand stack of {@code resume}, null stands for
 * {@code co}, so both take the arguments off the stack and put them back with what is needed
 * instead.
 */
final class CoArguments {
  private final BodyMethod body;
  private final String name;
  private final boolean meetsMocks;
  private final Map<BodyMethod, FrameDraft> helpers;
  private final Assembler out;
  private final Temporaries temporaries;
  private final NullMessages nullMessages;

  /**
   * Writes for one body.
   *
   * @param draft the class that is written
   * @param helpers the classes of the helpers of the body
   * @param out the code of its {@code resume}
   * @param temporaries free slots in it
   */
  CoArguments(
      FrameDraft draft,
      Map<BodyMethod, FrameDraft> helpers,
      Assembler out,
      Temporaries temporaries) {
    this.body = draft.body;
    this.name = draft.name;
    this.meetsMocks = draft.meetsMocks;
    this.helpers = helpers;
    this.out = out;
    this.temporaries = temporaries;
    this.nullMessages = draft.nullMessages;
  }

  /**
   * Puts the object that stands for {@code co} among the values that a lambda captures.
   *
   * <pre>{@code
   * // before: a, null, b                 after: a, this.co(), b
   * t1 = b; pop; t2 = a;
   * push t2, this.co(), t1
   * }</pre>
   */
  void capture(InvokeDynamicInsnNode site, Frame<TypedValue> frame) {
    temporaries.clear();
    Type[] arguments = Type.getArgumentTypes(site.desc);
    boolean[] isCo = areCo(arguments, frame);
    int[] slots = storeArguments(arguments, isCo);
    for (int i = 0; i < arguments.length; i++) {
      if (isCo[i]) {
        loadCo();
      } else {
        out.load(slots[i], arguments[i]);
      }
    }
  }

  /**
   * Makes the frame of a helper from its arguments. Each {@code co} among them is the helper's own
   * and goes without.
   *
   * <pre>{@code
   * // before: receiver, a, null, b       after: the frame
   * t1 = b; pop; t2 = a; t3 = (Owner) Objects.requireNonNull(receiver);
   * new Helper(t3, t2, t1 [, this.co()])
   * }</pre>
   *
   * Where mocks may answer the call, they are asked first.
   */
  void callHelper(SuspensionPoint point) {
    BodyMethod helper = point.helper();
    if (point.call() instanceof RealCall real) {
      callOnThread(real, point);
      return;
    }
    if (helper == null) {
      dispatch(point);
      return;
    }
    FrameDraft draft = Objects.requireNonNull(helpers.get(helper));
    Type[] arguments = Type.getArgumentTypes(point.call().desc);
    boolean[] isCo = areCo(arguments, point.before());
    int[] slots = storeArguments(arguments, isCo);

    List<Type> parameters = new ArrayList<>();
    Type owner = Type.getObjectType(helper.owner().name);
    int receiver = -1;
    if (!helper.isStatic()) {
      // the call would have failed on null, and the constructor of a frame does not
      receiver = temporaries.allocate(owner);
      String message = nullMessages.of(point.call());
      if (message == null) {
        out.invokeStatic(
            "java/util/Objects", "requireNonNull", "(Ljava/lang/Object;)Ljava/lang/Object;");
      } else {
        out.constant(message);
        out.invokeStatic(
            Abi.NULL_CHECKS, "present", "(Ljava/lang/Object;Ljava/lang/String;)Ljava/lang/Object;");
      }
      out.cast(owner.getInternalName()).store(receiver, owner);
      parameters.add(owner);
    }

    LabelNode made = new LabelNode();
    boolean isPrivate = (helper.method().access & Opcodes.ACC_PRIVATE) != 0;
    // what a mock is given may not hold the object that stands for co
    boolean mayBeMocked =
        helper.given().isEmpty() && !isPrivate && !(point.call() instanceof SpecialisedCall);
    if (meetsMocks && mayBeMocked && point.call().getOpcode() != Opcodes.INVOKESPECIAL) {
      askMocks(point, helper, receiver, arguments, slots, isCo, made);
    }
    out.allocate(draft.name);
    if (receiver >= 0) {
      out.load(receiver, owner);
    }
    for (int i = 0; i < arguments.length; i++) {
      if (!isCo[i]) {
        loadArgument(i, arguments, slots, isCo);
        parameters.add(arguments[i]);
      }
    }
    if (draft.takesCo()) {
      loadCo();
      parameters.add(helper.coType());
    }
    out.construct(draft.name, parameters.toArray(new Type[0]));
    out.label(made);
  }

  /**
   * Goes on with the frame of a call that a mock answers.
   *
   * <pre>{@code
   * // after: the frame at made; else nothing
   * if ((made = Linkage.mocked([receiver, ] t2, t1)) != null) goto made;
   * }</pre>
   *
   * @param helper the method if it is known
   * @param receiver the slot of the receiver; negative for a static method
   */
  private void askMocks(
      SuspensionPoint point,
      @Nullable BodyMethod helper,
      int receiver,
      Type[] arguments,
      int[] slots,
      boolean[] isCo,
      LabelNode made) {
    int own = own(isCo);
    List<Type> parameters = new ArrayList<>();
    if (receiver >= 0) {
      out.load(receiver, TypedValue.OBJECT);
      parameters.add(TypedValue.OBJECT);
    }
    for (int i = 0; i < arguments.length; i++) {
      if (i != own) {
        loadArgument(i, arguments, slots, isCo);
        parameters.add(erased(arguments[i]));
      }
    }
    out.invokeDynamic(
        point.call().name,
        Type.getMethodDescriptor(TypedValue.OBJECT, parameters.toArray(new Type[0])),
        Abi.MOCKED,
        Type.getObjectType(body.owner().name),
        receiver < 0 ? Linkage.STATIC : Linkage.VIRTUAL,
        Type.getObjectType(
            receiver < 0 && helper != null ? helper.owner().name : point.call().owner),
        point.call().desc,
        own,
        (own < 0 ? Shape.ASYNC : body.shape().ofHelper(arguments[own])).name(),
        body.place(point.line()));
    out.op(Opcodes.DUP).jump(Opcodes.IFNONNULL, made);
    out.op(Opcodes.POP);
  }

  private void loadArgument(int index, Type[] arguments, int[] slots, boolean[] isCo) {
    if (isCo[index]) {
      loadCo();
    } else {
      out.load(slots[index], arguments[index]);
    }
  }

  /**
   * Has the frame of a helper made that the class of the receiver tells. Its parameters are objects
   * to the site, as the generated class may not name all of their types.
   *
   * <pre>{@code
   * // before: receiver, a, null, b       after: the frame
   * t1 = b; pop; t2 = a; t3 = Objects.requireNonNull(receiver);
   * Linkage.dispatched(t3, t2, t1 [, this.co()])
   * }</pre>
   */
  private void dispatch(SuspensionPoint point) {
    Type[] arguments = Type.getArgumentTypes(point.call().desc);
    boolean[] isCo = areCo(arguments, point.before());
    int own = own(isCo);
    int[] slots = storeArguments(arguments, isCo);
    List<Type> parameters = new ArrayList<>();
    out.invokeStatic(
        "java/util/Objects", "requireNonNull", "(Ljava/lang/Object;)Ljava/lang/Object;");
    int receiver = temporaries.allocate(TypedValue.OBJECT);
    out.store(receiver, TypedValue.OBJECT);
    LabelNode made = new LabelNode();
    if (meetsMocks) {
      askMocks(point, null, receiver, arguments, slots, isCo, made);
    }
    out.load(receiver, TypedValue.OBJECT);
    parameters.add(TypedValue.OBJECT);
    for (int i = 0; i < arguments.length; i++) {
      if (i == own) {
        continue;
      }
      loadArgument(i, arguments, slots, isCo);
      parameters.add(erased(arguments[i]));
    }
    Shape shape = own < 0 ? Shape.ASYNC : body.shape().ofHelper(arguments[own]);
    if (own >= 0 && shape.awaits()) {
      loadCo();
      parameters.add(TypedValue.OBJECT);
    }
    out.invokeDynamic(
        point.call().name,
        Type.getMethodDescriptor(TypedValue.OBJECT, parameters.toArray(new Type[0])),
        Abi.DISPATCHED,
        Type.getObjectType(body.owner().name),
        Type.getObjectType(point.call().owner),
        point.call().desc,
        own,
        shape.name(),
        body.place(point.line()));
    out.label(made);
  }

  /**
   * Has the frame made of a call that runs on a thread. The {@code co} of the thread takes the
   * place of this one.
   *
   * <pre>{@code
   * // before: receiver, a, null, b       after: the frame
   * t1 = b; pop; t2 = a;
   * Linkage.onThread(receiver, t2, t1)
   * }</pre>
   */
  private void callOnThread(RealCall real, SuspensionPoint point) {
    Type[] operands = Type.getArgumentTypes(real.desc);
    boolean[] isCo = areCo(operands, point.before());
    int[] slots = storeArguments(operands, isCo);
    List<Type> parameters = new ArrayList<>();
    StringBuilder places = new StringBuilder();
    Shape shape = Shape.ASYNC;
    for (int i = 0; i < operands.length; i++) {
      places.append(isCo[i] ? RealCall.CO : RealCall.VALUE);
      if (isCo[i]) {
        shape = body.shape().ofHelper(operands[i]);
      } else {
        out.load(slots[i], operands[i]);
        parameters.add(erased(operands[i]));
      }
    }
    out.invokeDynamic(
        real.name,
        Type.getMethodDescriptor(TypedValue.OBJECT, parameters.toArray(new Type[0])),
        Abi.ON_THREAD,
        real.arguments(body.owner(), places.toString(), shape, body.place(point.line())));
  }

  private static Type erased(Type type) {
    return type.getSort() >= Type.ARRAY ? TypedValue.OBJECT : type;
  }

  /** The first {@code co}, which a helper gets as its own; -1 if there is none. */
  private static int own(boolean[] isCo) {
    for (int i = 0; i < isCo.length; i++) {
      if (isCo[i]) {
        return i;
      }
    }
    return -1;
  }

  /** Which of the topmost values are {@code co}. */
  private static boolean[] areCo(Type[] arguments, Frame<TypedValue> frame) {
    boolean[] isCo = new boolean[arguments.length];
    int first = frame.getStackSize() - arguments.length;
    for (int i = 0; i < arguments.length; i++) {
      isCo[i] = frame.getStack(first + i).isCo();
    }
    return isCo;
  }

  /** Takes arguments off the stack into temporaries, and drops those that are {@code co}. */
  private int[] storeArguments(Type[] arguments, boolean[] isCo) {
    int[] slots = new int[arguments.length];
    for (int i = arguments.length - 1; i >= 0; i--) {
      if (isCo[i]) {
        out.op(Opcodes.POP);
      } else {
        slots[i] = temporaries.allocate(arguments[i]);
        out.store(slots[i], arguments[i]);
      }
    }
    return slots;
  }

  private void loadCo() {
    out.loadThis();
    out.invokeVirtual(name, FrameEmitter.CO, Type.getMethodDescriptor(body.coType()));
  }
}
