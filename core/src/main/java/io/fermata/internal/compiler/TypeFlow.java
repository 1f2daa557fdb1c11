package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Linked;
import io.fermata.internal.compiler.bytecode.Liveness;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.Interpreter;

/**
 * The analysis of types: what each local and stack slot holds before each instruction. It knows the
 * verification type, objects whose constructor has not run, and where {@code co} is.
 */
final class TypeFlow extends Interpreter<TypedValue> {
  private final ClassFiles files;
  private final BodyMethod body;
  private final GivenCo given;

  TypeFlow(ClassFiles files, BodyMethod body) {
    super(Opcodes.ASM9);
    this.files = files;
    this.body = body;
    this.given = new GivenCo(body, files);
  }

  /**
   * Analyses a method.
   *
   * @return what holds before each instruction; null for those that are never reached
   */
  static @Nullable Frame<TypedValue>[] analyse(BodyMethod body, ClassFiles files)
      throws NotCompilable {
    BitSet changes = changesOfLocals(body.method());
    TypeFlow flow = new TypeFlow(files, body);
    Analyzer<TypedValue> analyzer =
        new Analyzer<>(flow) {
          @Override
          protected boolean newControlFlowExceptionEdge(int index, TryCatchBlockNode block) {
            return changes.get(index) || body.method().instructions.indexOf(block.start) == index;
          }

          @Override
          protected Frame<TypedValue> newFrame(int locals, int stack) {
            return new InitialisingFrame(locals, stack, flow.given);
          }

          @Override
          protected Frame<TypedValue> newFrame(Frame<? extends TypedValue> frame) {
            return new InitialisingFrame(frame, flow.given);
          }
        };
    try {
      return analyzer.analyze(body.owner().name, body.method());
    } catch (AnalyzerException | IndexOutOfBoundsException unexpected) {
      throw new NotCompilable(
          "its bytecode could not be analysed (" + unexpected.getMessage() + ")");
    }
  }

  /**
   * The instructions before which the locals may differ from those before the preceding one: after
   * an instruction that changes some, and at labels, which may be reached otherwise. A handler
   * learns nothing from the others.
   */
  private static BitSet changesOfLocals(MethodNode method) {
    BitSet changes = new BitSet();
    int index = 0;
    for (AbstractInsnNode at : method.instructions) {
      boolean constructs = at instanceof MethodInsnNode call && call.name.equals("<init>");
      if (at instanceof LabelNode) {
        changes.set(index);
      }
      if (constructs || Liveness.slot(at) >= 0) {
        changes.set(index + 1);
      }
      index++;
    }
    return changes;
  }

  /** A frame in which a constructor call makes all copies of the new object usable. */
  private static final class InitialisingFrame extends Frame<TypedValue> {
    private final GivenCo given;

    InitialisingFrame(int locals, int stack, GivenCo given) {
      super(locals, stack);
      this.given = given;
    }

    InitialisingFrame(Frame<? extends TypedValue> frame, GivenCo given) {
      super(frame);
      this.given = given;
    }

    @Override
    public void execute(AbstractInsnNode instruction, Interpreter<TypedValue> interpreter)
        throws AnalyzerException {
      TypedValue created = null;
      TypedValue initialised = null;
      if (instruction instanceof MethodInsnNode call && call.name.equals("<init>")) {
        List<TypedValue> values = GivenCo.values(call, this);
        created = values.get(0);
        if (created.kind() == TypedValue.Kind.UNINITIALISED) {
          initialised = given.made(call, created.known(), values);
        }
      }
      super.execute(instruction, interpreter);
      if (created != null && initialised != null) {
        for (int i = 0; i < getLocals(); i++) {
          if (getLocal(i).equals(created)) {
            setLocal(i, initialised);
          }
        }
        for (int i = 0; i < getStackSize(); i++) {
          if (getStack(i).equals(created)) {
            setStack(i, initialised);
          }
        }
      }
    }
  }

  @Override
  public @Nullable TypedValue newValue(@Nullable Type type) {
    if (type == null) {
      return TypedValue.UNUSABLE;
    }
    return type == Type.VOID_TYPE ? null : TypedValue.of(type);
  }

  @Override
  public @Nullable TypedValue newParameterValue(boolean instance, int local, Type type) {
    TypedValue known = body.given().get(local);
    if (known != null || local == body.coSlot()) {
      return own(known == null ? TypedValue.co(type) : known.as(type));
    }
    if (instance && local == 0 && body.self() != null) {
      return TypedValue.self(type);
    }
    return Shape.isAwaiter(type) ? TypedValue.outerCo(type) : newValue(type);
  }

