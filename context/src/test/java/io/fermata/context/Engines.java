package io.fermata.context;

import io.fermata.internal.engine.BestEngine;
import io.fermata.internal.engine.Engine;
import io.fermata.internal.engine.EngineChoice;
import io.fermata.internal.engine.ThreadEngine;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a test on both engines. */
final class Engines implements TestTemplateInvocationContextProvider {
  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    return Stream.of(new On(new ThreadEngine()), new On(new BestEngine()));
  }

  private record On(Engine engine) implements TestTemplateInvocationContext {
    @Override
    public String getDisplayName(int invocationIndex) {
      return engine.name();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      BeforeEachCallback choose = context -> EngineChoice.use(engine);
      AfterEachCallback restore = context -> EngineChoice.useDefault();
      return List.of(choose, restore);
    }
  }
}
