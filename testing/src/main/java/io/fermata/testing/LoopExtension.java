package io.fermata.testing;

import io.fermata.async.Task;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * A JUnit extension that gives a test a {@link TestLoop} and watches it. A test that leaves tasks
 * behind fails. A test that takes too long fails with a list of the waiting tasks.
 *
 * <pre>{@code
 * @ExtendWith(LoopExtension.class)
 * class GreetingTest {
 *   @Test
 *   void greetsLate(TestLoop loop) throws Exception {
 *     assertEquals("hello", loop.run(greetAfter(Duration.ofHours(1))));
 *   }
 * }
 * }</pre>
 *
 * <p>To set another limit, register it by a field with {@code @RegisterExtension}.
 */
public final class LoopExtension implements ParameterResolver, InvocationInterceptor {
  private static final Namespace NAMESPACE = Namespace.create(LoopExtension.class);

  private final Duration limit;

  /** An extension with a limit of ten seconds for each test. */
  public LoopExtension() {
    this(Duration.ofSeconds(10));
  }

  /**
   * An extension with another limit.
   *
   * @param limit of each test, in real time
   */
  public LoopExtension(Duration limit) {
    this.limit = limit;
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == TestLoop.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return loopOf(test);
  }

  private static TestLoop loopOf(ExtensionContext test) {
    return test.getStore(NAMESPACE)
        .getOrComputeIfAbsent(TestLoop.class, absent -> TestLoop.virtual(), TestLoop.class);
  }

  @Override
  public void interceptTestMethod(
      Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext test)
      throws Throwable {
    watch(invocation, test);
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<Void> invocation, ReflectiveInvocationContext<Method> call, ExtensionContext test)
      throws Throwable {
    watch(invocation, test);
  }

  private void watch(Invocation<Void> invocation, ExtensionContext test) throws Throwable {
    TestLoop loop = loopOf(test);
    Throwable failure = null;
    String leaked = "";
    Watchdog watchdog = new Watchdog(loop.loop(), limit);
    try {
      invocation.proceed();
      leaked = leaked(loop);
    } catch (Throwable thrown) {
      failure = thrown;
    }
    AssertionError tooLate = watchdog.stop();
    loop.close();
    if (tooLate != null) {
      if (failure != null) {
        tooLate.addSuppressed(failure);
      }
      throw tooLate;
    }
    if (failure != null) {
      throw failure;
    }
    if (!leaked.isEmpty()) {
      throw new AssertionError(leaked);
    }
  }

  private static String leaked(TestLoop loop) {
    Set<Task<?>> left = loop.loop().tasks();
    return left.isEmpty()
        ? ""
        : "the test has left "
            + left.stream().map(Task::name).collect(Collectors.joining(", "))
            + " behind; await them, cancel them, or start them in a TaskGroup:\n"
            + loop.loop().dump();
  }
}
