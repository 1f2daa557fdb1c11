package io.fermata.internal.compiler;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

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
 */
public record BodyMethod(
    ClassNode owner,
    MethodNode method,
    int coSlot,
    Shape shape,
    @Nullable BodyKind kind,
    @Nullable String self) {
  /** The slot of no parameter. */
  static final int NO_CO = -1;

  /** Identifies it among the methods of its class. */
  String key() {
    String made = method instanceof SpecialisedMethod specialised ? specialised.id : "";
    return method.name + method.desc + made + coSlot + shape + kind + self;
  }

  /** The same with other code. */
  BodyMethod with(MethodNode code) {
    return new BodyMethod(owner, code, coSlot, shape, kind, self);
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

  /** The type of its parameter {@code co}. */
  Type coType() {
    int slot = 0;
    for (Type type : parameters()) {
      if (slot == coSlot) {
        return type;
      }
      slot += type.getSize();
    }
    throw new AssertionError(method.name + " has no co");
  }

  /** The types of all parameters but {@code co}. */
  List<Type> parametersBesidesCo() {
    List<Type> types = new ArrayList<>();
    int slot = 0;
    for (Type type : parameters()) {
      if (slot != coSlot) {
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
    String file = owner.sourceFile == null ? owner.name : owner.sourceFile;
    return line == 0 ? file : file + ":" + line;
  }
}
