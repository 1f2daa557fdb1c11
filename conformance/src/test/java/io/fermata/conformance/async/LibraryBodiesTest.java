package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Async;
import io.fermata.async.ScopeAction;
import io.fermata.async.ScopeBody;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.List;

/** A library calls bodies that its users gave it. */
class LibraryBodiesTest extends AsyncTest {
  private static <T> Async<T> called(ScopeBody<String, T> body) {
    return Async.of(co -> body.run(co, "handle"));
  }

  private static Async<Void> calledAction(ScopeAction<String> body) {
    return Async.action(co -> body.run(co, "handle"));
  }

  @EngineTest
  void eachWayGivesTheHandleAndTheResult() throws Exception {
    ScopeBody<String, String> body =
        (co, handle) -> {
          log.add(handle);
          return co.await(step("1", 1));
        };
    ScopeAction<String> action =
        (co, handle) -> {
          log.add(handle);
          co.await(step("2", 1));
        };
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    runAction(
        co -> {
          assertEquals("1", co.await(Async.ofWith("handle", body)));
          assertEquals("1", co.await(Async.ofWith(lookup, "handle", body)));
          assertEquals("1", co.await(called(body)));
          assertNull(co.await(Async.actionWith("handle", action)));
          assertNull(co.await(Async.actionWith(lookup, "handle", action)));
          assertNull(co.await(calledAction(action)));
        });
    assertEquals(
        List.of(
            "handle", "1", "handle", "1", "handle", "1", "handle", "2", "handle", "2", "handle",
            "2"),
        log);
  }

  @EngineTest
  void eachWayRunsOnTheEngineOfABody() {
    ScopeBody<String, String> body = (co, handle) -> co.await(step("1", 1));
    ScopeAction<String> action = (co, handle) -> co.await(step("2", 1));
    String engine = Async.of(co -> co.await(step("0", 1))).engine();
    for (Async<?> made :
        List.of(
            Async.ofWith("", body),
            called(body),
            Async.actionWith("", action),
            calledAction(action))) {
      assertEquals(engine, made.engine(), made::engineReason);
    }
  }

  @EngineTest
  void aFailureComesOutOfTheAwait() throws Exception {
    IOException failure = new IOException("no");
    ScopeBody<String, Integer> failing =
        (co, handle) -> {
          co.await(sleep(1));
          throw failure;
        };
    runAction(
        co -> {
          Async<Integer> made = Async.ofWith("handle", failing);
          assertEquals(failure, assertThrows(IOException.class, () -> co.await(made)));
        });
  }

  @EngineTest
  void nullIsRefusedWithWhatToPass() {
    ScopeBody<String, Integer> body = (co, handle) -> 1;
    assertEquals(
        "lookup is null: pass MethodHandles.lookup(), called in the class of the body",
        assertThrows(NullPointerException.class, () -> Async.ofWith(null, "handle", body))
            .getMessage());
    assertEquals(
        "body is null: an Async needs a body to execute, for instance co -> \"hello\"",
        assertThrows(
                NullPointerException.class,
                () -> Async.ofWith("handle", (ScopeBody<String, Integer>) null))
            .getMessage());
  }
}
