package io.fermata.internal.compiler;

import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;

/** Instructions that no pass can treat: subroutines, and constants of the host's own. */
final class UnsupportedCode {
  private UnsupportedCode() {}

  /** Makes sure that a method has none. */
  static void check(BodyMethod body) throws NotCompilable {
    for (AbstractInsnNode instruction : body.method().instructions) {
      if (instruction.getOpcode() == Opcodes.JSR) {
        throw new NotCompilable("it has a subroutine, as compilers made them before Java 6");
      }
      if (isForeignConstant(instruction)) {
        throw new NotCompilable("it holds a constant that only its own class can resolve");
      }
    }
  }

  /** Whether it is a constant that the generated class could not resolve in the host's place. */
  private static boolean isForeignConstant(AbstractInsnNode instruction) {
    return instruction instanceof LdcInsnNode constant
        && (constant.cst instanceof Handle || constant.cst instanceof ConstantDynamic);
  }
}
