package io.fermata.internal.compiler;

import static io.fermata.internal.compiler.Abi.FRAME;

import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.LimitExceededException;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Writes the class of a frame, around the {@code resume} of {@link ResumeEmitter}.
 *
 * <pre>{@code
 * // for co -> { for (int i = 0; i < n; i++) co.yield(i); }, which captures n
 * public final class Host$fermata$lambda$main$0$0 extends GeneratorFrame {
 *   int f0;                                     // n
 *   int f1;                                     // i
 *
 *   public Host$fermata$lambda$main$0$0(int n) { f0 = n; }
 *
 *   protected int resume(Object sent, Throwable raised) {
 *     switch (state & PLACE) { case 0: goto start; case 1: goto resumed1; default: throw ...; }
 *   start:
 *     state = RUNNING;
 *     int n = f0;
 *     int i = 0;
 *   loop:
 *     if (i >= n) { value = null; return RETURNED; }
 *     value = Integer.valueOf(i);               // the operand of the yield
 *     f1 = i;                                   // what is live and has changed
 *     state = 1;
 *     return YIELDED;
 *   resumed1:                                   // up to here outside of all try blocks
 *     state = RUNNING;
 *     n = f0; i = f1;
 *     if (raised != null) throw raised;
 *     i++;
 *     goto loop;
 *   }
 * }
 * }</pre>
 */
final class FrameEmitter {
  private static final String SITE = Abi.BODY_SITE;

