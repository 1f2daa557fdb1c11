package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Linked;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
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
 * be compiled too, or of one that does nothing with it (see {@link CoUses}), be copied between
 * locals, be tested, be stored in a {@link Carrier}, and be captured as {@link Captures} allows.
 * The same holds for the {@code co} of an outer body, although that is an object.
 */
final class SuspensionPoints {
  private final BodyMethod body;
  private final ClassFiles files;
  private final @Nullable Frame<TypedValue>[] frames;
  private final Captures captures;
  private final GivenCo given;
  private final List<SuspensionPoint> found = new ArrayList<>();
  private final List<Store> stores = new ArrayList<>();
  private final List<Kept> kept = new ArrayList<>();
  private boolean givesAway;
  private int line;

  /**
   * An assignment of something that leads to {@code co} to a field of the object that a constructor
   * makes.
   *
   * @param key names the field, see {@link Carrier#key}
   * @param value what it gets
   * @param at the instruction
   * @param line its line in the source, 0 if unknown
   */
  record Store(String key, TypedValue value, AbstractInsnNode at, int line) {}

  /**
   * An assignment of {@code co} to a field of an object that was made before, and of which it is
   * not known yet that it keeps {@code co}.
   *
   * @param className the class of the object
   * @param key names the field, see {@link Carrier#key}
   * @param value what the field holds
   * @param refusal the reason, if the object was not made where that can be followed
   */
  record Kept(String className, String key, TypedValue value, String refusal) {}

  private SuspensionPoints(
      BodyMethod body, @Nullable Frame<TypedValue>[] frames, ClassFiles files) {
    this.body = body;
    this.frames = frames;
    this.files = files;
    this.captures = new Captures(body, files);
    this.given = new GivenCo(body, files);
  }

  /** The suspensions of a body, in the order of its code. */
  static List<SuspensionPoint> find(
      BodyMethod body, @Nullable Frame<TypedValue>[] frames, ClassFiles files)
      throws NotCompilable {
    SuspensionPoints finder = search(body, frames, files);
    if (!finder.kept.isEmpty()) {
      throw new NotCompilable(finder.kept.get(0).refusal());
    }
    return finder.found;
  }

  /** The same, with what a constructor does. */
  static SuspensionPoints search(
      BodyMethod body, @Nullable Frame<TypedValue>[] frames, ClassFiles files)
      throws NotCompilable {
    SuspensionPoints finder = new SuspensionPoints(body, frames, files);
    finder.search();
    return finder;
  }

  List<SuspensionPoint> found() {
    return found;
  }

  /** For a constructor, what it stores in its object. */
  List<Store> stores() {
    return stores;
  }

  /** What is stored in objects of which more has to be known; see {@link BodyMethod#keeping}. */
  List<Kept> kept() {
    return kept;
  }

  /** For a constructor, whether another method may see its object. */
  boolean givesAway() {
    return givesAway;
  }

