package io.fermata.internal.compiler.bytecode;

import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/**
 * The pass that divides a large switch, in a body that will be cut into {@linkplain Segments
 * segments}: one instruction cannot be cut, and a switch of 1500 arms has 12 000 bytes.
 *
 * <pre>
 * before                          after
 *   switch (x) {                    key = x;
 *     case 0: goto a0;              if (key &gt;= 100) goto upper;
 *     case 1: goto a1;              switch (key) { case 0: goto a0; ... case 99: goto a99; }
 *     ...                         upper:
 *     case 199: goto a199;          switch (key) { case 100: goto a100; ... case 199: goto a199; }
 *   }
 * </pre>
 */
public final class LargeSwitches {
  /** The labels that one switch may have. */
  private static final int LIMIT = Math.max(3, Sizes.HUGE / 60);

  private final InsnList code;
  private final Assembler out = new Assembler(new InsnList());
  private final int key;
  private final List<Integer> keys;
  private final List<LabelNode> labels;
  private final LabelNode otherwise;

  private LargeSwitches(
      InsnList code, int key, List<Integer> keys, List<LabelNode> labels, LabelNode otherwise) {
    this.code = code;
    this.key = key;
    this.keys = keys;
    this.labels = labels;
    this.otherwise = otherwise;
  }

  /** Divides the large switches of a method, if its code is large. */
  public static void divide(MethodNode method) {
    InsnList code = method.instructions;
    if (Sizes.ofCode(code) <= Sizes.HUGE) {
      return;
    }
    for (AbstractInsnNode at : code.toArray()) {
      if (at instanceof TableSwitchInsnNode table && table.labels.size() > LIMIT) {
        List<Integer> keys = new ArrayList<>();
        for (int i = table.min; i <= table.max; i++) {
          keys.add(i);
        }
        new LargeSwitches(code, method.maxLocals++, keys, table.labels, table.dflt).replace(at);
      } else if (at instanceof LookupSwitchInsnNode lookup && lookup.labels.size() > LIMIT) {
        new LargeSwitches(code, method.maxLocals++, lookup.keys, lookup.labels, lookup.dflt)
            .replace(at);
      }
    }
  }

  private void replace(AbstractInsnNode large) {
    out.store(key, Type.INT_TYPE);
    search(0, keys.size());
    code.insert(large, out.code());
    code.remove(large);
  }

  /** Leads to the arm of a key, if that is one of some keys. */
  private void search(int first, int end) {
    if (end - first > LIMIT) {
      int middle = (first + end) >>> 1;
      LabelNode upper = new LabelNode();
      out.load(key, Type.INT_TYPE).push(keys.get(middle)).jump(Opcodes.IF_ICMPGE, upper);
      search(first, middle);
      out.label(upper);
      search(middle, end);
      return;
    }
    out.load(key, Type.INT_TYPE);
    int least = keys.get(first);
    int greatest = keys.get(end - 1);
    LabelNode[] arms = labels.subList(first, end).toArray(new LabelNode[0]);
    if ((long) greatest - least == end - first - 1) {
      out.add(new TableSwitchInsnNode(least, greatest, otherwise, arms));
    } else {
      int[] own = keys.subList(first, end).stream().mapToInt(Integer::intValue).toArray();
      out.add(new LookupSwitchInsnNode(otherwise, own, arms));
    }
  }
}
