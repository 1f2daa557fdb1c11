package io.fermata.internal.compiler;

import static io.fermata.internal.compiler.Assembler.THIS;

import java.util.Map;
import java.util.Objects;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Writes the places where {@code co} is an argument: of a helper, whose frame is made, or of a
 * lambda that captures it.
 */
final class CoArguments {
  private final BodyMethod body;
  private final String name;
  private final Map<BodyMethod, FrameDraft> helpers;
  private final InsnList out;
  private final Assembler write;

  /**
   * Appends to a method.
   *
   * @param name the class that is written
   * @param helpers the classes of the helpers of the body
   * @param out the method's code
   */
  CoArguments(
      BodyMethod body,
      String name,
      Map<BodyMethod, FrameDraft> helpers,
      InsnList out,
      Assembler write) {
    this.body = body;
    this.name = name;
    this.helpers = helpers;
    this.out = out;
    this.write = write;
  }

  /** Puts the object that stands for {@code co} among the values that a lambda captures. */
  void capture(InvokeDynamicInsnNode site, Frame<TypedValue> frame) {
    write.freeTemporaries();
    Type[] arguments = Type.getArgumentTypes(site.desc);
    int first = frame.getStackSize() - arguments.length;
    int[] slots = new int[arguments.length];
    for (int i = arguments.length - 1; i >= 0; i--) {
      if (frame.getStack(first + i).isCo()) {
        out.add(new InsnNode(Opcodes.POP));
      } else {
        slots[i] = write.temporary(arguments[i]);
        write.store(slots[i], arguments[i]);
      }
    }
    for (int i = 0; i < arguments.length; i++) {
      if (frame.getStack(first + i).isCo()) {
        loadCo();
      } else {
        write.load(slots[i], arguments[i]);
      }
    }
  }

  private void loadCo() {
    write.load(THIS, TypedValue.OBJECT);
    out.add(
        new MethodInsnNode(
            Opcodes.INVOKEVIRTUAL,
            name,
            FrameEmitter.CO,
            Type.getMethodDescriptor(body.coType()),
            false));
  }

  /** Makes the frame of a helper from its arguments. */
  void callHelper(SuspensionPoint suspension) {
    Type[] arguments = Type.getArgumentTypes(suspension.call().desc);
    BodyMethod helper = Objects.requireNonNull(suspension.helper());
    Frame<TypedValue> before = suspension.before();
    int[] slots = new int[arguments.length];
    StringBuilder parameters = new StringBuilder("(");
    int own = -1;
    for (int i = arguments.length - 1; i >= 0; i--) {
      if (before.getStack(before.getStackSize() - arguments.length + i).isCo()) {
        out.add(new InsnNode(Opcodes.POP));
        slots[i] = -1;
        own = i;
      } else {
        slots[i] = write.temporary(arguments[i]);
        write.store(slots[i], arguments[i]);
      }
    }
    int receiver = -1;
    Type owner = Type.getObjectType(helper.owner().name);
    if (!helper.isStatic()) {
      receiver = write.temporary(owner);
      out.add(
          new MethodInsnNode(
              Opcodes.INVOKESTATIC,
              "java/util/Objects",
              "requireNonNull",
              "(Ljava/lang/Object;)Ljava/lang/Object;",
              false));
      out.add(new TypeInsnNode(Opcodes.CHECKCAST, owner.getInternalName()));
      write.store(receiver, owner);
      parameters.append(owner.getDescriptor());
    }
    FrameDraft helperClass = Objects.requireNonNull(helpers.get(helper));
    String helperName = helperClass.name;
    out.add(new TypeInsnNode(Opcodes.NEW, helperName));
    out.add(new InsnNode(Opcodes.DUP));
    if (receiver >= 0) {
      write.load(receiver, owner);
    }
    for (int i = 0; i < arguments.length; i++) {
      if (i == own) {
        continue;
      }
      if (slots[i] >= 0) {
        write.load(slots[i], arguments[i]);
      } else {
        loadCo(); // once more: to the helper that is a captured one
      }
      parameters.append(arguments[i].getDescriptor());
    }
    if (helperClass.takesCo()) {
      loadCo();
      parameters.append(helper.coType().getDescriptor());
    }
    out.add(
        new MethodInsnNode(
            Opcodes.INVOKESPECIAL,
            helperName,
            "<init>",
            parameters.append(")V").toString(),
            false));
  }
}
