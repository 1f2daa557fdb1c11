package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * A lambda that holds {@code co}, taken apart: the site that makes it, and what it has captured. It
 * is never an object in a frame; its parts lie in locals, and null stands for it.
 *
 * @param site the site, or a copy of it
 * @param home the class that has the site in its code
 * @param parts what it has captured, in order
 */
record Closure(InvokeDynamicInsnNode site, String home, List<Part> parts) {
  private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";

  /**
   * A captured value.
   *
   * @param type its type; {@code Object} where the code that holds it may have no right to name it
   * @param closure the parts of it, if it is a lambda that holds {@code co} itself; else null
   */
  record Part(Type type, @Nullable Closure closure) {
    /** A captured value in the code of a class. */
    static Part in(ClassNode owner, String home, Type declared, @Nullable Closure closure) {
      return new Part(mayName(owner, home, declared) ? declared : TypedValue.OBJECT, closure);
    }

    /**
     * Loads it from a slot, where it is no lambda.
     *
     * @param wanted its type where the code goes on; it may have been erased
     * @return the slot behind it
     */
    int load(Assembler out, int slot, Type wanted) {
      out.load(slot, type);
      if (type.equals(TypedValue.OBJECT) && !wanted.equals(TypedValue.OBJECT)) {
        out.cast(wanted.getInternalName());
      }
      return slot + type.getSize();
    }
  }

  /** A site that makes the lambda of another one, maybe in code of another class. */
  private static final class Copy extends InvokeDynamicInsnNode {
    final String home;

    Copy(InvokeDynamicInsnNode original, String home) {
      super(original.name, original.desc, original.bsm, original.bsmArgs);
      this.home = home;
    }

    @Override
    public AbstractInsnNode clone(Map<LabelNode, LabelNode> labels) {
      return new Copy(this, home);
    }
  }

  /** The class that has the original of a site in its code, so may name what the site captures. */
  static String home(InvokeDynamicInsnNode site, ClassNode owner) {
    return site instanceof Copy copy ? copy.home : owner.name;
  }

  private static boolean mayName(ClassNode owner, String home, Type type) {
    if (owner.name.equals(home)) {
      return true;
    }
    Type named = type.getSort() == Type.ARRAY ? type.getElementType() : type;
    return named.getSort() < Type.ARRAY
        || Shape.isYielder(named)
        || named.getInternalName().startsWith("java/")
        || HostAccess.packageOf(named.getInternalName()).equals(HostAccess.packageOf(owner.name));
  }

  /** The same lambda, given to code of a class. */
  Closure givenTo(ClassNode owner) {
    List<Part> given = new ArrayList<>();
    for (Part part : parts) {
      Closure inner = part.closure;
      given.add(Part.in(owner, home, part.type, inner == null ? null : inner.givenTo(owner)));
    }
    return new Closure(site, home, given);
  }

  /** Whether a site makes a lambda, and not the body of an asynchronous coroutine. */
  static boolean isLambda(InvokeDynamicInsnNode site) {
    return site.bsm.getOwner().equals(METAFACTORY)
        && site.bsmArgs.length >= 3
        && !BodyKind.isAwaitingBody(Type.getReturnType(site.desc));
  }

  /** Whether a site makes a lambda that captures some {@code co}, by its type. */
  static boolean capturesYielder(InvokeDynamicInsnNode site) {
    if (isLambda(site)) {
      for (Type captured : Type.getArgumentTypes(site.desc)) {
        if (Shape.isYielder(captured)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The method that it executes. */
  Handle target() {
    return (Handle) site.bsmArgs[1];
  }

  /** The type of the method by which it is called, without type arguments. */
  Type erased() {
    return (Type) site.bsmArgs[0];
  }

  /** The same type, with type arguments. */
  Type instantiated() {
    return (Type) site.bsmArgs[2];
  }

  /** Its interface. */
  Type type() {
    return Type.getReturnType(site.desc);
  }

  /** Whether a call of the lambda executes its code. */
  boolean isCalledBy(MethodInsnNode call) {
    return call.name.equals(site.name) && call.desc.equals(erased().getDescriptor());
  }

  /** The types of its parts, those of captured closures in the place of these. */
  List<Type> types() {
    List<Type> types = new ArrayList<>();
    for (Part part : parts) {
      if (part.closure == null) {
        types.add(part.type);
      } else {
        types.addAll(part.closure.types());
      }
    }
    return types;
  }

  /** How many closures lie in one another. */
  int depth() {
    int deepest = 0;
    for (Part part : parts) {
      deepest = part.closure == null ? deepest : Math.max(deepest, part.closure.depth());
    }
    return deepest + 1;
  }

  /** Tells the closures of a program apart, in the names of classes. */
  String id() {
    StringBuilder all = new StringBuilder(target().toString());
    all.append(erased()).append(instantiated()).append(site.desc);
    for (Part part : parts) {
      all.append(part.closure == null ? part.type : part.closure.id());
    }
    return target().getName().replace("_", "_u").replace("$", "_d")
        + "_"
        + Integer.toHexString(all.toString().hashCode());
  }

  /**
   * Makes the lambda from its parts: the site once more. The pass takes it apart where it arrives.
   *
   * @param owner the class whose code makes it
   * @param slot where the first part lies
   * @return the slot behind the last part
   */
  int make(Assembler out, ClassNode owner, int slot) {
    Type[] captured = Type.getArgumentTypes(site.desc);
    int next = slot;
    for (int i = 0; i < captured.length; i++) {
      Part part = parts.get(i);
      if (part.closure == null) {
        boolean isNamed = mayName(owner, home, captured[i]);
        next = part.load(out, next, isNamed ? captured[i] : part.type);
      } else {
        next = part.closure.make(out, owner, next);
      }
    }
    out.add(new Copy(site, home));
    return next;
  }
}
