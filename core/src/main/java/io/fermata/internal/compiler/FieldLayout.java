package io.fermata.internal.compiler;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The layout of a frame: the field in which each local and stack value lies while the body is
 * suspended.
 *
 * <p>A field belongs to one local slot (or stack depth) and one type, so a variable keeps its field
 * from suspension to suspension. Only what is live is kept; what lies in its field already is not
 * written again; a field whose reference has died is cleared.
 */
final class FieldLayout {
  /** A field of the frame. */
  record Field(int id, String name, Type type) {
    boolean isReference() {
      return type.getSort() >= Type.ARRAY;
    }
  }

  /**
   * What one suspension does with the fields.
   *
   * @param locals the locals to be kept, by slot
   * @param stack the stack values below the operands, the deepest first; null for those that are
   *     null
   * @param unchanged the slots whose field holds the value already
   * @param dead fields to be cleared
   */
  record Plan(
      Map<Integer, Field> locals,
      List<@Nullable Field> stack,
      BitSet unchanged,
      List<Field> dead) {}

  /** Stands for no field: the local is always null there. */
  static final Field NULL = new Field(-2, "null", TypedValue.OBJECT);

  private static final int CHANGED = -1;

  private final BodyMethod body;
  private final BitSet[] live;
  private final Map<String, Field> byKey = new HashMap<>();
  private final List<Field> fields = new ArrayList<>();
  private final Map<Integer, Field> parameters = new HashMap<>();
  private final IdentityHashMap<SuspensionPoint, Plan> plans = new IdentityHashMap<>();

  private final List<List<Integer>> successors;

  private FieldLayout(BodyMethod body, BitSet[] live) {
    this.body = body;
    this.live = live;
    this.successors = ControlFlow.successors(body.method());
  }

  static FieldLayout of(BodyMethod body, BitSet[] live, List<SuspensionPoint> suspensions) {
    FieldLayout layout = new FieldLayout(body, live);
    layout.parameters();
    for (SuspensionPoint suspension : suspensions) {
      layout.plan(suspension);
    }
    layout.trackFields();
    return layout;
  }

  /** All fields. */
  List<Field> fields() {
    return fields;
  }

  /** The fields of the parameters that are live at the start, by slot. */
  Map<Integer, Field> parameterFields() {
    return parameters;
  }

  Plan planOf(SuspensionPoint suspension) {
    Plan plan = plans.get(suspension);
    if (plan == null) {
      throw new AssertionError("not a suspension");
    }
    return plan;
  }

  private Field field(String key, Type type) {
    String full = key + type.getDescriptor();
    Field field = byKey.get(full);
    if (field == null) {
      field = new Field(fields.size(), "f" + fields.size(), type);
      fields.add(field);
      byKey.put(full, field);
    }
    return field;
  }

  private void parameters() {
    int slot = 0;
    for (Type type : body.parameters()) {
      if (!body.isOwnCo(slot) && live[0].get(slot)) {
        parameters.put(slot, field("local" + slot, TypedValue.of(type).known()));
      }
      slot += type.getSize();
    }
  }

  private void plan(SuspensionPoint suspension) {
    Frame<TypedValue> frame = suspension.before();
    int index = body.method().instructions.indexOf(suspension.call());
    BitSet after = liveAfter(index);
    Map<Integer, Field> locals = new TreeMap<>();
    for (int slot = after.nextSetBit(0); slot >= 0; slot = after.nextSetBit(slot + 1)) {
      TypedValue value = frame.getLocal(slot);
      if (value.isKept()) {
        locals.put(slot, field("local" + slot, value.known()));
      } else if (value.kind() == TypedValue.Kind.NULL) {
        locals.put(slot, NULL);
      }
    }
    List<@Nullable Field> stack = new ArrayList<>();
    int below = frame.getStackSize() - suspension.operands();
    for (int depth = 0; depth < below; depth++) {
      TypedValue value = frame.getStack(depth);
      stack.add(value.isKept() ? field("stack" + depth, value.known()) : null);
    }
    plans.put(suspension, new Plan(locals, stack, new BitSet(), new ArrayList<>()));
  }

  /** What is live when the body goes on: after the call, or in a handler of what it throws. */
  private BitSet liveAfter(int index) {
    BitSet after = new BitSet();
    for (int next : successors.get(index)) {
      after.or(live[next]);
    }
    return after;
  }

  /** What the fields hold before an instruction. */
  private static final class Knowledge {
    /** For each local, the field that holds the same value, or CHANGED. */
    final int[] holder;

    /** Fields that may hold a reference. */
    final BitSet filled;

    Knowledge(int[] holder, BitSet filled) {
      this.holder = holder;
      this.filled = filled;
    }

