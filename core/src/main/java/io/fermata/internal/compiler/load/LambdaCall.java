package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.ClassFiles;
import io.fermata.internal.compiler.ImplementationFinder;
import io.fermata.internal.compiler.Shape;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.runtime.DispatchedCall;
import io.fermata.runtime.EngineServices;
import io.fermata.runtime.Linkage;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleInfo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Type;

/**
 * A call whose receiver is a lambda or a method reference. The method behind it becomes the frame;
 * its first parameters are what the lambda has captured. A serializable lambda names its method. Of
 * another one, the method is known if its class has no second lambda like it ({@link LambdaSites}).
 */
final class LambdaCall {
  private final DispatchedCall call;
  private final EngineServices services;

  LambdaCall(DispatchedCall call, EngineServices services) {
    this.call = call;
    this.services = services;
  }

  /**
   * Makes the frame of the call for lambdas of one class.
   *
   * @param receiver one of them
   */
  MethodHandle frame(Object receiver) throws NotCompilable {
    Target lambda = target(receiver);
    String method = lambda.method();
    int kind = lambda.kind();
    int captured = lambda.captured();
    boolean isStatic = kind == MethodHandleInfo.REF_invokeStatic;
    if (kind == MethodHandleInfo.REF_newInvokeSpecial || (!isStatic && captured == 0)) {
      throw new NotCompilable("it is a reference to a method without its object");
    }
    ClassLoader loader = receiver.getClass().getClassLoader();
    Class<?> declaring = type(lambda.owner().replace('/', '.'), loader);
    MethodType type = MethodType.fromMethodDescriptorString(lambda.descriptor(), loader);
    checkResult(type.returnType());
    // the captured object of an instance method is no parameter of it
    int before = isStatic ? captured : captured - 1;
    for (int i = 0; i < before; i++) {
      if (Shape.isYielder(Type.getType(type.parameterType(i)))) {
        throw new NotCompilable("it has captured a co");
      }
    }
    int co = call.co() < 0 ? -1 : before + call.co();
    DispatchedCall inner =
        new DispatchedCall(
            rights(declaring), declaring, method, type, co, call.shape(), call.place());
    MethodType called = MethodType.fromMethodDescriptorString(lambda.called(), loader);
    return adapted(target(inner, isStatic), getters(receiver, captured), called);
  }

  /**
   * The method behind a lambda.
   *
   * @param called the type of the lambda's own method, as it is called: its parameters are cast
   */
  private record Target(
      String owner, String method, String descriptor, int kind, int captured, String called) {}

  private Target target(Object receiver) throws NotCompilable {
    SerializedLambda serialized = serialized(receiver);
    if (serialized != null) {
      return new Target(
          serialized.getImplClass(),
          serialized.getImplMethodName(),
          serialized.getImplMethodSignature(),
          serialized.getImplMethodKind(),
          serialized.getCapturedArgCount(),
          serialized.getInstantiatedMethodType());
    }
    String descriptor = call.type().toMethodDescriptorString();
    LambdaSites.Made made = LambdaSites.find(receiver.getClass(), call.name(), descriptor);
    if (made == null) {
      throw new NotCompilable(
          "its class may have made several such lambdas; a lambda names its method if its interface"
              + " is serializable");
    }
    Handle method = made.method();
    int captured = 0;
    for (Field field : receiver.getClass().getDeclaredFields()) {
      captured += (field.getModifiers() & Modifier.STATIC) == 0 ? 1 : 0;
    }
    return new Target(
        method.getOwner(),
        method.getName(),
        method.getDesc(),
        method.getTag(),
        captured,
        made.called().getDescriptor());
  }

  /** Makes the frame of the method behind the lambda. */
  private MethodHandle target(DispatchedCall inner, boolean isStatic) throws NotCompilable {
    String owner = Selection.internalName(inner.owner());
    ReadFiles read = new ReadFiles(new LoaderClassPath(inner.owner().getClassLoader()));
    ClassFiles files = new ClassFiles(read);
    ImplementationFinder finder =
        new ImplementationFinder(files, inner.name(), inner.type().toMethodDescriptorString());
    Implementations implementations = new Implementations(inner, services);
    return isStatic || finder.isExact(owner)
        ? implementations.constructor(
            finder.helper(owner, inner.co(), Shape.valueOf(inner.shape())),
            files,
            read,
            inner.owner())
        : Linkage.dispatched(implementations.siteType(), inner, services);
  }

