package io.fermata.internal.compiler.bytecode;

import java.util.Set;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodInsnNode;

/** The conversion of primitives to objects and back, in bytecode. */
public final class Boxing {
  private static final Set<String> BOXES =
      Set.of(
          "java/lang/Boolean",
          "java/lang/Byte",
          "java/lang/Character",
          "java/lang/Short",
          "java/lang/Integer",
          "java/lang/Long",
          "java/lang/Float",
          "java/lang/Double");

  private Boxing() {}

  /** Makes the topmost value an object. */
  public static void box(Assembler out, Type type) {
    if (type.getSort() < Type.ARRAY) {
      String box = box(type);
      out.invokeStatic(box, "valueOf", "(" + type.getDescriptor() + ")L" + box + ";");
    }
  }

  /** Whether a call makes a primitive an object. */
  public static boolean isBoxing(MethodInsnNode call) {
    return call.name.equals("valueOf") && BOXES.contains(call.owner) && call.desc.charAt(1) != 'L';
  }

  /** Makes the topmost object a value of a type. */
  public static void unbox(Assembler out, Type type) {
    if (type.getSort() < Type.ARRAY) {
      String box = box(type);
      String method = type.getClassName() + "Value";
      out.cast(box).invokeVirtual(box, method, "()" + type.getDescriptor());
    } else if (!type.equals(Assembler.OBJECT)) {
      out.cast(type.getInternalName());
    }
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
