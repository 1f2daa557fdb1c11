package io.fermata.internal.compiler.bytecode;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;

/** A line of code that stands in the method of another: it knows the calls that lead to it. */
public final class InlinedLine extends LineNumberNode {
  /**
   * A call whose code stands in the place of the call.
   *
   * @param method the method that is called: its name
   * @param line the line of the call
   * @param outer the call whose code contains this one; null if that is the method itself
   */
  public record Call(String method, int line, @Nullable Call outer) {
    /** The same, if the code that contains it stands in the place of a call itself. */
    public static Call within(@Nullable Call inner, Call outer) {
      return inner == null ? outer : new Call(inner.method, inner.line, within(inner.outer, outer));
    }
  }

  public final Call call;

  public InlinedLine(int line, LabelNode start, Call call) {
    super(line, start);
    this.call = call;
  }

  /** The call whose code a line belongs to; null if it is the method's own. */
  public static @Nullable Call callOf(LineNumberNode line) {
    return line instanceof InlinedLine inlined ? inlined.call : null;
  }

  /** A copy of a line, as far as it is known, for the code behind a label. */
  public static LineNumberNode copy(LineNumberNode line, LabelNode start) {
    return line instanceof InlinedLine inlined
        ? new InlinedLine(line.line, start, inlined.call)
        : new LineNumberNode(line.line, start);
  }

  @Override
  public AbstractInsnNode clone(Map<LabelNode, LabelNode> labels) {
    LabelNode label = labels.get(start);
    return copy(this, label == null ? start : label);
  }
}
