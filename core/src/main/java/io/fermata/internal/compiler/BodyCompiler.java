package io.fermata.internal.compiler;

import io.fermata.internal.compiler.load.BodySource;
import io.fermata.internal.compiler.load.CompiledBody;
import io.fermata.runtime.BodySite;
import io.fermata.runtime.CapturedAwaiter;
import io.fermata.runtime.Linkage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.LimitExceededException;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Turns the method behind a body, and the helpers that it gives its {@code co}, into classes of
 * frames. This class is the pipeline; each pass has a class of its own. See docs/compiler.md.
 *
 * <p>One compilation is one unit: either all of its methods can be compiled, or the body is
 * declined and nothing of it is used.
 */
public final class BodyCompiler {
  /** Name of the system property for a directory that gets the generated class files. */
  private static final String DUMP = "fermata.dump";

  /** The JIT leaves larger methods to the interpreter (HotSpot's HugeMethodLimit). */
  private static final int HUGE = 8000;

  /** Counts the generated classes of a class, so that names are unique. Guarded by itself. */
  private static final ClassValue<Map<String, Integer>> NAMES =
      new ClassValue<>() {
        @Override
        protected Map<String, Integer> computeValue(Class<?> host) {
          return new HashMap<>();
        }
      };

  private final @Nullable ClassLoader loader;
  private final MethodHandles.@Nullable Lookup given;
  private final ClassFiles files;
  private final Function<io.fermata.runtime.Frame<?>, CapturedAwaiter> awaiters;
  private final Map<String, Unit> units = new LinkedHashMap<>();

  /** What the passes have found out about a method before its class is written. */
  private static final class Findings {
    final BodyMethod body;
    final @Nullable Frame<TypedValue>[] types;
    final List<SuspensionPoint> suspensions;
    final FieldLayout layout;

    Findings(
        BodyMethod body, @Nullable Frame<TypedValue>[] types, List<SuspensionPoint> suspensions) {
      this.body = body;
      this.types = types;
      this.suspensions = suspensions;
      this.layout = FieldLayout.of(body, Liveness.analyse(body.method()), suspensions);
    }
  }

  /** One method on its way to a class. */
  private static final class Unit {
    final BodyMethod method;
    final Class<?> host;
    final String name;
    final boolean keepsResult;
    @Nullable Findings findings;

    /** Whether {@code co} has to be an object, as something in it or a helper of it captures it. */
    boolean needsCo;

    byte @Nullable [] file;
    @Nullable BodySite site;
    List<MethodHandle> getters = List.of();
    List<String> explanation = List.of();

    Unit(BodyMethod method, Class<?> host, String name, boolean keepsResult) {
      this.method = method;
      this.host = host;
      this.name = name;
      this.keepsResult = keepsResult;
    }

    /** Whether its frame is a helper's that is given {@code co} as an object. */
    boolean takesCo() {
      return needsCo && method.helper();
    }
  }

  private BodyCompiler(
      @Nullable ClassLoader loader,
      MethodHandles.@Nullable Lookup given,
      Function<io.fermata.runtime.Frame<?>, CapturedAwaiter> awaiters) {
    this.loader = loader;
    this.given = given;
    this.awaiters = awaiters;
    this.files = new ClassFiles(loader);
  }

  /**
   * Compiles a body.
   *
   * @param body an instance of it; all instances of its class share the result
   * @param shape the kind of frame that it becomes
   * @param keepsResult whether what it returns is its result
   * @param lookup the rights of the class that holds it, if they were given
   * @param awaiters makes the {@code co} of a frame an object
   * @throws NotCompilable if it has to run on another engine
   */
  public static CompiledBody compile(
      Object body,
      Shape shape,
      boolean keepsResult,
      MethodHandles.@Nullable Lookup lookup,
      Function<io.fermata.runtime.Frame<?>, CapturedAwaiter> awaiters)
      throws NotCompilable {
    BodySource source = BodySource.of(body, lookup);
    BodyCompiler compiler = new BodyCompiler(source.loader(), lookup, awaiters);
    BodyMethod method = new BodyFinder(source, shape, compiler.files).find();
    Unit unit = compiler.unit(method, keepsResult);
    compiler.link(unit, source, body.getClass());
    compiler.transformAll();
    compiler.define();
    List<String> explanation = new ArrayList<>();
    for (Unit each : compiler.units.values()) {
      explanation.addAll(each.explanation);
    }
    return compiled(unit, explanation);
  }

  // Units

  private Unit unit(BodyMethod method, boolean keepsResult) throws NotCompilable {
    String key = method.owner().name + "." + method.key();
    Unit unit = units.get(key);
    if (unit == null) {
      Class<?> host = hostClass(method);
      unit = new Unit(method, host, freshName(method, host), keepsResult);
      units.put(key, unit);
    }
    return unit;
  }

