package io.fermata.internal.engine;

import io.fermata.internal.compiler.BodyKind;
import io.fermata.runtime.Frame;
import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/**
 * The choice of an engine for a body: the one that {@code -Dfermata.engine} names, else the best
 * one that can run the body.
 */
public final class EngineChoice {
  /** Name of the system property that forces an engine. */
  public static final String PROPERTY = "fermata.engine";

  /** Null until the first body; not chosen statically, so that a wrong name is a plain error. */
  private static volatile @Nullable Chosen chosen;

  private record Chosen(Engine engine, String reason) {}

  private EngineChoice() {}

  /**
   * A run of a body, not started, on the engine that is best for it.
   *
   * @see Engine#newFrame
   */
  public static Frame<?> newFrame(
      BodyKind kind, Object body, MethodHandles.@Nullable Lookup lookup) {
    Chosen choice = chosen;
    if (choice == null) {
      choice = chosen(System.getProperty(PROPERTY, "auto"));
      chosen = choice;
    }
    return choice.engine.newFrame(kind, body, lookup, choice.reason);
  }

  /** Whether only compiled code may run: a call on a thread is an error then. */
  static boolean refusesThreads() {
    Chosen choice = chosen;
    return choice != null && choice.engine instanceof CompiledEngine;
  }

  /** Has all further bodies run by one engine, for tests. */
  public static void use(Engine engine) {
    chosen = new Chosen(engine, "a test has chosen it");
  }

  /** Takes {@link #use} back. */
  public static void useDefault() {
    chosen = null;
  }

  private static Chosen chosen(String name) {
    return switch (name) {
      case "auto" -> new Chosen(new BestEngine(), "it is the best for this body");
      case "compiled" ->
          new Chosen(new CompiledEngine(), "-D" + PROPERTY + "=compiled asks for it");
      case "thread" -> new Chosen(new ThreadEngine(), "-D" + PROPERTY + "=thread asks for it");
      default ->
          throw new IllegalArgumentException(
              "-D" + PROPERTY + "=" + name + " names no engine: use auto, compiled or thread");
    };
  }
}
