package io.fermata.internal.engine;

import io.fermata.internal.compiler.BodyKind;
import io.fermata.runtime.Frame;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** A way to suspend bodies: a body in, a frame out. */
public interface Engine {
  /** What {@code -Dfermata.engine} calls it. */
  String name();

  /**
   * A run of a body, not started.
   *
   * @param kind which front it gets
   * @param body an instance of the interface of that kind
   * @param lookup the rights of the class that holds the body, if they were given
   * @param reason why this engine was chosen
   */
  Frame<?> newFrame(
      BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup, String reason);
}
