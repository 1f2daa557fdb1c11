package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.FlowBlocks;
import io.fermata.internal.compiler.bytecode.Liveness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InsnList;
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
   * @param restored the slots that are loaded where the body goes on: all that are kept, unless
   *     {@link RestoredLocals} leaves some in their fields
   */
  record Plan(
      Map<Integer, Field> locals,
      List<@Nullable Field> stack,
      BitSet unchanged,
      List<Field> dead,
      BitSet restored) {}

  /** Stands for no field: the local is always null there. */
  static final Field NULL = new Field(-2, "null", TypedValue.OBJECT);

  private static final int CHANGED = -1;

  private final BodyMethod body;
  private final BitSet[] live;

  /** The fields of each local, and those of each depth of the stack. */
  private final Map<Integer, List<Field>> ofLocals;

  private final Map<Integer, List<Field>> ofStack;
  private final List<Field> fields;
  private final Map<Integer, Field> parameters = new HashMap<>();
  private final BitSet restoredParameters = new BitSet();

  /** Whether {@link RestoredLocals} has run. */
  private boolean leavesInFields;

  private final IdentityHashMap<SuspensionPoint, Plan> plans = new IdentityHashMap<>();

  private final InsnList code;
  private final FlowBlocks blocks;

  /** The locals that each block writes. */
  private final BitSet[] written;

  /** The suspension points, which are blocks of their own, by block. */
  private final Map<Integer, SuspensionPoint> pointAt = new HashMap<>();

  /** What is known after each suspension, which does not depend on what was before it. */
  private final IdentityHashMap<SuspensionPoint, Knowledge> afterSuspensions =
      new IdentityHashMap<>();

  private final Segments segments;

  /** The plans of the entries of segments, by block. */
  private final Map<Integer, Plan> entries = new HashMap<>();

  /** Entries to which no way leads within their segment. */
  private final BitSet onlyCrossed = new BitSet();

  /** The types of the exceptions that the body catches. */
  private final Set<Type> caught;

  private FieldLayout(FrameDraft draft, Segments segments, @Nullable FieldLayout whole) {
    ofLocals = whole == null ? new HashMap<>() : whole.ofLocals;
    ofStack = whole == null ? new HashMap<>() : whole.ofStack;
    fields = whole == null ? new ArrayList<>() : whole.fields;
    this.body = draft.body;
    this.live = draft.live;
    this.segments = segments;
    this.caught = draft.caught();
    this.code = body.method().instructions;
    List<SuspensionPoint> suspensions = draft.points;
    BitSet leaders = (BitSet) segments.entries().clone();
    for (SuspensionPoint suspension : suspensions) {
      int index = code.indexOf(suspension.call());
      leaders.set(index, index + 2);
    }
    this.blocks = new FlowBlocks(body.method(), leaders);
    for (SuspensionPoint suspension : suspensions) {
      pointAt.put(blocks.of(code.indexOf(suspension.call())), suspension);
    }
    this.written = new BitSet[blocks.count()];
    for (int block = 0; block < written.length; block++) {
      written[block] = Liveness.written(code, blocks.start(block), blocks.end(block));
    }
  }

  /**
   * Lays out a frame.
   *
   * @param draft its types, live locals and suspension points are known
   */
  static FieldLayout of(FrameDraft draft) {
    FieldLayout layout = new FieldLayout(draft, Segments.whole(draft), null);
    layout.parameters();
    for (SuspensionPoint suspension : draft.points) {
      layout.plan(suspension);
    }
    layout.trackFields();
    return layout;
  }

  /**
   * The layout of a frame whose body is cut: what lives across a cut has a field too.
   *
   * @param draft its layout is that of the whole body
   * @param segments the parts into which its code is cut
   */
  static FieldLayout of(FrameDraft draft, Segments segments) {
    FieldLayout whole = draft.layout();
    FieldLayout layout = new FieldLayout(draft, segments, whole);
    layout.parameters();
    whole.plans.forEach((suspension, plan) -> layout.plans.put(suspension, anew(plan)));
    layout.planEntries(draft);
    layout.trackFields();
    return layout;
  }

  /** A plan of the same values, of which nothing else is known. */
  private static Plan anew(Plan plan) {
    BitSet restored = new BitSet();
    plan.locals.keySet().forEach(restored::set);
    return new Plan(plan.locals, plan.stack, new BitSet(), new ArrayList<>(), restored);
  }

  /** The blocks of the body: each suspension point is one, and each entry begins one. */
  FlowBlocks blocks() {
    return blocks;
  }

  /** The suspension point that is a block; null for any other block. */
  @Nullable SuspensionPoint pointIn(int block) {
    return pointAt.get(block);
  }

  boolean isEntry(int block) {
    return entries.containsKey(block);
  }

  /** What each crossing to an entry keeps. */
  Plan planOf(int entry) {
    return Objects.requireNonNull(entries.get(entry));
  }

  /** Whether locals may stay in their fields where the body goes on. */
  boolean leavesInFields() {
    return leavesInFields;
  }

  void leaveInFields() {
    leavesInFields = true;
  }

  /** The slots of parameters that are loaded at the start. */
  BitSet restoredParameters() {
    return restoredParameters;
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

  private Field field(Map<Integer, List<Field>> all, int slot, Type type) {
    List<Field> known = all.computeIfAbsent(slot, key -> new ArrayList<>(1));
    for (Field field : known) {
      if (field.type.equals(type)) {
        return field;
      }
    }
    Field field = new Field(fields.size(), "f" + fields.size(), type);
    fields.add(field);
    known.add(field);
    return field;
  }

  private void parameters() {
    int slot = 0;
    for (Type type : body.parameters()) {
      if (!body.isOwnCo(slot) && live[0].get(slot)) {
        parameters.put(slot, field(ofLocals, slot, TypedValue.of(type).known()));
        restoredParameters.set(slot);
      }
      slot += type.getSize();
    }
  }

  private void plan(SuspensionPoint suspension) {
    BitSet after = liveAfter(code.indexOf(suspension.call()));
    plans.put(suspension, plan(suspension.before(), suspension.operands(), after));
  }

  private Plan plan(Frame<TypedValue> frame, int operands, BitSet after) {
    Map<Integer, Field> locals = new LinkedHashMap<>();
    BitSet restored = new BitSet();
    for (int slot = after.nextSetBit(0); slot >= 0; slot = after.nextSetBit(slot + 1)) {
      TypedValue value = frame.getLocal(slot);
      if (value.isKept()) {
        locals.put(slot, field(ofLocals, slot, value.known()));
        restored.set(slot);
      } else if (value.kind() == TypedValue.Kind.NULL) {
        locals.put(slot, NULL);
        restored.set(slot);
      }
    }
    List<@Nullable Field> stack = new ArrayList<>();
    for (int depth = 0; depth < frame.getStackSize() - operands; depth++) {
      TypedValue value = frame.getStack(depth);
      stack.add(value.isKept() ? field(ofStack, depth, value.known()) : null);
    }
    return new Plan(locals, stack, new BitSet(), new ArrayList<>(), restored);
  }

  private void planEntries(FrameDraft draft) {
    segments.entries().stream()
        .forEach(
            entry -> {
              Frame<TypedValue> frame = Objects.requireNonNull(draft.types[entry]);
              entries.put(blocks.of(entry), plan(frame, 0, live[entry]));
            });
    entries.keySet().forEach(onlyCrossed::set);
    onlyCrossed.clear(0);
    for (int block = 0; block < blocks.count(); block++) {
      for (int next : blocks.next(block)) {
        notOnlyCrossed(block, next);
      }
      for (int handler : blocks.handlers(block)) {
        notOnlyCrossed(block, handler);
      }
    }
  }

  private void notOnlyCrossed(int from, int to) {
    if (!crosses(from, to)) {
      onlyCrossed.clear(to);
    }
  }

  private boolean crosses(int from, int to) {
    return segments.of(blocks.start(from)) != segments.of(blocks.start(to));
  }

  /** What is live when the body goes on: after the call, or in a handler of what it throws. */
  private BitSet liveAfter(int index) {
    int block = blocks.of(index);
    BitSet after = new BitSet();
    for (int next : blocks.next(block)) {
      after.or(live[blocks.start(next)]);
    }
    for (int handler : blocks.handlers(block)) {
      after.or(live[blocks.start(handler)]);
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

    /** Joins what holds on another way; false if that is what was known already. */
    boolean merge(Knowledge arriving) {
      boolean changed = false;
      for (int i = 0; i < holder.length; i++) {
        if (holder[i] != arriving.holder[i] && holder[i] != CHANGED) {
          holder[i] = CHANGED;
          changed = true;
        }
      }
      int size = filled.cardinality();
      filled.or(arriving.filled);
      return changed || filled.cardinality() != size;
    }
  }

  /** Forward, until nothing changes: a local and its field agree if they agree on every way. */
  private void trackFields() {
    @Nullable Knowledge[] known = new Knowledge[blocks.count()];
    Knowledge start = new Knowledge(new int[body.method().maxLocals], new BitSet());
    Arrays.fill(start.holder, CHANGED);
    start.note(parameters);
    known[0] = start;
    BitSet work = new BitSet();
    work.set(0);
    while (!work.isEmpty()) {
      int block = work.nextSetBit(0);
      work.clear(block);
      Knowledge before = known[block];
      if (before != null) {
        spread(block, before, known, work);
      }
    }
    for (Map.Entry<SuspensionPoint, Plan> entry : plans.entrySet()) {
      Knowledge before = known[blocks.of(code.indexOf(entry.getKey().call()))];
      if (before != null) {
        complete(entry.getValue(), before);
        clearDead(entry.getValue(), before);
      }
    }
    for (Map.Entry<Integer, Plan> entry : entries.entrySet()) {
      Knowledge before = known[entry.getKey()];
      if (before != null) {
        complete(entry.getValue(), before);
      }
    }
  }

  /** Hands on what holds after a block. */
  private void spread(int block, Knowledge arrived, @Nullable Knowledge[] known, BitSet work) {
    SuspensionPoint suspension = pointAt.get(block);
    Knowledge before = isEntry(block) ? afterCrossing(block, arrived) : arrived;
    Knowledge after = suspension == null ? afterStores(block, before) : afterSuspension(suspension);
    for (int next : blocks.next(block)) {
      int target = target(block, next);
      arrive(target, after, known, work);
      if (suspension != null && suspension.mayReturnAtOnce()) {
        arrive(target, before, known, work);
      }
    }
    for (int handler : blocks.handlers(block)) {
      // something may be thrown before and after each store, or before the suspension
      int target = target(block, handler);
      arrive(target, before, known, work);
      arrive(target, after, known, work);
    }
  }

  /** A crossing leads past labels to the entry itself. */
  private int target(int from, int to) {
    return crosses(from, to) ? blocks.of(segments.landing(blocks.start(to))) : to;
  }

  /**
   * A crossing has saved what had changed. An exception that the body has caught counts as changed
   * still, as {@code hold} has to see it when the body suspends.
   */
  private Knowledge afterCrossing(int entry, Knowledge before) {
    Plan plan = planOf(entry);
    Knowledge after = before.copy();
    for (Map.Entry<Integer, Field> local : plan.locals.entrySet()) {
      Field field = local.getValue();
      if (field != NULL) {
        after.filled.set(field.id);
        if (onlyCrossed.get(entry) && !caught.contains(field.type)) {
          after.holder[local.getKey()] = field.id;
        }
      }
    }
    for (Field field : plan.stack) {
      if (field != null) {
        after.filled.set(field.id);
      }
    }
    return after;
  }

  private static void arrive(
      int block, Knowledge arriving, @Nullable Knowledge[] known, BitSet work) {
    Knowledge there = known[block];
    if (there == null) {
      known[block] = arriving.copy();
      work.set(block);
    } else if (there.merge(arriving)) {
      work.set(block);
    }
  }

  private Knowledge afterSuspension(SuspensionPoint suspension) {
    return afterSuspensions.computeIfAbsent(suspension, this::knownAfter);
  }

  /** The locals were restored from their fields, and what died was cleared. */
  private Knowledge knownAfter(SuspensionPoint suspension) {
    Plan plan = planOf(suspension);
    Knowledge after = new Knowledge(new int[body.method().maxLocals], new BitSet());
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
  private Knowledge afterStores(int block, Knowledge before) {
    BitSet stored = written[block];
    if (stored.isEmpty()) {
      return before;
    }
    Knowledge after = before.copy();
    stored.stream().forEach(slot -> after.holder[slot] = CHANGED);
    return after;
  }

  /** Fills in what a plan need not save. */
  private static void complete(Plan plan, Knowledge before) {
    for (Map.Entry<Integer, Field> local : plan.locals.entrySet()) {
      Field field = local.getValue();
      if (field != NULL && before.holder[local.getKey()] == field.id) {
        plan.unchanged.set(local.getKey());
      }
    }
  }

  /** Fills in what a plan has to clear. */
  private void clearDead(Plan plan, Knowledge before) {
    BitSet dead = (BitSet) before.filled.clone();
    for (Field field : plan.locals.values()) {
      if (field != NULL) {
        dead.clear(field.id);
      }
    }
    for (Field field : plan.stack) {
      if (field != null) {
        dead.clear(field.id);
      }
    }
    dead.stream().mapToObj(fields::get).filter(Field::isReference).forEach(plan.dead::add);
  }
}
