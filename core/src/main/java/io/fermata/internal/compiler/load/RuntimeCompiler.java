package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.BodyCompiler;
import io.fermata.internal.compiler.BodyFinder;
import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.compiler.BodyMethod;
import io.fermata.internal.compiler.BodyReference;
import io.fermata.internal.compiler.ClassFiles;
import io.fermata.internal.compiler.FrameClass;
import io.fermata.internal.compiler.FrameName;
import io.fermata.internal.compiler.HeldAwaits;
import io.fermata.internal.compiler.bytecode.NotCompilable;
import io.fermata.runtime.DispatchedCall;
import io.fermata.runtime.EngineServices;
import io.fermata.runtime.Implementation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The compiler at run time: from an object that is a body to the class of its frames. It finds the
 * method behind the object, has {@link BodyCompiler} compile it, and defines what comes out.
 */
public final class RuntimeCompiler {
  private RuntimeCompiler() {}

  /**
   * Reads the object whose class tells the method of a body: that of a method reference to a method
   * which can be overridden.
   *
   * @param body an instance of it; all instances of its class share the result
   * @param kind its kind
   * @param lookup the rights of the class that holds it, if they were given
   * @return takes an instance, gives the object; null if the class of the body tells the method
   * @throws NotCompilable if it has to run on another engine
   */
  public static @Nullable MethodHandle receiver(
      Object body, BodyKind kind, MethodHandles.@Nullable Lookup lookup) throws NotCompilable {
    BodySource source = BodySource.of(body, lookup);
    ClassFiles files = new ClassFiles(source.path());
    if (!new BodyFinder(source.reference(), kind, files).isDispatched()) {
      return null;
    }
    List<MethodHandle> getters =
        CaptureReader.getters(source, body.getClass(), source.captured(), lookup);
    if (getters.isEmpty()) {
      throw new NotCompilable("it is a reference to a method without its object");
    }
    return getters.get(0);
  }

  /**
   * The class that has the method of such a body, for objects of one class.
   *
   * @param body an instance of the body
   * @param lookup the rights of the class that holds it, if they were given
   * @param receiver the class of the object
   * @throws NotCompilable if the body has to run on another engine
   */
  public static Class<?> declaring(
      Object body, MethodHandles.@Nullable Lookup lookup, Class<?> receiver) throws NotCompilable {
    BodySource source = BodySource.of(body, lookup);
    BodyReference reference = source.reference();
    if (receiver.isHidden()) {
      throw new NotCompilable("the bytecode of a hidden class cannot be read");
    }
    try {
      Class<?> owner =
          Class.forName(reference.className().replace('/', '.'), false, source.loader());
      return Selection.select(
          owner, reference.method(), String.valueOf(reference.descriptor()), receiver);
    } catch (ClassNotFoundException | LinkageError notThere) {
      throw new NotCompilable("the class " + reference.className() + " cannot be found");
    }
  }

  /**
   * Compiles a body.
   *
   * @param body an instance of it; all instances of its class share the result
   * @param kind its kind
   * @param lookup the rights of the class that holds it, if they were given
   * @param declaring the class that has its method, where {@link #declaring} has told it; else null
   * @param services of the engine, for the generated classes
   * @throws NotCompilable if it has to run on another engine
   */
  public static CompiledBody compile(
      Object body,
      BodyKind kind,
      MethodHandles.@Nullable Lookup lookup,
      @Nullable Class<?> declaring,
      EngineServices services)
      throws NotCompilable {
    Found found = Found.of(BodySource.of(body, lookup), kind, declaring);
    BodyMethod method = found.method;
    HostFiles hostFiles = new HostFiles(found.read);
    Definition definition = new Definition(found.loader, hostFiles, lookup, services);
    definition.checkHost(method.owner());
    definition.checkFile(method.owner());
    List<MethodHandle> getters =
        CaptureReader.getters(found.source, body.getClass(), method.captured(), lookup);
    boolean isShared = !found.reference.isLambda() && method.self() == null;
    int load = isShared ? FrameName.SHARED : definition.nextLoad(method);
    List<FrameClass> unit = BodyCompiler.compile(method, load, found.files, definition);
    hostFiles.checkAges();
    Class<?> frame = isShared ? definition.share(unit, getters) : definition.define(unit, getters);
    List<String> explanation = new ArrayList<>();
    for (FrameClass each : unit) {
      explanation.addAll(each.explanation());
    }
    return CompiledBody.of(
        frame,
        explanation,
        BodyOwner.of(method, definition, getters),
        new FilesInUse(frame, found.read.places()));
  }

  /**
   * Looks for an await under a monitor in a body that is not compiled.
   *
   * @param body an instance of it; all instances of its class share the result
   * @param kind its kind
   * @param lookup the rights of the class that holds it, if they were given
   * @param declaring the class that has its method, where {@link #declaring} has told it; else null
   * @return what is wrong with it; null if nothing was found
   * @throws NotCompilable if its code is not known
   */
  public static @Nullable String heldAwait(
      Object body,
      BodyKind kind,
      MethodHandles.@Nullable Lookup lookup,
      @Nullable Class<?> declaring)
      throws NotCompilable {
    Found found = Found.of(BodySource.of(body, lookup), kind, declaring);
    String problem = HeldAwaits.find(found.method, found.files);
    if (problem != null) {
      HostFiles hostFiles = new HostFiles(found.read); // the file must be what runs
      hostFiles.check(found.owner(), found.method.owner());
      hostFiles.checkAges();
    }
    return problem;
  }

  /**
   * Compiles what a call executes for the receivers of one class.
   *
   * @param call the call
   * @param receiver a receiver of the class
   * @param services of the engine, for the generated classes
   * @throws NotCompilable if the call has to run on a thread
   */
  public static Implementation implementation(
      DispatchedCall call, Object receiver, EngineServices services) throws NotCompilable {
    return Implementation.compiled(new Implementations(call, services).frame(receiver));
  }

  /** The method of a body, and what was read to find it. */
  private record Found(
      BodySource source,
      BodyReference reference,
      @Nullable ClassLoader loader,
      ReadFiles read,
      ClassFiles files,
      BodyMethod method) {
    static Found of(BodySource source, BodyKind kind, @Nullable Class<?> declaring)
        throws NotCompilable {
      BodyReference reference = source.reference();
      ClassLoader loader = source.loader();
      if (declaring != null) {
        loader = declaring.getClassLoader();
        reference =
            new BodyReference(
                Selection.internalName(declaring),
                reference.method(),
                reference.descriptor(),
                reference.isLambda());
      }
      ReadFiles read = new ReadFiles(new LoaderClassPath(loader));
      ClassFiles files = new ClassFiles(read);
      BodyMethod method = new BodyFinder(reference, kind, files).find();
      return new Found(source, reference, loader, read, files, method);
    }

    Class<?> owner() throws NotCompilable {
      String name = method.owner().name.replace('/', '.');
      try {
        return Class.forName(name, false, loader);
      } catch (ClassNotFoundException | LinkageError notThere) {
        throw new NotCompilable("the class " + name + " cannot be found");
      }
    }
  }
}