  /** Where an object stands for {@code co}, each {@code co} is that object. */
  private TypedValue own(TypedValue value) {
    return value.isCo() && body.hasCoObject() ? TypedValue.coObject(value.known()) : value;
  }

  @Override
  public TypedValue newExceptionValue(
      TryCatchBlockNode block, Frame<TypedValue> handler, Type exceptionType) {
    return TypedValue.of(exceptionType);
  }

  @Override
  public TypedValue newOperation(AbstractInsnNode instruction) {
    return switch (instruction.getOpcode()) {
      case Opcodes.ACONST_NULL -> TypedValue.NULL;
      case Opcodes.LCONST_0, Opcodes.LCONST_1 -> TypedValue.of(Type.LONG_TYPE);
      case Opcodes.FCONST_0, Opcodes.FCONST_1, Opcodes.FCONST_2 -> TypedValue.of(Type.FLOAT_TYPE);
      case Opcodes.DCONST_0, Opcodes.DCONST_1 -> TypedValue.of(Type.DOUBLE_TYPE);
      case Opcodes.LDC -> constant(((LdcInsnNode) instruction).cst);
      case Opcodes.GETSTATIC -> TypedValue.of(Type.getType(((FieldInsnNode) instruction).desc));
      case Opcodes.NEW ->
          TypedValue.uninitialised(
              Type.getObjectType(((TypeInsnNode) instruction).desc), instruction);
      default -> TypedValue.of(Type.INT_TYPE);
    };
  }

  private static TypedValue constant(Object constant) {
    if (constant instanceof Integer) {
      return TypedValue.of(Type.INT_TYPE);
    } else if (constant instanceof Long) {
      return TypedValue.of(Type.LONG_TYPE);
    } else if (constant instanceof Float) {
      return TypedValue.of(Type.FLOAT_TYPE);
    } else if (constant instanceof Double) {
      return TypedValue.of(Type.DOUBLE_TYPE);
    } else if (constant instanceof String) {
      return TypedValue.of(Type.getObjectType("java/lang/String"));
    } else if (constant instanceof Handle) {
      return TypedValue.of(Type.getObjectType("java/lang/invoke/MethodHandle"));
    } else if (constant instanceof ConstantDynamic dynamic) {
      return TypedValue.of(Type.getType(dynamic.getDescriptor()));
    } else {
      return ((Type) constant).getSort() == Type.METHOD
          ? TypedValue.of(Type.getObjectType("java/lang/invoke/MethodType"))
          : TypedValue.of(Type.getObjectType("java/lang/Class"));
    }
  }

  @Override
  public TypedValue copyOperation(AbstractInsnNode instruction, TypedValue value) {
    return value;
  }

  @Override
  public @Nullable TypedValue unaryOperation(AbstractInsnNode instruction, TypedValue value) {
    return switch (instruction.getOpcode()) {
      case Opcodes.I2L, Opcodes.F2L, Opcodes.D2L, Opcodes.LNEG -> TypedValue.of(Type.LONG_TYPE);
      case Opcodes.I2F, Opcodes.L2F, Opcodes.D2F, Opcodes.FNEG -> TypedValue.of(Type.FLOAT_TYPE);
      case Opcodes.I2D, Opcodes.L2D, Opcodes.F2D, Opcodes.DNEG -> TypedValue.of(Type.DOUBLE_TYPE);
      case Opcodes.GETFIELD -> field(value, (FieldInsnNode) instruction);
      case Opcodes.NEWARRAY -> TypedValue.of(primitiveArray(((IntInsnNode) instruction).operand));
      case Opcodes.ANEWARRAY ->
          TypedValue.of(
              Type.getType(
                  "[" + Type.getObjectType(((TypeInsnNode) instruction).desc).getDescriptor()));
      case Opcodes.CHECKCAST -> cast(value, Type.getObjectType(((TypeInsnNode) instruction).desc));
      case Opcodes.IFEQ,
          Opcodes.IFNE,
          Opcodes.IFLT,
          Opcodes.IFGE,
          Opcodes.IFGT,
          Opcodes.IFLE,
          Opcodes.IFNULL,
          Opcodes.IFNONNULL,
          Opcodes.TABLESWITCH,
          Opcodes.LOOKUPSWITCH,
          Opcodes.IRETURN,
          Opcodes.LRETURN,
          Opcodes.FRETURN,
          Opcodes.DRETURN,
          Opcodes.ARETURN,
          Opcodes.PUTSTATIC,
          Opcodes.ATHROW,
          Opcodes.MONITORENTER,
          Opcodes.MONITOREXIT ->
          null;
      default -> TypedValue.of(Type.INT_TYPE);
    };
  }

