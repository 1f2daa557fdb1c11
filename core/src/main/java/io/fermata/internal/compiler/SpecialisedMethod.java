package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.Assembler;
import io.fermata.internal.compiler.bytecode.Boxing;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * A method made from another one, for closures that are known: it takes the parts of a closure in
 * place of the lambda. At its beginning it makes the lambda from the parts, so that {@link
 * Closures} finds it as if it had been written there.
 *
 * <pre>{@code
 * static void each(List<T> l, Consumer<T> c)           // given x -> co.yield(x + n)
 * static void each(List<T> l, int n, Yielder co) { Consumer<T> c = x -> co.yield(x + n); ... }
 * }</pre>
 */
final class SpecialisedMethod extends MethodNode {
  /** Tells it apart from others that are made from the same method, in the names of classes. */
  final String id;

  /** The descriptor of the method that it is made from. */
  final String origin;

  private SpecialisedMethod(int access, String name, String descriptor, String id, String origin) {
    super(Opcodes.ASM9, access, name, descriptor, null, null);
    this.id = id;
    this.origin = origin;
  }

  /** A method with its code, or the one that was made already. */
  static MethodNode withCode(ClassFiles files, ClassNode owner, MethodNode outline) {
    return outline instanceof SpecialisedMethod ? outline : files.withCode(owner, outline);
  }

