package io.fermata.conformance.random;

import io.fermata.BaseGenerator;
import io.fermata.CoroutineBody;
import io.fermata.DoubleGeneratorBody;
import io.fermata.GeneratorBody;
import io.fermata.IntGeneratorBody;
import io.fermata.LongGeneratorBody;
import io.fermata.SinkBody;
import io.fermata.internal.engine.BestEngine;
import io.fermata.internal.engine.Engine;
import io.fermata.internal.engine.EngineChoice;
import io.fermata.internal.engine.ThreadEngine;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    /** The first line that is not the same. */
    String difference() {
      int at = 0;
      while (at < Math.min(expected.size(), actual.size())
          && expected.get(at).equals(actual.get(at))) {
        at++;
      }
      return "line "
          + at
          + "\n  expected "
          + (at < expected.size() ? expected.get(at) : "the end")
          + "\n  actual   "
          + (at < actual.size() ? actual.get(at) : "the end");
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
    Map<String, String> sources = new LinkedHashMap<>();
    sources.put(Host.BASE_NAME, Host.BASE);
    for (int i = 0; i < programs.size(); i++) {
      sources.put("randomprogram.P" + i, Host.source(programs.get(i), "P" + i));
    }
    Batch batch = new Batch(sources);
    ClassLoader onThreads = batch.loader();
    ClassLoader compiled = batch.loader();
    ClassLoader direct = batch.loader();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < programs.size(); i++) {
      String name = "randomprogram.P" + i;
      String refused = batch.refused().get(name);
      if (refused == null && !isValid(name, onThreads)) {
        refused = Batch.CRASH;
      }
      if (refused != null) {
        outcomes.add(new Outcome(refused, List.of(), List.of(), List.of()));
        continue;
      }
      Program program = programs.get(i);
      List<String> expected = on(new ThreadEngine(), onThreads, name, program).lines();
      Log log = on(new BestEngine(), compiled, name, program);
      List<String> actual = log.lines();
      if (log.reasons().stream().anyMatch(each -> each.contains("runs on the thread engine"))) {
        // no line of a delegator on a thread is in the trace of a failure from another engine
        expected = innermostLines(expected);
        actual = innermostLines(actual);
      }
      if (expected.equals(actual) && !program.suspends()) {
        expected = directly(direct, name, true);
        actual = directly(direct, name, false);
      }
      outcomes.add(new Outcome(null, expected, actual, log.reasons()));
    }
    return outcomes;
  }

  /** Whether the JVM takes what javac has made; javac has mistakes of its own. */
  private static boolean isValid(String name, ClassLoader loader) {
    try {
      Class.forName(name, true, loader);
      return true;
    } catch (VerifyError | ClassFormatError mistake) {
      return false;
    } catch (ClassNotFoundException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static List<String> innermostLines(List<String> trace) {
    return trace.stream().map(line -> line.replaceAll("^at \\[(\\d+), .*", "at [$1]")).toList();
  }

  private static Log on(Engine engine, ClassLoader loader, String name, Program program) {
    Log log = log(name);
    EngineChoice.use(engine);
    try {
      BaseGenerator<?> generator = make(loader, name, log);
      log.made(generator);
      program.drive().perform(generator, log, program.flavour().sent);
      Reference.reachabilityFence(generator);
    } catch (ReflectiveOperationException | LinkageError impossible) {
      throw new IllegalStateException("seed " + program.seed(), impossible);
    } finally {
      EngineChoice.useDefault();
    }
    return log;
  }

  /** The whole run of a body that does not suspend. */
  private static List<String> directly(ClassLoader loader, String name, boolean isPlain) {
    Log log = log(name);
    EngineChoice.use(new BestEngine());
    try {
      // the static state is as fresh as it was for the first of both
      Class<?> host = Class.forName(name, true, loader);
      reset(host);
      BaseGenerator<?> generator = make(loader, name, log);
      if (isPlain) {
        var kept = host.getDeclaredField("kept");
        kept.setAccessible(true);
        execute(kept.get(null));
      } else {
        generator.advance();
      }
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(impossible);
    } catch (Throwable thrown) {
      log.see("throws", thrown);
      log.note("at " + log.ownLines(thrown));
    } finally {
      EngineChoice.useDefault();
    }
    return log.lines();
  }

  private static void reset(Class<?> host) throws ReflectiveOperationException {
    Object[][] fields = {{"si", 3}, {"sl", 30L}, {"ss", "ss"}};
    for (Object[] each : fields) {
      var field = host.getDeclaredField((String) each[0]);
      field.setAccessible(true);
      field.set(null, each[1]);
    }
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

  private static Log log(String name) {
    return new Log(name.substring(name.lastIndexOf('.') + 1) + ".java");
  }
}
