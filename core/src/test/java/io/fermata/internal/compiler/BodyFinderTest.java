package io.fermata.internal.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.compiler.bytecode.NotCompilable;
import org.junit.jupiter.api.Test;

class BodyFinderTest {
  private static final String CO = "(Lio/fermata/Yielder;)V";
  private final ClassFiles files = new ClassFiles(Scene::read);

  private BodyMethod find(
      String owner, String method, String descriptor, boolean isLambda, BodyKind kind)
      throws NotCompilable {
    return new BodyFinder(new BodyReference(owner, method, descriptor, isLambda), kind, files)
        .find();
  }

  private void assertRefused(
      String why, String owner, String method, String descriptor, BodyKind kind) {
    NotCompilable refused =
        assertThrows(NotCompilable.class, () -> find(owner, method, descriptor, true, kind));
    assertTrue(String.valueOf(refused.getMessage()).contains(why), refused.getMessage());
  }

  @Test
  void aStaticMethodIsFound() throws Exception {
    BodyMethod found =
        find("demo/Host", "help", "(ILio/fermata/Yielder;)I", true, BodyKind.COROUTINE);
    assertEquals("demo/Host", found.owner().name);
    assertEquals(1, found.coSlot());
    assertEquals(1, found.captured());
    assertEquals(Shape.COROUTINE, found.shape());
    assertNull(found.self());
  }

  @Test
  void anObjectCountsAsCaptured() throws Exception {
    BodyMethod found = find("demo/Host", "helpMe", CO, true, BodyKind.GENERATOR);
    assertEquals(1, found.coSlot());
    assertEquals(1, found.captured());
    assertNull(found.self());
  }

  @Test
  void theClassOfANamedBodyIsKnown() throws Exception {
    BodyMethod found = find("demo/Foo", "go", null, false, BodyKind.GENERATOR);
    assertEquals("demo/Foo", found.self());
    assertEquals("demo/Sealed", find("demo/Sealed", "go", null, false, BodyKind.GENERATOR).self());
  }

  @Test
  void aFinalClassNeedsNoFinalMethod() throws Exception {
    assertEquals("go", find("demo/Sealed", "go", CO, true, BodyKind.GENERATOR).method().name);
  }

  @Test
  void aMethodThatCanBeOverriddenIsDispatched() throws Exception {
    assertTrue(isDispatched("overridable", CO));
    assertFalse(isDispatched("helpMe", CO));
    assertFalse(isDispatched("help", "(ILio/fermata/Yielder;)I"));
  }

  private boolean isDispatched(String method, String descriptor) throws NotCompilable {
    BodyReference reference = new BodyReference("demo/Host", method, descriptor, true);
    return new BodyFinder(reference, BodyKind.GENERATOR, files).isDispatched();
  }

  @Test
  void aMissingMethodIsRefused() {
    assertRefused("demo.Host.gone() cannot be found", "demo/Host", "gone", CO, BodyKind.GENERATOR);
  }

  @Test
  void aNativeMethodIsRefused() {
    assertRefused("has no bytecode", "demo/Host", "nativeHelp", CO, BodyKind.GENERATOR);
  }

  @Test
  void aConstructorIsRefused() {
    assertRefused("a reference to a constructor", "demo/Sealed", "<init>", CO, BodyKind.GENERATOR);
  }

  @Test
  void anotherTypeOfCoIsRefused() {
    assertRefused(
        "takes co as an object",
        "demo/Host",
        "ints",
        "(Lio/fermata/IntYielder;)V",
        BodyKind.GENERATOR);
    assertRefused("takes co as an object", "demo/Host", "visible", "(I)I", BodyKind.GENERATOR);
  }

  @Test
  void aCapturedCoOfAGeneratorIsRefused() {
    assertRefused(
        "captures the co of another body",
        "demo/Host",
        "twice",
        "(Lio/fermata/Yielder;Lio/fermata/Yielder;)V",
        BodyKind.GENERATOR);
  }

  @Test
  void aCapturedAwaiterIsFine() throws Exception {
    BodyMethod found =
        find(
            "demo/Host",
            "both",
            "(Lio/fermata/async/Awaiter;ILio/fermata/async/Awaiter;)V",
            true,
            BodyKind.ASYNC_ACTION);
    assertEquals(2, found.coSlot());
    assertEquals(2, found.captured());
  }
}
