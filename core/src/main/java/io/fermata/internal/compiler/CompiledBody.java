package io.fermata.internal.compiler;

import io.fermata.runtime.Frame;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** A body that was compiled: makes a frame for each instance of it. */
public final class CompiledBody {
  /** {@code (Object) -> Frame}; {@code (Object, Object) -> Frame} for a body with a handle. */
  private final MethodHandle factory;

  private final List<String> explanation;

  CompiledBody(MethodHandle factory, List<String> explanation) {
    this.factory = factory;
    this.explanation = explanation;
  }

  /**
   * What became of it, for people: lines of text; none unless they are {@linkplain
   * Explanation#WANTED wanted}.
   */
  public List<String> explanation() {
    return explanation;
  }

  /** A new frame of a body that gets a handle, with what the body has captured. */
  public Frame<?> open(Object body, Object handle) {
    try {
      return (Frame<?>) factory.invokeExact(body, handle);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** A new frame, with what the body has captured. */
  public Frame<?> open(Object body) {
    try {
      return (Frame<?>) factory.invokeExact(body);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }
}
