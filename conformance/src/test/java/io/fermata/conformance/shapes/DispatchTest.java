package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fermata.Coroutine;
import io.fermata.CoroutineBody;
import io.fermata.IntGenerator;
import io.fermata.IntYielder;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;

/** Calls of methods that can be overridden execute the method of the receiver's class. */
class DispatchTest {
  private sealed interface Tree {
    void walk(Yielder<Integer, Object> co);

    default void twice(Yielder<Integer, Object> co) {
      walk(co);
      this.walk(co);
    }
  }

  private record Leaf(int value) implements Tree {
    @Override
    public void walk(Yielder<Integer, Object> co) {
      co.yield(value);
    }
  }

  private record Node(Tree left, Tree right) implements Tree {
    @Override
    public void walk(Yielder<Integer, Object> co) {
      left.walk(co);
      co.yield("-");
      right.walk(co);
    }
  }

  @EngineTest
  void aWalkOverASealedInterfaceIsCompiled() {
    Tree tree = new Node(new Node(new Leaf(1), new Leaf(2)), new Leaf(3));
    assertTrace(
        "1 - 2 - 3 =null",
        co -> {
          tree.walk(co);
          return null;
        });
  }

  @EngineTest
  void aDefaultMethodCallsWhatItsObjectHas() {
    Tree tree = new Node(new Leaf(1), new Leaf(2));
    assertTrace(
        "1 - 2 1 - 2 3 3 =null",
        co -> {
          tree.twice(co);
          new Leaf(3).twice(co);
          return null;
        });
  }

  @EngineTest
  void aWalkMayBeDeeperThanTheStack() {
    assumeTrue(EveryEngine.compiles(), "a thread's stack is not that deep");
    Tree tree = new Leaf(0);
    for (int i = 0; i < 20_000; i++) {
      tree = new Node(tree, new Leaf(i));
    }
    Tree deep = tree;
    Coroutine<Integer, Object, Object> coroutine =
        Coroutine.of(
            co -> {
              deep.walk(co);
              return "end";
            });
    int steps = 0;
    while (coroutine.advance()) {
      steps++;
    }
    assertEquals(40_001, steps);
  }

  private enum Operation {
    ADD {
      @Override
      Object apply(Yielder<Integer, Object> co, long a, int b) {
        return co.yield(a + b);
      }
    },
    NEGATE {
      @Override
      Object apply(Yielder<Integer, Object> co, long a, int b) {
        return super.apply(co, -a, -b);
      }
    },
    PLAIN;

    Object apply(Yielder<Integer, Object> co, long a, int b) {
      return co.yield(name() + a + b);
    }
  }

  @EngineTest
  void enumConstantsWithBodiesAreDispatched() {
    assertTrace(
        "3 NEGATE-1-2 PLAIN12 =123",
        co -> {
          String all = "";
          for (Operation each : Operation.values()) {
            all += each.apply(co, 1L, 2);
          }
          return all;
        });
  }

  private interface Visitor<T> {
    Object visit(T visited, Yielder<Integer, Object> co) throws Exception;
  }

  private static final class OfText implements Visitor<String> {
    @Override
    public String visit(String visited, Yielder<Integer, Object> co) {
      return visited.length() + ":" + co.yield(visited);
    }
  }

  private static final class OfNumber implements Visitor<Integer> {
    @Override
    public Integer visit(Integer visited, Yielder<Integer, Object> co) {
      return visited + co.yield(visited);
    }
  }

  @SuppressWarnings("unchecked")
  @EngineTest
  void bridgesOfGenericInterfacesAreCompiled() {
    Visitor<String> text = new OfText();
    Visitor<Integer> number = new OfNumber();
    assertTrace("a 5 =1:17", co -> "" + text.visit("a", co) + number.visit(5, co));
    Visitor<Object> wrong = (Visitor<Object>) (Visitor<?>) text;
    assertTrace(
        "cast =null",
        co -> {
          try {
            return wrong.visit(1, co);
          } catch (ClassCastException e) {
            return log("cast", null);
          }
        });
  }

  private static Object log(Object event, Object result) {
    Run.log(event);
    return result;
  }

  private abstract static class Template {
    Object whole(Yielder<Integer, Object> co) {
      return begin(co) + "|" + end(co);
    }

    protected abstract Object begin(Yielder<Integer, Object> co);

    Object end(Yielder<Integer, Object> co) {
      return co.yield("end");
    }
  }

  private static class Plain extends Template {
    @Override
    protected Object begin(Yielder<Integer, Object> co) {
      return co.yield("plain");
    }
  }

  private static class Fancy extends Plain {
    @Override
    protected String begin(Yielder<Integer, Object> co) { // covariant, so with a bridge
      return "fancy" + super.begin(co);
    }

