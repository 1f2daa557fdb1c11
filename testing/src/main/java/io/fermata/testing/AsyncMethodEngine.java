package io.fermata.testing;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.engine.support.descriptor.AbstractTestDescriptor;
import org.junit.platform.engine.support.descriptor.EngineDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.engine.support.discovery.EngineDiscoveryRequestResolver;
import org.junit.platform.engine.support.discovery.SelectorResolver;

/**
 * A test engine of JUnit that fails each test method that returns an {@link
 * io.fermata.async.Async}. JUnit itself leaves such a method out, so that it would never fail.
 *
 * <p>JUnit's launcher finds the engine by itself. It has no test of its own.
 *
 * <p><b>Rejected.</b> A listener of the launcher: what it throws during a run is only logged, and
 * what it throws during discovery ends the run of all classes.
 */
public final class AsyncMethodEngine implements TestEngine {
  private static final String SEGMENT = "async-method";

  private static final EngineDiscoveryRequestResolver<TestDescriptor> RESOLVER =
      EngineDiscoveryRequestResolver.builder()
          .addClassContainerSelectorResolver(type -> !AsyncMethods.withNested(type).isEmpty())
          .addSelectorResolver(context -> new Refusing(context.getClassNameFilter()))
          .build();

  /** For JUnit's launcher. */
  public AsyncMethodEngine() {}

  @Override
  public String getId() {
    return "fermata-async-methods";
  }

  @Override
  public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId id) {
    EngineDescriptor root = new EngineDescriptor(id, "Fermata");
    RESOLVER.resolve(request, root);
    return root;
  }

  @Override
  public void execute(ExecutionRequest request) {
    TestDescriptor root = request.getRootTestDescriptor();
    EngineExecutionListener listener = request.getEngineExecutionListener();
    listener.executionStarted(root);
    for (TestDescriptor refused : root.getChildren()) {
      listener.executionStarted(refused);
      listener.executionFinished(
          refused, TestExecutionResult.failed(((Refused) refused).failure()));
    }
    listener.executionFinished(root, TestExecutionResult.successful());
  }

  /** A method as a test that fails. */
  private static final class Refused extends AbstractTestDescriptor {
    private final Method method;

    Refused(UniqueId id, Class<?> tests, Method method) {
      super(
          id,
          tests.getSimpleName() + "." + method.getName() + "()",
          MethodSource.from(tests, method));
      this.method = method;
    }

    AssertionError failure() {
      AssertionError failure = new AssertionError(AsyncMethods.refusal(method));
      failure.setStackTrace(new StackTraceElement[0]);
      return failure;
    }

    @Override
    public Type getType() {
      return Type.TEST;
    }
  }

  /** Finds the methods of the classes and methods that are selected. */
  private static final class Refusing implements SelectorResolver {
    private final Predicate<String> names;

    Refusing(Predicate<String> names) {
      this.names = names;
    }

    @Override
    public Resolution resolve(ClassSelector selector, Context context) {
      Class<?> selected = selector.getJavaClass();
      if (!names.test(selected.getName())) {
        return Resolution.unresolved();
      }
      Set<MethodSelector> methods =
          AsyncMethods.withNested(selected).stream()
              .flatMap(
                  tests ->
                      AsyncMethods.of(tests).stream()
                          .map(method -> DiscoverySelectors.selectMethod(tests, method)))
              .collect(Collectors.toSet());
      return methods.isEmpty() ? Resolution.unresolved() : Resolution.selectors(methods);
    }

    @Override
    public Resolution resolve(MethodSelector selector, Context context) {
      Class<?> tests = selector.getJavaClass();
      Method method = selector.getJavaMethod();
      if (!AsyncMethods.isRefused(method)) {
        return Resolution.unresolved();
      }
      return context
          .addToParent(
              parent -> Optional.of(new Refused(idOf(parent, tests, method), tests, method)))
          .map(refused -> Resolution.match(Match.exact(refused)))
          .orElseGet(Resolution::unresolved);
    }

    private static UniqueId idOf(TestDescriptor parent, Class<?> tests, Method method) {
      return parent.getUniqueId().append(SEGMENT, tests.getName() + "#" + method.getName());
    }
  }
}