  private void search() throws NotCompilable {
    InsnList code = body.method().instructions;
    for (int i = 0; i < code.size(); i++) {
      AbstractInsnNode instruction = code.get(i);
      if (instruction instanceof LineNumberNode number) {
        line = number.line;
      }
      Frame<TypedValue> frame = frames[i];
      if (frame == null || instruction.getOpcode() < 0 || instruction instanceof Linked) {
        continue; // what was linked is harmless: it was looked at before
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
    List<TypedValue> values = GivenCo.values(call, frame);
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    if (!isStatic) {
      TypedValue receiver = values.get(0);
      if (receiver.isCoOrNull()) {
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
    Type[] parameters = Type.getArgumentTypes(call.desc);
    for (int i = 0; i < parameters.length; i++) {
      TypedValue argument = values.get(isStatic ? i : i + 1);
      if (!argument.leadsToCo()) {
        checkNoCo(call, parameters[i], argument);
      }
    }
    if (GivenCo.isIn(values)
        || (call.name.equals("<init>") && body.keeping().containsKey(call.owner))) {
      give(call, values, frame);
    }
  }

  /** A call of a method that is given {@code co}, or something that leads to it. */
  private void give(MethodInsnNode call, List<TypedValue> values, Frame<TypedValue> frame)
      throws NotCompilable {
    if (isOfObject(call, values)) {
      return;
    }
    BodyMethod callee = callee(call, values);
    if (callee == null) {
      found.add(new SuspensionPoint(call, SuspensionPoint.Kind.CALL, frame, null, line));
      return;
    }
    CoUse use = files.uses().of(callee);
    kept.addAll(use.kept());
    if (call.name.equals("<init>")) {
      if (use.problem() != null) {
        throw refused(
            GivenCo.subject(values.subList(1, values.size()))
                + " is passed to a constructor of "
                + simpleName(call.owner)
                + use.where());
      }
    } else if (!use.isHarmless()) {
      if (callee.self() != null && !files.sees(callee.owner().name, callee.self())) {
        throw refused(
            GivenCo.subject(values)
                + " is passed to "
                + GivenCo.shown(call)
                + ", which a class loader has that does not see its class");
      }
      checkTypes(call, values, callee.owner().name, use);
      found.add(new SuspensionPoint(call, SuspensionPoint.Kind.CALL, frame, callee, line));
    }
    for (TypedValue value : values) {
      if (value.isCarrier() && value.held().isNew()) {
        givesAway |= givesAway(call, values, use);
      }
    }
    for (TypedValue field : use.stored().values()) {
      if (field.isCarrier() && field.held().isTooDeep()) {
        throw refused("objects that hold co hold each other too deep");
      }
    }
    if (call.name.equals("<init>") && values.get(0).isCarrier()) {
      use.stored().forEach((key, value) -> stores.add(new Store(key, value, call, line)));
    }
  }

  /** The method that a call gives {@code co}; null if the class of the receiver tells it. */
  private @Nullable BodyMethod callee(MethodInsnNode call, List<TypedValue> values)
      throws NotCompilable {
    if (call instanceof RealCall) {
      checkReal(call, values);
      return null;
    }
    try {
      return given.isDispatched(call, values) ? null : given.callee(call, values);
    } catch (NotCompilable reason) {
      throw refused(String.valueOf(reason.getMessage()));
    }
  }

  /** A call on a thread is given the {@code co} of that thread, in the place of a plain one. */
  private void checkReal(MethodInsnNode call, List<TypedValue> values) throws NotCompilable {
    for (TypedValue value : values) {
      if (value.leadsToCo() && !value.isCo() && !value.isOuterCo()) {
        throw refused(
            GivenCo.subject(value) + " is given to a lambda of " + call.name + "() on a thread");
      }
    }
  }

  /** Whether a call is one of the methods of Object that the JVM has, which let nothing go. */
  private boolean isOfObject(MethodInsnNode call, List<TypedValue> values) {
    if (call.getOpcode() == Opcodes.INVOKESTATIC || !values.get(0).isCarrier()) {
      return false;
    }
    if (call.name.equals("getClass") && call.desc.equals("()Ljava/lang/Class;")) {
      return true;
    }
    Inheritance.Member found = new Callee(files, call, given.classOf(values.get(0))).find();
    return call.name.equals("hashCode")
        && found != null
        && found.owner().name.equals(TypedValue.OBJECT.getInternalName());
  }

  /** Whether the constructor that calls gives away its object, before it has run. */
  private static boolean givesAway(MethodInsnNode call, List<TypedValue> values, CoUse use) {
    boolean isOfItself = call.name.equals("<init>") && values.get(0).isCarrier();
    for (TypedValue argument : values.subList(isOfItself ? 1 : 0, values.size())) {
      if (argument.isCarrier() && argument.held().isNew()) {
        return true;
      }
    }
    return use.givesAway();
  }

  static boolean givesAway(
      MethodInsnNode call, List<TypedValue> values, BodyMethod constructor, ClassFiles files) {
    try {
      BodyMethod callee = new GivenCo(constructor, files).callee(call, values);
      return givesAway(call, values, files.uses().of(callee));
    } catch (NotCompilable unknown) {
      return true;
    }
  }

  /** A frame gets its {@code co} as what it is. */
  private void checkTypes(MethodInsnNode call, List<TypedValue> values, String owner, CoUse use)
      throws NotCompilable {
    Type[] parameters = Type.getArgumentTypes(call.desc);
    int first = values.size() - parameters.length;
    boolean isOfTheJdk = owner.startsWith("java/"); // no frame can lie beside it
    for (int i = 0; i < values.size(); i++) {
      TypedValue value = values.get(i);
      Type type = i < first ? Type.getObjectType(call.owner) : parameters[i - first];
      boolean fits =
          value.isCoOrNull()
              ? !type.equals(TypedValue.OBJECT) && KnownTests.isOfType(body, type.getInternalName())
              : value.isOuterCo() ? Shape.isAwaiter(type) : !isOfTheJdk;
      if (value.leadsToCo() && !value.isHolder() && (!fits || isOfTheJdk)) {
        throw refused(
            GivenCo.subject(value)
                + " is passed to "
                + GivenCo.shown(call)
                + (value.isCarrier() ? "" : " as an object of another type")
                + (use.problem() == null && isOfTheJdk
                    ? ", which would have to be suspended"
                    : use.where()));
      }
    }
  }

  /** What is passed as a {@code co} has to be one, if the callee is to be compiled as a helper. */
  private void checkNoCo(MethodInsnNode call, Type parameter, TypedValue argument)
      throws NotCompilable {
    if (Shape.isAwaiter(parameter) && argument.kind() != TypedValue.Kind.NULL) {
      throw refused(
          "a co that is neither its own nor a captured variable is passed to "
              + GivenCo.shown(call));
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

  static @Nullable MethodNode method(ClassNode owner, String name, String descriptor) {
    for (MethodNode method : owner.methods) {
      if (method.name.equals(name) && method.desc.equals(descriptor)) {
        return method;
      }
    }
    return null;
  }

  private void plain(AbstractInsnNode instruction, Frame<TypedValue> frame) throws NotCompilable {
    switch (instruction.getOpcode()) {
      case Opcodes.PUTFIELD -> store((FieldInsnNode) instruction, frame);
      case Opcodes.AASTORE, Opcodes.PUTSTATIC -> refuseIf(top(frame), "is stored");
      case Opcodes.ATHROW -> refuseIf(top(frame), "is thrown");
      case Opcodes.ARETURN -> {
        TypedValue value = top(frame);
        if (!body.helper() || value.isHolder()) {
          refuseIf(value, "is returned");
        }
      }
      case Opcodes.MONITORENTER, Opcodes.MONITOREXIT -> {
        if (!top(frame).isCarrier()) {
          refuseIf(top(frame), "is used as a lock");
        }
      }
      case Opcodes.INSTANCEOF, Opcodes.CHECKCAST -> {
        TypedValue value = top(frame);
        String type = ((TypeInsnNode) instruction).desc;
        boolean isFine =
            value.isHolder()
                || value.isCarrier()
                || KnownTests.isOfType(body, type)
                || (value.isOuterCo() && Shape.isAwaiter(Type.getObjectType(type)));
        if (!isFine) {
          refuseIf(value, "is used as an object of type " + simpleName(type));
        }
      }
      case Opcodes.IFNULL, Opcodes.IFNONNULL, Opcodes.IF_ACMPEQ, Opcodes.IF_ACMPNE -> {
        // co stays what it is
      }
      default -> {
        // takes no object
      }
    }
  }

  /** The caller of the first method of a unit does not know that it returns {@code co}. */
  static void checkNotReturned(FrameDraft first) throws NotCompilable {
    int index = 0;
    for (AbstractInsnNode instruction : first.code().instructions) {
      Frame<TypedValue> frame = first.types[index++];
      if (frame != null
          && instruction.getOpcode() == Opcodes.ARETURN
          && (top(frame).leadsToCo() || top(frame).isPerhapsCo())) {
        throw new NotCompilable(
            GivenCo.subject(top(frame)) + " is returned by " + first.body.place(0));
      }
    }
  }

  private static TypedValue top(Frame<TypedValue> frame) {
    return frame.getStack(frame.getStackSize() - 1);
  }

  /** An assignment to a field: what leads to {@code co} may be kept by a {@link Carrier}. */
  private void store(FieldInsnNode access, Frame<TypedValue> frame) throws NotCompilable {
    TypedValue object = frame.getStack(frame.getStackSize() - 2);
    TypedValue value = top(frame);
    String key = Carrier.key(access, files);
    if (!object.isCarrier()) {
      keep(object, key, access, value);
      return;
    }
    TypedValue held = object.held().fields().get(key);
    if (held == null && !value.leadsToCo()) {
      return;
    }
    boolean isNull = value.kind() == TypedValue.Kind.NULL;
    if (object.held().isNew() && !value.isHolder() && (value.leadsToCo() || isNull)) {
      Type type = Type.getType(access.desc);
      stores.add(new Store(key, isNull ? value : value.as(type), access, line));
    } else if (held == null) {
      keep(object, key, access, value);
    } else if (!held.equals(Carrier.merge(held, plain(value)))) {
      NotCompilable refused =
          refused("the field " + simpleName(key) + ", which holds co, is changed");
      if (!held.isCo() || !(isNull || value.isCoOrNull())) {
        throw refused;
      }
      keep(object, key, TypedValue.coOrNull(held.known()), refused);
    }
  }

  /** Notes that an object keeps {@code co}, if its class is known. */
  private void keep(TypedValue object, String key, FieldInsnNode access, TypedValue value)
      throws NotCompilable {
    if (!value.isCoOrNull() && !value.isOuterCo()) {
      refuseIf(value, "is stored");
      return;
    }
    Type type = Type.getType(access.desc);
    TypedValue held = value.isOuterCo() ? TypedValue.outerCo(type) : TypedValue.coOrNull(type);
    keep(object, key, held, refused("co is stored"));
  }

  private void keep(TypedValue object, String key, TypedValue held, NotCompilable refused)
      throws NotCompilable {
    String className = given.classOf(object);
    if (className == null) {
      throw refused;
    }
    kept.add(new Kept(className, key, held, String.valueOf(refused.getMessage())));
  }

  private static TypedValue plain(TypedValue value) {
    return value.isCo() ? TypedValue.co(value.known()) : value;
  }

  private void refuseIf(TypedValue value, String use) throws NotCompilable {
    if (value.leadsToCo()) {
      throw refused((value.isOuterCo() ? "co" : GivenCo.subject(value)) + " " + use);
    }
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