  private TypedValue field(TypedValue object, FieldInsnNode access) {
    TypedValue held = GivenCo.read(object, access, files);
    return held == null ? TypedValue.of(Type.getType(access.desc)) : own(held);
  }

  private static TypedValue cast(TypedValue value, Type type) {
    return value.hasOrdinaryType()
        ? TypedValue.of(type)
        : value.isCoOrNull() || value.isCarrier() ? value.as(type) : value;
  }

  private static Type primitiveArray(int code) {
    return Type.getType(
        switch (code) {
          case Opcodes.T_BOOLEAN -> "[Z";
          case Opcodes.T_CHAR -> "[C";
          case Opcodes.T_BYTE -> "[B";
          case Opcodes.T_SHORT -> "[S";
          case Opcodes.T_INT -> "[I";
          case Opcodes.T_FLOAT -> "[F";
          case Opcodes.T_DOUBLE -> "[D";
          default -> "[J";
        });
  }

  @Override
  public @Nullable TypedValue binaryOperation(
      AbstractInsnNode instruction, TypedValue first, TypedValue second) {
    return switch (instruction.getOpcode()) {
      case Opcodes.LALOAD,
          Opcodes.LADD,
          Opcodes.LSUB,
          Opcodes.LMUL,
          Opcodes.LDIV,
          Opcodes.LREM,
          Opcodes.LSHL,
          Opcodes.LSHR,
          Opcodes.LUSHR,
          Opcodes.LAND,
          Opcodes.LOR,
          Opcodes.LXOR ->
          TypedValue.of(Type.LONG_TYPE);
      case Opcodes.FALOAD, Opcodes.FADD, Opcodes.FSUB, Opcodes.FMUL, Opcodes.FDIV, Opcodes.FREM ->
          TypedValue.of(Type.FLOAT_TYPE);
      case Opcodes.DALOAD, Opcodes.DADD, Opcodes.DSUB, Opcodes.DMUL, Opcodes.DDIV, Opcodes.DREM ->
          TypedValue.of(Type.DOUBLE_TYPE);
      case Opcodes.AALOAD -> element(first);
      case Opcodes.IF_ICMPEQ,
          Opcodes.IF_ICMPNE,
          Opcodes.IF_ICMPLT,
          Opcodes.IF_ICMPGE,
          Opcodes.IF_ICMPGT,
          Opcodes.IF_ICMPLE,
          Opcodes.IF_ACMPEQ,
          Opcodes.IF_ACMPNE,
          Opcodes.PUTFIELD ->
          null;
      default -> TypedValue.of(Type.INT_TYPE);
    };
  }

  private static TypedValue element(TypedValue array) {
    Type type = array.known();
    return type.getSort() == Type.ARRAY
        ? TypedValue.of(Type.getType(type.getDescriptor().substring(1)))
        : TypedValue.NULL; // of an array that is always null
  }

  @Override
  public @Nullable TypedValue ternaryOperation(
      AbstractInsnNode instruction, TypedValue first, TypedValue second, TypedValue third) {
    return null;
  }

  @Override
  public @Nullable TypedValue naryOperation(
      AbstractInsnNode instruction, List<? extends TypedValue> values) {
    if (instruction instanceof MultiANewArrayInsnNode array) {
      return TypedValue.of(Type.getType(array.desc));
    }
    AbstractInsnNode original = Linked.original(instruction);
    if (original instanceof FieldInsnNode access && access.getOpcode() == Opcodes.GETFIELD) {
      return field(values.get(0), access);
    }
    if (original instanceof MethodInsnNode call && !call.name.equals("<init>")) {
      TypedValue returned = given.returned(call, values);
      return returned == null ? newValue(Type.getReturnType(call.desc)) : own(returned);
    }
    if (original instanceof MethodInsnNode call && instruction != call) {
      return made(call, values);
    }
    if (instruction instanceof InvokeDynamicInsnNode site) {
      Type made = Type.getReturnType(site.desc);
      for (TypedValue value : values) {
        if (value.leadsToCo()) {
          return TypedValue.holder(made);
        }
      }
      return HostAccess.isConstructor(site) ? TypedValue.exact(made) : newValue(made);
    }
    return newValue(Type.getReturnType(((MethodInsnNode) instruction).desc));
  }

