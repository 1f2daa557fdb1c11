package io.fermata.internal.compiler;

import io.fermata.internal.compiler.load.BodySource;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds the method that a body stands for in the class files. */
final class BodyFinder {
  private final BodySource source;
  private final Shape shape;
  private final ClassFiles files;

  BodyFinder(BodySource source, Shape shape, ClassFiles files) {
    this.source = source;
    this.shape = shape;
    this.files = files;
  }

  /** The method, if it is one that can be compiled. */
  BodyMethod find() throws NotCompilable {
    if (source.loader() == null) {
      throw new NotCompilable("its class belongs to the JDK");
    }
    if (source.isLambda() && source.descriptor() == null) {
      throw new NotCompilable(
          "the module of "
              + source.className()
              + " does not open its package to io.fermata; open it, or pass MethodHandles.lookup()"
              + " as the first argument");
    }
    Inheritance.Member found =
        new Inheritance(files, this::in).find(source.className().replace('.', '/'));
    if (found == null) {
      throw new NotCompilable(
          "the bytecode of "
              + source.className()
              + "."
              + source.method()
              + "() cannot be found through its class loader");
    }
    ClassNode owner = found.owner();
    MethodNode method = found.method();
    boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
    boolean exact =
        isStatic
            || !source.isLambda()
            || (method.access & (Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL)) != 0
            || (owner.access & Opcodes.ACC_FINAL) != 0;
    if (!exact) {
      throw new NotCompilable(
          "it is a reference to "
              + source.method()
              + "(), which can be overridden; make it static, private or final");
    }
    if (method.name.equals("<init>")) {
      throw new NotCompilable("it is a reference to a constructor");
    }
    if ((method.access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
      throw new NotCompilable(method.name + "() has no bytecode");
    }
    Type[] parameters = Type.getArgumentTypes(method.desc);
    int last = parameters.length - 1 - shape.handles();
    if (last < 0 || !parameters[last].equals(Type.getObjectType(shape.yielder))) {
      throw new NotCompilable(method.name + "() takes co as an object of another type");
    }
    int slot = isStatic ? 0 : 1;
    for (int i = 0; i < last; i++) {
      boolean isOuterCo = shape.isAsync() && Shape.isAwaiter(parameters[i]);
      if (Shape.isYielder(parameters[i]) && !isOuterCo) {
        throw new NotCompilable(
            "it captures the co of another body, and only an asynchronous body can wait through the"
                + " co of another asynchronous one");
      }
      slot += parameters[i].getSize();
    }
    return new BodyMethod(owner, method, slot, shape, false, self(isStatic));
  }

  /** The class of the body, if it is an object of a named or anonymous class. */
  private @Nullable String self(boolean isStatic) {
    String name = source.className().replace('.', '/');
    ClassNode type = files.find(name);
    boolean isKnown =
        !isStatic
            && !source.isLambda()
            && type != null
            && (type.access & Opcodes.ACC_INTERFACE) == 0;
    return isKnown ? name : null;
  }

  /** The method, in a class that declares it; null in others. */
  private @Nullable MethodNode in(ClassNode owner) {
    if (source.descriptor() != null) {
      return SuspensionPoints.method(owner, source.method(), source.descriptor());
    }
    for (MethodNode method : owner.methods) {
      Type[] parameters = Type.getArgumentTypes(method.desc);
      if (method.name.equals(source.method())
          && (method.access & (Opcodes.ACC_BRIDGE | Opcodes.ACC_STATIC)) == 0
          && parameters.length == 1 + shape.handles()
          && parameters[0].equals(Type.getObjectType(shape.yielder))) {
        return method;
      }
    }
    return null;
  }
}
