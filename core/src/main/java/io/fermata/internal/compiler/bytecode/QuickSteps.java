package io.fermata.internal.compiler.bytecode;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The pass that leaves out changes of state which nobody can see. Where a body goes from a
 * suspension point straight back to it, and no other code can run on the way, the state stays as it
 * is. Then the state does not change in a loop that consumes the body, and the JIT takes the
 * dispatch out of it.
 *
 * <pre>
 * before                                 after
 *   resumed: state = RUNNING               resumed: restore
 *            restore                                i++
 *            i++                                    if (i &gt;= n) goto away
 *   head:    if (i &gt;= n) goto end                   save
 *            save                                   return YIELDED
 *            state = 1                      away:   state = RUNNING
 *            return YIELDED                         goto end
 * </pre>
 *
 * <p>The way is copied, so that {@code head} keeps its state for those who come there otherwise. A
 * way through a loop is left alone: it may take long, and another thread that steps the generator
 * meanwhile is to be told that it runs.
 */
public final class QuickSteps {
  /** Instructions that a way may have, labels and lines included. */
  private static final int LIMIT = 120;

  private static final Set<String> QUIET_MATH = Set.of("abs", "max", "min", "sqrt");

  /**
   * A place where the body is suspended.
   *
   * @param resumed where it goes on
   * @param running the instructions there that set the state to running
   * @param suspended the instructions that set the state to this place
   */
  public record Place(
      LabelNode resumed, List<AbstractInsnNode> running, List<AbstractInsnNode> suspended) {}

  private static final String RUNTIME = "io/fermata/runtime/";

  private final String frameName;
  private final MethodNode method;
  private final Blocks blocks;
  private final int[] component;
  private final int dispatch;

  /** The blocks that are known to be quick, and those of which it is known whether they are. */
  private final BitSet quick = new BitSet();

  private final BitSet asked = new BitSet();

  private QuickSteps(String frameName, MethodNode method, LabelNode dispatch) {
    this.frameName = frameName;
    this.method = method;
    this.blocks = new Blocks(method);
    this.component = Cycles.components(blocks.successors());
    this.dispatch = blocks.of(dispatch);
  }

  /**
   * Finds and copies the quick ways.
   *
   * @param frameName the class that is written
   * @param method a resume method; its code is changed
   * @param dispatch a label in the block that ends in the dispatch
   * @param places all places
   */
  public static void copy(
      String frameName, MethodNode method, LabelNode dispatch, List<Place> places) {
    QuickSteps steps = new QuickSteps(frameName, method, dispatch);
    boolean found = false;
    for (Place place : places) {
      BitSet way = steps.way(place);
      if (!way.isEmpty()) {
        steps.copy(way, place);
        found = true;
      }
    }
    if (found) {
      DeadCode.removeUnreachable(method);
    }
  }

  /** The blocks of the shortest quick way from a place back to it; empty if there is none. */
  private BitSet way(Place place) {
    // breadth first, over quick blocks only; the way is then read backward
    int first = blocks.of(place.resumed);
    int last = blocks.of(place.suspended.get(0));
    Map<Integer, Integer> cameFrom = new HashMap<>();
    Deque<Integer> work = new ArrayDeque<>();
    if (isQuick(first)) {
      cameFrom.put(first, first);
      work.add(first);
    }
    while (!work.isEmpty() && !cameFrom.containsKey(last)) {
      int block = work.remove();
      for (int next : blocks.successors().get(block)) {
        if (isQuick(next) && !cameFrom.containsKey(next)) {
          cameFrom.put(next, block);
          work.add(next);
        }
      }
    }
    BitSet way = new BitSet();
    if (cameFrom.containsKey(last)) {
      way.set(first);
      for (int block = last; block != first; block = Objects.requireNonNull(cameFrom.get(block))) {
        way.set(block);
      }
    }
    int size = 0;
    for (int block = way.nextSetBit(0); block >= 0; block = way.nextSetBit(block + 1)) {
      size += blocks.size(block);
    }
    return size > LIMIT ? new BitSet() : way;
  }

