package io.fermata.conformance.shapes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;

/**
 * A class is initialised when plain Java would do it, also where a frame takes the place of a call:
 * after the arguments of the call, before the method, and never for a call that is not made.
 */
class InitialisationTest {
  private static final String HEAD =
      """
      package made;
      import io.fermata.*;
      import static io.fermata.conformance.shapes.Run.log;
      """;

  /** The classes that have helpers. Each tells when it is initialised. */
  private static final Sources CLASSES =
      Sources.compile(
          """
          package made;
          import io.fermata.*;
          public class Main {
            static <T> T log(T what) {
              io.fermata.conformance.shapes.Run.log(what);
              return what;
            }
            static Coroutine<Integer, Object, Object> helper() {
              return Coroutine.of(co -> Lib.help(co, log("argument")) + "" + Lib.help(co, "again"));
            }
            static Coroutine<Integer, Object, Object> branch() {
              return Coroutine.of(co -> co.yield("no").equals(2) ? Lib.help(co, "never") : "end");
            }
            static Coroutine<Integer, Object, Object> broken() {
              return Coroutine.of(co -> {
                try {
                  return Broken.help(co, log("argument"));
                } catch (ExceptionInInitializerError e) {
                  co.yield("caught " + e.getCause().getMessage());
                }
                return Broken.help(co, log("argument"));
              });
            }
            static Coroutine<Integer, Object, Object> iface() {
              return Coroutine.of(co -> Face.help(co, log("argument")));
            }
            static Coroutine<Integer, Object, Object> partly() {
              return Coroutine.of(co -> Part.help(co, log("argument")));
            }
            static Coroutine<Integer, Object, Object> brokenPart() {
              return Coroutine.of(co -> {
                try {
                  return BrokenPart.help(co, log("argument"));
                } catch (ExceptionInInitializerError e) {
                  co.yield("caught " + e.getCause().getMessage());
                }
                return BrokenPart.help(co, log("argument"));
              });
            }
            static Coroutine<Integer, Object, Object> inherited() {
              return Coroutine.of(co -> Sub.help(co, log("argument")));
            }
            static Coroutine<Integer, Object, Object> far() {
              return Coroutine.of(co -> other.Open.help(co, log("argument")));
            }
            static Coroutine<Integer, Object, Object> superclass() {
              return Coroutine.of(co -> Sub.ownHelp(co, log("argument")));
            }
            static Coroutine<Integer, Object, Object> kinds() {
              return Coroutine.of(co -> Kind.help(co, log("enum")) + "" + Pair.help(co, log("record")));
            }
            static Coroutine<Integer, Object, Object> chain() {
              return Coroutine.of(co -> Middle.help(co, log("argument")));
            }
            static Coroutine<Integer, Object, Object> reference() { return Coroutine.of(Lib::body); }
            static Coroutine<Integer, Object, Object> faceReference() {
              return Coroutine.of(Face::body);
            }
            static Coroutine<Integer, Object, Object> partReference() {
              return Coroutine.of(Part::body);
            }
            static Coroutine<Integer, Object, Object> brokenReference() {
              return Coroutine.of(Broken::body);
            }
            static Coroutine<Integer, Object, Object> privates() {
              return Coroutine.of(co -> {
                Object got = co.yield("get") + Own.value;
                co.yield("put");
                Own2.value = (String) log("right");
                co.yield("call");
                Own3.call((String) log("argument"));
                co.yield("create");
                return got + "" + new Own4(co.yield(log("argument")));
              });
            }
            static class Own {
              static { log("Own initialised"); }
              private static String value = "value";
            }
            static class Own2 {
              static { log("Own2 initialised"); }
              private static String value;
            }
            static class Own3 {
              static { log("Own3 initialised"); }
              private static void call(String argument) { log("called with " + argument); }
            }
            static class Own4 {
              static { log("Own4 initialised"); }
              private Own4(Object argument) { log("created with " + argument); }
              @Override public String toString() { return "own"; }
            }
          }
          class Lib {
            static { Main.log("Lib initialised"); }
            static Object help(Yielder<Integer, Object> co, Object value) {
              Main.log("help runs");
              return co.yield(value);
            }
            static Object body(Yielder<Integer, Object> co) {
              Main.log("body runs");
              return co.yield("value");
            }
          }
          class Broken {
            static { if (true) throw new IllegalStateException("licence"); }
            static Object help(Yielder<Integer, Object> co, Object value) {
              return co.yield("without a licence");
            }
            static Object body(Yielder<Integer, Object> co) { return co.yield("never"); }
          }
          interface Face {
            Object FIELD = Main.log("Face initialised");
            static Object help(Yielder<Integer, Object> co, Object value) { return co.yield(value); }
            static Object body(Yielder<Integer, Object> co) { return co.yield("value"); }
          }
          abstract class Part {
            static { Main.log("Part initialised"); }
            static Object help(Yielder<Integer, Object> co, Object value) { return co.yield(value); }
            static Object body(Yielder<Integer, Object> co) { return co.yield("value"); }
          }
          abstract class BrokenPart {
            static { if (true) throw new IllegalStateException("licence"); }
            static Object help(Yielder<Integer, Object> co, Object value) { return co.yield(value); }
          }
          class Super {
            static { Main.log("Super initialised"); }
            static Object help(Yielder<Integer, Object> co, Object value) { return co.yield(value); }
          }
          class Sub extends Super {
            static Object ownHelp(Yielder<Integer, Object> co, Object value) {
              return co.yield(value);
            }
            static class Unused { static { Main.log("never"); } }
          }
          enum Kind {
            ONE;
            static { Main.log("Kind initialised"); }
            static Object help(Yielder<Integer, Object> co, Object value) { return co.yield(value); }
          }
          record Pair(int left) {
            static { Main.log("Pair initialised"); }
            static Object help(Yielder<Integer, Object> co, Object value) { return co.yield(value); }
          }
          class Middle {
            static { Main.log("Middle initialised"); }
            static Object help(Yielder<Integer, Object> co, Object value) {
              co.yield("middle");
              return Lib.help(co, value);
            }
          }
          """,
          """
          package other;
          public class Open extends Hidden {
            static { io.fermata.conformance.shapes.Run.log("never"); }
          }
          class Hidden {
            static { io.fermata.conformance.shapes.Run.log("Hidden initialised"); }
            public static Object help(io.fermata.Yielder<Integer, Object> co, Object value) {
              return co.yield(value);
            }
          }
          """);

