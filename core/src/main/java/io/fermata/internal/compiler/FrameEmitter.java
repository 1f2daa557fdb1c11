package io.fermata.internal.compiler;

import static io.fermata.internal.compiler.bytecode.Abi.FRAME;

import io.fermata.internal.compiler.bytecode.Abi;
import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.LimitExceededException;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The emitter of a frame's class, around the method of {@link ResumeEmitter}.
 *
 * <pre>{@code
 * // for co -> { for (int i = 0; i < n; i++) co.yield(i); }, which captures n
 * public final class Host$fermata$lambda$evens$0$1 extends GeneratorFrame {
 *   private static final BodySite SITE;         // what people see of the body
 *   int f0;                                     // n
 *   int f1;                                     // i
 *
 *   static { SITE = Linkage.begin(Host$fermata$lambda$evens$0$1.class, new ...(0)); }
 *
 *   public Host$fermata$lambda$evens$0$1(int n) { f0 = n; }
 *
 *   private int lambda$evens$0(Object sent, Throwable raised) { ... }
 *   protected int resume(Object sent, Throwable raised) { return lambda$evens$0(sent, raised); }
 *   protected Frame fresh(Object body, Object handle) { return new ...(captured 0 of body); }
 *   protected Inspection inspect() { return SITE.at(state); }
 *   protected void ended() { }                  // clears the fields that hold references
 * }
 * }</pre>
 *
 * <p>The class of a helper has {@code isCall()} in the place of {@code fresh}: its callers call the
 * constructor.
 */
final class FrameEmitter {
  /** The field for {@code co} as an object, and the method that gives it. */
  static final String CO = "co";

  private static final String RESUME = "resume";

  private static final String SITE = "SITE";
  private static final String SITE_TYPE = "L" + Abi.BODY_SITE + ";";
  private static final String FRAME_TYPE = "L" + FRAME + ";";

  /** Bytes that finding the stack maps of a class may take; about what a method can need. */
  private static final int MEMORY = 256 << 20;

  /** Steps that it may take: some seconds. */
  private static final long OPERATIONS = 2_000_000_000;

  private final BodyMethod body;
  private final String name;
  private final FieldLayout layout;
  private final boolean hasCo;

  FrameEmitter(FrameDraft draft) {
    this.body = draft.body;
    this.name = draft.name;
    this.layout = draft.layout();
    this.hasCo = draft.needsCo;
  }

  /**
   * The class file.
   *
   * @param resume its methods that run the body
   * @param files where the types in it are found
   */
  byte[] emit(List<MethodNode> resume, ClassFiles files) throws NotCompilable {
    ClassNode type = emit(resume);
    try {
      return bytes(type, files);
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
  }

  /** The class, without stack map frames. */
  ClassNode emit(List<MethodNode> resume) {
    ClassNode type = new ClassNode();
    type.version = Opcodes.V17;
    type.access =
        Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
    type.name = name;
    type.superName = body.shape().frame;
    type.sourceFile = body.owner().sourceFile;
    int constant = Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL;
    type.fields.add(new FieldNode(constant, SITE, SITE_TYPE, null, null));
    for (FieldLayout.Field field : layout.fields()) {
      type.fields.add(new FieldNode(0, field.name(), field.type().getDescriptor(), null, null));
    }
    if (hasCo) {
      type.fields.add(new FieldNode(0, CO, body.coType().getDescriptor(), null, null));
      type.methods.add(co());
    }
    type.methods.add(initialiser());
    type.methods.add(constructor());
    type.methods.addAll(resume);
    if (resume.stream().noneMatch(method -> method.name.equals(RESUME))) {
      type.methods.add(bridge(resume.get(0)));
    }
    type.methods.add(inspect());
    type.methods.add(ended());
    type.methods.add(body.helper() ? isCall() : fresh());
    return type;
  }

  /** The bytes of the class, with the stack map frames that the verifier wants. */
  private static byte[] bytes(ClassNode type, ClassFiles files) {
    ClassWriter writer =
        new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
          @Override
          protected String getCommonSuperClass(String first, String second) {
            return files.commonSuperclass(first, second);
          }
        };
    writer.setComputeLimits(MEMORY, OPERATIONS);
    type.accept(writer);
    return writer.toByteArray();
  }