  private boolean isQuick(int block) {
    if (!asked.get(block)) {
      asked.set(block);
      quick.set(block, findQuick(block));
    }
    return quick.get(block);
  }

  private boolean findQuick(int block) {
    if (component[block] != Cycles.NONE) {
      return false;
    }
    boolean covered = blocks.isCovered(block);
    for (AbstractInsnNode instruction : blocks.instructions(block)) {
      if (!isQuiet(instruction, covered)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether an instruction runs no code but its own, changes nothing but locals and this frame, and
   * throws nothing, unless the JVM is out of memory: then nothing has happened, and the state says
   * so.
   *
   * @param covered whether the body may catch what is thrown
   */
  private boolean isQuiet(AbstractInsnNode instruction, boolean covered) {
    int opcode = instruction.getOpcode();
    return switch (opcode) {
      case Opcodes.INVOKESTATIC -> !covered && isQuietCall((MethodInsnNode) instruction);
      case Opcodes.GETFIELD, Opcodes.PUTFIELD -> {
        String owner = ((FieldInsnNode) instruction).owner;
        yield owner.equals(frameName) || owner.startsWith(RUNTIME);
      }
      case Opcodes.LDC -> {
        Object constant = ((LdcInsnNode) instruction).cst;
        yield constant instanceof Number || constant instanceof String;
      }
      case Opcodes.IDIV,
          Opcodes.LDIV,
          Opcodes.IREM,
          Opcodes.LREM,
          Opcodes.GETSTATIC,
          Opcodes.PUTSTATIC,
          Opcodes.INVOKEVIRTUAL,
          Opcodes.INVOKESPECIAL,
          Opcodes.INVOKEINTERFACE,
          Opcodes.INVOKEDYNAMIC,
          Opcodes.NEW,
          Opcodes.NEWARRAY,
          Opcodes.ANEWARRAY,
          Opcodes.MULTIANEWARRAY,
          Opcodes.ARRAYLENGTH,
          Opcodes.CHECKCAST,
          Opcodes.INSTANCEOF,
          Opcodes.ATHROW,
          Opcodes.MONITORENTER,
          Opcodes.MONITOREXIT ->
          false;
      default -> !isArrayAccess(opcode);
    };
  }

  private static boolean isQuietCall(MethodInsnNode call) {
    return Boxing.isBoxing(call)
        || (call.owner.equals("java/lang/Math") && QUIET_MATH.contains(call.name))
        || (call.owner.equals(Abi.FRAME) && call.name.equals("offered"));
  }

  private static boolean isArrayAccess(int opcode) {
    return (opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD)
        || (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE);
  }

  private void copy(BitSet way, Place place) {
    Set<AbstractInsnNode> left = Collections.newSetFromMap(new IdentityHashMap<>());
    // without both changes of state; each exit sets it to running for the code that follows
    left.addAll(place.running);
    left.addAll(place.suspended);
    Exits exits = new Exits();
    Map<Integer, LabelNode> copied = blocks.copy(way, left, exits);
    for (Map.Entry<Integer, LabelNode> exit : exits.labels.entrySet()) {
      addExit(exit.getKey(), exit.getValue(), place.running);
    }
    int first = blocks.of(place.resumed);
    blocks.redirect(dispatch, first, Objects.requireNonNull(copied.get(first)));
  }

  /** The ways that leave the copy. */
  private static final class Exits implements Blocks.Exits {
    final Map<Integer, LabelNode> labels = new TreeMap<>();

    @Override
    public LabelNode labelOf(int block) {
      LabelNode label = labels.get(block);
      if (label == null) {
        label = new LabelNode();
        labels.put(block, label);
      }
      return label;
    }
  }

  /** {@code exit: state = RUNNING; goto block}. */
  private void addExit(int block, LabelNode exit, List<AbstractInsnNode> running) {
    InsnList code = method.instructions;
    code.add(exit);
    for (AbstractInsnNode instruction : running) {
      code.add(instruction.clone(Map.of()));
    }
    code.add(new JumpInsnNode(Opcodes.GOTO, blocks.labelOf(block)));
  }
}