    @Override
    Object end(Yielder<Integer, Object> co) {
      return co.yield("fancy end");
    }
  }

  @EngineTest
  void aTemplateCallsTheStepsOfItsClass() {
    for (int i = 0; i < 2; i++) {
      Template first = i == 0 ? new Plain() : new Fancy();
      Template second = i == 0 ? new Fancy() : new Plain();
      String plain = "plain end";
      String fancy = "plain fancy end";
      assertTrace(
          (i == 0 ? plain + " " + fancy + " =1|2fancy3|4" : fancy + " " + plain + " =fancy1|23|4"),
          co -> "" + first.whole(co) + second.whole(co));
    }
  }

  private interface Left {
    default Object side(Yielder<Integer, Object> co) {
      return co.yield("left");
    }
  }

  private interface Right {
    default Object side(Yielder<Integer, Object> co) {
      return co.yield("right");
    }
  }

  private static class Both implements Left, Right {
    @Override
    public Object side(Yielder<Integer, Object> co) {
      return Left.super.side(co) + "" + Right.super.side(co);
    }
  }

  private interface Nearer extends Left {
    @Override
    default Object side(Yielder<Integer, Object> co) {
      return co.yield("nearer");
    }
  }

  private static class Inherits implements Left, Nearer {}

  @EngineTest
  void theMostSpecificInterfaceHasTheMethod() {
    List<Left> all = List.of(new Both(), new Inherits(), new Left() {});
    assertTrace(
        "left right nearer left =1234",
        co -> {
          String sides = "";
          for (Left each : all) {
            sides += each.side(co);
          }
          return sides;
        });
  }

  @EngineTest
  void localAndAnonymousClassesKeepWhatTheyCapture() {
    for (String name : List.of("a", "b")) {
      class Local implements Left {
        @Override
        public Object side(Yielder<Integer, Object> co) {
          return co.yield(name + "local");
        }
      }
      List<Left> all =
          List.of(
              new Local(),
              new Left() {
                @Override
                public Object side(Yielder<Integer, Object> co) {
                  return co.yield(name + "anonymous");
                }
              });
      assertTrace(
          name + "local " + name + "anonymous =12",
          co -> "" + all.get(0).side(co) + all.get(1).side(co));
    }
  }

  private static final List<Left> MANY =
      List.of(
          new Left() {},
          new Left() {},
          new Left() {},
          new Left() {},
          new Left() {},
          new Left() {},
          new Left() {},
          new Left() {},
          new Left() {},
          new Both(),
          new Inherits());

  @EngineTest
  void aSiteMayHaveReceiversOfManyClasses() {
    assertTrace(
        "left left left left left left left left left left right nearer ".repeat(2) + "=24",
        co -> {
          Object last = null;
          for (int i = 0; i < 2; i++) {
            for (Left each : MANY) {
              last = each.side(co);
            }
          }
          return last;
        });
  }

  private static <T> T argument(T value) {
    Run.log("argument");
    return value;
  }

  @EngineTest
  void aReceiverThatIsNullFailsAfterTheArguments() {
    Operation none = null;
    assertTrace(
        "a argument npe =1",
        co -> {
          Object sent = co.yield("a");
          try {
            return none.apply(co, argument(1L), 2);
          } catch (NullPointerException e) {
            return log("npe", sent);
          }
        });
  }

  @EngineTest
  void whatAnImplementationThrowsIsThrownAtTheCall() {
    Visitor<String> atOnce = new Failing(false);
    Visitor<String> later = new Failing(true);
    assertTrace(
        "caught a caught =1",
        co -> {
          Object sent = null;
          for (Visitor<String> each : List.of(atOnce, later)) {
            try {
              each.visit("a", co);
            } catch (IOException e) {
              Run.log("caught");
              sent = e.getMessage();
            }
          }
          return sent;
        });
  }

  private record Failing(boolean later) implements Visitor<String> {
    @Override
    public Object visit(String visited, Yielder<Integer, Object> co) throws Exception {
      throw new IOException(later ? String.valueOf(co.yield(visited)) : "at once");
    }
  }

  // Lambdas

  private interface SerializableVisitor<T> extends Visitor<T>, Serializable {
    default Object all(Iterable<T> visited, Yielder<Integer, Object> co) throws Exception {
      Object last = null;
      for (T each : visited) {
        last = visit(each, co);
      }
      return last;
    }
  }

  private Object member(String visited, Yielder<Integer, Object> co) {
    return co.yield("member " + visited);
  }

  static Object shared(Object visited, Yielder<Integer, Object> co) {
    return co.yield("static " + visited);
  }

