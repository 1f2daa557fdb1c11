package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.log;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.Coroutine;
import io.fermata.CoroutineBody;
import io.fermata.Generator;
import io.fermata.IntGenerator;
import io.fermata.IntYielder;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * A call whose method cannot be compiled runs on a thread, as a part of its body; and the next
 * instance of the body runs on the thread engine.
 */
class CallsOnThreadsTest {
  private interface Step {
    Object run(Yielder<Integer, Object> co, String name) throws Exception;
  }

  private static final class Locked implements Step {
    @Override
    public synchronized Object run(Yielder<Integer, Object> co, String name) throws Exception {
      return name + co.yield("locked " + name) + co.yield("again");
    }
  }

  @SuppressWarnings("unchecked")
  private static Step proxy() {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            ((Yielder<Integer, Object>) arguments[0]).yield("proxy " + arguments[1]);
    return (Step)
        Proxy.newProxyInstance(
            CallsOnThreadsTest.class.getClassLoader(), new Class<?>[] {Step.class}, handler);
  }

  private static CoroutineBody<Integer, Object, Object> calling(Step step) {
    return co -> co.yield("before") + "" + step.run(co, "a") + co.yield("after");
  }

  @EngineTest
  void aProxyGetsItsCall() {
    assertEquals("before proxy a after =123", Run.ofAny(calling(proxy())).toEnd());
  }

  @EngineTest
  void aSynchronizedMethodIsExecuted() {
    assertEquals("before locked a again after =1a234", Run.ofAny(calling(new Locked())).toEnd());
  }

  @EngineTest
  void aLambdaIsCalled() {
    assertEquals(
        "before lambda after =123", Run.ofAny(calling((co, name) -> co.yield("lambda"))).toEnd());
  }

  @EngineTest
  void aCallThatDoesNotSuspendReturnsAtOnce() {
    assertEquals("before after =1null2", Run.ofAny(calling((co, name) -> null)).toEnd());
  }

  @EngineTest
  void furtherInstancesRunOnThreads() {
    Step step = proxy();
    CoroutineBody<Integer, Object, Object> body = co -> step.run(co, "a");
    Coroutine<Integer, Object, Object> first = Coroutine.of(body);
    Run.assertCompiled(first);
    first.next();
    Coroutine<Integer, Object, Object> second = Coroutine.of(body);
    Run.assertThread(
        second, "it calls CallsOnThreadsTest.Step.run() at CallsOnThreadsTest.java:", "Proxy");
    assertEquals("proxy a", second.next());
    assertEquals(false, first.advance(5));
    assertEquals(5, first.result());
  }

  private static Object helper(Yielder<Integer, Object> co, Step step) throws Exception {
    co.yield("helper");
    return step.run(co, "a");
  }

  @EngineTest
  void theBodyIsFoundAboveItsHelpers() {
    Step step = proxy();
    CoroutineBody<Integer, Object, Object> body = co -> helper(co, step);
    CoroutineBody<Integer, Object, Object> outer =
        co -> co.yieldFrom(Coroutine.<Integer, Object, Object>of(body));
    Coroutine<Integer, Object, Object> first = Coroutine.of(outer);
    Run.assertCompiled(first);
    first.next();
    first.send(1);
    Run.assertThread(Coroutine.of(body), "it calls CallsOnThreadsTest.Step.run()");
    Run.assertCompiled(Coroutine.of(outer));
  }

  @EngineTest
  void anExceptionComesOutOfTheCall() {
    Step failing =
        (co, name) -> {
          throw new IllegalStateException(name + co.yield("b"));
        };
    CoroutineBody<Integer, Object, Object> body =
        co -> {
          try {
            return failing.run(co, "a");
          } catch (IllegalStateException e) {
            return e.getMessage();
          }
        };
    assertEquals("b =a1", Run.ofAny(body).toEnd());
  }

  @EngineTest
  void whatIsRaisedArrivesInTheCall() {
    Step catching =
        (co, name) -> {
          try {
            return co.yield("a");
          } catch (IllegalArgumentException e) {
            log("caught");
            return co.yield(e.getMessage());
          } finally {
            log("finally");
          }
        };
    CoroutineBody<Integer, Object, Object> body = co -> catching.run(co, "");
    assertEquals(
        "a caught x finally =1",
        Run.ofAny(body).step().raise(new IllegalArgumentException("x")).step().toString());
    CoroutineBody<Integer, Object, Object> closed = co -> catching.run(co, "");
    assertEquals("a finally", Run.ofAny(closed).step().close().toString());
  }

  private interface Ints {
    void emit(IntYielder co);
  }

  @EngineTest
  void aGeneratorOfPrimitivesYieldsWhatTheCallYields() {
    Ints ints =
        co -> {
          co.yield(1);
          co.yieldFrom(List.of(2, 3));
        };
    IntGenerator generator = IntGenerator.of(co -> ints.emit(co));
    Run.assertCompiled(generator);
    assertEquals(List.of(1, 2, 3), generator.toList());
  }

  @EngineTest
  void aDelegateOfTheCallIsADelegateOfTheBody() {
    Coroutine<Integer, Object, Object> inner = Coroutine.of(co -> co.yield("inner") + "!");
    Step delegating = (co, name) -> co.yieldFrom(inner);
    CoroutineBody<Integer, Object, Object> body = co -> delegating.run(co, "");
    assertEquals("inner =1!", Run.ofAny(body).toEnd());
  }

  private static String lines(Throwable thrown) {
    List<String> lines = new ArrayList<>();
    for (StackTraceElement line : thrown.getStackTrace()) {
      if (line.getMethodName().equals("assertThrows")) {
        break;
      }
      if (line.getClassName().startsWith(CallsOnThreadsTest.class.getName())) {
        lines.add(line.getMethodName().replaceAll("\\$.*", ""));
      }
    }
    return String.join(" ", lines);
  }

  private static Object failing(Yielder<Integer, Object> co, boolean later) {
    if (later) {
      co.yield("a");
    }
    throw new IllegalStateException();
  }

  @EngineTest
  void aTraceHasTheLinesOfCallAndBodyOnce() {
    for (boolean later : new boolean[] {false, true}) {
      Step step = (co, name) -> failing(co, later);
      Generator<Object> generator =
          Generator.of(
              co -> {
                Coroutine<Integer, Object, Object> inner = Coroutine.of(own -> helper(own, step));
                co.yieldFrom(inner);
              });
      Run.assertCompiled(generator);
      generator.next();
      if (later) {
        generator.next();
      }
      IllegalStateException thrown =
          assertThrows(IllegalStateException.class, () -> generator.next());
      assertEquals("failing lambda helper lambda lambda lambda", lines(thrown), "later: " + later);
    }
  }
}
