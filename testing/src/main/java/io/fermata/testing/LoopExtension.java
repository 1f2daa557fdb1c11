package io.fermata.testing;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * A JUnit extension that gives a test a {@link TestLoop} and watches it.
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
 * <p>A test fails, although its method returns,
 *
 * <ul>
 *   <li>if it leaves tasks behind. Before that is judged, tasks run as far as they can at the same
 *       virtual time. A task that was asked to cancel runs to its end, so its cleanup is tested
 *       too; virtual time passes for that.
 *   <li>if a task, callback or asynchronous generator of the loop has failed, and nobody has looked
 *       at the failure. A test that expects such a failure sets an exception handler of the loop.
 *   <li>if it takes too long, in real time. The failure lists the waiting tasks.
 * </ul>
 *
 * <p>JUnit does not run test methods that return an {@link io.fermata.async.Async}: nobody would
 * await it. The extension refuses a class with such a method. In classes without the extension
 * {@link AsyncMethodEngine} finds them.
 *
 * <p>To set another limit, register it by a static field with {@code @RegisterExtension}.
 */
public final class LoopExtension
    implements BeforeAllCallback, ParameterResolver, InvocationInterceptor {
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
  public void beforeAll(ExtensionContext tests) {
    refuseAsyncMethods(tests);
  }

  private static void refuseAsyncMethods(ExtensionContext tests) {
    List<Method> refused = AsyncMethods.of(tests.getRequiredTestClass());
    if (!refused.isEmpty()) {
      throw new ExtensionConfigurationException(
          refused.stream().map(AsyncMethods::refusal).collect(Collectors.joining("\n")));
    }
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
    return watched(test).loop;
  }

  private static WatchedLoop watched(ExtensionContext test) {
    return test.getStore(NAMESPACE)
        .getOrComputeIfAbsent(WatchedLoop.class, absent -> new WatchedLoop(), WatchedLoop.class);
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
    refuseAsyncMethods(test); // for an extension in a field of the instance
    WatchedLoop watched = watched(test);
    Throwable failure = null;
    Watchdog watchdog = new Watchdog(watched.loop.loop(), limit);
    try {
      invocation.proceed();
      if (!Thread.currentThread().isInterrupted()) { // by the watchdog
        watched.letCancelledTasksEnd();
      }
    } catch (Throwable thrown) {
      failure = thrown;
    }
    AssertionError tooLate = watchdog.stop();
    AssertionError found = watched.isStuck() && tooLate != null ? null : watched.close();
    if (tooLate != null) {
      if (failure != null) {
        tooLate.addSuppressed(failure);
      }
      throw tooLate;
    }
    if (failure != null) {
      if (found != null && found != failure) {
        failure.addSuppressed(found);
      }
      throw failure;
    }
    if (found != null) {
      throw found;
    }
  }
}