  @EngineTest
  void lambdasThatNameTheirMethodAreCompiled() {
    int number = 7;
    long wide = 8;
    SerializableVisitor<String> plain = (visited, co) -> co.yield(visited);
    SerializableVisitor<String> capturing =
        (visited, co) -> co.yield(visited + number + wide + member("", co));
    SerializableVisitor<String> bound = this::member;
    SerializableVisitor<String> unbound = DispatchTest::shared;
    assertTrace(
        "a member  a782 member a static a x y =7",
        co -> {
          for (Visitor<String> each : List.of(plain, capturing, bound, unbound)) {
            each.visit("a", co);
          }
          return plain.all(List.of("x", "y"), co);
        });
  }

  private interface OnlyOne<T> {
    Object go(T first, Yielder<Integer, Object> co, int last);
  }

  @SuppressWarnings("unchecked")
  @EngineTest
  void aLambdaThatIsAloneInItsClassIsCompiled() {
    int number = 7;
    OnlyOne<String> only = (first, co, last) -> co.yield(first.length() + number + last);
    CoroutineBody<Integer, Object, Object> body = co -> only.go("ab", co, 1);
    assertEquals("10 =1", all(body));
    assertEquals("10 =1", all(body)); // no call was on a thread
    OnlyOne<Object> wrong = (OnlyOne<Object>) (OnlyOne<?>) only;
    assertTrace(
        "cast =null",
        co -> {
          try {
            return wrong.go(1, co, 1);
          } catch (ClassCastException e) {
            return log("cast", null);
          }
        });
  }

  private interface ToLong extends Serializable {
    long go(Yielder<Integer, Object> co, int plus);
  }

  @EngineTest
  void resultsAreConvertedAsByTheLambda() {
    ToLong same = (co, plus) -> co.yield("a") + plus;
    assertTrace("a =3", co -> same.go(co, 2));
  }

  // References

  private static String all(CoroutineBody<Integer, Object, Object> body) {
    return Run.of(body).toEnd();
  }

  @EngineTest
  void aReferenceHasTheMethodOfItsObject() {
    assertEquals("left =1", all(new Left() {}::side));
    for (Left each : List.of(new Both(), new Left() {}, new Inherits(), new Both())) {
      CoroutineBody<Integer, Object, Object> body = each::side;
      boolean isBoth = each instanceof Both;
      assertEquals(
          isBoth ? "left right =12" : each instanceof Inherits ? "nearer =1" : "left =1",
          all(body));
      assertTrace(
          isBoth ? "left right =12" : each instanceof Inherits ? "nearer =1" : "left =1",
          co -> co.yieldFrom(Coroutine.<Integer, Object, Object>of(body)));
    }
    Template fancy = new Fancy();
    assertEquals("plain fancy end =fancy1|2", all(fancy::whole));
  }

  @EngineTest
  void aReferenceToWhatCannotBeCompiledRunsOnAThread() {
    Left locked =
        new Left() {
          @Override
          public synchronized Object side(Yielder<Integer, Object> co) {
            return co.yield("locked");
          }
        };
    for (Left each : List.of(new Both(), locked, new Both())) {
      CoroutineBody<Integer, Object, Object> body = each::side;
      if (each == locked) {
        assertEquals(
            "locked =1", Run.onThread(body, "side() is synchronized and suspends").toEnd());
      } else {
        assertEquals("left right =12", all(body));
      }
    }
  }

  // Other kinds of co

  private interface Ints {
    void emit(IntYielder co, double scale);
  }

  private record Range(int to) implements Ints {
    @Override
    public void emit(IntYielder co, double scale) {
      for (int i = 0; i < to; i++) {
        co.yield((int) (i * scale));
      }
    }
  }

  @EngineTest
  void generatorsOfPrimitivesDispatchToo() {
    Ints range = new Range(3);
    IntGenerator ints =
        IntGenerator.of(
            co -> {
              range.emit(co, 2);
              range.emit(co, 10);
            });
    Run.assertCompiled(ints);
    assertEquals(List.of(0, 2, 4, 0, 10, 20), ints.toList());
  }

  // Two threads

  @EngineTest
  void twoThreadsMayLinkTheSameSite() throws Exception {
    for (int round = 0; round < 20; round++) {
      List<Left> all = List.of(new Left() {}, new Both(), new Inherits());
      CoroutineBody<Integer, Object, Object> body =
          co -> {
            for (Left each : all) {
              each.side(co);
            }
            return "end";
          };
      List<FutureTask<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        tasks.add(
            new FutureTask<>(
                () -> {
                  var coroutine = Coroutine.of(body);
                  int steps = 0;
                  while (coroutine.advance()) {
                    steps++;
                  }
                  return steps;
                }));
      }
      tasks.forEach(task -> new Thread(task).start());
      for (var task : tasks) {
        assertEquals(4, task.get());
      }
    }
  }
}
