package io.fermata.conformance.shapes;

import static io.fermata.conformance.shapes.Run.assertTrace;
import static io.fermata.conformance.shapes.Run.log;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.CoroutineBody;
import io.fermata.Yielder;
import io.fermata.conformance.EngineTest;

/**
 * Helpers that can be overridden, of objects whose class is known to the compiler, and of others.
 */
class ReceiversTest {
  @EngineTest
  void aHelperOfALocalClassIsCompiled() {
    class Local {
      private final String name;

      Local(String name) {
        this.name = name;
      }

      Object help(Yielder<Integer, Object> co) {
        return name + co.yield(name) + more(co);
      }

      Object more(Yielder<Integer, Object> co) {
        return "," + co.yield("more");
      }
    }
    assertTrace(
        "a more b more =a1,2b3,4",
        co -> {
          Local a = new Local("a");
          Local b = new Local("b");
          return "" + a.help(co) + b.help(co);
        });
  }

  @EngineTest
  void aHelperOfAnAnonymousBodyIsCompiled() {
    CoroutineBody<Integer, Object, Object> body =
        new CoroutineBody<Integer, Object, Object>() {
          @Override
          public Object run(Yielder<Integer, Object> co) {
            return help(co, 2);
          }

          Object help(Yielder<Integer, Object> co, int n) {
            return n == 0 ? "end" : co.yield(n) + "" + help(co, n - 1);
          }
        };
    assertEquals("2 1 =12end", Run.of(body).toEnd());
  }

  private abstract static class Skeleton implements CoroutineBody<Integer, Object, Object> {
    @Override
    public Object run(Yielder<Integer, Object> co) {
      log("run");
      return step(co) + "" + inherited(co);
    }

    protected abstract Object step(Yielder<Integer, Object> co);

    Object inherited(Yielder<Integer, Object> co) {
      return co.yield("skeleton " + getClass().getSimpleName());
    }
  }

  private static class First extends Skeleton {
    @Override
    protected Object step(Yielder<Integer, Object> co) {
      return co.yield("first");
    }
  }

  private static class Second extends First {
    @Override
    protected Object step(Yielder<Integer, Object> co) {
      return super.step(co) + "-" + co.yield("second");
    }

    @Override
    Object inherited(Yielder<Integer, Object> co) {
      return co.yield("overridden") + "+" + super.inherited(co);
    }
  }

  @EngineTest
  void whatABodyInheritsCallsWhatItsOwnClassHas() {
    assertEquals("run first skeleton First =12", Run.of(new First()).toEnd());
    assertEquals(
        "run first second overridden skeleton Second =1-23+4", Run.of(new Second()).toEnd());
    assertEquals("run first skeleton First =12", Run.of(new First()).toEnd());
  }

  private interface Greeting {
    default Object greet(Yielder<Integer, Object> co) {
      return co.yield("hello " + name());
    }

    String name();
  }

  private static class Polite implements Greeting {
    @Override
    public String name() {
      return "sir";
    }
  }

  private static class Rude extends Polite {
    @Override
    public Object greet(Yielder<Integer, Object> co) {
      return co.yield("hey");
    }
  }

  @EngineTest
  void aNewObjectHasTheMethodsOfItsClass() {
    assertTrace(
        "hello sir hey =12",
        co -> {
          Polite polite = new Polite();
          Polite rude = new Rude();
          return "" + polite.greet(co) + rude.greet(co);
        });
    assertTrace(
        "hello sir hey =12",
        co -> {
          Greeting polite = new Polite();
          Greeting rude = new Rude();
          return "" + polite.greet(co) + rude.greet(co);
        });
  }

  private static Polite any(boolean rude) {
    return rude ? new Rude() : new Polite();
  }

  @EngineTest
  void anObjectOfAnyClassHasTheMethodOfItsClass() {
    assertTrace("hey =1", co -> any(true).greet(co));
    for (boolean rude : new boolean[] {true, false}) {
      assertTrace(
          (rude ? "hey" : "hello sir") + " =1",
          co -> {
            Polite chosen = rude ? new Rude() : new Polite();
            return chosen.greet(co);
          });
    }
  }

  @EngineTest
  void anObjectThatIsNotMadeYetOrIsNullFailsAsACallDoes() {
    assertTrace(
        "npe a =1",
        co -> {
          Polite polite = null;
          for (int i = 0; i < 2; i++) {
            try {
              polite.greet(co);
            } catch (NullPointerException e) {
              log("npe");
              break;
            }
            polite = new Polite();
          }
          return co.yield("a");
        });
  }

  @EngineTest
  void aLambdaOfAnObjectCallsTheMethodOfItsClass() {
    assertTrace("own =1", co -> help(co));
  }

  Object help(Yielder<Integer, Object> co) {
    return co.yield("own");
  }
}
