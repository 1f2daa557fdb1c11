package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * What a call gives to a method that leads to {@code co}: {@code co} itself, that of an outer body,
 * a value that is {@code co} or null, an object that holds it. A method and what it is given are
 * one {@link BodyMethod}: it may be called as it is, or be compiled to a frame.
 */
final class GivenCo {
  private final BodyMethod body;
  private final ClassFiles files;

  /** What the calls of one body give. */
  GivenCo(BodyMethod body, ClassFiles files) {
    this.body = body;
    this.files = files;
  }

  /** The values that a call takes, the receiver first; that of a constructor may be missing. */
  static List<TypedValue> values(MethodInsnNode call, Frame<TypedValue> frame) {
    int taken = Type.getArgumentTypes(call.desc).length;
    taken += call.getOpcode() == Opcodes.INVOKESTATIC ? 0 : 1;
    List<TypedValue> values = new ArrayList<>();
    for (int i = taken; i > 0; i--) {
      values.add(frame.getStack(frame.getStackSize() - i));
    }
    return values;
  }

  /** Whether one of the values of a call leads to {@code co}. */
  static boolean isIn(List<? extends TypedValue> values) {
    for (TypedValue value : values) {
      if (value.leadsToCo() && !value.isHolder()) {
        return true;
      }
    }
    return false;
  }

  /** The class of an object, if it is known that it is no subclass. */
  @Nullable String classOf(TypedValue object) {
    return switch (object.kind()) {
      case EXACT -> object.known().getInternalName();
      case SELF -> body.self();
      case CARRIER -> object.held().className();
      default -> null;
    };
  }

  /**
   * Whether the class of the receiver tells the method that a call gives {@code co}.
   *
   * @throws NotCompilable if it does, and the call gives more than that; the reason lacks the place
   */
  boolean isDispatched(MethodInsnNode call, List<? extends TypedValue> values)
      throws NotCompilable {
    if (call instanceof SpecialisedCall
        || call.getOpcode() == Opcodes.INVOKESTATIC
        || call.getOpcode() == Opcodes.INVOKESPECIAL) {
      return false;
    }
    Callee callee = new Callee(files, call, classOf(values.get(0)));
    Inheritance.Member found = callee.find();
    if (found != null && callee.isExact(found)) {
      return false;
    }
    Type[] parameters = Type.getArgumentTypes(call.desc);
    boolean hasOwn = false;
    for (int i = 0; i < parameters.length; i++) {
      TypedValue value = values.get(i + 1);
      boolean isFine =
          value.isCo()
              ? parameters[i].getInternalName().equals(body.shape().ofHelper(parameters[i]).yielder)
              : value.isOuterCo() ? Shape.isAwaiter(parameters[i]) : !value.leadsToCo();
      if (!isFine && !value.isHolder()) {
        throw new NotCompilable(
            subject(value)
                + " is passed to "
                + shown(call)
                + (value.isCo() || value.isOuterCo()
                    ? " as an object of another type"
                    : ", which can be overridden; make it static, private or final"));
      }
      if (value.isCo() && hasOwn && !Shape.isAwaiter(parameters[i])) {
        throw new NotCompilable(
            "co is passed twice to " + shown(call) + ", which can be overridden");
      }
      hasOwn |= value.isCo();
    }
    if (Shape.isYielder(Type.getReturnType(call.desc))) {
      throw new NotCompilable(
          shown(call) + ", which can be overridden, is given co and may return it");
    }
    return true;
  }

