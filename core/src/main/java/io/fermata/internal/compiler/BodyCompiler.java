package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.DeadCode;
import io.fermata.internal.compiler.bytecode.LargeSwitches;
import io.fermata.internal.compiler.bytecode.Liveness;
import io.fermata.internal.compiler.bytecode.LoopTails;
import io.fermata.internal.compiler.bytecode.MethodCopy;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.internal.compiler.bytecode.QuickSteps;
import io.fermata.internal.compiler.bytecode.Sizes;
import io.fermata.internal.compiler.bytecode.VisibleVariables;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The compiler of bodies, as a table of contents: the passes that turn the method behind a body,
 * and the helpers that it gives its {@code co}, into the classes of frames. Each pass has a class
 * of its own; docs/compiler.md describes them in the same order.
 *
 * <p>One compilation is one unit: either all of its methods can be compiled, or the body is not
 * compilable and none of its classes is used. The compiler knows class files only, so it can run
 * before the classes are loaded.
 */
public final class BodyCompiler {
  private final ClassFiles files;
  private final Target target;

  /** The methods of the unit by the name of their class, the body first. */
  private final Map<String, FrameDraft> unit = new LinkedHashMap<>();

  /** The classes whose files are known to be what runs. */
  private final Set<String> checked = new HashSet<>();

  private BodyCompiler(ClassFiles files, Target target) {
    this.files = files;
    this.target = target;
  }

  /**
   * Compiles a body.
   *
   * @param body its method, as {@link BodyFinder} has found it
   * @param load the number in the name of its class, see {@link FrameName}
   * @param files where classes are read
   * @param target what the frames are made for
   * @return the classes of the unit, that of the body first
   * @throws NotCompilable if it has to run on another engine
   */
  public static List<FrameClass> compile(BodyMethod body, int load, ClassFiles files, Target target)
      throws NotCompilable {
    BodyCompiler compiler = new BodyCompiler(files, target);
    compiler.draft(body, load);
    return compiler.compile();
  }

  private List<FrameClass> compile() throws NotCompilable {
    // helpers that are found on the way are added to the unit
    for (FrameDraft draft = next(); draft != null; draft = next()) {
      analyse(draft);
    }
    SuspensionPoints.checkNotReturned(unit.values().iterator().next());
    while (spreadNeedOfCo()) {
      // a helper that needs co as an object gets it from its callers
    }
    List<FrameClass> classes = new ArrayList<>();
    for (FrameDraft draft : unit.values()) {
      classes.add(write(draft));
    }
    return classes;
  }

  // The passes, in order

  /** The passes that one method needs no other for. Each line says what holds after it. */
  private void analyse(FrameDraft draft) throws NotCompilable {
    draft.body =
        draft.body.with(SpecialisedMethod.withCode(files, draft.body.owner(), draft.code()));
    MethodNode code = draft.code();
    HostAccess host = new HostAccess(draft.body.owner(), files);

    // UnsupportedCode: every instruction is one that the passes know
    UnsupportedCode.check(draft.body, files);

    // Closures: no lambda holds co that is only called; its code is part of the body
    Closures.expand(draft.body, files);

    // LargeSwitches: no switch is larger than a part of a large body may be
    LargeSwitches.divide(code);

    // TypeFlow: the type of each local and stack slot is known before each instruction
    draft.types = TypeFlow.analyse(draft.body, files);

    // DeadCode: each instruction can be reached, so each has types
    if (DeadCode.remove(code, draft.types)) {
      draft.types = TypeFlow.analyse(draft.body, files);
    }

    // KnownTests: no test asks whether co is null
    keepCo(draft);
    draft.types = KnownTests.settle(draft.body, draft.types, files);

    // SuspensionPoints: the calls that suspend are known, and co goes nowhere else
    draft.points = SuspensionPoints.find(draft.body, draft.types, files);

    // CoObject: where the code needs co as a value, there is an object that stands for it
    if (CoObject.isNeeded(draft.body, draft.types, draft.points)) {
      draft.body = draft.body.withCoObject();
      draft.types = TypeFlow.analyse(draft.body, files);
      draft.points = SuspensionPoints.find(draft.body, draft.types, files);
    }

    // Monitors: no monitor is held at a suspension point
    Monitors.check(draft.body, draft.points);

    // UninitialisedObjects: no object whose constructor has not run is alive at one
    boolean moved = UninitialisedObjects.move(code, draft.types, draft.points, host);

    // HostAccess: any class of the package may execute each instruction
    boolean linked = host.rewrite(code, draft.points);
    draft.nestmate = host.nestmate();

    // ClassInitialisation: a class is initialised where a call of a static method is replaced
    boolean initialises = ClassInitialisation.insert(draft.body, draft.points, files);
    if (moved || linked || initialises) {
      draft.types = TypeFlow.analyse(draft.body, files);
      draft.points = SuspensionPoints.find(draft.body, draft.types, files);
    }

    // NullMessages: it is known where the JVM could not say what is null
    draft.nullMessages = NullMessages.find(draft);

    // OwnTraces: it is known where this method passes an exception on
    draft.ownTraces = OwnTraces.find(draft, files);

    // Captures: it is known whether this method needs its co as an object
    draft.needsCo = Captures.needsObject(draft.body, draft.types, draft.points);

    // Liveness: the locals that will be read are known before each instruction
    draft.live = Liveness.analyse(code);

    // FieldLayout: each value that lives across a suspension point has a field
    draft.layOut(FieldLayout.of(draft));

    // InlinedLines: the number of each line tells the method that it belongs to
    draft.lines = new InlinedLines(draft.body);

    for (SuspensionPoint point : draft.points) {
      if (point.helper() != null) {
        checkFile(point.call().owner);
        draftOf(point.helper());
      }
    }
  }

