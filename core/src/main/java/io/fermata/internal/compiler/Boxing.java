package io.fermata.internal.compiler;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** Primitives to objects and back, in bytecode. */
final class Boxing {
  private Boxing() {}

  static void box(InsnList out, Type type) {
    if (type.getSort() >= Type.ARRAY) {
      return;
    }
    String box = box(type);
    out.add(
        new MethodInsnNode(
            Opcodes.INVOKESTATIC,
            box,
            "valueOf",
            "(" + type.getDescriptor() + ")L" + box + ";",
            false));
  }

  static void unbox(InsnList out, Type type) {
    if (type.getSort() >= Type.ARRAY) {
      if (!type.equals(TypedValue.OBJECT)) {
        out.add(new TypeInsnNode(Opcodes.CHECKCAST, type.getInternalName()));
      }
      return;
    }
    String box = box(type);
    out.add(new TypeInsnNode(Opcodes.CHECKCAST, box));
    out.add(
        new MethodInsnNode(
            Opcodes.INVOKEVIRTUAL,
            box,
            type.getClassName() + "Value",
            "()" + type.getDescriptor(),
            false));
  }

  private static String box(Type type) {
    return "java/lang/"
        + switch (type.getSort()) {
          case Type.BOOLEAN -> "Boolean";
          case Type.BYTE -> "Byte";
          case Type.CHAR -> "Character";
          case Type.SHORT -> "Short";
          case Type.INT -> "Integer";
          case Type.LONG -> "Long";
          case Type.FLOAT -> "Float";
          default -> "Double";
        };
  }
}