  /**
   * From the parameters of the call to those of the method.
   *
   * <pre>
   * site    lambda, a, b [, co]             call.walk(a, own co, b)
   * target  captured 1 of lambda, captured 2 of lambda, a, b [, co]
   * </pre>
   *
   * @param called the lambda casts its parameters to the types of this
   */
  private MethodHandle adapted(MethodHandle target, List<MethodHandle> getters, MethodType called) {
    MethodType site = new Implementations(call, services).siteType();
    int captured = getters.size();
    int given = captured + site.parameterCount() - 1;
    MethodHandle whole =
        target.type().parameterCount() == given
            ? target
            : MethodHandles.dropArguments(target, target.type().parameterCount(), Object.class);
    MethodType type = site.dropParameterTypes(0, 1);
    for (int i = captured - 1; i >= 0; i--) {
      type = type.insertParameterTypes(0, Object.class);
    }
    MethodHandle[] readers = new MethodHandle[captured];
    for (int i = 0; i < captured; i++) {
      readers[i] =
          getters.get(i).asType(MethodType.methodType(whole.type().parameterType(i), Object.class));
      type = type.changeParameterType(i, whole.type().parameterType(i));
    }
    MethodType narrow = type;
    int at = captured;
    for (int i = 0; i < called.parameterCount(); i++) {
      if (i != call.co()) {
        narrow = narrow.changeParameterType(at++, called.parameterType(i));
      }
    }
    MethodHandle reading =
        MethodHandles.filterArguments(whole.asType(narrow).asType(type), 0, readers);
    if (captured == 0) {
      return MethodHandles.dropArguments(reading, 0, Object.class);
    }
    int[] order = new int[given];
    for (int i = captured; i < given; i++) {
      order[i] = i - captured + 1;
    }
    return MethodHandles.permuteArguments(reading, site, order);
  }

  /** A frame's result is boxed, and nobody widens it. */
  private void checkResult(Class<?> made) throws NotCompilable {
    Class<?> wanted = call.type().returnType();
    boolean fits =
        wanted == void.class
            || wanted == made
            || !wanted.isPrimitive()
            || MethodType.methodType(wanted).wrap().returnType() == made;
    if (!fits) {
      throw new NotCompilable("its result is converted to " + wanted);
    }
  }

  private List<MethodHandle> getters(Object receiver, int captured) throws NotCompilable {
    try {
      List<MethodHandle> getters = CaptureReader.ofLambda(receiver.getClass(), call.rights());
      if (getters.size() == captured) {
        return getters;
      }
    } catch (IllegalAccessException closed) {
      // the reason is the same
    }
    throw new NotCompilable("what it has captured cannot be read");
  }

  private @Nullable SerializedLambda serialized(Object receiver) {
    Class<?> type = receiver.getClass();
    try {
      Object replaced =
          Linkage.rights(type, call.rights())
              .findVirtual(type, "writeReplace", MethodType.methodType(Object.class))
              .invoke(receiver);
      if (replaced instanceof SerializedLambda lambda
          && lambda.getFunctionalInterfaceMethodName().equals(call.name())
          && lambda
              .getFunctionalInterfaceMethodSignature()
              .equals(call.type().toMethodDescriptorString())) {
        return lambda;
      }
    } catch (Throwable closedOrNotSerializable) {
      // it names no method
    }
    return null;
  }

  private MethodHandles.Lookup rights(Class<?> declaring) throws NotCompilable {
    try {
      return Linkage.rights(declaring, call.rights());
    } catch (IllegalAccessException closed) {
      throw new NotCompilable(BodySource.closed(declaring.getName()));
    }
  }

  private static Class<?> type(String name, ClassLoader loader) throws NotCompilable {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError notThere) {
      throw new NotCompilable("the class " + name + " cannot be found");
    }
  }
}
