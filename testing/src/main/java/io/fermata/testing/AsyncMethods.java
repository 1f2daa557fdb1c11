package io.fermata.testing;

import io.fermata.async.Awaitable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** Test methods that return something to be awaited. JUnit does not run them. */
final class AsyncMethods {
  private AsyncMethods() {}

  /** Those of a class, and of those that it inherits. */
  static List<Method> of(Class<?> tests) {
    return ReflectionSupport.findMethods(
        tests, AsyncMethods::isRefused, HierarchyTraversalMode.TOP_DOWN);
  }

  static boolean isRefused(Method method) {
    return Awaitable.class.isAssignableFrom(method.getReturnType())
        && AnnotationSupport.isAnnotated(method, Testable.class);
  }

  /** A class whose tests JUnit would run, with its nested ones. */
  static List<Class<?>> withNested(Class<?> tests) {
    List<Class<?>> all = new ArrayList<>();
    if (!Modifier.isAbstract(tests.getModifiers())) {
      all.add(tests);
    }
    for (Class<?> nested : tests.getDeclaredClasses()) {
      if (!Modifier.isStatic(nested.getModifiers())) {
        all.addAll(withNested(nested));
      }
    }
    return all;
  }

  static String refusal(Method method) {
    return method.getDeclaringClass().getSimpleName()
        + "."
        + method.getName()
        + " returns "
        + method.getReturnType().getSimpleName()
        + ": JUnit does not run such a test, as nobody would await what it returns. Make it void"
        + " with a parameter TestLoop, and give the Async to loop.run(...)";
  }
}
