package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * A lambda that holds {@code co}, taken apart: the site that makes it, and what it has captured. It
 * is never an object in a frame; its parts lie in locals, and null stands for it.
 *
 * @param site the site, or a copy of it
 * @param parts what it has captured, in order
 */
record Closure(InvokeDynamicInsnNode site, List<Part> parts) {
  private static final String METAFACTORY = "java/lang/invoke/LambdaMetafactory";

  /**
   * A captured value.
   *
   * @param closure the parts of it, if it is a lambda that holds {@code co} itself; else null
   */
  record Part(Type type, @Nullable Closure closure) {}

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
      if (part.closure != null) {
        all.append(part.closure.id());
      }
    }
    return target().getName().replace("_", "_u").replace("$", "_d")
        + "_"
        + Integer.toHexString(all.toString().hashCode());
  }

  /**
   * Makes the lambda from its parts: the site once more. The pass takes it apart where it arrives.
   *
   * @param slot where the first part lies
   * @return the slot behind the last part
   */
  int make(Assembler out, int slot) {
    int next = slot;
    for (Part part : parts) {
      if (part.closure == null) {
        out.load(next, part.type);
        next += part.type.getSize();
      } else {
        next = part.closure.make(out, next);
      }
    }
    out.add(new InvokeDynamicInsnNode(site.name, site.desc, site.bsm, site.bsmArgs));
    return next;
  }
}
