package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.fermata.BaseGenerator;
import io.fermata.CheckReturnValue;
import io.fermata.Generator;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncQueue;
import io.fermata.async.Task;
import io.fermata.net.TcpStream;
import io.fermata.testing.TestLoop;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each public method that gives something which has run nothing is marked. */
class CheckReturnValueTest {
  private static final Set<String> PACKAGES =
      Set.of(
          "io.fermata",
          "io.fermata.async",
          "io.fermata.io",
          "io.fermata.net",
          "io.fermata.testing",
          "io.fermata.context");

  private static boolean isCold(JavaMethod method) {
    JavaClass type = method.getRawReturnType();
    return type.isAssignableTo(Async.class)
        || type.isAssignableTo(AsyncGenerator.class)
        || type.isAssignableTo(BaseGenerator.class);
  }

  @Test
  @Conforms("M-007")
  void everyFactoryIsMarked() {
    Set<String> unmarked = new TreeSet<>();
    int marked = 0;
    for (Class<?> ofJar : Set.of(Async.class, TcpStream.class, TestLoop.class)) {
      for (JavaClass type :
          new ClassFileImporter()
              .importUrl(ofJar.getProtectionDomain().getCodeSource().getLocation())) {
        if (!PACKAGES.contains(type.getPackageName())
            || !type.getModifiers().contains(JavaModifier.PUBLIC)) {
          continue;
        }
        for (JavaMethod method : type.getMethods()) {
          Set<JavaModifier> modifiers = method.getModifiers();
          if (!modifiers.contains(JavaModifier.PUBLIC)
              || modifiers.contains(JavaModifier.SYNTHETIC)
              || modifiers.contains(JavaModifier.BRIDGE)
              || !isCold(method)) {
            continue;
          }
          if (method.isAnnotatedWith(CheckReturnValue.class)) {
            marked++;
          } else {
            unmarked.add(method.getFullName());
          }
        }
      }
    }

    assertEquals(Set.of(), unmarked);
    assertTrue(marked > 100, "marked: " + marked);
  }

  @Test
  @Conforms("M-007")
  void theMarkIsSeenAtRunTimeAndNotOnWhatRuns() throws Exception {
    assertTrue(
        AsyncQueue.class
            .getMethod("put", Object.class)
            .isAnnotationPresent(CheckReturnValue.class));
    assertTrue(
        Generator.class
            .getMethod("of", io.fermata.GeneratorBody.class)
            .isAnnotationPresent(CheckReturnValue.class));
    assertFalse(
        Task.class.getMethod("start", Async.class).isAnnotationPresent(CheckReturnValue.class));
  }
}
