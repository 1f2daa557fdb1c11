package io.fermata.conformance.random;

import io.fermata.BaseGenerator;
import io.fermata.CoroutineBody;
import io.fermata.DoubleGeneratorBody;
import io.fermata.GeneratorBody;
import io.fermata.IntGeneratorBody;
import io.fermata.LongGeneratorBody;
import io.fermata.SinkBody;
import io.fermata.StopIteration;
import io.fermata.internal.engine.BestEngine;
import io.fermata.internal.engine.Engine;
import io.fermata.internal.engine.EngineChoice;
import io.fermata.internal.engine.ThreadEngine;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs random programs in all ways, and compares what they do. */
final class Runner {
  private static final String[] BROKEN = {
    "the compiler failed",
    "Error",
    "refused",
    "could not be analysed",
    "cannot be created",
    "cannot be read",
    "Exception:"
  };

  /**
   * What came of a program.
   *
   * @param refused what javac says against it; null if nothing
   * @param expected what it does on the thread engine
   * @param actual what it does when it may be compiled, or directly
   * @param reasons why its bodies run on the engines that they run on; the outermost one first
   */
  record Outcome(String refused, List<String> expected, List<String> actual, List<String> reasons) {
    boolean isWrong() {
      return refused == null && (!expected.equals(actual) || !broken().isEmpty());
    }

    /** The reasons that tell of a mistake in the compiler. */
    List<String> broken() {
      return reasons.stream().filter(Runner::isBroken).toList();
    }

    /** The first line that is not the same, or what the compiler failed on. */
    String difference() {
      if (!broken().isEmpty()) {
        return broken().get(0);
      }
      int at = firstDifference();
      return "line "
          + at
          + "\n  expected "
          + line(expected, at)
          + "\n  actual   "
          + line(actual, at);
    }

    /** What kind of mistake it is; a smaller program has to have one of the same kind. */
    String kind() {
      String words = "[^A-Za-z(:>]+|P\\d+|H\\.java";
      if (!broken().isEmpty()) {
        return broken().get(0).replaceAll(words, " ");
      }
      int at = firstDifference();
      return Stream.of(line(expected, at), line(actual, at))
          .map(line -> line.replaceAll("[^a-zA-Z].*", ""))
          .toList()
          .toString();
    }

    private int firstDifference() {
      int at = 0;
      while (at < Math.min(expected.size(), actual.size())
          && expected.get(at).equals(actual.get(at))) {
        at++;
      }
      return at;
    }

    private static String line(List<String> lines, int at) {
      return at < lines.size() ? lines.get(at) : "the end";
    }
  }

  private Runner() {}

  private static boolean isBroken(String reason) {
    for (String sign : BROKEN) {
      if (reason.contains(sign)) {
        return true;
      }
    }
    return false;
  }

  static List<Outcome> run(List<Program> programs) {
    Batch batch = new Batch(programs);
    ClassLoader verified = batch.loader(); // of its own, as verifying initialises the classes
    ClassLoader onThreads = batch.loader();
    ClassLoader compiled = batch.loader();
    ClassLoader plain = batch.loader();
    ClassLoader direct = batch.loader(); // each has classes that are not initialised yet
    List<Outcome> outcomes = new ArrayList<>();
    List<Log> kept = new ArrayList<>(); // a body that is dropped unwinds, and writes into a log
    for (int i = 0; i < programs.size(); i++) {
      String name = Host.className(i);
      String refused = batch.refused().get(i);
      if (refused == null && !isValid(batch.classes(name), verified)) {
        refused = Batch.CRASH;
      }
      if (refused != null) {
        outcomes.add(new Outcome(refused, List.of(), List.of(), List.of()));
        continue;
      }
      Program program = programs.get(i);
      Log thread = on(new ThreadEngine(), onThreads, name, program);
      kept.add(thread);
      List<String> expected = thread.lines();
      Log log = on(new BestEngine(), compiled, name, program);
      kept.add(log);
      List<String> actual = log.lines();
      if (expected.equals(actual) && !program.suspends()) {
        expected = directly(plain, name, true);
        actual = directly(direct, name, false);
      }
      outcomes.add(new Outcome(null, expected, actual, log.reasons()));
    }
    Reference.reachabilityFence(kept);
    return outcomes;
  }

  /** Whether the JVM takes what javac has made; javac has mistakes of its own. */
  private static boolean isValid(List<String> names, ClassLoader loader) {
    try {
      for (String name : names) {
        try {
          Class.forName(name, true, loader);
        } catch (ExceptionInInitializerError verified) {
          // its initialiser needs a log, or means to fail
        }
      }
      return true;
    } catch (VerifyError | ClassFormatError mistake) {
      return false;
    } catch (ClassNotFoundException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Log on(Engine engine, ClassLoader loader, String name, Program program) {
    Log log = new Log();
    EngineChoice.use(engine);
    try {
      BaseGenerator<?> generator = make(loader, name, log);
      log.outermost(generator);
      program.drive().perform(generator, log, program.flavour().sent);
      Drive.closeAll(log);
    } catch (ReflectiveOperationException | LinkageError impossible) {
      throw new IllegalStateException("seed " + program.seed(), impossible);
    } finally {
      EngineChoice.useDefault();
    }
    return log;
  }

  /** The whole run of a body that does not suspend. */
  private static List<String> directly(ClassLoader loader, String name, boolean isPlain) {
    Log log = new Log();
    EngineChoice.use(new BestEngine());
    try {
      BaseGenerator<?> generator = make(loader, name, log);
      if (isPlain) {
        execute(Class.forName(Host.NAME, true, loader).getField("kept").get(null));
      } else {
        generator.advance();
      }
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    } catch (Throwable thrown) {
      // a StopIteration that escapes from a generator becomes a cause, as PEP 479 has it
      Throwable shown = thrown.getCause() instanceof StopIteration stop ? stop : thrown;
      log.see("throws", shown);
      log.note("at " + log.ownLines(shown));
    } finally {
      EngineChoice.useDefault();
    }
    return log.lines();
  }

  private static void execute(Object body) throws Exception {
    if (body instanceof GeneratorBody<?> generator) {
      generator.run(null);
    } else if (body instanceof CoroutineBody<?, ?, ?> coroutine) {
      coroutine.run(null);
    } else if (body instanceof SinkBody<?, ?> sink) {
      sink.run(null);
    } else if (body instanceof IntGeneratorBody ints) {
      ints.run(null);
    } else if (body instanceof LongGeneratorBody longs) {
      longs.run(null);
    } else {
      ((DoubleGeneratorBody) body).run(null);
    }
  }

  private static BaseGenerator<?> make(ClassLoader loader, String name, Log log)
      throws ReflectiveOperationException {
    return (BaseGenerator<?>)
        Class.forName(name, true, loader).getMethod("make", Log.class).invoke(null, log);
  }
}
