package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.Linked;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The rules for lambdas that capture {@code co}. The library runs the body of a nested {@code
 * Async} or scope as a frame of its own, or on a thread, and either can be suspended. If anybody
 * else calls a lambda, the lambda would have to suspend its caller. So one that captures {@code co}
 * has to be such a body, and has to go straight to a method of the library.
 */
final class Captures {
  /** Those that make lambdas: the JDK's, and the one by which {@link HostAccess} replaces it. */
  private static final Set<String> MAKERS =
      Set.of("java/lang/invoke/LambdaMetafactory", Abi.LINKAGE);

  private final BodyMethod body;
  private final ClassFiles files;

  Captures(BodyMethod body, ClassFiles files) {
    this.body = body;
    this.files = files;
  }

  /** Why what an instruction makes may not capture {@code co}; null if it may, or does not. */
  @Nullable String problem(InvokeDynamicInsnNode site, Frame<TypedValue> frame) {
    int arguments = Type.getArgumentTypes(site.desc).length;
    boolean captures = false;
    for (int i = 1; i <= arguments; i++) {
      TypedValue argument = frame.getStack(frame.getStackSize() - i);
      if (argument.isHolder() || argument.isCarrier()) {
        return GivenCo.subject(argument) + " is captured by another lambda";
      }
      captures |= argument.leadsToCo();
    }
    if (!captures) {
      return null;
    }
    Type made = Type.getReturnType(site.desc);
    if (!body.shape().awaits() || !MAKERS.contains(site.bsm.getOwner())) {
      return "co is captured by a lambda";
    }
    return BodyKind.isAwaitingBody(made)
        ? null
        : "co is captured by a lambda that is a "
            + SuspensionPoints.simpleName(made.getInternalName())
            + " and no body of an Async or a scope";
  }

  /** Why a call may not be given a body that captures {@code co}; null if it may, or is not. */
  @Nullable String problem(MethodInsnNode call, Frame<TypedValue> frame) {
    Type[] parameters = Type.getArgumentTypes(call.desc);
    int first = frame.getStackSize() - parameters.length;
    if (call.getOpcode() != Opcodes.INVOKESTATIC && frame.getStack(first - 1).isHolder()) {
      return "a body that captures co is called by " + call.name + "(), and not by the library";
    }
    for (int i = 0; i < parameters.length; i++) {
      if (frame.getStack(first + i).isHolder()
          && !(BodyKind.isAwaitingBody(parameters[i]) && isOfLibrary(call))) {
        return "a body that captures co is passed to "
            + SuspensionPoints.simpleName(call.owner)
            + "."
            + call.name
            + "(), which might call it anywhere; pass it to a method of the library, such as"
            + " Async.of";
      }
    }
    return null;
  }

  /** Whether a method is the library's own, maybe inherited. */
  private boolean isOfLibrary(MethodInsnNode call) {
    if (call.owner.startsWith(Abi.ASYNC)) {
      return true;
    }
    Inheritance.Member found =
        new Inheritance(files, owner -> SuspensionPoints.method(owner, call.name, call.desc))
            .find(call.owner);
    return found != null && found.owner().name.startsWith(Abi.ASYNC);
  }

  /** Whether an instruction makes something that captures the body's own {@code co}. */
  static boolean capturesOwn(InvokeDynamicInsnNode site, Frame<TypedValue> frame) {
    if (site instanceof Linked) {
      return false;
    }
    int arguments = Type.getArgumentTypes(site.desc).length;
    for (int i = 1; i <= arguments; i++) {
      if (frame.getStack(frame.getStackSize() - i).isCo()) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a method's own {@code co} has to be an object that others can use: it is captured,
   * passed to a method that is not known, or a value in its code.
   */
  static boolean needsObject(
      BodyMethod body, @Nullable Frame<TypedValue>[] frames, List<SuspensionPoint> suspensions) {
    if (body.hasCoObject() && body.shape().awaits()) {
      return true;
    }
    for (SuspensionPoint suspension : suspensions) {
      if (suspension.needsCo()) {
        return true;
      }
    }
    MethodNode method = body.method();
    for (int i = 0; i < frames.length; i++) {
      Frame<TypedValue> frame = frames[i];
      if (frame != null
          && method.instructions.get(i) instanceof InvokeDynamicInsnNode site
          && capturesOwn(site, frame)) {
        return true;
      }
    }
    return false;
  }
}
