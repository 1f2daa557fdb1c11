package io.fermata.internal.compiler;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The method that a call will execute: the one that it names, if that cannot be overridden; else
 * the one that the receiver has, if the class of the receiver is known.
 */
final class Callee {
  private static final int VISIBLE_TO_SUBCLASSES = Opcodes.ACC_PUBLIC | Opcodes.ACC_PROTECTED;

  private final ClassFiles files;
  private final MethodInsnNode call;

  /** The class of the receiver, and no subclass of it; null if it is not known. */
  private final @Nullable String receiver;

  Callee(ClassFiles files, MethodInsnNode call, @Nullable String receiver) {
    this.files = files;
    this.call = call;
    this.receiver = call.getOpcode() == Opcodes.INVOKESPECIAL ? null : receiver;
  }

  /** The method; null if its bytecode cannot be read. */
  Inheritance.@Nullable Member find() {
    Inheritance.Member named = named();
    if (receiver == null || (named != null && isFinal(named))) {
      return named;
    }
    Inheritance.Member own = new Inheritance(files, this::in).find(receiver);
    return own == null || (named != null && !overrides(own, named)) ? named : own;
  }

  /** Whether no other method than the one that was found can be executed. */
  boolean isExact(Inheritance.Member found) {
    if (call.getOpcode() == Opcodes.INVOKESTATIC
        || call.getOpcode() == Opcodes.INVOKESPECIAL
        || isFinal(found)) {
      return true;
    }
    Inheritance.Member own =
        receiver == null ? null : new Inheritance(files, this::in).find(receiver);
    return own != null
        && own.method() == found.method()
        && (found.method().access & Opcodes.ACC_STATIC) == 0;
  }

  private Inheritance.@Nullable Member named() {
    return new Inheritance(files, this::in).find(call.owner);
  }

  private boolean isFinal(Inheritance.Member member) {
    ClassNode owner = files.find(call.owner);
    return (member.method().access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL)) != 0
        || (owner != null && (owner.access & Opcodes.ACC_FINAL) != 0);
  }

  /** JVMS 5.4.5, but for what a class between the two may do. */
  private static boolean overrides(Inheritance.Member own, Inheritance.Member named) {
    if (own.method() == named.method()) {
      return true;
    }
    boolean isOrdinary = (own.method().access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC)) == 0;
    boolean isVisible =
        (named.method().access & VISIBLE_TO_SUBCLASSES) != 0
            || HostAccess.packageOf(own.owner().name)
                .equals(HostAccess.packageOf(named.owner().name));
    return isOrdinary && isVisible;
  }

  private @Nullable MethodNode in(ClassNode owner) {
    return SuspensionPoints.method(owner, call.name, call.desc);
  }
}
