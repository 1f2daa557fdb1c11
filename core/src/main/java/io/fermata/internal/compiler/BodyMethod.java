package io.fermata.internal.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * A method to be turned into a frame: a body, or a helper that a body gives its {@code co}.
 *
 * @param owner the class that declares it
 * @param method its code
 * @param coSlot the parameter slot of {@code co}; {@link #NO_CO} for a helper that is given only
 *     that of an outer body
 * @param shape the frame that it becomes
 * @param kind the kind of body; null for a helper
 * @param self the class, and no subclass of it, of the object whose method it is; null if not known
 * @param given what else is known of the parameters of a helper, by slot: a further {@code co}, one
 *     that may be null, an object that holds it
 * @param keeping the fields in which objects that it makes get {@code co} after their constructors
 *     have run, by class and {@link Carrier#key}
 * @param hasCoObject whether an object stands for {@code co} in its code: see {@link CoObject}
 */
public record BodyMethod(
    ClassNode owner,
    MethodNode method,
    int coSlot,
    Shape shape,
    @Nullable BodyKind kind,
    @Nullable String self,
    SortedMap<Integer, TypedValue> given,
    SortedMap<String, SortedMap<String, TypedValue>> keeping,
    boolean hasCoObject) {
  /** A method whose parameters are ordinary values, except for {@code co}. */
  BodyMethod(
      ClassNode owner,
      MethodNode method,
      int coSlot,
      Shape shape,
      @Nullable BodyKind kind,
      @Nullable String self) {
    this(owner, method, coSlot, shape, kind, self, new TreeMap<>(), new TreeMap<>(), false);
  }

  /** The slot of no parameter. */
  static final int NO_CO = -1;

  /** Identifies it among the methods of its class. */
  String key() {
    String made = method instanceof SpecialisedMethod specialised ? specialised.id : "";
    return method.name + method.desc + made + coSlot + shape + kind + self + given;
  }

  /** The same with other code. */
  BodyMethod with(MethodNode code) {
    return new BodyMethod(owner, code, coSlot, shape, kind, self, given, keeping, hasCoObject);
  }

  /** The same with an object that stands for {@code co}. */
  BodyMethod withCoObject() {
    return new BodyMethod(owner, method, coSlot, shape, kind, self, given, keeping, true);
  }

  /** The same, with more objects that keep {@code co}; null if it makes none of these classes. */
  @Nullable BodyMethod keeping(List<SuspensionPoints.Kept> more) {
    SortedMap<String, SortedMap<String, TypedValue>> all = new TreeMap<>(keeping);
    boolean changed = false;
    for (SuspensionPoints.Kept each : more) {
      if (makes(each.className())) {
        SortedMap<String, TypedValue> fields =
            new TreeMap<>(all.getOrDefault(each.className(), new TreeMap<>()));
        changed |= !each.value().equals(fields.put(each.key(), each.value()));
        all.put(each.className(), fields);
      }
    }
    return changed
        ? new BodyMethod(owner, method, coSlot, shape, kind, self, given, all, hasCoObject)
        : null;
  }

  /** Whether it makes an object that has a field for {@code co}. */
  boolean makesKeeper(ClassFiles files) {
    for (AbstractInsnNode at : method.instructions) {
      if (at.getOpcode() == Opcodes.NEW && isKeeper(((TypeInsnNode) at).desc, files)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a class has a field for {@code co}. */
  static boolean isKeeper(String className, ClassFiles files) {
    ClassNode at = className.startsWith("java/") ? null : files.find(className);
    while (at != null) {
      for (FieldNode field : at.fields) {
        Type type = Type.getType(field.desc);
        if ((field.access & Opcodes.ACC_STATIC) == 0
            && (type.equals(TypedValue.OBJECT) || Shape.isYielder(type))) {
          return true;
        }
      }
      at = at.superName == null ? null : files.find(at.superName);
    }
    return false;
  }

  private boolean makes(String className) {
    for (AbstractInsnNode at : method.instructions) {
      if (at.getOpcode() == Opcodes.NEW && ((TypeInsnNode) at).desc.equals(className)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a parameter is its {@code co}, which its frame is not given. */
  boolean isOwnCo(int slot) {
    TypedValue known = given.get(slot);
    return slot == coSlot || (known != null && known.isCo());
  }

  /** The slots of its {@code co}. */
  List<Integer> ownSlots() {
    List<Integer> slots = new ArrayList<>();
    if (coSlot != NO_CO) {
      slots.add(coSlot);
    }
    for (Map.Entry<Integer, TypedValue> each : given.entrySet()) {
      if (each.getValue().isCo()) {
        slots.add(each.getKey());
      }
    }
    return slots;
  }

  /** Whether it is a helper, and no body. */
  boolean helper() {
    return kind == null;
  }

  /** How many parameters follow {@code co} and are given when the frame is made. */
  int handles() {
    return kind == null ? 0 : kind.handles();
  }

  /** How many parameters come before {@code co}: what a body has captured. */
  public int captured() {
    return parameters().length - 1 - handles();
  }

  /** Whether the value that it returns is its result: that of a helper always is. */
  boolean keepsResult() {
    return kind == null || kind.keepsResult();
  }

  boolean isStatic() {
    return (method.access & Opcodes.ACC_STATIC) != 0;
  }

  /** The types of all its parameters, {@code this} included. */
  Type[] parameters() {
    Type[] declared = Type.getArgumentTypes(method.desc);
    if (isStatic()) {
      return declared;
    }
    Type[] all = new Type[declared.length + 1];
    all[0] = Type.getObjectType(owner.name);
    System.arraycopy(declared, 0, all, 1, declared.length);
    return all;
  }

  /** The type of its {@code co}. */
  Type coType() {
    return Type.getObjectType(shape.yielder);
  }

  /** The types of all parameters but {@code co}. */
  List<Type> parametersBesidesCo() {
    List<Type> types = new ArrayList<>();
    int slot = 0;
    for (Type type : parameters()) {
      if (!isOwnCo(slot)) {
        types.add(type);
      }
      slot += type.getSize();
    }
    return types;
  }

  /** Its first line in the source, 0 if unknown. */
  int firstLine() {
    int first = 0;
    for (AbstractInsnNode at : method.instructions) {
      if (at instanceof LineNumberNode number && (first == 0 || number.line < first)) {
        first = number.line;
      }
    }
    return first;
  }

  /** {@code Printer.java:12} for people. */
  String place(int line) {
    return place(owner, line);
  }

  /** The same for any class. */
  static String place(ClassNode owner, int line) {
    String file = owner.sourceFile == null ? owner.name : owner.sourceFile;
    return line == 0 ? file : file + ":" + line;
  }
}
