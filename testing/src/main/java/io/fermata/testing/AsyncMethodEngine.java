package io.fermata.testing;

import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.platform.commons.JUnitException;
import org.junit.platform.engine.DiscoverySelector;
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
          .addClassContainerSelectorResolver(AsyncMethods::hasSome)
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
      if (!names.test(selector.getClassName())) {
        return Resolution.unresolved();
      }
      Set<DiscoverySelector> methods = new LinkedHashSet<>();
      unlessBroken(
          () -> {
            for (Class<?> tests : AsyncMethods.withNested(selector.getJavaClass())) {
              for (Method method : AsyncMethods.of(tests)) {
                methods.add(DiscoverySelectors.selectMethod(tests, method));
              }
            }
          });
      return methods.isEmpty() ? Resolution.unresolved() : Resolution.selectors(methods);
    }

    @Override
    public Resolution resolve(MethodSelector selector, Context context) {
      Set<Match> matches = new LinkedHashSet<>();
      unlessBroken(
          () -> {
            Class<?> tests = selector.getJavaClass();
            Method method = selector.getJavaMethod();
            if (AsyncMethods.isRefused(method)) {
              context
                  .addToParent(
                      parent ->
                          Optional.of(new Refused(idOf(parent, tests, method), tests, method)))
                  .ifPresent(refused -> matches.add(Match.exact(refused)));
            }
          });
      return matches.isEmpty() ? Resolution.unresolved() : Resolution.matches(matches);
    }

    /** Looks at a class. One that cannot be loaded is reported by the engine whose it is. */
    private static void unlessBroken(Runnable look) {
      try {
        look.run();
      } catch (JUnitException | LinkageError broken) {
        // it has no method that this engine could refuse
      }
    }

    private static UniqueId idOf(TestDescriptor parent, Class<?> tests, Method method) {
      return parent.getUniqueId().append(SEGMENT, tests.getName() + "#" + method.getName());
    }
  }
}
