package io.fermata.conformance;

import static io.fermata.conformance.Wrong.check;
import static io.fermata.conformance.Wrong.wrong;

import io.fermata.Coroutine;
import io.fermata.DoubleGenerator;
import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.IntGenerator;
import io.fermata.LongGenerator;
import io.fermata.async.Async;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import java.lang.invoke.MethodHandles;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;

/** Calls that lack what they need, in the manner of {@link WrongUseTest}. */
class MissingArgumentTest {
  @EngineTest
  void makingAGeneratorWithoutABody() {
    MethodHandles.Lookup here = MethodHandles.lookup();
    check(
        noBody("Generator.of(null)", () -> Generator.of(null)),
        noBody("Generator.of(lookup, null)", () -> Generator.of(here, null)),
        noBody("Generator.iterable(null)", () -> Generator.iterable(null)),
        noBody("Generator.stream(null)", () -> Generator.stream(null)),
        noBody("Coroutine.of(null)", () -> Coroutine.of(null)),
        noBody("Coroutine.of(lookup, null)", () -> Coroutine.of(here, null)),
        noBody("Coroutine.primed(null)", () -> Coroutine.primed(null)),
        noBody("Coroutine.sink(null)", () -> Coroutine.sink(null)),
        noBody("Coroutine.sink(lookup, null)", () -> Coroutine.sink(here, null)),
        noBody("IntGenerator.of(null)", () -> IntGenerator.of(null)),
        noBody("IntGenerator.of(lookup, null)", () -> IntGenerator.of(here, null)),
        noBody("IntGenerator.iterable(null)", () -> IntGenerator.iterable(null)),
        noBody("IntGenerator.stream(null)", () -> IntGenerator.stream(null)),
        noBody("LongGenerator.of(null)", () -> LongGenerator.of(null)),
        noBody("LongGenerator.of(lookup, null)", () -> LongGenerator.of(here, null)),
        noBody("LongGenerator.iterable(null)", () -> LongGenerator.iterable(null)),
        noBody("LongGenerator.stream(null)", () -> LongGenerator.stream(null)),
        noBody("DoubleGenerator.of(null)", () -> DoubleGenerator.of(null)),
        noBody("DoubleGenerator.of(lookup, null)", () -> DoubleGenerator.of(here, null)),
        noBody("DoubleGenerator.iterable(null)", () -> DoubleGenerator.iterable(null)),
        noBody("DoubleGenerator.stream(null)", () -> DoubleGenerator.stream(null)));
  }

  private static Wrong noBody(String call, Executable execute) {
    return wrong(
        call,
        NullPointerException.class,
        execute,
        "body is null",
        "a generator needs a body to execute",
        "for instance co -> co.yield(1)");
  }

  @EngineTest
  void makingAGeneratorWithoutALookup() {
    MethodHandles.Lookup none = null;
    check(
        noLookup("Generator.of(null, body)", () -> Generator.of(none, co -> co.yield(1))),
        noLookup("Coroutine.of(null, body)", () -> Coroutine.of(none, co -> co.yield(1))),
        noLookup("Coroutine.sink(null, body)", () -> Coroutine.sink(none, co -> co.yield(1))),
        noLookup("IntGenerator.of(null, body)", () -> IntGenerator.of(none, co -> co.yield(1))),
        noLookup("LongGenerator.of(null, body)", () -> LongGenerator.of(none, co -> co.yield(1))),
        noLookup(
            "DoubleGenerator.of(null, body)", () -> DoubleGenerator.of(none, co -> co.yield(1))),
        noLookup("primed", () -> Coroutine.primed(none, co -> co.yield(1))),
        noLookup("iterable", () -> Generator.iterable(none, co -> co.yield(1))),
        noLookup("iterable of ints", () -> IntGenerator.iterable(none, co -> co.yield(1))),
        noLookup("iterable of longs", () -> LongGenerator.iterable(none, co -> co.yield(1))),
        noLookup("iterable of doubles", () -> DoubleGenerator.iterable(none, co -> co.yield(1))),
        noLookup("stream", () -> Generator.stream(none, co -> co.yield(1))),
        noLookup("Async", () -> Async.of(none, co -> 1)),
        noLookup("group", () -> TaskGroup.of(none, (co, tg) -> 1)),
        noLookup("timeout", () -> Timeout.action(none, null, (co, limit) -> {})));
  }

  private static Wrong noLookup(String call, Executable execute) {
    return wrong(
        call,
        NullPointerException.class,
        execute,
        "lookup is null",
        "called in the class of the body",
        "pass MethodHandles.lookup()");
  }

  @EngineTest
  void raisingNothing() {
    Generator<Integer> c = Generator.of(co -> co.yield(1));
    check(
        wrong(
            "raise(null)",
            NullPointerException.class,
            () -> c.raise((Exception) null),
            "got null",
            "raise() needs an exception to throw",
            "the generator is untouched"));
  }

  @EngineTest
  void delegatingToNothing() {
    check(
        noDelegate("generator", next(co -> co.yieldFrom((Generator<Integer>) null))),
        noDelegate("iterable", next(co -> co.yieldFrom((List<Integer>) null))),
        noDelegate("iterator", next(co -> co.yieldFrom((Iterator<Integer>) null))),
        noDelegate("stream", next(co -> co.yieldFrom((Stream<Integer>) null))),
        noDelegate("coroutine", next(co -> co.yieldFrom((Coroutine<Void, Integer, Void>) null))),
        noDelegate(
            "primitive", () -> IntGenerator.of(co -> co.yieldFrom((IntStream) null)).nextInt()));
  }

  private static Wrong noDelegate(String call, Executable execute) {
    return wrong(
        call,
        NullPointerException.class,
        execute,
        "got null",
        "yieldFrom() needs",
        "a generator, iterable, iterator or stream");
  }

  private static Executable next(GeneratorBody<Integer> body) {
    return () -> Generator.of(body).next();
  }
}
