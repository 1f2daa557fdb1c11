package io.fermata.conformance.random;

import io.fermata.BaseGenerator;
import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.GeneratorExit;
import io.fermata.State;
import io.fermata.StopIteration;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What the caller of a random program does to it, step by step.
 *
 * @param steps in this order
 */
record Drive(List<Step> steps) {
  private static final int CLOSES = 30;

  /** A kind of call. */
  enum Action {
    NEXT,
    NEXT_OR,
    ADVANCE,
    HAS_NEXT,
    SEND,
    RAISE,
    CLOSE
  }

  /** One call; what the number means depends on the action. */
  record Step(Action action, int number) {}

  static Drive random(Random random) {
    List<Step> steps = new ArrayList<>();
    int count = 2 + random.nextInt(28);
    int exotic = random.nextInt(8);
    for (int i = 0; i < count; i++) {
      int dice = random.nextInt(24);
      Action action =
          dice < exotic
              ? Action.values()[random.nextInt(Action.values().length)]
              : dice < 16 ? Action.SEND : Action.NEXT;
      steps.add(new Step(i == 0 && action == Action.SEND ? Action.NEXT : action, dice + i));
    }
    return new Drive(List.copyOf(steps));
  }

  List<Drive> smaller() {
    List<Drive> found = new ArrayList<>();
    for (int length = steps.size(); length > 0; length /= 2) {
      for (int from = 0; from + length <= steps.size(); from += length) {
        List<Step> rest = new ArrayList<>(steps.subList(0, from));
        rest.addAll(steps.subList(from + length, steps.size()));
        found.add(new Drive(List.copyOf(rest)));
      }
    }
    return found;
  }

  /** Performs all steps, then closes the generator. */
  void perform(BaseGenerator<?> generator, Log log, Object sentType) {
    int closed = 0;
    for (Step step : steps) {
      if (generator.state() == State.CLOSED && closed++ > 2) {
        break; // nothing new to see
      }
      perform(step, generator, log, sentType);
    }
    for (int i = 0; i < CLOSES && generator.state() != State.CLOSED; i++) {
      perform(new Step(Action.CLOSE, 0), generator, log, sentType);
    }
    if (generator instanceof Coroutine<?, ?, ?> coroutine) {
      try {
        log.see("result", coroutine.result());
      } catch (IllegalStateException none) {
        log.note("no result");
      }
    }
  }

  /** Closes what the body has left open, as if somebody else had held it. */
  static void closeAll(Log log) {
    for (BaseGenerator<?> generator : log.generators()) {
      for (int i = 0; i < CLOSES && generator.state() != State.CLOSED; i++) {
        perform(new Step(Action.CLOSE, 0), generator, log, "");
      }
    }
  }

  private static void perform(Step step, BaseGenerator<?> generator, Log log, Object sentType) {
    log.note("> " + step);
    Throwable raised = raised(step.number);
    try {
      log.see("gives", call(step, generator, raised, sentType));
    } catch (Throwable thrown) {
      if (thrown == raised) {
        log.note("the raised one");
      }
      log.see("throws", thrown);
      log.note("at " + log.ownLines(thrown));
      if (thrown instanceof StopIteration stop) {
        log.see("with", stop.value());
      }
    }
    StackTraceElement position = generator.position();
    log.note(
        generator.state()
            + " at "
            + (position == null ? "-" : position.getLineNumber())
            + ", waits for "
            + waitsFor(generator.delegate()));
  }

  private static String waitsFor(Object delegate) {
    return delegate instanceof BaseGenerator<?> other
        ? other.kind() + " " + other.state()
        : delegate == null ? "nothing" : "something else";
  }

  private static Object call(
      Step step, BaseGenerator<?> generator, Throwable raised, Object sentType) throws Throwable {
    return switch (step.action) {
      case NEXT -> generator.next();
      case NEXT_OR -> nextOr(generator);
      case ADVANCE ->
          generator.advance()
              ? (generator instanceof Generator<?> g ? g.current() : "advanced")
              : "ends";
      case HAS_NEXT -> generator.hasNext();
      case SEND -> send(generator, sent(step.number, sentType));
      case RAISE -> generator.raise(raised);
      case CLOSE -> {
        generator.close();
        yield "closed";
      }
    };
  }

  private static Object nextOr(BaseGenerator<?> generator) {
    return generator instanceof Generator<?> objects ? objects.nextOr(null) : generator.next();
  }

  @SuppressWarnings("unchecked") // what is sent is of the type that the program names
  private static Object send(BaseGenerator<?> generator, Object value) {
    return generator instanceof Coroutine<?, ?, ?> coroutine
        ? ((Coroutine<Object, ?, ?>) coroutine).send(value)
        : generator.next();
  }

  private static Object sent(int number, Object type) {
    if (number % 11 == 0) {
      return null;
    }
    return type.equals("String") || (type.equals("Object") && number % 2 == 0)
        ? "sent" + number
        : (Object) number;
  }

  private static Throwable raised(int number) {
    return switch (number % 6) {
      case 0 -> new IOException("raised");
      case 1 -> new IllegalArgumentException("raised");
      case 2 -> new AssertionError("raised");
      case 3 -> new Exception("raised");
      case 4 -> new GeneratorExit();
      default -> new ArithmeticException("raised");
    };
  }
}
