package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.BodyCompiler;
import io.fermata.internal.compiler.BodyFinder;
import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.compiler.BodyMethod;
import io.fermata.internal.compiler.ClassFiles;
import io.fermata.internal.compiler.FrameClass;
import io.fermata.internal.compiler.NotCompilable;
import io.fermata.runtime.CapturedAwaiter;
import io.fermata.runtime.Frame;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
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
   * @param awaiters makes the {@code co} of a frame an object
   * @throws NotCompilable if it has to run on another engine
   */
  public static CompiledBody compile(
      Object body,
      BodyKind kind,
      MethodHandles.@Nullable Lookup lookup,
      Function<Frame<?>, CapturedAwaiter> awaiters)
      throws NotCompilable {
    BodySource source = BodySource.of(body, lookup);
    ReadFiles read = new ReadFiles(source.path());
    ClassFiles files = new ClassFiles(read);
    BodyMethod method = new BodyFinder(source.reference(), kind, files).find();
    HostFiles hostFiles = new HostFiles(read);
    Definition definition = new Definition(source.loader(), hostFiles, lookup, awaiters);
    definition.checkHost(method.owner());
    definition.checkFile(method.owner());
    List<MethodHandle> getters =
        CaptureReader.getters(source, body.getClass(), method.captured(), lookup);
    List<FrameClass> unit =
        BodyCompiler.compile(method, definition.nextLoad(method), files, definition);
    hostFiles.checkAges();
    Class<?> frame = definition.define(unit, getters);
    List<String> explanation = new ArrayList<>();
    for (FrameClass each : unit) {
      explanation.addAll(each.explanation());
    }
    return CompiledBody.of(frame, explanation, read.places());
  }
}
