package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.CallerSensitive;
import io.fermata.internal.compiler.bytecode.HostCode;
import io.fermata.internal.compiler.bytecode.HostConstant;
import io.fermata.internal.compiler.bytecode.Linked;
import io.fermata.runtime.Linkage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The pass that replaces what only the host class may do, as the generated class is a class of its
 * own beside the host: access to private members, to protected ones of another package, calls of
 * {@code super}, and {@code invokedynamic} sites and constants, whose bootstrap methods need the
 * host's rights. A method that looks at the class of its caller is called by a nestmate of the host
 * ({@link HostCode}).
 *
 * <pre>
 * INVOKESTATIC Host.secret (I)I      INVOKEDYNAMIC secret (I)I  by Linkage.member(Host, ...)
 * </pre>
 *
 * <p>The sites are constant: once linked and compiled they cost what the plain instruction does.
 */
final class HostAccess {
  private static final Type NO_METHOD = Type.getMethodType("()V");

  private final ClassNode host;
  private final ClassFiles files;
  private final HostCode nestmate;

  HostAccess(ClassNode host, ClassFiles files) {
    this.host = host;
    this.files = files;
    this.nestmate = new HostCode(host);
  }

  /** The class file of a nestmate of the host that the code needs now; null if it needs none. */
  byte @Nullable [] nestmate() {
    return nestmate.file();
  }

  /** Whether a constructor can only be called with the host's rights. */
  boolean isIndirect(MethodInsnNode constructor) {
    return needsHost(constructor.owner, constructor.name, constructor.desc, true);
  }

  /**
   * Rewrites all that need the host's rights. Constructors among them must have been moved;
   * suspensions stay, as no helper is called but becomes a frame of its own.
   *
   * @return whether anything was changed, so that the method has to be analysed anew
   */
  boolean rewrite(MethodNode method, List<SuspensionPoint> suspensions) {
    Set<AbstractInsnNode> kept = new HashSet<>();
    for (SuspensionPoint suspension : suspensions) {
      kept.add(suspension.call());
    }
    boolean changed = false;
    for (AbstractInsnNode instruction : method.instructions.toArray()) {
      if (kept.contains(instruction)) {
        continue;
      }
      if (instruction instanceof MethodInsnNode call) {
        changed |= rewriteCall(method, call);
      } else if (instruction instanceof FieldInsnNode access) {
        if (needsHost(access.owner, access.name, access.desc, false)) {
          method.instructions.set(access, Linked.inPlaceOf(access, fieldSite(access)));
          changed = true;
        }
      } else if (instruction instanceof InvokeDynamicInsnNode site) {
        if (!site.bsm.getOwner().equals("java/lang/invoke/StringConcatFactory")) {
          method.instructions.set(site, dynamicSite(site));
          changed = true;
        }
      } else if (instruction instanceof LdcInsnNode load && HostConstant.isIts(load.cst)) {
        method.instructions.set(load, constantSite(load.cst));
        changed = true;
      }
    }
    return changed;
  }

  private boolean rewriteCall(MethodNode method, MethodInsnNode call) {
    if (call.name.equals("<init>")) {
      boolean isIndirect = isIndirect(call);
      if (isIndirect) {
        rewriteConstructor(method, call);
      }
      return isIndirect;
    }
    if (call.owner.equals("java/lang/invoke/MethodHandles") && call.name.equals("lookup")) {
      method.instructions.set(
          call, member(call.name, call.desc, Linkage.LOOKUP, host.name, NO_METHOD));
      return true;
    }
    if (CallerSensitive.looksAtClass(call.owner, call.name)) {
      String receiver = call.getOpcode() == Opcodes.INVOKESTATIC ? "" : "L" + call.owner + ";";
      method.instructions.set(call, nestmate.move(call, "(" + receiver + call.desc.substring(1)));
      return true;
    }
    if (call.getOpcode() == Opcodes.INVOKESPECIAL
        || needsHost(call.owner, call.name, call.desc, true)) {
      int kind =
          switch (call.getOpcode()) {
            case Opcodes.INVOKESTATIC -> Linkage.STATIC;
            case Opcodes.INVOKESPECIAL -> Linkage.SPECIAL;
            default -> Linkage.VIRTUAL;
          };
      String site =
          kind == Linkage.STATIC
              ? call.desc
              : "(L"
                  + (kind == Linkage.SPECIAL ? host.name : call.owner)
                  + ";"
                  + call.desc.substring(1);
      method.instructions.set(
          call,
          Linked.inPlaceOf(
              call, member(call.name, site, kind, call.owner, Type.getMethodType(call.desc))));
      return true;
    }
    return false;
  }