  /**
   * The initialiser: it learns from the linkage what the class stands for, and gives it a
   * prototype, a frame that is never stepped and is asked for new ones.
   *
   * <pre>{@code
   * static { SITE = Linkage.begin(ThisFrame.class, new ThisFrame(0, null, ...)); }
   * }</pre>
   */
  private MethodNode initialiser() {
    MethodNode method = new MethodNode(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
    Assembler code = new Assembler(method.instructions);
    code.constant(Type.getObjectType(name));
    if (body.helper()) {
      code.op(Opcodes.ACONST_NULL);
    } else {
      code.allocate(name);
      for (Type type : constructorTypes()) {
        code.zero(type);
      }
      code.construct(name, constructorTypes());
    }
    code.invokeStatic(Abi.LINKAGE, "begin", "(Ljava/lang/Class;" + FRAME_TYPE + ")" + SITE_TYPE);
    code.putStatic(name, SITE, SITE_TYPE);
    code.op(Opcodes.RETURN);
    return method;
  }

  /**
   * The method that gets the body's code. It has the name of the original, as loggers and debuggers
   * show it. None but this class calls it; what it is called by is {@link #bridge}. A body that is
   * itself named {@code resume} needs no bridge.
   */
  static MethodNode bodyMethod(String original) {
    return new MethodNode(
        original.equals(RESUME) ? Opcodes.ACC_PROTECTED : Opcodes.ACC_PRIVATE,
        original,
        ResumeEmitter.RESUME,
        null,
        new String[] {"java/lang/Throwable"});
  }

  /**
   * The method that the runtime calls. No line belongs to it, so that no debugger stops in it.
   *
   * <pre>{@code
   * protected int resume(Object sent, Throwable raised) { return lambda$evens$0(sent, raised); }
   * }</pre>
   */
  private MethodNode bridge(MethodNode original) {
    MethodNode method = method(RESUME, original.desc);
    method.access |= Opcodes.ACC_BRIDGE | Opcodes.ACC_SYNTHETIC;
    method.exceptions = original.exceptions;
    Assembler code = new Assembler(method.instructions);
    code.loadThis().load(1, TypedValue.OBJECT).load(2, TypedValue.OBJECT);
    method.instructions.add(
        new MethodInsnNode(Opcodes.INVOKESPECIAL, name, original.name, original.desc));
    code.op(Opcodes.IRETURN);
    return method;
  }

  /**
   * The method that makes a frame for an instance of the body. It gives null if the instance has
   * captured an awaiter that is no {@code co}: such a body has to run on a thread.
   *
   * <pre>{@code
   * protected Frame fresh(Object body, Object handle) {
   *   if (!Linkage.isOfBody(captured 0 of body)) return null;   // where captured 0 is an awaiter
   *   return new ThisFrame(captured 0 of body, captured 1 of body, ..., (Handle) handle);
   * }
   * }</pre>
   */
  private MethodNode fresh() {
    MethodNode method = method("fresh", "(Ljava/lang/Object;Ljava/lang/Object;)" + FRAME_TYPE);
    Assembler code = new Assembler(method.instructions);
    Type[] types = constructorTypes();
    for (int i = 0; i < types.length; i++) {
      if (Shape.isAwaiter(types[i])) {
        LabelNode fine = new LabelNode();
        argument(code, types, i);
        code.invokeStatic(Abi.LINKAGE, "isOfBody", "(Ljava/lang/Object;)Z");
        code.jump(Opcodes.IFNE, fine);
        code.op(Opcodes.ACONST_NULL).op(Opcodes.ARETURN);
        code.label(fine);
      }
    }
    code.allocate(name);
    for (int i = 0; i < types.length; i++) {
      argument(code, types, i);
    }
    code.construct(name, types);
    code.op(Opcodes.ARETURN);
    return method;
  }

  /** Loads an argument of the constructor: what the body has captured, or its handle. */
  private void argument(Assembler code, Type[] types, int index) {
    if (index < types.length - body.handles()) {
      code.load(1, TypedValue.OBJECT);
      String getter = Type.getMethodDescriptor(types[index], TypedValue.OBJECT);
      code.invokeDynamic("captured", getter, Abi.CAPTURED, index);
    } else {
      code.load(2, TypedValue.OBJECT);
      code.cast(types[index].getInternalName());
    }
  }

  /**
   * The types of all parameters but {@code co}; where a helper needs that as an object, it is last.
   */
  private Type[] constructorTypes() {
    List<Type> types = body.parametersBesidesCo();
    if (hasCo && body.helper()) {
      types.add(body.coType());
    }
    return types.toArray(new Type[0]);
  }

  /**
   * The constructor, which keeps the parameters that the body reads.
   *
   * <pre>{@code
   * public ThisFrame(int n, Object unused) { f0 = n; }
   * }</pre>
   */
  private MethodNode constructor() {
    String descriptor = Type.getMethodDescriptor(Type.VOID_TYPE, constructorTypes());
    MethodNode method = new MethodNode(Opcodes.ACC_PUBLIC, "<init>", descriptor, null, null);
    Assembler code = new Assembler(method.instructions);
    code.loadThis().construct(body.shape().frame);
    int slot = 0; // of the parameter in the body
    int own = 1; // of the parameter in the constructor, which has no co
    for (Type type : body.parameters()) {
      if (!body.isOwnCo(slot)) {
        FieldLayout.Field field = layout.parameterFields().get(slot);
        if (field != null) {
          keep(code, field.name(), field.type(), own);
        }
        own += type.getSize();
      }
      slot += type.getSize();
    }
    if (hasCo && body.helper()) {
      keep(code, CO, body.coType(), own);
    }
    code.op(Opcodes.RETURN);
    return method;
  }

  private void keep(Assembler code, String field, Type type, int slot) {
    code.loadThis().load(slot, type).putField(name, field, type.getDescriptor());
  }

  /**
   * The method that gives {@code co} as an object: a helper was given it, a body makes it when it
   * is captured first.
   *
   * <pre>{@code
   * Awaiter co() { Awaiter known = co; return known != null ? known : (co = Linkage.capture(this)); }
   * }</pre>
   */
  private MethodNode co() {
    String type = body.coType().getDescriptor();
    MethodNode method = new MethodNode(Opcodes.ACC_FINAL, CO, "()" + type, null, null);
    Assembler code = new Assembler(method.instructions);
    code.loadThis().getField(name, CO, type);
    if (!body.helper()) {
      LabelNode known = new LabelNode();
      code.op(Opcodes.DUP).jump(Opcodes.IFNONNULL, known);
      code.op(Opcodes.POP).loadThis();
      code.invokeStatic(Abi.LINKAGE, "capture", "(" + FRAME_TYPE + ")L" + Abi.AWAITER + ";");
      code.cast(body.coType().getInternalName());
      code.op(Opcodes.DUP).putUnder(name, CO, body.coType());
      code.label(known);
    }
    code.op(Opcodes.ARETURN);
    return method;
  }

  /** {@code protected Inspection inspect() { return SITE.at(state); }}. */
  private MethodNode inspect() {
    String inspection = "L" + Abi.INSPECTION + ";";
    MethodNode method = method("inspect", "()" + inspection);
    Assembler code = new Assembler(method.instructions);
    code.getStatic(name, SITE, SITE_TYPE);
    code.loadThis().getField(FRAME, "state", "I");
    code.invokeVirtual(Abi.BODY_SITE, "at", "(I)" + inspection);
    code.op(Opcodes.ARETURN);
    return method;
  }

  /** {@code protected void ended() { f1 = null; ... }}: a frame that has ended holds nothing. */
  private MethodNode ended() {
    MethodNode method = method("ended", "()V");
    Assembler code = new Assembler(method.instructions);
    for (FieldLayout.Field field : layout.fields()) {
      if (field.isReference()) {
        clear(code, field.name(), field.type());
      }
    }
    if (hasCo) {
      clear(code, CO, body.coType());
    }
    code.op(Opcodes.RETURN);
    return method;
  }

  private void clear(Assembler code, String field, Type type) {
    code.loadThis().op(Opcodes.ACONST_NULL).putField(name, field, type.getDescriptor());
  }

  /** {@code protected boolean isCall() { return true; }}. */
  private static MethodNode isCall() {
    MethodNode method = method("isCall", "()Z");
    new Assembler(method.instructions).push(1).op(Opcodes.IRETURN);
    return method;
  }

  private static MethodNode method(String name, String descriptor) {
    return new MethodNode(Opcodes.ACC_PROTECTED, name, descriptor, null, null);
  }
}