  /** Finds out, on a copy, which objects get co after they were made: their fields may hold it. */
  private void keepCo(FrameDraft draft) throws NotCompilable {
    while (draft.body.makesKeeper(files)) {
      BodyMethod copied = draft.body.with(MethodCopy.of(draft.code()));
      BodyMethod keeping =
          draft.body.keeping(
              SuspensionPoints.search(
                      copied,
                      KnownTests.settle(copied, TypeFlow.analyse(copied, files), files),
                      files)
                  .kept());
      if (keeping == null) {
        return;
      }
      draft.body = keeping;
      draft.types = TypeFlow.analyse(draft.body, files);
    }
  }

  /** The passes for a body of ordinary size: it becomes one method. */
  private byte[] writeOrdinary(FrameDraft draft) throws NotCompilable {
    // ResumeEmitter: the body is a method that runs to the next suspension point and returns
    ResumeEmitter.Resume resume = new ResumeEmitter(draft, helpersOf(draft)).emit();

    // LoopTails: each loop is entered at its head only
    LoopTails.duplicate(resume.method());

    // QuickSteps: a short way from a suspension point back to it leaves the state as it is
    QuickSteps.copy(draft.name, resume.method(), resume.dispatch(), resume.places());

    // VisibleVariables: debuggers are shown no variable whose slot holds nothing
    VisibleVariables.cut(resume.method(), ResumeEmitter.SHIFT);

    // FrameEmitter: the method has a class around it, with its fields and its constructor
    return new FrameEmitter(draft).emit(List.of(resume.method()), files);
  }

  /** The passes that write the class of a method, when all of the unit are analysed. */
  private FrameClass write(FrameDraft draft) throws NotCompilable {
    byte @Nullable [] file = LargeBodies.isCertain(draft) ? null : writeOrdinary(draft);

    // LargeBodies: a body of any size is made of methods that the JIT compiles
    if (file == null || Sizes.isHuge(file)) {
      file = new LargeBodies(draft, helpersOf(draft), files).write();
    }

    return new FrameClass(
        draft.name,
        draft.body.owner().name,
        draft.body.helper(),
        file,
        draft.nestmate,
        draft.code().name,
        draft.body.owner().sourceFile,
        draft.body.firstLine(),
        lines(draft.points),
        draft.lines().table(),
        guarded(draft),
        reason(file),
        Explanation.WANTED ? Explanation.of(draft) : List.of());
  }

  // The unit

  private void draft(BodyMethod method, int load) throws NotCompilable {
    String host = method.owner().name;
    target.checkHost(method.owner());
    checkFile(host);
    String name = FrameName.of(method, load);
    unit.put(name, new FrameDraft(method, name, target.meetsMocks(host)));
  }

  /** Makes sure that what is known of a class, and of those that it inherits from, is true. */
  private void checkFile(String name) throws NotCompilable {
    ClassNode file = name.startsWith("java/") || !checked.add(name) ? null : files.find(name);
    if (file == null) {
      return;
    }
    target.checkFile(file);
    if (file.superName != null) {
      checkFile(file.superName);
    }
    for (String inherited : file.interfaces) {
      checkFile(inherited);
    }
  }

  /** The draft of a helper, which joins the unit when it is asked for first. */
  private FrameDraft draftOf(BodyMethod helper) throws NotCompilable {
    String name = FrameName.of(helper, 1);
    if (!unit.containsKey(name)) {
      draft(helper, 1);
    }
    FrameDraft draft = Objects.requireNonNull(unit.get(name));
    if (!draft.body.key().equals(helper.key())) {
      throw new NotCompilable(
          "two frames of its helpers would be named " + name + "; please report this");
    }
    return draft;
  }

  private @Nullable FrameDraft next() {
    for (FrameDraft draft : unit.values()) {
      if (!draft.isAnalysed()) {
        return draft;
      }
    }
    return null;
  }

  /** Notes one more step from helpers to callers; false if there is none left. */
  private boolean spreadNeedOfCo() throws NotCompilable {
    boolean changed = false;
    for (FrameDraft draft : unit.values()) {
      for (SuspensionPoint point : draft.points) {
        if (point.helper() != null && !draft.needsCo) {
          draft.needsCo = draftOf(point.helper()).takesCo();
          changed |= draft.needsCo;
        }
      }
    }
    return changed;
  }

  private Map<BodyMethod, FrameDraft> helpersOf(FrameDraft draft) throws NotCompilable {
    Map<BodyMethod, FrameDraft> helpers = new HashMap<>();
    for (SuspensionPoint point : draft.points) {
      if (point.helper() != null) {
        helpers.put(point.helper(), draftOf(point.helper()));
      }
    }
    return helpers;
  }

  private static String reason(byte[] file) {
    return Sizes.isHuge(file)
        ? "everything in it can be compiled (it has code of more than "
            + Sizes.HUGE
            + " bytes that cannot be cut into several methods, which the JVM's own compiler leaves"
            + " to the interpreter: split it)"
        : "everything in it can be compiled";
  }

  private static BitSet guarded(FrameDraft draft) {
    BitSet guarded = new BitSet();
    InsnList code = draft.code().instructions;
    for (int i = 0; i < draft.points.size(); i++) {
      int at = code.indexOf(draft.points.get(i).call());
      for (TryCatchBlockNode block : draft.code().tryCatchBlocks) {
        if (code.indexOf(block.start) <= at && at < code.indexOf(block.end)) {
          guarded.set(i);
        }
      }
    }
    return guarded;
  }

  private static int[] lines(List<SuspensionPoint> points) {
    int[] lines = new int[points.size()];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = InlinedLines.of(points.get(i).call());
    }
    return lines;
  }
}
