package io.fermata.internal.compiler;

import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** A call of a {@link SpecialisedMethod}, which stands in no class file. */
final class SpecialisedCall extends MethodInsnNode {
  /** The method, and the class whose rights its code has. */
  final Inheritance.Member member;

  SpecialisedCall(int opcode, Inheritance.Member member) {
    super(
        opcode,
        member.owner().name,
        member.method().name,
        member.method().desc,
        opcode == org.objectweb.asm.Opcodes.INVOKEINTERFACE);
    this.member = member;
  }

  @Override
  public AbstractInsnNode clone(Map<LabelNode, LabelNode> labels) {
    return new SpecialisedCall(getOpcode(), member);
  }
}
