package io.fermata.internal.compiler.bytecode;

import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;

/**
 * A site by which {@link HostAccess} has replaced an instruction. The analyses that follow see what
 * the instruction does.
 */
public final class Linked extends InvokeDynamicInsnNode {
  private final AbstractInsnNode original;

  private Linked(InvokeDynamicInsnNode site, AbstractInsnNode original) {
    super(site.name, site.desc, site.bsm, site.bsmArgs);
    this.original = original;
  }

  /** A site in the place of an instruction, which is taken out of its method afterwards. */
  public static Linked inPlaceOf(AbstractInsnNode original, InvokeDynamicInsnNode site) {
    return new Linked(site, original);
  }

  /** What an instruction does: itself, or that which it has replaced. */
  public static AbstractInsnNode original(AbstractInsnNode instruction) {
    return instruction instanceof Linked linked ? linked.original : instruction;
  }
}