  /** The field for {@code co} as an object, and the method that gives it. */
  static final String CO = "co";

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
   * @param resume its method that runs the body
   * @param files where the types in it are found
   */
  byte[] emit(MethodNode resume, ClassFiles files) throws NotCompilable {
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
  private ClassNode emit(MethodNode resume) {
    ClassNode type = new ClassNode();
    type.version = Opcodes.V17;
    type.access =
        Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
    type.name = name;
    type.superName = body.shape().frame;
    type.sourceFile = body.owner().sourceFile;
    type.fields.add(
        new FieldNode(
            Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL,
            "SITE",
            "L" + SITE + ";",
            null,
            null));
    for (FieldLayout.Field field : layout.fields()) {
      type.fields.add(new FieldNode(0, field.name(), field.type().getDescriptor(), null, null));
    }
    if (hasCo) {
      type.fields.add(new FieldNode(0, CO, body.coType().getDescriptor(), null, null));
      type.methods.add(co());
    }
    type.methods.add(initialiser());
    type.methods.add(constructor());
    type.methods.add(resume);
    type.methods.add(inspect());
    type.methods.add(ended());
    type.methods.add(body.helper() ? isCall() : fresh());
    return type;
  }

  /** Makes a class file of it. */
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

  /** Learns from {@link Linkage} what the class stands for, and gives it a frame to copy. */
  private MethodNode initialiser() {
    MethodNode method = new MethodNode(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
    method.visitLdcInsn(Type.getObjectType(name));
    if (body.helper()) {
      method.visitInsn(Opcodes.ACONST_NULL);
    } else {
      method.visitTypeInsn(Opcodes.NEW, name);
      method.visitInsn(Opcodes.DUP);
      for (Type type : constructorTypes()) {
        method.visitInsn(zero(type));
      }
      method.visitMethodInsn(
          Opcodes.INVOKESPECIAL,
          name,
          "<init>",
          Type.getMethodDescriptor(Type.VOID_TYPE, constructorTypes()),
          false);
    }
    method.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        Abi.LINKAGE,
        "begin",
        "(Ljava/lang/Class;L" + FRAME + ";)L" + SITE + ";",
        false);
    method.visitFieldInsn(Opcodes.PUTSTATIC, name, "SITE", "L" + SITE + ";");
    method.visitInsn(Opcodes.RETURN);
    return method;
  }

  private static int zero(Type type) {
    return switch (type.getSort()) {
      case Type.LONG -> Opcodes.LCONST_0;
      case Type.FLOAT -> Opcodes.FCONST_0;
      case Type.DOUBLE -> Opcodes.DCONST_0;
      case Type.ARRAY, Type.OBJECT -> Opcodes.ACONST_NULL;
      default -> Opcodes.ICONST_0;
    };
  }

  /**
   * {@code return new Frame(captured 0, captured 1, ..., (Handle) handle)}; null if the instance
   * has captured an awaiter that is no {@code co}.
   */
  private MethodNode fresh() {
    MethodNode method =
        new MethodNode(
            Opcodes.ACC_PROTECTED,
            "fresh",
            "(Ljava/lang/Object;Ljava/lang/Object;)L" + FRAME + ";",
            null,
            null);
    Type[] types = constructorTypes();
    for (int i = 0; i < types.length; i++) {
      if (Shape.isAwaiter(types[i])) {
        value(method, types, i);
        method.visitMethodInsn(
            Opcodes.INVOKESTATIC, Abi.LINKAGE, "isOfBody", "(Ljava/lang/Object;)Z", false);
        Label fine = new Label();
        method.visitJumpInsn(Opcodes.IFNE, fine);
        method.visitInsn(Opcodes.ACONST_NULL);
        method.visitInsn(Opcodes.ARETURN);
        method.visitLabel(fine);
      }
    }
    method.visitTypeInsn(Opcodes.NEW, name);
    method.visitInsn(Opcodes.DUP);
    for (int i = 0; i < types.length; i++) {
      value(method, types, i);
    }
    method.visitMethodInsn(
        Opcodes.INVOKESPECIAL,
        name,
        "<init>",
        Type.getMethodDescriptor(Type.VOID_TYPE, types),
        false);
    method.visitInsn(Opcodes.ARETURN);
    return method;
  }

  /** Loads a parameter of the constructor: what the body has captured, or its handle. */
  private void value(MethodNode method, Type[] types, int index) {
    if (index < types.length - body.handles()) {
      method.visitVarInsn(Opcodes.ALOAD, 1);
      method.visitInvokeDynamicInsn(
          "captured",
          Type.getMethodDescriptor(types[index], TypedValue.OBJECT),
          Abi.CAPTURED,
          index);
    } else {
      method.visitVarInsn(Opcodes.ALOAD, 2);
      method.visitTypeInsn(Opcodes.CHECKCAST, types[index].getInternalName());
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

  private MethodNode constructor() {
    MethodNode method =
        new MethodNode(
            Opcodes.ACC_PUBLIC,
            "<init>",
            Type.getMethodDescriptor(Type.VOID_TYPE, constructorTypes()),
            null,
            null);
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitMethodInsn(Opcodes.INVOKESPECIAL, body.shape().frame, "<init>", "()V", false);
    int slot = 0;
    int own = 1;
    for (Type type : body.parameters()) {
      if (slot != body.coSlot()) {
        FieldLayout.Field field = layout.parameterFields().get(slot);
        if (field != null) {
          put(method, field.name(), field.type(), own);
        }
        own += type.getSize();
      }
      slot += type.getSize();
    }
    if (hasCo && body.helper()) {
      put(method, CO, body.coType(), own);
    }
    method.visitInsn(Opcodes.RETURN);
    return method;
  }

  private void put(MethodNode method, String field, Type type, int from) {
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitVarInsn(type.getOpcode(Opcodes.ILOAD), from);
    method.visitFieldInsn(Opcodes.PUTFIELD, name, field, type.getDescriptor());
  }

  /**
   * {@code co} as an object: a helper was given it, a body makes it when it is captured first.
   *
   * <pre>{@code
   * Awaiter co() { Awaiter known = co; return known != null ? known : (co = Linkage.capture(this)); }
   * }</pre>
   */
  private MethodNode co() {
    String type = body.coType().getInternalName();
    MethodNode method =
        new MethodNode(Opcodes.ACC_FINAL, CO, Type.getMethodDescriptor(body.coType()), null, null);
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitFieldInsn(Opcodes.GETFIELD, name, CO, body.coType().getDescriptor());
    if (!body.helper()) {
      Label known = new Label();
      method.visitInsn(Opcodes.DUP);
      method.visitJumpInsn(Opcodes.IFNONNULL, known);
      method.visitInsn(Opcodes.POP);
      method.visitVarInsn(Opcodes.ALOAD, 0);
      method.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          Abi.LINKAGE,
          "capture",
          "(L" + FRAME + ";)" + "L" + Abi.AWAITER + ";",
          false);
      method.visitTypeInsn(Opcodes.CHECKCAST, type);
      method.visitInsn(Opcodes.DUP);
      method.visitVarInsn(Opcodes.ALOAD, 0);
      method.visitInsn(Opcodes.SWAP);
      method.visitFieldInsn(Opcodes.PUTFIELD, name, CO, body.coType().getDescriptor());
      method.visitLabel(known);
    }
    method.visitInsn(Opcodes.ARETURN);
    return method;
  }

  private MethodNode inspect() {
    String inspection = "L" + Abi.INSPECTION + ";";
    MethodNode method =
        new MethodNode(Opcodes.ACC_PROTECTED, "inspect", "()" + inspection, null, null);
    method.visitFieldInsn(Opcodes.GETSTATIC, name, "SITE", "L" + SITE + ";");
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitFieldInsn(Opcodes.GETFIELD, FRAME, "state", "I");
    method.visitMethodInsn(Opcodes.INVOKEVIRTUAL, SITE, "at", "(I)" + inspection, false);
    method.visitInsn(Opcodes.ARETURN);
    return method;
  }

  private MethodNode ended() {
    MethodNode method = new MethodNode(Opcodes.ACC_PROTECTED, "ended", "()V", null, null);
    for (FieldLayout.Field field : layout.fields()) {
      if (field.isReference()) {
        clear(method, field.name(), field.type());
      }
    }
    if (hasCo) {
      clear(method, CO, body.coType());
    }
    method.visitInsn(Opcodes.RETURN);
    return method;
  }

  private void clear(MethodNode method, String field, Type type) {
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitInsn(Opcodes.ACONST_NULL);
    method.visitFieldInsn(Opcodes.PUTFIELD, name, field, type.getDescriptor());
  }

  private static MethodNode isCall() {
    MethodNode method = new MethodNode(Opcodes.ACC_PROTECTED, "isCall", "()Z", null, null);
    method.visitInsn(Opcodes.ICONST_1);
    method.visitInsn(Opcodes.IRETURN);
    return method;
  }
}
