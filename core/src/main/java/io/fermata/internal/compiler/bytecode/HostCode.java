package io.fermata.internal.compiler.bytecode;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The emitter of a class for instructions that look at the class they are in. It becomes a hidden
 * nestmate of the host.
 *
 * <pre>{@code
 * final class Host$fermata {
 *   static int c0(Field field, Object object) { return field.getInt(object); }
 * }
 * }</pre>
 */
public final class HostCode {
  private final ClassNode host;
  private final ClassNode nestmate = new ClassNode();

  public HostCode(ClassNode host) {
    this.host = host;
    nestmate.version = Opcodes.V17;
    nestmate.access = Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
    nestmate.name = host.name + "$fermata";
    nestmate.superName = Assembler.OBJECT.getInternalName();
    nestmate.sourceFile = host.sourceFile;
  }

  /**
   * Moves an instruction into the class.
   *
   * @param instruction takes and gives what the descriptor says
   * @return the instruction that is to stand in its place
   */
  public InvokeDynamicInsnNode move(AbstractInsnNode instruction, String descriptor) {
    String name = "c" + nestmate.methods.size();
    MethodNode method = new MethodNode(Opcodes.ACC_STATIC, name, descriptor, null, null);
    Assembler code = new Assembler(method.instructions);
    int slot = 0;
    for (Type type : Type.getArgumentTypes(descriptor)) {
      code.load(slot, type);
      slot += type.getSize();
    }
    code.add(instruction.clone(null));
    code.op(Type.getReturnType(descriptor).getOpcode(Opcodes.IRETURN));
    nestmate.methods.add(method);
    return new InvokeDynamicInsnNode(name, descriptor, Abi.NESTMATE, Type.getObjectType(host.name));
  }

  /** The class file; null if nothing was moved. */
  public byte @Nullable [] file() {
    if (nestmate.methods.isEmpty()) {
      return null;
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    nestmate.accept(writer);
    return writer.toByteArray();
  }
}
