package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.async.Async;
import io.fermata.async.AsyncBody;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.AsyncYielder;
import io.fermata.async.Awaiter;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.util.List;
import java.util.Objects;

/** Uses of the {@code co} of an asynchronous body that are no escape. */
class HarmlessAwaiterTest extends NestingTest {
  private static void assertResult(Object expected, AsyncBody<Object> body) throws Exception {
    Async<Object> async = Async.of(body);
    assertEquals(
        EveryEngine.compiles() ? "compiled" : "thread", async.engine(), async::engineReason);
    assertEquals(expected, run(async));
  }

  private static String checked(Awaiter co) throws Exception {
    Objects.requireNonNull(co, "co");
    if (co == null) {
      throw new NullPointerException("co");
    }
    return co.await(later("checked"));
  }

  private static Awaiter same(Awaiter co) {
    return Objects.requireNonNull(co);
  }

  @EngineTest
  void nullChecksAreCompiled() throws Exception {
    assertResult("checkedsame", co -> checked(co) + same(co).await(later("same")));
    assertResult(
        "checkedsame",
        co -> {
          Objects.requireNonNull(co);
          return co.await(Async.of(in -> checked(co) + same(in).await(later("same"))));
        });
  }

  private static String perhaps(Awaiter co) throws Exception {
    return co == null ? "-" : co.await(later("x"));
  }

  @EngineTest
  void nullMayBePassedInItsPlace() throws Exception {
    assertResult(
        "-x-x-",
        co -> {
          String said = perhaps(null) + perhaps(co);
          for (int i = 0; i < 3; i++) {
            said += perhaps(i == 1 ? co : null);
          }
          return said;
        });
  }

  private static String both(Awaiter a, Awaiter b) throws Exception {
    return a.await(later("a")) + b.await(later("b")) + (a == b);
  }

  @EngineTest
  void itIsEqualToItselfOnly() throws Exception {
    assertResult("abtrue", co -> both(co, co));
    assertResult("abfalse", co -> co.await(Async.of(in -> both(in, co))));
    Object stranger = "x";
    assertResult(
        "falsetruex",
        co -> {
          Object object = co;
          return "" + (object == stranger) + (object == co) + co.await(later("x"));
        });
  }

  @EngineTest
  void itOrThatOfAnOuterBodyMayBeChosen() throws Exception {
    assertResult(
        "0truefalse1falsetrue",
        co ->
            co.await(
                Async.of(
                    in -> {
                      String said = "";
                      for (int i = 0; i < 2; i++) {
                        Awaiter chosen = i == 0 ? in : co;
                        said += "" + chosen.await(later(i)) + (chosen == in) + (chosen == co);
                      }
                      return said;
                    })));
  }

  private static final class Client {
    private final Awaiter co;

    Client(Awaiter co) {
      this.co = co;
    }

    String get(String name) throws Exception {
      return co.await(later(name)) + more(name);
    }

    private String more(String name) throws Exception {
      return co.await(later(name.toUpperCase()));
    }

    boolean isOf(Awaiter other) {
      return co == other;
    }
  }

  private record Context(Awaiter co, int depth) {}

  private static int depth(Context context) throws Exception {
    int one = context.co().await(later(1));
    return context.depth() == 0 ? one : one + depth(new Context(context.co(), context.depth() - 1));
  }

  @EngineTest
  void objectsMayHoldIt() throws Exception {
    assertResult("aAtrue", co -> new Client(co).get("a") + new Client(co).isOf(co));
    assertResult(4, co -> depth(new Context(co, 3)));
    assertResult(
        "oOiIfalse",
        co ->
            co.await(
                Async.of(
                    in ->
                        new Client(co).get("o")
                            + new Client(in).get("i")
                            + new Client(co).isOf(in))));
    assertResult(
        "gGtT",
        co ->
            co.await(
                TaskGroup.of(
                    (in, tg) -> {
                      Client client = new Client(in);
                      Task<String> task = tg.start(Async.of(own -> new Client(own).get("t")));
                      return client.get("g") + in.await(task);
                    })));
  }

  @EngineTest
  void localClassesMayCaptureIt() throws Exception {
    assertResult(
        "321-",
        co -> {
          class Countdown {
            String from(int n) throws Exception {
              return n == 0 ? "-" : co.await(later(n)) + from(n - 1);
            }
          }
          return new Countdown().from(3);
        });
  }

  private static final class Source {
    private final AsyncYielder<?, Integer> co;

    Source(AsyncYielder<?, Integer> co) {
      this.co = co;
    }

    void upTo(int n) throws Exception {
      for (int i = 0; i < n; i++) {
        co.yield(i + ten(co));
      }
    }

    private static int ten(Awaiter co) throws Exception {
      return Objects.requireNonNull(co).await(later(10));
    }
  }

  private static int both(AsyncYielder<?, Integer> co, Awaiter awaiter) throws Exception {
    co.yield(awaiter.await(later(1)));
    return co == awaiter ? co.await(later(2)) : 3;
  }

  private void assertItems(List<Integer> expected, AsyncGenerator<Integer> items) throws Exception {
    assertEquals(
        EveryEngine.compiles() ? "compiled" : "thread", items.engine(), items::engineReason);
    log.clear();
    runAction(co -> co.await(items.forEach((in, item) -> log.add(item))));
    assertEquals(expected, log);
  }

  @EngineTest
  void asynchronousGeneratorsMayToo() throws Exception {
    assertItems(List.of(10, 11, 12), AsyncGenerator.of(co -> new Source(co).upTo(3)));
    assertItems(
        List.of(1, 2),
        AsyncGenerator.of(
            co -> {
              co.yield(both(co, co));
            }));
    assertItems(
        List.of(4, 5),
        AsyncGenerator.of(
            co -> {
              Awaiter awaiter = co;
              for (int i = 0; i < 2; i++) {
                awaiter = i == 0 ? awaiter : null;
                co.yield(awaiter == null ? 5 : awaiter.await(later(4)));
              }
            }));
  }
}