  private Class<?> hostClass(BodyMethod method) throws NotCompilable {
    String name = method.owner().name.replace('/', '.');
    try {
      Class<?> host = Class.forName(name, false, loader);
      Linkage.rights(host, given);
      return host;
    } catch (ClassNotFoundException | LinkageError notThere) {
      throw new NotCompilable("the class " + name + " cannot be found");
    } catch (IllegalAccessException closed) {
      throw new NotCompilable(
          "the module of "
              + name
              + " does not open its package to io.fermata; open it, or pass MethodHandles.lookup()"
              + " as the first argument");
    }
  }

  private static String freshName(BodyMethod method, Class<?> host) {
    Map<String, Integer> names = NAMES.get(host);
    synchronized (names) {
      String stem = method.owner().name + "$fermata$" + method.method().name;
      Integer last = names.get(stem);
      int number = last == null ? 1 : last + 1;
      names.put(stem, number);
      return stem + "$" + number;
    }
  }

  // The pipeline

  private void transformAll() throws NotCompilable {
    // helpers that are found on the way are added to the units
    for (Unit unit = next(); unit != null; unit = next()) {
      analyse(unit);
    }
    while (spreadNeedOfCo()) {
      // a helper that needs co as an object gets it from its callers
    }
    for (Unit unit : units.values()) {
      write(unit, Objects.requireNonNull(unit.findings));
    }
  }

  private @Nullable Unit next() {
    for (Unit unit : units.values()) {
      if (unit.findings == null) {
        return unit;
      }
    }
    return null;
  }

  private void analyse(Unit unit) throws NotCompilable {
    BodyMethod body = unit.method.with(files.withCode(unit.method.owner(), unit.method.method()));
    MethodNode code = body.method();
    HostAccess access = new HostAccess(body.owner(), files);
    checkInstructions(body);

    var types = TypeFlow.analyse(body, files);
    if (DeadCode.remove(code, types)) {
      types = TypeFlow.analyse(body, files);
    }
    List<SuspensionPoint> suspensions = SuspensionPoints.find(body, types, files);
    Monitors.check(body, suspensions);
    boolean moved = UninitialisedObjects.move(code, types, suspensions, access);
    if (access.rewrite(code, suspensions) || moved) {
      types = TypeFlow.analyse(body, files);
      suspensions = SuspensionPoints.find(body, types, files);
    }
    unit.findings = new Findings(body, types, suspensions);
    unit.needsCo = Captures.needsObject(code, types, suspensions);
    for (SuspensionPoint suspension : suspensions) {
      if (suspension.helper() != null) {
        unit(suspension.helper(), true);
      }
    }
  }

  /** Notes one more step from helpers to callers; false if there is none left. */
  private boolean spreadNeedOfCo() throws NotCompilable {
    boolean changed = false;
    for (Unit unit : units.values()) {
      for (SuspensionPoint suspension : Objects.requireNonNull(unit.findings).suspensions) {
        if (suspension.helper() != null && !unit.needsCo) {
          unit.needsCo = unit(suspension.helper(), true).takesCo();
          changed |= unit.needsCo;
        }
      }
    }
    return changed;
  }

  private void write(Unit unit, Findings findings) throws NotCompilable {
    BodyMethod body = findings.body;
    List<SuspensionPoint> suspensions = findings.suspensions;
    FieldLayout layout = findings.layout;
    Map<BodyMethod, CoArguments.HelperClass> helpers = new HashMap<>();
    for (SuspensionPoint suspension : suspensions) {
      if (suspension.helper() != null) {
        Unit helper = unit(suspension.helper(), true);
        helpers.put(
            suspension.helper(), new CoArguments.HelperClass(helper.name, helper.takesCo()));
      }
    }
    MethodNode resume =
        new ResumeEmitter(
                body, unit.name, unit.keepsResult, findings.types, suspensions, layout, helpers)
            .emit();
    ClassNode generated = new FrameEmitter(body, unit.name, layout, unit.needsCo).emit(resume);
    try {
      unit.file = FrameEmitter.bytes(generated, files);
    } catch (MethodTooLargeException tooLarge) {
      throw new NotCompilable(
          "its code would be larger than a method may be, at " + body.place(body.firstLine()));
    } catch (LimitExceededException tooComplicated) {
      throw new NotCompilable(
          "its code is too complicated, at "
              + body.place(body.firstLine())
              + " ("
              + tooComplicated.getMessage()
              + "); split it");
    }
    unit.site = site(body, suspensions, unit.file);
    if (Explanation.WANTED) {
      unit.explanation = Explanation.of(body, suspensions, layout);
    }
  }