  /**
   * A method for closures.
   *
   * @param closures by the index of the parameter that takes the lambda
   */
  static SpecialisedMethod of(
      ClassFiles files, Inheritance.Member member, Map<Integer, Closure> closures)
      throws NotCompilable {
    MethodNode code = files.withCode(member.owner(), member.method());
    List<Type> parameters = new ArrayList<>();
    Type[] declared = Type.getArgumentTypes(code.desc);
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < declared.length; i++) {
      Closure closure = closures.get(i);
      if (closure == null) {
        parameters.add(declared[i]);
      } else {
        parameters.addAll(closure.types());
        id.append(id.isEmpty() ? "" : "_and_").append(i).append('_').append(closure.id());
      }
    }
    boolean isStatic = (code.access & Opcodes.ACC_STATIC) != 0;
    SpecialisedMethod made =
        new SpecialisedMethod(
            code.access,
            code.name,
            Type.getMethodDescriptor(
                Type.getReturnType(code.desc), parameters.toArray(new Type[0])),
            id.toString(),
            code.desc);
    Assembler out = new Assembler(made.instructions);
    int own = isStatic ? 0 : 1;
    int from = own;
    int shift = own + sizes(parameters);
    int to = shift + own;
    if (!isStatic) {
      out.loadThis().store(shift, TypedValue.OBJECT);
    }
    for (int i = 0; i < declared.length; i++) {
      Closure closure = closures.get(i);
      if (closure == null) {
        out.load(from, declared[i]);
        from += declared[i].getSize();
      } else {
        from = closure.make(out, member.owner(), from);
      }
      out.store(to, declared[i]);
      to += declared[i].getSize();
    }
    made.take(code, shift, out, (at, ret) -> ret.op(at.getOpcode()));
    return made;
  }

  /**
   * The code of a closure: a static method that takes its parts, then the arguments of a call of
   * the lambda.
   *
   * @param owner the class of the target; null for a method of {@code co} itself
   */
  static SpecialisedMethod of(ClassFiles files, Closure closure, @Nullable ClassNode owner)
      throws NotCompilable {
    Handle target = closure.target();
    List<Type> parameters = new ArrayList<>(closure.types());
    Type[] erased = closure.erased().getArgumentTypes();
    Type[] instantiated = closure.instantiated().getArgumentTypes();
    parameters.addAll(List.of(erased));
    SpecialisedMethod made =
        new SpecialisedMethod(
            Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
            target.getName(),
            Type.getMethodDescriptor(
                closure.erased().getReturnType(), parameters.toArray(new Type[0])),
            closure.id(),
            target.getDesc());
    Assembler out = new Assembler(made.instructions);
    List<Type> wanted = new ArrayList<>();
    if (target.getTag() != Opcodes.H_INVOKESTATIC) {
      wanted.add(Type.getObjectType(target.getOwner()));
    }
    wanted.addAll(List.of(Type.getArgumentTypes(target.getDesc())));
    int shift = sizes(parameters);
    int to = shift;
    int from = 0;
    int captured = closure.parts().size();
    for (int i = 0; i < wanted.size(); i++) {
      if (i < captured) {
        Closure.Part part = closure.parts().get(i);
        if (part.closure() == null) {
          from = part.load(out, from, wanted.get(i));
        } else {
          from = part.closure().make(out, Objects.requireNonNull(owner), from);
        }
      } else {
        int argument = i - captured;
        out.load(from, erased[argument]);
        from += erased[argument].getSize();
        convert(out, erased[argument], instantiated[argument], wanted.get(i));
      }
      if (owner != null) {
        out.store(to, wanted.get(i));
        to += wanted.get(i).getSize();
      }
    }
    if (owner == null) {
      out.add(
          new MethodInsnNode(
              Opcodes.INVOKEINTERFACE,
              target.getOwner(),
              target.getName(),
              target.getDesc(),
              true));
      returns(closure, out);
      made.maxLocals = shift;
      made.maxStack = 2 * shift + 4;
      return made;
    }
    MethodNode outline =
        Objects.requireNonNull(SuspensionPoints.method(owner, target.getName(), target.getDesc()));
    made.take(files.withCode(owner, outline), shift, out, (at, ret) -> returns(closure, ret));
    return made;
  }

  private void take(MethodNode code, int shift, Assembler out, CodeCopy.Returns returns)
      throws NotCompilable {
    maxLocals = shift;
    maxStack = code.maxStack + 4 + shift;
    new CodeCopy(code, this, shift).write(out, null, returns);
  }

  /** Returns what the target of a closure gives, as a call of the lambda gives it. */
  private static void returns(Closure closure, Assembler out) throws NotCompilable {
    Type given = Type.getReturnType(closure.target().getDesc());
    Type wanted = closure.erased().getReturnType();
    if (wanted == Type.VOID_TYPE) {
      if (given != Type.VOID_TYPE) {
        out.pop(given);
      }
      out.op(Opcodes.RETURN);
      return;
    }
    Type functional = closure.instantiated().getReturnType();
    if (given.getSort() < Type.ARRAY && functional.getSort() >= Type.ARRAY) {
      Boxing.box(out, given);
    } else if (given.getSort() >= Type.ARRAY && functional.getSort() < Type.ARRAY) {
      unbox(out, given, functional);
    } else if (given.getSort() < Type.ARRAY) {
      widen(out, given, functional);
    } else if (!given.equals(functional) && !functional.equals(TypedValue.OBJECT)) {
      out.cast(functional.getInternalName()); // the target may return a type variable
    }
    out.op(wanted.getOpcode(Opcodes.IRETURN));
  }

  /** Makes an argument of a call what the target takes. */
  private static void convert(Assembler out, Type erased, Type instantiated, Type wanted)
      throws NotCompilable {
    if (erased.getSort() >= Type.ARRAY
        && !instantiated.equals(erased)
        && !instantiated.equals(TypedValue.OBJECT)) {
      out.cast(instantiated.getInternalName());
    }
    boolean isReference = instantiated.getSort() >= Type.ARRAY;
    boolean becomesReference = wanted.getSort() >= Type.ARRAY;
    if (isReference && !becomesReference) {
      unbox(out, instantiated, wanted);
    } else if (!isReference && becomesReference) {
      Boxing.box(out, instantiated);
    } else if (!isReference) {
      widen(out, instantiated, wanted);
    }
  }

  private static void unbox(Assembler out, Type box, Type wanted) throws NotCompilable {
    Type primitive =
        switch (box.getInternalName()) {
          case "java/lang/Boolean" -> Type.BOOLEAN_TYPE;
          case "java/lang/Byte" -> Type.BYTE_TYPE;
          case "java/lang/Character" -> Type.CHAR_TYPE;
          case "java/lang/Short" -> Type.SHORT_TYPE;
          case "java/lang/Integer" -> Type.INT_TYPE;
          case "java/lang/Long" -> Type.LONG_TYPE;
          case "java/lang/Float" -> Type.FLOAT_TYPE;
          case "java/lang/Double" -> Type.DOUBLE_TYPE;
          default -> wanted; // of a type variable
        };
    Boxing.unbox(out, primitive);
    widen(out, primitive, wanted);
  }

  private static void widen(Assembler out, Type from, Type to) throws NotCompilable {
    int source = from.getSort() <= Type.INT ? Type.INT : from.getSort();
    int target = to.getSort() <= Type.INT ? Type.INT : to.getSort();
    if (source == target) {
      return;
    }
    switch (source * 10 + target) {
      case Type.INT * 10 + Type.LONG -> out.op(Opcodes.I2L);
      case Type.INT * 10 + Type.FLOAT -> out.op(Opcodes.I2F);
      case Type.INT * 10 + Type.DOUBLE -> out.op(Opcodes.I2D);
      case Type.LONG * 10 + Type.FLOAT -> out.op(Opcodes.L2F);
      case Type.LONG * 10 + Type.DOUBLE -> out.op(Opcodes.L2D);
      case Type.FLOAT * 10 + Type.DOUBLE -> out.op(Opcodes.F2D);
      default ->
          throw new NotCompilable(
              "a lambda that captures co takes a " + from + " as a " + to.getClassName());
    }
  }

  /** The slots that values of these types take. */
  static int sizes(List<Type> types) {
    int size = 0;
    for (Type type : types) {
      size += type.getSize();
    }
    return size;
  }
}