  /** {@code NEW; DUP; arguments; INVOKESPECIAL} becomes one instruction. */
  private void rewriteConstructor(MethodNode method, MethodInsnNode call) {
    // UninitialisedObjects has put one load per argument between NEW, DUP and the call
    AbstractInsnNode at = call;
    for (int i = 0; i < Type.getArgumentTypes(call.desc).length; i++) {
      at = at.getPrevious();
    }
    AbstractInsnNode duplicate = at.getPrevious();
    AbstractInsnNode allocation = duplicate.getPrevious();
    method.instructions.remove(duplicate);
    method.instructions.remove(allocation);
    String created = call.desc.substring(0, call.desc.length() - 1) + "L" + call.owner + ";";
    method.instructions.set(
        call,
        Linked.inPlaceOf(
            call,
            member(
                "create",
                created,
                Linkage.CONSTRUCTOR,
                call.owner,
                Type.getMethodType(call.desc))));
  }

  /** Whether an instruction was put in the place of a constructor's call. */
  static boolean isConstructor(InvokeDynamicInsnNode site) {
    return site.bsm.equals(Abi.MEMBER) && site.bsmArgs[1].equals(Linkage.CONSTRUCTOR);
  }

  private InvokeDynamicInsnNode fieldSite(FieldInsnNode access) {
    String receiver = "L" + access.owner + ";";
    return switch (access.getOpcode()) {
      case Opcodes.GETSTATIC ->
          member(access.name, "()" + access.desc, Linkage.GET_STATIC, access.owner, NO_METHOD);
      case Opcodes.PUTSTATIC ->
          member(
              access.name, "(" + access.desc + ")V", Linkage.PUT_STATIC, access.owner, NO_METHOD);
      case Opcodes.GETFIELD ->
          member(
              access.name,
              "(" + receiver + ")" + access.desc,
              Linkage.GET_FIELD,
              access.owner,
              NO_METHOD);
      default ->
          member(
              access.name,
              "(" + receiver + access.desc + ")V",
              Linkage.PUT_FIELD,
              access.owner,
              NO_METHOD);
    };
  }

  private InvokeDynamicInsnNode member(
      String name, String site, int kind, String owner, Type method) {
    return new InvokeDynamicInsnNode(
        name,
        site,
        Abi.MEMBER,
        Type.getObjectType(host.name),
        kind,
        Type.getObjectType(owner),
        method);
  }

  /** An invokedynamic site of the host: its handles are resolved with the host's rights. */
  private InvokeDynamicInsnNode dynamicSite(InvokeDynamicInsnNode site) {
    for (Object argument : site.bsmArgs) {
      if (argument instanceof Handle handle && CallerSensitive.contains(handle)) {
        return nestmate.move(site, site.desc);
      }
    }
    List<Object> arguments = HostConstant.encode(site.bsm, site.bsmArgs);
    arguments.add(0, Type.getObjectType(host.name));
    return new InvokeDynamicInsnNode(site.name, site.desc, Abi.DYNAMIC, arguments.toArray());
  }

  private InvokeDynamicInsnNode constantSite(Object constant) {
    String type =
        constant instanceof ConstantDynamic dynamic
            ? dynamic.getDescriptor()
            : "Ljava/lang/invoke/MethodHandle;";
    if (constant instanceof Handle handle && CallerSensitive.contains(handle)) {
      return nestmate.move(new LdcInsnNode(constant), "()" + type);
    }
    List<Object> arguments = new ArrayList<>();
    arguments.add(Type.getObjectType(host.name));
    HostConstant.add(constant, arguments);
    return new InvokeDynamicInsnNode("constant", "()" + type, Abi.CONSTANT, arguments.toArray());
  }

  private boolean needsHost(String owner, String name, String descriptor, boolean isMethod) {
    if (owner.startsWith("[")) {
      return false;
    }
    boolean samePackage = packageOf(owner).equals(packageOf(host.name));
    // of a class elsewhere that is no superclass, the host itself may use public members only
    if (!samePackage && !extendsClass(host, owner)) {
      return false;
    }
    ClassNode at = files.find(owner);
    while (at != null) {
      Integer access = access(at, name, descriptor, isMethod);
      if (access != null) {
        boolean isPrivate = (access & Opcodes.ACC_PRIVATE) != 0;
        boolean isProtected = (access & Opcodes.ACC_PROTECTED) != 0;
        return isPrivate || (isProtected && !packageOf(at.name).equals(packageOf(host.name)));
      }
      at = at.superName == null ? null : files.find(at.superName);
    }
    return false;
  }

  private boolean extendsClass(ClassNode type, String superclass) {
    ClassNode at = type;
    while (at != null && at.superName != null) {
      if (at.superName.equals(superclass)) {
        return true;
      }
      if (at.superName.equals(TypedValue.OBJECT.getInternalName())) {
        return false; // known without its file
      }
      at = files.find(at.superName);
    }
    return false;
  }

  private static @Nullable Integer access(
      ClassNode owner, String name, String descriptor, boolean isMethod) {
    if (isMethod) {
      MethodNode method = SuspensionPoints.method(owner, name, descriptor);
      return method == null ? null : Integer.valueOf(method.access);
    }
    for (FieldNode field : owner.fields) {
      if (field.name.equals(name) && field.desc.equals(descriptor)) {
        return field.access;
      }
    }
    return null;
  }

  static String packageOf(String internalName) {
    int slash = internalName.lastIndexOf('/');
    return slash < 0 ? "" : internalName.substring(0, slash);
  }
}
