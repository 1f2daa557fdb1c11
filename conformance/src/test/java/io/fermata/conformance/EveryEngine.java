package io.fermata.conformance;

import io.fermata.internal.engine.BestEngine;
import io.fermata.internal.engine.Engine;
import io.fermata.internal.engine.EngineChoice;
import io.fermata.internal.engine.ThreadEngine;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/**
 * Runs an {@link EngineTest} once per engine, or only on the one that {@code -Dengine} names. The
 * tests of one JVM run one after the other.
 */
public final class EveryEngine implements TestTemplateInvocationContextProvider {
  /** The engines under test; the tests of the tests put a broken one here. */
  static volatile List<Engine> engines = enginesNamed(System.getProperty("engine"));

  /** No test is run any more once this is set; for the tests of the tests. */
  static volatile boolean enough;

  private static volatile Engine current = new ThreadEngine();

  private static List<Engine> enginesNamed(String name) {
    List<Engine> all = List.of(new ThreadEngine(), new BestEngine());
    if (name == null) {
      return all;
    }
    List<Engine> one = all.stream().filter(engine -> engine.name().equals(name)).toList();
    if (one.isEmpty()) {
      throw new IllegalArgumentException(
          "-Dengine="
              + name
              + " names no engine; it may be "
              + all.stream().map(Engine::name).toList());
    }
    return one;
  }

  /** Lets no test run any more; found by its name in another loader. */
  public static void stop() {
    enough = true;
  }

  /** Whether the engine of this test compiles what can be compiled. */
  public static boolean compiles() {
    return current instanceof BestEngine;
  }

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    return engines.stream().map(OnEngine::new);
  }

  private record OnEngine(Engine engine) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return engine.name();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      BeforeEachCallback choose = context -> choose();
      AfterEachCallback restore = context -> EngineChoice.useDefault();
      return List.of(choose, restore);
    }

    private void choose() {
      Assumptions.assumeFalse(enough, "enough tests have failed");
      current = engine;
      EngineChoice.use(engine);
    }
  }
}
