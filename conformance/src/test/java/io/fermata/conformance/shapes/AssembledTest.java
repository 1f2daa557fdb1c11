package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.Coroutine;
import io.fermata.CoroutineBody;
import io.fermata.conformance.EngineTest;

/** Shapes that javac never makes, but other compilers and tools do. */
class AssembledTest {
  private static final String BOX = "java/util/concurrent/atomic/AtomicReference";
  private static final String TAKES_OBJECT = "(Ljava/lang/Object;)V";

  private static Coroutine<Integer, Object, Object> coroutine(Assembler assembler)
      throws ReflectiveOperationException {
    var loader = Sources.assembled("made.Body", assembler.file("made/Body")).loader();
    @SuppressWarnings("unchecked")
    var body =
        (CoroutineBody<Integer, Object, Object>)
            loader.loadClass("made.Body").getConstructor().newInstance();
    return Coroutine.of(body);
  }

  private static void assertTrace(String expected, Assembler assembler)
      throws ReflectiveOperationException {
    assertEquals(expected, Run.of(coroutine(assembler)).toEnd());
  }

  @EngineTest
  void aNewObjectIsShuffledUnderItsArgument() throws Exception {
    assertTrace(
        "a =1",
        new Assembler()
            .type(Assembler.NEW, BOX)
            .yield("a")
            .op(Assembler.SWAP, Assembler.DUP_X1, Assembler.SWAP)
            .call(Assembler.INVOKESPECIAL, BOX, "<init>", TAKES_OBJECT)
            .op(Assembler.ARETURN));
    assertTrace(
        "a =1",
        new Assembler()
            .yield("a")
            .type(Assembler.NEW, BOX)
            .op(Assembler.DUP_X1, Assembler.SWAP)
            .call(Assembler.INVOKESPECIAL, BOX, "<init>", TAKES_OBJECT)
            .op(Assembler.ARETURN));
  }

  @EngineTest
  void aNewObjectHasAValueBetweenItsCopies() throws Exception {
    assertTrace(
        "a b =1",
        new Assembler()
            .type(Assembler.NEW, BOX)
            .yield("a") // box a
            .op(Assembler.SWAP, Assembler.DUP_X1, Assembler.DUP) // box a box box
            .yield("b")
            .op(Assembler.POP, Assembler.POP, Assembler.SWAP) // box box a
            .call(Assembler.INVOKESPECIAL, BOX, "<init>", TAKES_OBJECT)
            .op(Assembler.ARETURN));
  }

  @EngineTest
  void aNewObjectIsKeptInALocal() throws Exception {
    assertTrace(
        "a b =1",
        new Assembler()
            .type(Assembler.NEW, BOX)
            .op(Assembler.DUP, Assembler.ASTORE_2)
            .yield("a")
            .call(Assembler.INVOKESPECIAL, BOX, "<init>", TAKES_OBJECT)
            .yield("b")
            .op(Assembler.POP, Assembler.ALOAD_2, Assembler.ARETURN));
  }

  @EngineTest
  void aNewObjectComesFromALocal() throws Exception {
    assertTrace(
        "a b =2",
        new Assembler()
            .type(Assembler.NEW, BOX)
            .op(Assembler.ASTORE_2)
            .yield("a")
            .op(Assembler.POP, Assembler.ALOAD_2)
            .yield("b")
            .call(Assembler.INVOKESPECIAL, BOX, "<init>", TAKES_OBJECT)
            .op(Assembler.ALOAD_2, Assembler.ARETURN));
  }

  @EngineTest
  void anObjectIsNeverInitialised() throws Exception {
    assertTrace("a =1", new Assembler().type(Assembler.NEW, BOX).yield("a").op(Assembler.ARETURN));
  }

  @EngineTest
  void codeThatIsNeverReachedIsLeftOut() throws Exception {
    assertTrace(
        "a b =2",
        new Assembler()
            .yield("a")
            .op(Assembler.POP)
            .jump(Assembler.GOTO, "end")
            .yield("never")
            .op(Assembler.ARETURN)
            .label("end")
            .yield("b")
            .op(Assembler.ARETURN));
  }

  /** Two entries: at A if 0 was sent, at B otherwise. */
  @EngineTest
  void aLoopIsIrreducible() throws Exception {
    assertTrace(
        "start B A B A B =9",
        new Assembler()
            .op(Assembler.ICONST_0, 54, 3)
            .yieldInt("start")
            .jump(Assembler.IFNE, "B")
            .label("A")
            .yield("A")
            .op(Assembler.POP)
            .label("B")
            .yield("B")
            .op(Assembler.POP)
            .op(132, 3, 3) // IINC
            .op(21, 3, 16, 9) // ILOAD, BIPUSH
            .jump(Assembler.IF_ICMPLT, "A")
            .op(21, 3)
            .call(Assembler.INVOKESTATIC, "java/lang/Integer", "valueOf", "(I)Ljava/lang/Integer;")
            .op(Assembler.ARETURN));
  }

  @EngineTest
  void wideValuesAreShuffledAroundAYield() throws Exception {
    // 1L; a; a 1L a: then (a + 1) + ... with DUP2_X1 and DUP_X2 in front of further yields
    assertTrace(
        "a b =1",
        new Assembler()
            .op(10, Assembler.ICONST_0 + 3) // LCONST_1, ICONST_3
            .op(Assembler.DUP_X2) // 3 1L 3
            .yieldInt("a")
            .op(Assembler.IADD, Assembler.I2L, Assembler.LADD) // 3 5L
            .op(Assembler.DUP2_X1) // 5L 3 5L
            .yieldInt("b")
            .op(Assembler.I2L, Assembler.LSUB) // 5L 3 3L
            .op(136, 100) // L2I, ISUB: 5L 0
            .op(Assembler.I2L, Assembler.LSUB) // 5L
            .op(Assembler.DUP2, Assembler.LSUB, 10, Assembler.LADD) // 1L
            .call(Assembler.INVOKESTATIC, "java/lang/Long", "valueOf", "(J)Ljava/lang/Long;")
            .op(Assembler.ARETURN));
  }

  @EngineTest
  void subroutinesOfOldCompilersAreForTheThreadEngine() throws Exception {
    Coroutine<Integer, Object, Object> old =
        coroutine(
            new Assembler()
                .jump(Assembler.JSR, "sub")
                .jump(Assembler.JSR, "sub")
                .op(Assembler.ACONST_NULL, Assembler.ARETURN)
                .label("sub")
                .op(Assembler.ASTORE_2)
                .yield("a")
                .op(Assembler.POP, 169, 2)); // RET
    Run.assertThread(old, "subroutine");
    assertEquals("a", old.next());
    assertEquals("a", old.next());
  }
}