  private static void assertTrace(String expected, String method) throws Exception {
    var loader = CLASSES.loader();
    loader.call("made.Main", method); // Main itself is initialised
    assertEquals(expected, Run.of(loader.coroutine("made.Main", method)).toEnd());
  }

  @EngineTest
  void aStaticHelpersClass() throws Exception {
    assertTrace("argument Lib initialised help runs argument help runs again =12", "helper");
    assertTrace("no =end", "branch");
  }

  @EngineTest
  void aClassThatCannotBeInitialised() throws Exception {
    assertTrace(
        "argument caught licence argument"
            + " !NoClassDefFoundError:Could not initialize class made.Broken",
        "broken");
    assertTrace(
        "argument caught licence argument"
            + " !NoClassDefFoundError:Could not initialize class made.BrokenPart",
        "brokenPart");
  }

  @EngineTest
  void interfacesAndAbstractClasses() throws Exception {
    assertTrace("argument Face initialised argument =1", "iface");
    assertTrace("argument Part initialised argument =1", "partly");
  }

  @EngineTest
  void enumsAndRecords() throws Exception {
    assertTrace("enum Kind initialised enum record Pair initialised record =12", "kinds");
  }

  @EngineTest
  void theClassThatDeclaresTheMethod() throws Exception {
    assertTrace("argument Super initialised argument =1", "inherited");
    assertTrace("argument Hidden initialised argument =1", "far");
    assertTrace("argument Super initialised argument =1", "superclass");
  }

  @EngineTest
  void theHelperOfAHelper() throws Exception {
    assertTrace(
        "argument Middle initialised middle Lib initialised help runs argument =2", "chain");
  }

  @EngineTest
  void aBodyThatIsAReferenceToAMethodOfAnotherClass() throws Exception {
    assertTrace("Lib initialised body runs value =1", "reference");
    assertTrace("Face initialised value =1", "faceReference");
    assertTrace("Part initialised value =1", "partReference");
  }

  @EngineTest
  void aReferenceToAClassThatCannotBeInitialised() throws Exception {
    var loader = CLASSES.loader();
    assertEquals(
        "!ExceptionInInitializerError",
        Run.of(loader.coroutine("made.Main", "brokenReference")).toEnd());
    assertEquals(
        "!NoClassDefFoundError:Could not initialize class made.Broken",
        Run.of(loader.coroutine("made.Main", "brokenReference")).toEnd());
  }

  @EngineTest
  void privateMembersOfAnotherClass() throws Exception {
    assertTrace(
        "get Own initialised put right Own2 initialised call argument Own3 initialised"
            + " called with argument create Own4 initialised argument argument created with 5"
            + " =1valueown",
        "privates");
  }

  /** Its initialiser lets a body out and then fails; plain Java runs no method of it any more. */
  @EngineTest
  void aBodyOfAClassThatCouldNotBeInitialised() throws Exception {
    var loader =
        Sources.compile(
                HEAD
                    + """
                    public class Leak {
                      static Coroutine<Integer, Object, Object> kept() {
                        try { Failing.touch(); } catch (ExceptionInInitializerError expected) { }
                        return Kept.body;
                      }
                    }
                    class Kept { static Coroutine<Integer, Object, Object> body; }
                    class Failing {
                      static {
                        Kept.body = Coroutine.of(co -> co.yield("never"));
                        if (true) throw new IllegalStateException();
                      }
                      static void touch() { }
                    }
                    """)
            .loader();
    assertEquals(
        "!NoClassDefFoundError:Could not initialize class made.Failing",
        Run.of(loader.coroutine("made.Leak", "kept")).toEnd());
  }

  /** The thread that initialises a class goes on to call its methods meanwhile. */
  @EngineTest
  void aHelperOfAClassWhoseInitialiserRuns() throws Exception {
    var loader =
        Sources.compile(
                HEAD
                    + """
                    public abstract class Early {
                      static String seen;
                      static String make() {
                        return seen + "/" + Generator.<Object>of(co -> help(co)).next();
                      }
                      static { if (%s) seen = "" + Generator.<Object>of(co -> help(co)).next(); }
                      static void help(Yielder<?, Object> co) { co.yield("seen " + seen); }
                    }
                    """
                        .formatted(EveryEngine.compiles()))
            .loader();
    assertEquals(
        EveryEngine.compiles() ? "seen null/seen seen null" : "null/seen null",
        loader.call("made.Early", "make"));
  }
}
