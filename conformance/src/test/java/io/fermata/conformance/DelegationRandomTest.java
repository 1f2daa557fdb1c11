package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.fail;

import io.fermata.Coroutine;
import io.fermata.State;
import io.fermata.conformance.DelegationProgram.Call;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;

/**
 * The refactoring principle, at random: a block may be put in the place of the delegation to a
 * generator that contains it. {@code -Dfermata.seed} repeats a run.
 */
@Tag("slow")
final class DelegationRandomTest {
  private static final int PROGRAMS = 800;
  private static final int SHRINKS = 2_000;
  private static final int CLOSES = 20;

  @EngineTest
  @Conforms({"Y-049", "Y-045"})
  void aDelegationMayBeReplacedByTheBlockThatItDelegatesTo() {
    long seed = Long.getLong("fermata.seed", new Random().nextLong());
    System.out.println("DelegationRandomTest: -Dfermata.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < PROGRAMS; i++) {
      DelegationProgram program = DelegationProgram.random(random);
      if (differs(program)) {
        fail(report(seed, shrunk(program)));
      }
    }
  }

  private static boolean differs(DelegationProgram program) {
    return !run(program, false).equals(run(program, true));
  }

  private static DelegationProgram shrunk(DelegationProgram program) {
    DelegationProgram smallest = program;
    int left = SHRINKS;
    boolean found = true;
    while (found && left > 0) {
      found = false;
      for (DelegationProgram less : smallest.smaller()) {
        if (left-- > 0 && differs(less)) {
          smallest = less;
          found = true;
          break;
        }
      }
    }
    return smallest;
  }

  private static String report(long seed, DelegationProgram program) {
    return "a delegation makes a difference, -Dfermata.seed="
        + seed
        + "\nbody  "
        + program.body()
        + "\ncalls "
        + program.calls()
        + "\ndelegated:\n"
        + String.join("\n", run(program, false))
        + "\nin place:\n"
        + String.join("\n", run(program, true));
  }

  /** Everything that the caller and the bodies see. */
  private static List<String> run(DelegationProgram program, boolean inPlace) {
    List<String> trace = new ArrayList<>();
    DelegationInterpreter interpreter = new DelegationInterpreter(inPlace, trace);
    Coroutine<Object, Integer, Object> coroutine =
        Coroutine.of(co -> interpreter.body(program.body(), co));
    int number = 0;
    for (Call call : program.calls()) {
      perform(call, number++, coroutine, trace);
    }
    Call close = new Call(DelegationProgram.Action.CLOSE, DelegationProgram.Failure.EXIT);
    for (int i = 0; i < CLOSES && coroutine.state() != State.CLOSED; i++) {
      perform(close, number++, coroutine, trace);
    }
    trace.add("result " + attempt(coroutine::result));
    // The trace is copied while both are held: a body that was left suspended may unwind later.
    List<String> copy = List.copyOf(trace);
    Reference.reachabilityFence(interpreter);
    Reference.reachabilityFence(coroutine);
    return copy;
  }

  private static void perform(
      Call call, int number, Coroutine<Object, Integer, Object> coroutine, List<String> trace) {
    trace.add(number + " " + call.action());
    Throwable raised = DelegationInterpreter.made(call.failure(), "raised " + number);
    String outcome;
    try {
      outcome =
          switch (call.action()) {
            case NEXT -> "gives " + coroutine.next();
            case SEND -> "gives " + coroutine.send("sent " + number);
            case RAISE -> "gives " + raise(coroutine, raised);
            case CLOSE -> {
              coroutine.close();
              yield "closed";
            }
            case HAS_NEXT -> "is " + coroutine.hasNext();
            case ADVANCE -> coroutine.advance() ? "gives " + coroutine.current() : "ends";
          };
    } catch (Throwable e) {
      String shown = DelegationInterpreter.shown(e);
      outcome = e == raised ? "throws the raised " + shown : "throws " + shown;
    }
    trace.add("  " + outcome + ", " + coroutine.state());
  }

  private static Object raise(Coroutine<?, ?, ?> coroutine, Throwable raised) throws Throwable {
    return coroutine.raise(raised);
  }

  private static Object attempt(Supplier<Object> action) {
    try {
      return action.get();
    } catch (IllegalStateException none) {
      return "none";
    }
  }
}