  /**
   * The method that a call gives something, with what it gives.
   *
   * @param values what the call takes, the receiver first
   * @throws NotCompilable if the method is not known; the reason lacks the place
   */
  BodyMethod callee(MethodInsnNode call, List<? extends TypedValue> values) throws NotCompilable {
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    String self = isStatic ? null : classOf(values.get(0));
    Callee callee = new Callee(files, call, self);
    Inheritance.Member found = call instanceof SpecialisedCall made ? made.member : callee.find();
    String subject = subject(values) + " is passed to " + shown(call);
    if (found == null) {
      throw new NotCompilable(subject + ", whose bytecode cannot be read");
    }
    if (!(call instanceof SpecialisedCall) && !callee.isExact(found)) {
      throw new NotCompilable(
          subject + ", which can be overridden; make it static, private or final");
    }
    if ((found.method().access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
      throw new NotCompilable(subject + ", which has no bytecode");
    }
    boolean isCarrier = !isStatic && values.get(0).isCarrier();
    if (self != null && !isCarrier && !files.sees(found.owner().name, self)) {
      self = null; // its frame outlives that class, and other loaders have one of that name
    }
    return with(call, values, found, self);
  }

  private BodyMethod with(
      MethodInsnNode call,
      List<? extends TypedValue> values,
      Inheritance.Member found,
      @Nullable String self) {
    boolean isStatic = call.getOpcode() == Opcodes.INVOKESTATIC;
    boolean isConstructor = call.name.equals("<init>");
    Type[] arguments = Type.getArgumentTypes(call.desc);
    SortedMap<Integer, TypedValue> given = new TreeMap<>();
    int slot = isStatic ? 0 : 1;
    int own = BodyMethod.NO_CO;
    boolean onlyAwaits = true;
    boolean onlyOuter = true;
    for (int i = 0; i < arguments.length; i++) {
      TypedValue value = values.get(isStatic ? i : i + 1);
      if (value.isCo() && own == BodyMethod.NO_CO) {
        own = slot;
      } else if (value.isCoOrNull() || value.isCarrier()) {
        given.put(slot, plain(value, arguments[i]));
      } else if (value.isOuterCo() && !Shape.isAwaiter(arguments[i])) {
        given.put(slot, TypedValue.outerCo(arguments[i]));
      } else if (isConstructor && value.kind() == TypedValue.Kind.NULL) {
        given.put(slot, TypedValue.NULL); // where co may be later
      }
      onlyAwaits &= !value.isCarrier();
      onlyAwaits &= !value.isCoOrNull() || arguments[i].getInternalName().equals(Abi.AWAITER);
      onlyOuter &= !value.isCarrier() && !value.isCoOrNull();
      slot += arguments[i].getSize();
    }
    Type owner = Type.getObjectType(found.owner().name);
    if (isConstructor) {
      TypedValue receiver = values.get(0);
      Carrier made =
          receiver.isCarrier() && receiver.held().isNew()
              ? receiver.held()
              : Carrier.beingMade(
                  call.owner, body.keeping().getOrDefault(call.owner, new TreeMap<>()));
      given.put(0, TypedValue.carrier(owner, made));
      onlyOuter = false;
    } else if (!isStatic && values.get(0).isCarrier()) {
      given.put(0, plain(values.get(0), owner));
      onlyOuter = false;
      onlyAwaits = false;
    }
    Shape shape =
        onlyOuter
            ? Shape.ASYNC
            : body.shape()
                .ofHelper(Type.getObjectType(onlyAwaits ? Abi.AWAITER : body.shape().yielder));
    return new BodyMethod(
        found.owner(), found.method(), own, shape, null, self, given, new TreeMap<>(), false);
  }

  /** What a parameter is, whatever is known of it in the method of the call. */
  private static TypedValue plain(TypedValue value, Type parameter) {
    return value.isCo()
        ? TypedValue.co(parameter)
        : value.isCarrier()
            ? TypedValue.carrier(parameter, value.held().made())
            : TypedValue.coOrNull(parameter);
  }

  /** Names what leads to {@code co}, for people. */
  static String subject(List<? extends TypedValue> values) {
    for (TypedValue value : values) {
      if (value.isCoOrNull()) {
        return "co";
      }
    }
    for (TypedValue value : values) {
      if (value.isCarrier()) {
        return subject(value);
      }
    }
    return "co";
  }

  static String subject(TypedValue value) {
    return value.isCarrier()
        ? "a " + SuspensionPoints.simpleName(value.held().className()) + ", which holds co,"
        : value.isHolder()
            ? "a body that captures co"
            : value.isOuterCo() ? "the co of an outer body" : "co";
  }

  static String shown(MethodInsnNode call) {
    return SuspensionPoints.simpleName(call.owner) + "." + call.name + "()";
  }

  // What comes out

  /** What a call gives back, if that leads to {@code co}; else null. */
  @Nullable TypedValue returned(MethodInsnNode call, List<? extends TypedValue> values) {
    Type type = Type.getReturnType(call.desc);
    if (type.getSort() != Type.OBJECT || !isIn(values)) {
      return null;
    }
    TypedValue receiver = values.get(0);
    if (call.getOpcode() != Opcodes.INVOKESTATIC
        && (receiver.isCoOrNull() || receiver.isOuterCo())) {
      return null; // what a yield gives
    }
    try {
      BodyMethod callee = callee(call, values);
      CoUse use = files.uses().of(callee);
      TypedValue returned = use.returned();
      if (use.isAssumed() && Shape.isYielder(type) && !callee.ownSlots().isEmpty()) {
        return TypedValue.co(type);
      }
      return returned == null || returned.kind() == TypedValue.Kind.PERHAPS_CO
          ? returned
          : returned.as(type);
    } catch (NotCompilable unknown) {
      return null; // SuspensionPoints says so
    }
  }

  /** What a constructor makes. */
  TypedValue made(MethodInsnNode call, Type type, List<? extends TypedValue> values) {
    if (isIn(values) || body.keeping().containsKey(call.owner)) {
      try {
        CoUse use = files.uses().of(callee(call, values));
        if (!use.stored().isEmpty()) {
          return TypedValue.carrier(type, new Carrier(call.owner, use.stored(), false));
        }
      } catch (NotCompilable unknown) {
        // SuspensionPoints says so
      }
    }
    return TypedValue.exact(type);
  }

  /** What an object that holds {@code co} has in a field, if that leads to it; else null. */
  static @Nullable TypedValue read(TypedValue object, AbstractInsnNode access, ClassFiles files) {
    if (!object.isCarrier() || !(access instanceof FieldInsnNode field)) {
      return null;
    }
    TypedValue held = object.held().fields().get(Carrier.key(field, files));
    return held == null ? null : held.as(Type.getType(field.desc));
  }
}
