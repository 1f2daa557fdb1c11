package io.fermata.internal.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

class FrameNameTest {
  private static final int STATIC = Opcodes.ACC_STATIC;
  private static final int LAMBDA = STATIC | Opcodes.ACC_SYNTHETIC;
  private static final String ONE = "(Lio/fermata/Yielder;)V";

  private static String name(
      int access, String method, String descriptor, int co, BodyKind kind, String self, int load) {
    ClassNode owner = Scene.host();
    MethodNode outline = new MethodNode(access, method, descriptor, null, null);
    Shape shape = kind == null ? Shape.GENERATOR : kind.shape();
    return FrameName.of(new BodyMethod(owner, outline, co, shape, kind, self), load);
  }

  @Test
  void aLambdaHasTheNameOfItsMethod() {
    assertEquals(
        "demo/Host$fermata$lambda$evens$0$1",
        name(LAMBDA, "lambda$evens$0", ONE, 0, BodyKind.GENERATOR, null, 1));
  }

  @Test
  void aSecondLoadHasTheNextNumber() {
    assertEquals(
        "demo/Host$fermata$lambda$evens$0$2",
        name(LAMBDA, "lambda$evens$0", ONE, 0, BodyKind.SINK, null, 2));
  }

  @Test
  void aHelperHasTheNameOfItsMethod() {
    assertEquals("demo/Host$fermata$assist$1", name(STATIC, "assist", ONE, 0, null, null, 1));
  }

  @Test
  void aSyntheticHelperIsNoLambda() {
    assertEquals(
        "demo/Host$fermata$assist$1_helper", name(LAMBDA, "assist", ONE, 0, null, null, 1));
  }

  @Test
  void aNamedMethodAsABodyHasItsKind() {
    assertEquals(
        "demo/Host$fermata$assist$1_asyncgenerator",
        name(STATIC, "assist", ONE, 0, BodyKind.ASYNC_GENERATOR, null, 1));
  }

  @Test
  void overloadsAreCountedInTheClassFile() {
    // the host has <init>(I) before <init>()
    assertEquals(
        "demo/Host$fermata$<init>$1_overload1_co",
        name(STATIC, "<init>", "()V", -1, null, null, 1));
    assertEquals(
        "demo/Host$fermata$<init>$1_co", name(STATIC, "<init>", "(I)V", -1, null, null, 1));
  }

  @Test
  void oneOfSeveralCosIsNamedByItsSlot() {
    String two = "(Lio/fermata/async/Awaiter;Lio/fermata/async/Awaiter;)V";
    assertEquals("demo/Host$fermata$join$1_co0", name(STATIC, "join", two, 0, null, null, 1));
    assertEquals("demo/Host$fermata$join$1_co1", name(STATIC, "join", two, 1, null, null, 1));
    assertEquals(
        "demo/Host$fermata$join$1_co", name(STATIC, "join", two, BodyMethod.NO_CO, null, null, 1));
  }

  @Test
  void theClassOfTheObjectIsPartOfTheName() {
    assertEquals(
        "demo/Host$fermata$run$1_generator_exact",
        name(0, "run", ONE, 1, BodyKind.GENERATOR, "demo/Host", 1));
    assertEquals(
        "demo/Host$fermata$run$1_generator_of_demo_sA_uB_d1",
        name(0, "run", ONE, 1, BodyKind.GENERATOR, "demo/A_B$1", 1));
  }
}
