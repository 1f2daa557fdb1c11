package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.DeadCode;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * The summaries of the methods that are given {@code co}: whether they suspend, what they return,
 * and what a constructor stores. A method that does not suspend and lets {@code co} go nowhere is
 * called as it is, with the object that stands for {@code co}; so {@code Objects.requireNonNull} or
 * a null check that a compiler has made needs no rule of its own.
 *
 * <p><b>Guarantee.</b> A summary says no less than the method does, in whatever order methods are
 * asked for.
 *
 * <p><b>Structure.</b> A method is analysed like a body, by {@link TypeFlow} and {@link
 * SuspensionPoints}, which ask for the methods that it calls. Methods that call each other are
 * looked at until nothing changes: a method that is looked at now is taken to do nothing at first,
 * and summaries only grow. What is found out counts when the outermost question is answered.
 *
 * <p>A method that obviously suspends, and neither returns nor stores what might be {@code co}, is
 * not analysed here: it becomes a frame, and is analysed then.
 */
final class CoUses {
  /** Calls within calls end here, and so does the search. */
  private static final int MAXIMAL_DEPTH = 40;

  /** A larger method is not looked at. */
  private static final int MAXIMAL_SIZE = 20_000;

  /** Summaries that still change then are not used. */
  private static final int MAXIMAL_ROUNDS = 20;

  private static final CoUse UNKNOWN =
      CoUse.refused("methods that are given co call each other in too many ways");

  private final ClassFiles files;
  private final Map<String, CoUse> known = new HashMap<>();
  private final Map<String, CoUse> growing = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private boolean changed;
  private int depth;

  CoUses(ClassFiles files) {
    this.files = files;
  }

  /** What a method does with what it is given. */
  CoUse of(BodyMethod method) {
    String key = method.owner().name + "." + method.key();
    CoUse use = known.get(key);
    if (use != null) {
      return use;
    }
    if (depth > 0) {
      look(key, method);
      return growing.getOrDefault(key, CoUse.ASSUMED);
    }
    int rounds = 0;
    do {
      changed = false;
      seen.clear();
      look(key, method);
    } while (changed && ++rounds < MAXIMAL_ROUNDS);
    for (String each : seen) {
      known.put(each, changed ? UNKNOWN : Objects.requireNonNull(growing.get(each)));
    }
    growing.clear();
    return Objects.requireNonNull(known.get(key));
  }

  private void look(String key, BodyMethod method) {
    if (!seen.add(key)) {
      return;
    }
    depth++;
    CoUse found =
        depth > MAXIMAL_DEPTH
            ? CoUse.refused("calls that are given co are nested too deep in " + method.place(0))
            : find(method);
    depth--;
    if (!found.equals(growing.put(key, found))) {
      changed = true;
    }
  }

  private CoUse find(BodyMethod method) {
    MethodNode code = files.withCode(method.owner(), method.method());
    if (code.instructions.size() > MAXIMAL_SIZE) {
      return CoUse.refused(
          "co is passed to " + code.name + "(), which is too large, at " + method.place(0));
    }
    boolean mayKeepCo = !method.isStatic() && BodyMethod.isKeeper(method.owner().name, files);
    if (!code.name.equals("<init>") && suspends(code) && !mayReturnCo(code) && !mayKeepCo) {
      return CoUse.SUSPENDS;
    }
    try {
      return code.name.equals("<init>") ? ofConstructor(method) : ofMethod(method, code);
    } catch (NotCompilable reason) {
      return CoUse.refused(reason.getMessage());
    }
  }

  private CoUse ofMethod(BodyMethod outline, MethodNode code) throws NotCompilable {
    BodyMethod method = outline.with(code);
    @Nullable Frame<TypedValue>[] frames = types(method);
    SuspensionPoints points = SuspensionPoints.search(method, frames, files);
    BodyMethod keeping = method.keeping(points.kept());
    if (keeping != null) {
      return ofMethod(keeping, files.withCode(method.owner(), method.method()));
    }
    return new CoUse(
        !points.found().isEmpty(),
        returned(method, frames),
        new TreeMap<>(),
        false,
        points.kept(),
        null,
        false);
  }

  private @Nullable Frame<TypedValue>[] types(BodyMethod method) throws NotCompilable {
    @Nullable Frame<TypedValue>[] frames = TypeFlow.analyse(method, files);
    if (DeadCode.remove(method.method(), frames)) {
      frames = TypeFlow.analyse(method, files);
    }
    return KnownTests.settle(method, frames, files);
  }

  private @Nullable TypedValue returned(BodyMethod method, @Nullable Frame<TypedValue>[] frames) {
    TypedValue returned = null;
    for (int i = 0; i < frames.length; i++) {
      Frame<TypedValue> frame = frames[i];
      if (frame != null && method.method().instructions.get(i).getOpcode() == Opcodes.ARETURN) {
        TypedValue value = frame.getStack(frame.getStackSize() - 1);
        returned = returned == null ? value : new TypeFlow(files, method).merge(returned, value);
      }
    }
    return returned != null && (returned.leadsToCo() || returned.isPerhapsCo()) ? returned : null;
  }