  private static void checkInstructions(BodyMethod body) throws NotCompilable {
    for (AbstractInsnNode instruction : body.method().instructions) {
      if (instruction.getOpcode() == Opcodes.JSR) {
        throw new NotCompilable("it has a subroutine, as compilers made them before Java 6");
      }
      if (HostAccess.hasForeignConstant(instruction)) {
        throw new NotCompilable("it holds a constant that only its own class can resolve");
      }
    }
  }

  private static int[] lines(List<SuspensionPoint> suspensions) {
    int[] lines = new int[suspensions.size()];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = suspensions.get(i).line();
    }
    return lines;
  }

  private static BodySite site(BodyMethod body, List<SuspensionPoint> suspensions, byte[] file) {
    return new BodySite(
        body.owner().name.replace('/', '.'),
        body.method().name,
        body.owner().sourceFile,
        body.firstLine(),
        lines(suspensions),
        file.length > HUGE && Sizes.ofMethod(file, "resume") > HUGE
            ? "everything in it can be compiled (its code is larger than "
                + HUGE
                + " bytes, which the JVM's own compiler leaves to the interpreter: split it)"
            : "everything in it can be compiled");
  }

  // Definition

  /** The one place where classes are defined. */
  private void define() throws NotCompilable {
    for (Unit unit : units.values()) {
      byte[] file = Objects.requireNonNull(unit.file);
      dump(unit, file);
      try {
        Class<?> defined = Linkage.rights(unit.host, given).defineClass(file);
        Linkage.describe(defined, Objects.requireNonNull(unit.site), unit.getters, awaiters);
      } catch (IllegalAccessException | LinkageError refused) {
        throw new NotCompilable("its generated class was refused (" + refused + ")");
      }
    }
    for (Unit unit : units.values()) {
      String name = unit.name.replace('/', '.');
      try {
        // verifies and initialises it
        Class.forName(name, true, unit.host.getClassLoader());
      } catch (ClassNotFoundException | LinkageError refused) {
        throw new NotCompilable("its generated class was refused (" + firstLine(refused) + ")");
      }
    }
  }

  private static String firstLine(Throwable failure) {
    return failure.toString().lines().findFirst().orElse("");
  }

  private static void dump(Unit unit, byte[] file) {
    String directory = System.getProperty(DUMP);
    if (directory == null) {
      return;
    }
    Path path = Path.of(directory, unit.name + ".class");
    try {
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.write(path, file);
    } catch (IOException failure) {
      throw new UncheckedIOException("-D" + DUMP + " names no usable directory", failure);
    }
  }

  // Instances

  /** Has the class of a unit read what instances of a body have captured. */
  private void link(Unit unit, BodySource source, Class<?> bodyClass) throws NotCompilable {
    List<MethodHandle> getters;
    try {
      getters =
          source.isLambda()
              ? captures(bodyClass)
              : List.of(MethodHandles.identity(Object.class)); // its host is the body itself
    } catch (IllegalAccessException unexpected) {
      throw new NotCompilable("what it has captured cannot be read (" + unexpected + ")");
    }
    int expected = unit.method.parameters().length - 1 - unit.method.shape().handles();
    if (getters.size() != expected || (source.isLambda() && expected != source.captured())) {
      throw new NotCompilable("what it has captured cannot be read");
    }
    unit.getters = getters;
  }

  /** Reads the fields of a lambda, in the order in which the values were captured. */
  private List<MethodHandle> captures(Class<?> bodyClass) throws IllegalAccessException {
    Map<String, Field> fields = new TreeMap<>(); // arg$2 before arg$10
    for (Field field : bodyClass.getDeclaredFields()) {
      fields.put((char) field.getName().length() + field.getName(), field);
    }
    List<MethodHandle> getters = new ArrayList<>();
    MethodHandles.Lookup rights = Linkage.rights(bodyClass, given);
    for (Field field : fields.values()) {
      if ((field.getModifiers() & Modifier.STATIC) == 0) {
        getters.add(rights.unreflectGetter(field));
      }
    }
    return getters;
  }

  private static CompiledBody compiled(Unit unit, List<String> explanation) throws NotCompilable {
    try {
      Class<?> frame = Class.forName(unit.name.replace('/', '.'), true, unit.host.getClassLoader());
      return new CompiledBody(Linkage.prototype(frame), explanation);
    } catch (ClassNotFoundException | LinkageError unexpected) {
      throw new NotCompilable("its frames cannot be created (" + unexpected + ")");
    }
  }
}
