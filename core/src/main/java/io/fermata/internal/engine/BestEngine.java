package io.fermata.internal.engine;

import io.fermata.internal.compiler.BodyKind;
import io.fermata.runtime.Frame;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** The default engine: it compiles what can be compiled, and runs the rest on threads. */
public final class BestEngine implements Engine {
  private final CompiledEngine compiled = new CompiledEngine();
  private final ThreadEngine thread = new ThreadEngine();

  @Override
  public String name() {
    return "auto";
  }

  @Override
  public Frame<?> newFrame(
      BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup, String reason) {
    Frame<?> frame = compiled.newFrameOrNull(kind, body, lookup);
    if (frame != null) {
      return frame;
    }
    String why = compiled.whyNot(body, lookup);
    if (!HeldMonitors.areIn(kind, body, lookup)) { // else it runs nowhere
      compiled.tellOnce(body, lookup, why);
    }
    return thread.newFrame(kind, body, lookup, why);
  }
}