  /** Whether a method calls what suspends a body. */
  private static boolean suspends(MethodNode code) {
    for (AbstractInsnNode at : code.instructions) {
      if (at instanceof MethodInsnNode call
          && (call.name.equals("yield")
              || call.name.equals("yieldFrom")
              || call.name.equals("await"))
          && Shape.isYielder(Type.getObjectType(call.owner))) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayReturnCo(MethodNode code) {
    Type type = Type.getReturnType(code.desc);
    return type.getSort() == Type.OBJECT
        && (type.equals(TypedValue.OBJECT) || !type.getInternalName().startsWith("java/"));
  }

  // Constructors

  /** Looks at a constructor until it is known what the fields of its object hold. */
  private CoUse ofConstructor(BodyMethod outline) throws NotCompilable {
    TypedValue object = Objects.requireNonNull(outline.given().get(0));
    Carrier made = object.held();
    SortedMap<String, TypedValue> fields = new TreeMap<>(made.fields());
    while (true) {
      MethodNode code = files.withCode(outline.owner(), outline.method());
      SortedMap<Integer, TypedValue> given = new TreeMap<>(outline.given());
      given.put(0, TypedValue.carrier(object.known(), Carrier.beingMade(made.className(), fields)));
      BodyMethod method =
          new BodyMethod(
              outline.owner(),
              code,
              outline.coSlot(),
              outline.shape(),
              null,
              outline.self(),
              given,
              new TreeMap<>(),
              false);
      @Nullable Frame<TypedValue>[] frames = types(method);
      SuspensionPoints points = SuspensionPoints.search(method, frames, files);
      if (!points.found().isEmpty()) {
        throw new NotCompilable(
            "a constructor suspends at " + method.place(points.found().get(0).line()));
      }
      SortedMap<String, TypedValue> now = new TreeMap<>(fields);
      merge(points, straight(method, frames), now, method);
      if (now.equals(fields)) {
        return new CoUse(false, null, fields, points.givesAway(), points.kept(), null, false);
      }
      fields = now;
    }
  }

  private static void merge(
      SuspensionPoints points,
      Set<AbstractInsnNode> straight,
      SortedMap<String, TypedValue> fields,
      BodyMethod method)
      throws NotCompilable {
    for (SuspensionPoints.Store store : points.stores()) {
      TypedValue value = store.value();
      if (value.isCoOrNull()) {
        // a field that is not assigned on each way is null before
        boolean isSure = value.isCo() && straight.contains(store.at());
        value = isSure ? TypedValue.co(value.known()) : TypedValue.coOrNull(value.known());
      } else if (value.isOuterCo()) {
        value = TypedValue.outerCo(value.known());
      }
      TypedValue merged = Carrier.merge(fields.get(store.key()), value);
      if (merged == null) {
        throw new NotCompilable(
            "the field "
                + SuspensionPoints.simpleName(store.key())
                + " holds either co or another value at "
                + method.place(store.line()));
      }
      if (merged.isCarrier() && merged.held().isTooDeep()) {
        throw new NotCompilable(
            "objects that hold co hold each other too deep at " + method.place(store.line()));
      }
      fields.put(store.key(), merged);
    }
  }

  /**
   * The instructions that each run of a constructor executes before any other method sees its
   * object.
   */
  private Set<AbstractInsnNode> straight(BodyMethod method, @Nullable Frame<TypedValue>[] frames) {
    MethodNode code = method.method();
    Set<AbstractInsnNode> straight = new HashSet<>();
    Set<AbstractInsnNode> covered = covered(code);
    AbstractInsnNode at = code.instructions.getFirst();
    while (at != null && !covered.contains(at) && !straight.contains(at)) {
      straight.add(at);
      boolean isJump = at.getOpcode() == Opcodes.GOTO;
      if ((at instanceof JumpInsnNode && !isJump)
          || at instanceof TableSwitchInsnNode
          || at instanceof LookupSwitchInsnNode
          || (at instanceof MethodInsnNode call
              && givesAway(call, method, frames[code.instructions.indexOf(call)]))) {
        break;
      }
      at = isJump ? ((JumpInsnNode) at).label : at.getNext();
    }
    return straight;
  }

  private boolean givesAway(
      MethodInsnNode call, BodyMethod method, @Nullable Frame<TypedValue> frame) {
    if (frame == null) {
      return true;
    }
    for (TypedValue value : GivenCo.values(call, frame)) {
      if (value.isCarrier() && value.held().isNew()) {
        return SuspensionPoints.givesAway(call, GivenCo.values(call, frame), method, files);
      }
    }
    return false;
  }

  private static Set<AbstractInsnNode> covered(MethodNode code) {
    Set<AbstractInsnNode> covered = new HashSet<>();
    for (TryCatchBlockNode block : code.tryCatchBlocks) {
      for (AbstractInsnNode at = block.start; at != null && at != block.end; at = at.getNext()) {
        covered.add(at);
      }
    }
    return covered;
  }
}
