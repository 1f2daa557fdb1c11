package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Context;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ContextStateTest {
  private final Object variable = new Object();

  private ContextState with(Object value) {
    return new ContextState(Bindings.EMPTY.with(variable, value));
  }

  private Object current() {
    return ContextState.currentBindings().get(variable);
  }

  private void set(Object value) {
    ContextState state = ContextState.current();
    state.bind(state.bindings().with(variable, value));
  }

  @Test
  void codeSeesTheContextInWhichItRuns() throws Exception {
    ContextState state = with("inner");
    assertEquals("inner", state.call(this::current));
    assertNull(current());
    state.run(() -> assertEquals("inner", current()));
    assertNull(current());
  }

  @Test
  void aContextKeepsWhatIsSetInIt() throws Exception {
    ContextState state = with("before");
    state.run(() -> set("after"));
    assertEquals("after", state.call(this::current));
    assertNull(current());
  }

  @Test
  void contextsNest() {
    with("outer")
        .run(
            () -> {
              with("inner").run(() -> assertEquals("inner", current()));
              assertEquals("outer", current());
            });
  }

  @Test
  void aContextCannotBeEnteredTwiceAtOnce() {
    ContextState state = with("value");
    state.run(() -> assertThrows(IllegalStateException.class, () -> state.run(() -> {})));
    state.run(() -> assertThrows(IllegalStateException.class, () -> state.call(() -> "not run")));
  }

  @Test
  void aContextIsLeftIfItsCodeThrows() {
    ContextState state = with("value");
    assertThrows(
        IOException.class,
        () ->
            state.call(
                () -> {
                  throw new IOException("broken");
                }));
    assertNull(current());
    assertThrows(
        IllegalStateException.class,
        () ->
            state.run(
                () -> {
                  throw new IllegalStateException("broken");
                }));
    assertNull(current());
    state.run(() -> assertEquals("value", current()));
  }

  @Test
  void aCopyDoesNotChange() {
    with("before")
        .run(
            () -> {
              ContextState copy = ContextState.copy();
              set("after");
              assertEquals("before", copy.bindings().get(variable));
              assertNotSame(copy, ContextState.current());
            });
  }

  @Test
  void theCurrentOneStaysTheSame() {
    with("value").run(() -> assertSame(ContextState.current(), ContextState.current()));
  }

  @Test
  void aContextOfUsersHasItsState() {
    Context context = Context.copy();
    assertSame(ContextState.of(context), ContextState.of(context));
    ContextState.of(context).run(() -> set("value"));
    assertEquals("value", ContextState.of(context).bindings().get(variable));
    assertThrows(NullPointerException.class, () -> ContextState.of(null));
  }

  // In a loop

  @Test
  void aTaskBeginsInACopyOfItsStartersContext() {
    try (SteppedLoop stepped = new SteppedLoop()) {
      set("starter");
      LoopTask<Object> task =
          stepped.start(
              Scripted.of(
                  sent -> {
                    Object seen = current();
                    set("task");
                    return Scripted.of(inner -> seen);
                  },
                  sent -> sent + " " + current()));
      set("later");
      stepped.settle();
      assertEquals("starter task", task.passed());
      assertEquals("later", current());
    }
  }

  @Test
  void aCallbackSeesTheContextOfItsMaking() {
    try (SteppedLoop stepped = new SteppedLoop()) {
      Object[] seen = new Object[2];
      set("first");
      stepped.face.callSoon(
          () -> {
            seen[0] = current();
            set("of the callback");
          });
      set("second");
      stepped.face.callSoon(() -> seen[1] = current());
      stepped.settle();
      assertEquals("first", seen[0]);
      assertEquals("second", seen[1]);
      assertEquals("second", current());
    }
  }
}
