package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The pass that moves {@code new} past the arguments of its constructor where it cannot stay in
 * front of them: the JVM lets nobody keep an object whose constructor has not run.
 *
 * <pre>
 * before                         after
 *   NEW Foo                        NEW Foo; POP          // initialises the class where Java does
 *   DUP                            ACONST_NULL; DUP      // placeholders
 *   ... co.yield() ...             ... co.yield() ...
 *                                  ASTORE t; POP; POP
 *   INVOKESPECIAL Foo.&lt;init&gt;       NEW Foo; DUP; ALOAD t; INVOKESPECIAL Foo.&lt;init&gt;
 * </pre>
 *
 * <p>Copies of the object that lie deeper in the stack, or in locals, are put in place as well.
 */
final class UninitialisedObjects {
  private final MethodNode method;
  private final @Nullable Frame<TypedValue>[] frames;

  private UninitialisedObjects(MethodNode method, @Nullable Frame<TypedValue>[] frames) {
    this.method = method;
    this.frames = frames;
  }

  /**
   * Rewrites a method.
   *
   * @param access knows the constructors that the generated class may not call itself; their
   *     objects are moved in any case, as they are created by one instruction
   * @return whether anything was changed, so that the method has to be analysed anew
   */
  static boolean move(
      MethodNode method,
      @Nullable Frame<TypedValue>[] frames,
      List<SuspensionPoint> suspensions,
      HostAccess access) {
    return new UninitialisedObjects(method, frames).move(suspensions, access);
  }

  private boolean move(List<SuspensionPoint> suspensions, HostAccess access) {
    Set<AbstractInsnNode> allocations = new HashSet<>();
    for (SuspensionPoint suspension : suspensions) {
      Frame<TypedValue> frame = suspension.before();
      for (int i = 0; i < frame.getLocals(); i++) {
        addAllocation(frame.getLocal(i), allocations);
      }
      for (int i = 0; i < frame.getStackSize(); i++) {
        addAllocation(frame.getStack(i), allocations);
      }
    }
    // with their frames, as rewriting moves what follows to other indices
    Map<MethodInsnNode, Frame<TypedValue>> constructors = new LinkedHashMap<>();
    for (int i = 0; i < frames.length; i++) {
      Frame<TypedValue> frame = frames[i];
      if (frame != null
          && method.instructions.get(i) instanceof MethodInsnNode call
          && call.name.equals("<init>")) {
        constructors.put(call, frame);
        if (access.isIndirect(call)) {
          addAllocation(receiver(call, frame), allocations);
        }
      }
    }
    if (allocations.isEmpty()) {
      return false;
    }
    for (Map.Entry<MethodInsnNode, Frame<TypedValue>> entry : constructors.entrySet()) {
      TypedValue receiver = receiver(entry.getKey(), entry.getValue());
      if (receiver.allocation() != null && allocations.contains(receiver.allocation())) {
        rewrite(entry.getKey(), entry.getValue(), receiver);
      }
    }
    for (AbstractInsnNode allocation : allocations) {
      Assembler placeholder = new Assembler(new InsnList());
      placeholder.op(Opcodes.POP).op(Opcodes.ACONST_NULL);
      method.instructions.insert(allocation, placeholder.code());
    }
    return true;
  }

  private static void addAllocation(TypedValue value, Set<AbstractInsnNode> allocations) {
    if (value.allocation() != null) {
      allocations.add(value.allocation());
    }
  }

  private static TypedValue receiver(MethodInsnNode constructor, Frame<TypedValue> frame) {
    int arguments = Type.getArgumentTypes(constructor.desc).length;
    return frame.getStack(frame.getStackSize() - arguments - 1);
  }

  private void rewrite(MethodInsnNode constructor, Frame<TypedValue> frame, TypedValue created) {
    Type[] arguments = Type.getArgumentTypes(constructor.desc);
    int below = frame.getStackSize() - arguments.length - 1;
    int deepest = below;
    for (int i = 0; i < below; i++) {
      if (frame.getStack(i).equals(created)) {
        deepest = i;
        break;
      }
    }
    // ... created, created, arguments: off with all of it, down to the deepest copy
    Assembler before = new Assembler(new InsnList());
    int[] argumentSlots = new int[arguments.length];
    for (int i = arguments.length - 1; i >= 0; i--) {
      argumentSlots[i] = newLocal(arguments[i].getSize());
      before.store(argumentSlots[i], arguments[i]);
    }
    before.op(Opcodes.POP);
    int[] slots = new int[below];
    for (int i = below - 1; i >= deepest; i--) {
      TypedValue value = frame.getStack(i);
      if (value.equals(created)) {
        before.op(Opcodes.POP);
      } else {
        slots[i] = newLocal(value.getSize());
        before.store(slots[i], value.known());
      }
    }
    before.allocate(created.known().getInternalName());
    for (int i = 0; i < arguments.length; i++) {
      before.load(argumentSlots[i], arguments[i]);
    }
    method.instructions.insertBefore(constructor, before.code());

    // the object is left of NEW and DUP: into each place that had a placeholder
    Assembler after = new Assembler(new InsnList());
    int object = newLocal(1);
    after.store(object, TypedValue.OBJECT);
    for (int i = deepest; i < below; i++) {
      TypedValue value = frame.getStack(i);
      if (value.equals(created)) {
        after.load(object, TypedValue.OBJECT);
      } else {
        after.load(slots[i], value.known());
      }
    }
    for (int i = 0; i < frame.getLocals(); i++) {
      if (frame.getLocal(i).equals(created)) {
        after.load(object, TypedValue.OBJECT).store(i, TypedValue.OBJECT);
      }
    }
    method.instructions.insert(constructor, after.code());
  }

  private int newLocal(int size) {
    int slot = method.maxLocals;
    method.maxLocals += size;
    return slot;
  }
}