  /** What a constructor makes that is called with the rights of the host, without its object. */
  private TypedValue made(MethodInsnNode constructor, List<? extends TypedValue> arguments) {
    Type type = Type.getObjectType(constructor.owner);
    List<TypedValue> values = new ArrayList<>();
    values.add(TypedValue.exact(type));
    values.addAll(arguments);
    return given.made(constructor, type, values);
  }

  @Override
  public void returnOperation(
      AbstractInsnNode instruction, TypedValue value, TypedValue expected) {}

  @Override
  public TypedValue merge(TypedValue first, TypedValue second) {
    if (first.equals(second)) {
      return first;
    }
    TypedValue united = mergeCo(first, second);
    if (united != null) {
      return united;
    }
    // co on one way and another value on the other: only a dead local may be that
    if (first.isPerhapsCo() || (first.isUsable() && second.isPerhapsCo())) {
      return TypedValue.PERHAPS_CO;
    }
    if (!first.isReference()
        || !second.isReference()
        || first.kind() == TypedValue.Kind.UNINITIALISED
        || second.kind() == TypedValue.Kind.UNINITIALISED) {
      return TypedValue.UNUSABLE;
    }
    if (first.kind() == TypedValue.Kind.NULL) {
      return second;
    }
    if (second.kind() == TypedValue.Kind.NULL) {
      return first;
    }
    Type merged = merge(first.known(), second.known());
    // one way suffices: the lambda may have captured co
    if (first.isHolder() || second.isHolder()) {
      return TypedValue.holder(merged);
    }
    return first.isOuterCo() && second.isOuterCo()
        ? TypedValue.outerCo(merged)
        : TypedValue.of(merged);
  }

  /** What is {@code co} on one way, and null or that of an outer body on the other; else null. */
  private @Nullable TypedValue mergeCo(TypedValue first, TypedValue second) {
    if (!first.isReference() || !second.isReference()) {
      return null;
    }
    boolean hasNull = first.kind() == TypedValue.Kind.NULL || second.kind() == TypedValue.Kind.NULL;
    Type type =
        first.kind() == TypedValue.Kind.NULL
            ? second.known()
            : second.kind() == TypedValue.Kind.NULL
                ? first.known()
                : merge(first.known(), second.known());
    if (first.isCarrier() && second.isCarrier()) {
      Carrier both = first.held().merge(second.held());
      return both == null ? null : TypedValue.carrier(type, both);
    }
    if (hasNull && (first.isCarrier() || second.isCarrier())) {
      return first.isCarrier() ? first : second;
    }
    boolean isOwn = first.isCoOrNull() || second.isCoOrNull();
    boolean isOuter = first.isOuterCo() || second.isOuterCo();
    if (isOuter) {
      boolean isEither =
          (first.isCoOrNull() || first.isOuterCo())
              && (second.isCoOrNull() || second.isOuterCo())
              && (isOwn || first.isPerhapsCo() || second.isPerhapsCo());
      return isEither ? TypedValue.eitherCo(type) : null;
    }
    boolean areOwn = first.isCoOrNull() && second.isCoOrNull();
    if (areOwn && first.kind() == second.kind()) {
      return first.as(type);
    }
    return areOwn || (isOwn && hasNull) ? TypedValue.coOrNull(type) : null;
  }

  private Type merge(Type first, Type second) {
    if (first.equals(second)) {
      return first;
    }
    if (first.getSort() == Type.OBJECT && second.getSort() == Type.OBJECT) {
      return Type.getObjectType(
          files.commonSuperclass(first.getInternalName(), second.getInternalName()));
    }
    if (first.getSort() == Type.ARRAY && second.getSort() == Type.ARRAY) {
      Type a = Type.getType(first.getDescriptor().substring(1));
      Type b = Type.getType(second.getDescriptor().substring(1));
      if (a.getSort() >= Type.ARRAY && b.getSort() >= Type.ARRAY) {
        return Type.getType("[" + merge(a, b).getDescriptor());
      }
    }
    return TypedValue.OBJECT;
  }
}
