package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.BodyCompiler;
import io.fermata.internal.compiler.BodyMethod;
import io.fermata.internal.compiler.ClassFiles;
import io.fermata.internal.compiler.FrameClass;
import io.fermata.internal.compiler.HeldAwaits;
import io.fermata.internal.compiler.ImplementationFinder;
import io.fermata.internal.compiler.Shape;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.runtime.DispatchedCall;
import io.fermata.runtime.EngineServices;
import io.fermata.runtime.Linkage;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call of a method that can be overridden executes, by the class of the receiver: the method
 * is found as the JVM finds it, and compiled beside the class that declares it. All classes that
 * inherit a method share its frame.
 */
final class Implementations {
  private final DispatchedCall call;
  private final EngineServices services;

  Implementations(DispatchedCall call, EngineServices services) {
    this.call = call;
    this.services = services;
  }

  /**
   * Makes the frame of the call for receivers of one class.
   *
   * @param object a receiver of the class
   * @throws NotCompilable if there can be no such frame
   */
  MethodHandle frame(Object object) throws NotCompilable {
    Class<?> receiver = object.getClass();
    if (receiver.isHidden() && declares(receiver)) {
      return new LambdaCall(call, services).frame(object);
    }
    return adapted(helper(receiver.isHidden() ? interfaceOf(receiver) : receiver));
  }

  /** Whether a lambda is what the call executes; else its interface has a default method. */
  private boolean declares(Class<?> lambda) {
    for (Method method : lambda.getDeclaredMethods()) {
      if (method.getName().equals(call.name())
          && Arrays.equals(method.getParameterTypes(), call.type().parameterArray())) {
        return true;
      }
    }
    return false;
  }

  private Class<?> interfaceOf(Class<?> lambda) throws NotCompilable {
    for (Class<?> type : lambda.getInterfaces()) {
      if (call.owner().isAssignableFrom(type)) {
        return type;
      }
    }
    throw new NotCompilable("the bytecode of a hidden class cannot be read");
  }

  private MethodHandle helper(Class<?> receiver) throws NotCompilable {
    String descriptor = call.type().toMethodDescriptorString();
    Class<?> declaring = Selection.select(call.owner(), call.name(), descriptor, receiver);
    ReadFiles read = new ReadFiles(new LoaderClassPath(declaring.getClassLoader()));
    ClassFiles files = new ClassFiles(read);
    BodyMethod helper =
        new ImplementationFinder(files, call.name(), descriptor)
            .helper(Selection.internalName(declaring), call.co(), Shape.valueOf(call.shape()));
    return constructor(helper, files, read, declaring);
  }

  /**
   * The constructor of a helper's frame, which takes {@code co} as an object last if it needs it.
   *
   * @param files where the classes are found
   * @param read what they read
   */
  MethodHandle constructor(BodyMethod helper, ClassFiles files, ReadFiles read, Class<?> declaring)
      throws NotCompilable {
    ClassLoader loader = declaring.getClassLoader();
    // a package of another module may be open to this one, and not to the module of the call
    boolean isOwn = declaring.getModule() == call.rights().lookupClass().getModule();
    MethodHandles.@Nullable Lookup lookup = isOwn ? call.rights() : null;
    HostFiles hostFiles = new HostFiles(read);
    Definition definition = new Definition(loader, hostFiles, lookup, services);
    List<FrameClass> unit = compile(helper, files, definition);
    hostFiles.checkAges();
    Class<?> frame = definition.define(unit, List.of());
    FilesInUse.addMet(loader, read.places());
    try {
      return Linkage.rights(declaring, lookup)
          .unreflectConstructor(frame.getDeclaredConstructors()[0]);
    } catch (IllegalAccessException unexpected) {
      throw new NotCompilable("its generated class was refused (" + unexpected + ")");
    }
  }

  private static List<FrameClass> compile(
      BodyMethod helper, ClassFiles files, Definition definition) throws NotCompilable {
    try {
      return BodyCompiler.compile(helper, 1, files, definition);
    } catch (NotCompilable reason) {
      String heldAwait = helper.shape().awaits() ? HeldAwaits.find(helper, files) : null;
      throw heldAwait == null ? reason : NotCompilable.mistake(heldAwait);
    }
  }

  /** In the form of the call's site. Interfaces are not checked, as the verifier does not. */
  private MethodHandle adapted(MethodHandle constructor) {
    return MethodHandles.explicitCastArguments(withCo(constructor, siteType()), siteType());
  }

  /** With the parameter that the site has for {@code co} as an object. */
  static MethodHandle withCo(MethodHandle constructor, MethodType site) {
    int given = constructor.type().parameterCount();
    return given == site.parameterCount()
        ? constructor
        : MethodHandles.dropArguments(constructor, given, Object.class);
  }

  /** The type of the call's site: each object is an object, and {@code co} may come last. */
  MethodType siteType() {
    MethodType type = MethodType.methodType(Object.class, Object.class);
    for (int i = 0; i < call.type().parameterCount(); i++) {
      Class<?> parameter = call.type().parameterType(i);
      if (i != call.co()) {
        type = type.appendParameterTypes(parameter.isPrimitive() ? parameter : Object.class);
      }
    }
    return call.co() >= 0 && Shape.valueOf(call.shape()).awaits()
        ? type.appendParameterTypes(Object.class)
        : type;
  }
}
