package io.fermata.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.StopIteration;
import io.fermata.Yielder;
import io.fermata.internal.compiler.Shape;
import io.fermata.internal.engine.ThreadEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadedCallTest {
  /** A body that makes one call and returns what the call returns. */
  private static final class Caller extends CoroutineFrame<Object, Object, Object> {
    private final ThreadEngine.Call call;
    final List<Class<?>> reported = new ArrayList<>();

    Caller(ThreadEngine.Call call) {
      this.call = call;
    }

    @Override
    protected int resume(Object sent, Throwable raised) throws Throwable {
      int before = state;
      state = RUNNING;
      Object result = sent;
      if (raised != null) {
        throw raised;
      }
      if (before == CREATED) {
        Frame<?> helper =
            ThreadEngine.newCall(
                Shape.GENERATOR, call, "Some.call()", "Some.java:7", "of a test", reported::add);
        if (!begin(helper)) {
          value = helper;
          state = 1;
          return DELEGATED;
        }
        result = returned(helper);
      }
      value = result;
      return RETURNED;
    }

    @Override
    protected void ended() {}

    @Override
    protected Inspection inspect() {
      return BodySite.unknown(getClass()).at(state);
    }
  }

  @SuppressWarnings("unchecked")
  private static Yielder<Object, Object> yielder(Object co) {
    return (Yielder<Object, Object>) co;
  }

  @Test
  void whatTheCallYieldsComesOutOfTheBody() {
    Caller caller = new Caller(co -> yielder(co).yield("a") + "b" + yielder(co).yield("c"));
    assertEquals("a", caller.next());
    assertEquals("c", caller.send("1"));
    assertEquals(false, caller.advance("2"));
    assertEquals("1b2", caller.result());
  }

  @Test
  void aCallThatReturnsAtOnceSuspendsNothing() {
    Thread here = Thread.currentThread();
    Caller caller = new Caller(co -> Thread.currentThread());
    assertEquals(false, caller.advance());
    assertNotSame(here, caller.result());
  }

  @Test
  void whatTheCallThrowsIsThrownWhereItWasCalled() {
    IllegalStateException failure = new IllegalStateException("x");
    Caller atOnce =
        new Caller(
            co -> {
              throw failure;
            });
    assertSame(failure, assertThrows(IllegalStateException.class, atOnce::next));
    Caller later =
        new Caller(
            co -> {
              yielder(co).yield("a");
              throw failure;
            });
    later.next();
    assertSame(failure, assertThrows(IllegalStateException.class, later::next));
  }

  @Test
  void whatIsRaisedInTheBodyArrivesInTheCall() {
    Caller caller =
        new Caller(
            co -> {
              try {
                return yielder(co).yield("a");
              } catch (IllegalArgumentException arrived) {
                return arrived.getMessage();
              }
            });
    caller.next();
    assertThrows(StopIteration.class, () -> caller.raise(new IllegalArgumentException("x")));
    assertEquals("x", caller.result());
  }

  @Test
  void theBodyIsReportedOnce() {
    Caller caller = new Caller(co -> yielder(co).yield(yielder(co).yield("a")));
    caller.next();
    caller.send("b");
    assertEquals(List.of(Caller.class), caller.reported);
  }
}
