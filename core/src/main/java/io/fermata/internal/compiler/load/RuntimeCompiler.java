package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.BodyCompiler;
import io.fermata.internal.compiler.BodyFinder;
import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.compiler.BodyMethod;
import io.fermata.internal.compiler.ClassFiles;
import io.fermata.internal.compiler.FrameClass;
import io.fermata.internal.compiler.NotCompilable;
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
   * Compiles a body.
   *
   * @param body an instance of it; all instances of its class share the result
   * @param kind its kind
   * @param lookup the rights of the class that holds it, if they were given
   * @param services of the engine, for the generated classes
   * @throws NotCompilable if it has to run on another engine
   */
  public static CompiledBody compile(
      Object body, BodyKind kind, MethodHandles.@Nullable Lookup lookup, EngineServices services)
      throws NotCompilable {
    BodySource source = BodySource.of(body, lookup);
    ClassFiles files = new ClassFiles(source.path());
    BodyMethod method = new BodyFinder(source.reference(), kind, files).find();
    Definition definition = new Definition(source.loader(), lookup, services);
    definition.checkHost(method.owner().name);
    List<MethodHandle> getters =
        CaptureReader.getters(source, body.getClass(), method.captured(), lookup);
    List<FrameClass> unit =
        BodyCompiler.compile(method, definition.nextLoad(method), files, definition);
    Class<?> frame = definition.define(unit, getters);
    List<String> explanation = new ArrayList<>();
    for (FrameClass each : unit) {
      explanation.addAll(each.explanation());
    }
    return CompiledBody.of(frame, explanation, BodyOwner.of(method, definition, getters));
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
}
