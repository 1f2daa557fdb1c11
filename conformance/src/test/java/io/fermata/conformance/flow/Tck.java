package io.fermata.conformance.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.TestAbortedException;
import org.testng.SkipException;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.BeforeMethod;
import org.testng.annotations.Test;

/**
 * The tests of a verification of the reactive-streams TCK, each as a test of JUnit. They are
 * written for TestNG, of which they use no more than its annotations and its exception for
 * skipping.
 */
final class Tck {
  private final Supplier<?> verification;
  private final Set<String> skipped = new TreeSet<>();

  private Tck(Supplier<?> verification) {
    this.verification = verification;
  }

  /**
   * All its tests, in the order of their names, and one more: that no other was skipped than those
   * that the TCK itself cannot do, and a few.
   */
  static Stream<DynamicTest> tests(
      Class<?> type, Supplier<?> verification, Runnable before, Set<String> inapplicable) {
    Tck tck = new Tck(verification);
    List<Method> methods = annotated(type, Test.class);
    Set<String> expected = new TreeSet<>(inapplicable);
    methods.stream()
        .map(Method::getName)
        .filter(n -> n.startsWith("untested"))
        .forEach(expected::add);
    DynamicTest last =
        dynamicTest(
            "nothingElseIsSkipped",
            () -> assertEquals(expected.toString(), tck.skipped.toString()));
    return Stream.concat(
        methods.stream()
            .map(
                method ->
                    dynamicTest(
                        method.getName(),
                        () -> {
                          before.run();
                          tck.run(method);
                        })),
        Stream.of(last));
  }

  private static List<Method> annotated(Class<?> type, Class<? extends Annotation> annotation) {
    return Arrays.stream(type.getMethods())
        .filter(method -> method.isAnnotationPresent(annotation) && !method.isBridge())
        .sorted(Comparator.comparing(Method::getName))
        .toList();
  }

  private void run(Method test) throws Throwable {
    Object instance = verification.get();
    call(instance, BeforeClass.class);
    try {
      call(instance, BeforeMethod.class);
      invoke(test, instance);
    } catch (SkipException skip) {
      skipped.add(test.getName());
      throw new TestAbortedException(skip.getMessage(), skip);
    } catch (Throwable failure) {
      throw new AssertionError(test.getName() + ": " + failure, failure);
    } finally {
      call(instance, AfterClass.class);
    }
  }

  private static void call(Object instance, Class<? extends Annotation> annotation)
      throws Throwable {
    for (Method method : annotated(instance.getClass(), annotation)) {
      invoke(method, instance);
    }
  }

  private static void invoke(Method method, Object instance) throws Throwable {
    try {
      method.setAccessible(true);
      method.invoke(instance);
    } catch (InvocationTargetException failure) {
      throw failure.getCause();
    }
  }
}