    /** Notes that these fields hold the values of their locals. */
    void note(Map<Integer, Field> locals) {
      for (Map.Entry<Integer, Field> local : locals.entrySet()) {
        Field field = local.getValue();
        if (field != NULL) {
          holder[local.getKey()] = field.id;
          filled.set(field.id);
        }
      }
    }

    Knowledge copy() {
      return new Knowledge(holder.clone(), (BitSet) filled.clone());
    }
  }

  private void trackFields() {
    MethodNode method = body.method();
    InsnList code = method.instructions;
    Map<AbstractInsnNode, SuspensionPoint> byCall = new HashMap<>();
    for (SuspensionPoint suspension : plans.keySet()) {
      byCall.put(suspension.call(), suspension);
    }
    // forward, until nothing changes: a local and its field agree if they agree on every way
    @Nullable Knowledge[] known = new Knowledge[code.size()];
    Knowledge start = new Knowledge(new int[method.maxLocals], new BitSet());
    Arrays.fill(start.holder, CHANGED);
    start.note(parameters);
    known[0] = start;
    Deque<Integer> work = new ArrayDeque<>();
    work.add(0);
    while (!work.isEmpty()) {
      int index = work.remove();
      Knowledge before = known[index];
      if (before == null) {
        continue;
      }
      AbstractInsnNode instruction = code.get(index);
      Knowledge after = after(instruction, before, byCall.get(instruction));
      for (int next : successors.get(index)) {
        boolean changed = merge(known, next, after);
        SuspensionPoint suspension = byCall.get(instruction);
        boolean maySkip = suspension != null && suspension.mayReturnAtOnce();
        if (after != before && (next != index + 1 || maySkip)) {
          // thrown before it took effect, or the body was not suspended
          changed |= merge(known, next, before);
        }
        if (changed) {
          work.add(next);
        }
      }
    }
    for (Map.Entry<SuspensionPoint, Plan> entry : plans.entrySet()) {
      Knowledge before = known[code.indexOf(entry.getKey().call())];
      if (before != null) {
        complete(entry.getValue(), before);
      }
    }
  }

  private Knowledge after(
      AbstractInsnNode instruction, Knowledge before, @Nullable SuspensionPoint suspension) {
    if (suspension == null) {
      return afterStore(instruction, before);
    }
    // the locals were restored from their fields, and what died was cleared
    Plan plan = planOf(suspension);
    Knowledge after = new Knowledge(new int[before.holder.length], new BitSet());
    Arrays.fill(after.holder, CHANGED);
    after.note(plan.locals);
    for (Field field : plan.stack) {
      if (field != null) {
        after.filled.set(field.id);
      }
    }
    return after;
  }

  /** An assignment parts a local from its field. */
  private static Knowledge afterStore(AbstractInsnNode instruction, Knowledge before) {
    int slot = -1;
    if (instruction instanceof VarInsnNode access && access.getOpcode() >= Opcodes.ISTORE) {
      slot = access.var;
    } else if (instruction instanceof IincInsnNode increment) {
      slot = increment.var;
    }
    if (slot < 0 || before.holder[slot] == CHANGED) {
      return before;
    }
    Knowledge after = before.copy();
    after.holder[slot] = CHANGED;
    return after;
  }

  /** Joins what holds on two ways; false if that is what was known already. */
  private boolean merge(@Nullable Knowledge[] known, int index, Knowledge arriving) {
    Knowledge there = known[index];
    if (there == null) {
      known[index] = arriving.copy();
      return true;
    }
    boolean changed = false;
    for (int i = 0; i < there.holder.length; i++) {
      if (there.holder[i] != arriving.holder[i] && there.holder[i] != CHANGED) {
        there.holder[i] = CHANGED;
        changed = true;
      }
    }
    int size = there.filled.cardinality();
    there.filled.or(arriving.filled);
    return changed || there.filled.cardinality() != size;
  }

  /** Fills in what a plan need not save and has to clear. */
  private void complete(Plan plan, Knowledge before) {
    BitSet kept = new BitSet();
    for (Map.Entry<Integer, Field> local : plan.locals.entrySet()) {
      Field field = local.getValue();
      if (field != NULL) {
        kept.set(field.id);
        if (before.holder[local.getKey()] == field.id) {
          plan.unchanged.set(local.getKey());
        }
      }
    }
    for (Field field : plan.stack) {
      if (field != null) {
        kept.set(field.id);
      }
    }
    for (Field field : fields) {
      if (field.isReference() && before.filled.get(field.id) && !kept.get(field.id)) {
        plan.dead.add(field);
      }
    }
  }
}
