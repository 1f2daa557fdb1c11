package io.fermata.internal.compiler;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** The search for the method of a body in the class files. */
public final class BodyFinder {
  private final BodyReference reference;
  private final BodyKind kind;
  private final ClassFiles files;

  /**
   * Looks for one body.
   *
   * @param reference names its method
   * @param kind what it is
   * @param files where its class is read
   */
  public BodyFinder(BodyReference reference, BodyKind kind, ClassFiles files) {
    this.reference = reference;
    this.kind = kind;
    this.files = files;
  }

  /**
   * Whether it is a reference to a method that the class of the captured object tells.
   *
   * @throws NotCompilable if no such method can be compiled
   */
  public boolean isDispatched() throws NotCompilable {
    Inheritance.Member found = new Inheritance(files, this::in).find(reference.className());
    ClassNode named = files.find(reference.className());
    boolean isDispatched =
        reference.isLambda()
            && named != null
            && (found == null || !isExact(found))
            && (named.access & Opcodes.ACC_FINAL) == 0;
    if (isDispatched) {
      parametersBeforeCo(reference.method(), Objects.requireNonNull(reference.descriptor()));
    }
    return isDispatched;
  }

  private static boolean isExact(Inheritance.Member member) {
    int access = member.method().access;
    return (access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL | Opcodes.ACC_STATIC)) != 0
        || (member.owner().access & Opcodes.ACC_FINAL) != 0
        || member.method().name.equals("<init>");
  }

  /**
   * The method, if it is one that can be compiled. If it is {@linkplain #isDispatched dispatched},
   * the reference has to name the class that has the method.
   */
  public BodyMethod find() throws NotCompilable {
    Inheritance.Member found = new Inheritance(files, this::in).find(reference.className());
    if (found == null) {
      throw new NotCompilable(
          "the bytecode of "
              + reference.className().replace('/', '.')
              + "."
              + reference.method()
              + "() cannot be found through its class loader");
    }
    ClassNode owner = found.owner();
    MethodNode method = found.method();
    boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
    if (method.name.equals("<init>")) {
      throw new NotCompilable("it is a reference to a constructor");
    }
    if ((method.access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
      throw new NotCompilable(method.name + "() has no bytecode");
    }
    int slot = (isStatic ? 0 : 1) + parametersBeforeCo(method.name, method.desc);
    return new BodyMethod(owner, method, slot, kind.shape(), kind, self(owner, isStatic));
  }

  /**
   * The slots of what is captured: that comes first, then co, then the handle of a scope.
   *
   * @throws NotCompilable if there is no co, or one too many
   */
  private int parametersBeforeCo(String name, String descriptor) throws NotCompilable {
    Type[] parameters = Type.getArgumentTypes(descriptor);
    int last = parameters.length - 1 - kind.handles();
    if (last < 0 || !parameters[last].equals(Type.getObjectType(kind.shape().yielder))) {
      throw new NotCompilable(name + "() takes co as an object of another type");
    }
    int slots = 0;
    for (int i = 0; i < last; i++) {
      boolean isOuterCo = kind.awaits() && Shape.isAwaiter(parameters[i]);
      if (Shape.isYielder(parameters[i]) && !isOuterCo) {
        throw new NotCompilable(
            "it captures the co of another body, and only an asynchronous body can wait through the"
                + " co of another asynchronous one: make a generator that awaits an AsyncGenerator");
      }
      slots += parameters[i].getSize();
    }
    return slots;
  }

  /**
   * The class of the body, if it is an object of a named or anonymous class. A method of a library
   * does not know the classes of the applications that inherit it.
   */
  private @Nullable String self(ClassNode owner, boolean isStatic) {
    String name = reference.className();
    ClassNode type = files.find(name);
    boolean isKnown =
        !isStatic
            && !reference.isLambda()
            && type != null
            && (type.access & Opcodes.ACC_INTERFACE) == 0
            && files.sees(owner.name, name);
    return isKnown ? name : null;
  }

  /** The method, in a class that declares it; null in others. */
  private @Nullable MethodNode in(ClassNode owner) {
    if (reference.descriptor() != null) {
      return SuspensionPoints.method(owner, reference.method(), reference.descriptor());
    }
    for (MethodNode method : owner.methods) {
      Type[] parameters = Type.getArgumentTypes(method.desc);
      if (method.name.equals(reference.method())
          && (method.access & (Opcodes.ACC_BRIDGE | Opcodes.ACC_STATIC)) == 0
          && parameters.length == 1 + kind.handles()
          && parameters[0].equals(Type.getObjectType(kind.shape().yielder))) {
        return method;
      }
    }
    return null;
  }
}
