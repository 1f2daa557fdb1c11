package io.fermata.internal.compiler.load;

import io.fermata.internal.compiler.Explanation;
import io.fermata.runtime.Frame;
import io.fermata.runtime.Linkage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled body, which makes a frame for each instance of it. */
public final class CompiledBody {
  private final Frame<?> prototype;
  private final List<String> explanation;
  private final BodyOwner owner;

  private CompiledBody(Frame<?> prototype, List<String> explanation, BodyOwner owner) {
    this.prototype = prototype;
    this.explanation = explanation;
    this.owner = owner;
  }

  /** The body of a class of frames, which is initialised. */
  static CompiledBody of(Class<?> frame, List<String> explanation, BodyOwner owner) {
    return new CompiledBody(Linkage.prototype(frame), explanation, owner);
  }

  /**
   * The object whose method an instance of the body is: the instance itself, or what a method
   * reference is bound to. Null if the method is static or private.
   */
  public @Nullable Object receiver(Object body) {
    return owner.receiver(body);
  }

  /** The class whose static method the body is; null if it is private, or no static one. */
  public @Nullable Class<?> staticOwner() {
    return owner.type();
  }

  /**
   * What the body has become, for people: lines of text; none unless they are {@linkplain
   * Explanation#WANTED wanted}.
   */
  public List<String> explanation() {
    return explanation;
  }

  /** The class of its frames. */
  public Class<?> frame() {
    return prototype.getClass();
  }

  /** Its file and line. */
  public String place() {
    return Linkage.place(prototype);
  }

  /**
   * A new frame, with what the body has captured; the handle is for a body that gets one. Null if
   * this instance has captured an awaiter that is not the {@code co} of a body.
   */
  public @Nullable Frame<?> newFrame(Object body, @Nullable Object handle) {
    return Linkage.open(prototype, body, handle);
  }
}
