package io.fermata.conformance;

import static io.fermata.conformance.Wrong.check;
import static io.fermata.conformance.Wrong.wrong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.AlreadyRunningException;
import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.GeneratorBody;
import io.fermata.IgnoredExitException;
import io.fermata.IntGenerator;
import io.fermata.NotPrimedException;
import io.fermata.StopIteration;
import io.fermata.WaitingValueException;
import io.fermata.Yielder;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/**
 * Every wrong use is an exception of a type that callers can tell apart, whose message says what
 * happened, which rule was broken, and what to do.
 */
class WrongUseTest {
  private static Coroutine<String, Integer, String> coroutine() {
    return Coroutine.of(
        co -> {
          co.yield(1);
          co.yield(2);
          return "result";
        });
  }

  @EngineTest
  void sendingBeforePriming() {
    var c = coroutine();
    var type = NotPrimedException.class;
    String rule = "waits at no yield yet that could take the value early";
    String advice = "call next() once first, or create it with Coroutine.primed";
    check(
        wrong("send", type, () -> c.send("early"), "send() came before", rule, advice),
        wrong("advance", type, () -> c.advance("early"), "advance(value) came", rule, advice));
  }

  @EngineTest
  void steppingAGeneratorFromItsOwnBody() {
    AtomicReference<Coroutine<String, Integer, String>> self = new AtomicReference<>();
    self.set(
        Coroutine.of(
            co -> {
              checkSteps(self.get());
              return "unharmed";
            }));

    assertEquals("unharmed", assertThrows(StopIteration.class, self.get()::next).value());
  }

  @EngineTest
  @Timeout(60)
  void steppingAGeneratorFromTwoThreadsAtOnce() throws Exception {
    CountDownLatch inBody = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Coroutine<String, Integer, String> c =
        Coroutine.of(
            co -> {
              inBody.countDown();
              release.await();
              return "unharmed";
            });
    CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(c::advance);
    inBody.await();
    try {
      checkSteps(c);
    } finally {
      release.countDown();
    }

    assertEquals(false, first.join());
    assertEquals("unharmed", c.result());
  }

  private static void checkSteps(Coroutine<String, Integer, String> c) {
    var type = AlreadyRunningException.class;
    String rule = "only one caller may step a generator at a time, and never its own body";
    String advice = "let it reach its next yield first";
    String running = "generator already running: ";
    check(
        wrong("next", type, c::next, running + "next() came", rule, advice),
        wrong("send", type, () -> c.send("x"), running + "send() came", rule, advice),
        wrong("raise", type, () -> c.raise(new Error()), running + "raise() came", rule, advice),
        wrong("close", type, c::close, running + "close() came", rule, advice),
        wrong("hasNext", type, c::hasNext, running + "hasNext() came", rule, advice),
        wrong("advance", type, c::advance, running + "advance() came", rule, advice),
        wrong("advance(v)", type, () -> c.advance("x"), running + "advance(value)", rule, advice));
  }

  @EngineTest
  void delegatingToOneself() {
    AtomicReference<Generator<Integer>> self = new AtomicReference<>();
    self.set(Generator.of(co -> co.yieldFrom(self.get())));
    check(
        wrong(
            "yieldFrom",
            AlreadyRunningException.class,
            self.get()::next,
            "generator already running: yieldFrom() came",
            "only one caller may step a generator at a time, and never its own body",
            "let it reach its next yield first"));
  }

  @EngineTest
  void demandingAValueAfterTheEnd() {
    var c = coroutine();
    c.toList();
    IntGenerator i = IntGenerator.of(co -> {});
    var type = StopIteration.class;
    String ended = "generator has ended";
    check(
        wrong("next", type, c::next, ended, ended, ended),
        wrong("send", type, () -> c.send("late"), ended, ended, ended),
        wrong("nextInt", type, i::nextInt, ended, ended, ended));
  }

  private static Executable next(GeneratorBody<Integer> body) {
    return () -> Generator.of(body).next();
  }

  @EngineTest
  void askingForAResultThatIsNotThere() {
    var created = coroutine();
    var suspended = coroutine();
    suspended.next();
    var ahead = coroutine();
    ahead.hasNext();
    var closed = coroutine();
    closed.next();
    closed.close();
    var neverRan = coroutine();
    neverRan.close();
    var neverRaised = coroutine();
    assertThrows(Error.class, () -> neverRaised.raise(new Error()));
    var failed = coroutine();
    failed.next();
    assertThrows(Error.class, () -> failed.raise(new Error()));
    AtomicReference<Coroutine<String, Integer, String>> running = new AtomicReference<>();
    running.set(Coroutine.of(co -> running.get().result()));

    var type = IllegalStateException.class;
    String rule = "result() is there once the body has returned";
    String advice = "step it until advance() is false";
    String unfinished = "no result: its body has not ended";
    String before =
        "no result: it was closed, or something was raised in it, before its first step";
    String exited = "no result: it was closed, and its body returned nothing";
    check(
        wrong("created", type, created::result, unfinished, rule, advice),
        wrong("suspended", type, suspended::result, unfinished, rule, advice),
        wrong("looked ahead", type, ahead::result, unfinished, rule, advice),
        wrong("running", type, running.get()::next, unfinished, rule, advice),
        wrong("closed", type, closed::result, exited, rule, advice),
        wrong("closed at once", type, neverRan::result, before, rule, advice),
        wrong("raised at once", type, neverRaised::result, before, rule, advice),
        wrong("failed", type, failed::result, "no result: its body failed", rule, advice));
  }

  @EngineTest
  void askingForACurrentValueThatIsNotThere() {
    var created = coroutine();
    var ended = coroutine();
    ended.toList();
    AtomicReference<Coroutine<String, Integer, Integer>> running = new AtomicReference<>();
    running.set(Coroutine.of(co -> running.get().current()));
    IntGenerator ints = IntGenerator.of(co -> co.yield(1));

    var type = IllegalStateException.class;
    String what = "no current value: ";
    String rule = "does not stand at a yield";
    String advice = "current() may be read after advance() has returned true";
    check(
        wrong("created", type, created::current, what, rule, advice),
        wrong("running", type, running.get()::next, what, rule, advice),
        wrong("ended", type, ended::current, what, rule, advice),
        wrong("primitive", type, ints::current, what, rule, advice));
  }

  @EngineTest
  void sendingOrRaisingWhileAValueWaits() {
    var c = coroutine();
    c.hasNext();
    var type = WaitingValueException.class;
    String rule = "stands one yield further than its caller has seen";
    String advice = "take the value with next() first";
    String while_ = " came while a value waits that hasNext() fetched";
    check(
        wrong("send", type, () -> c.send("x"), "send()" + while_, rule, advice),
        wrong("advance", type, () -> c.advance("x"), "advance(value)" + while_, rule, advice),
        wrong("raise", type, () -> c.raise(new Error()), "raise()" + while_, rule, advice));
  }

  @EngineTest
  void yieldingWhileBeingClosed() {
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } finally {
                co.yield(2);
              }
            });
    g.next();
    check(
        wrong(
            "close",
            IgnoredExitException.class,
            g::close,
            "generator ignored GeneratorExit",
            "has to end without yielding",
            "it is suspended at that yield, and can be closed again"));
  }

  @EngineTest
  void lettingAStopIterationEscape() {
    check(
        wrong(
            "next",
            IllegalStateException.class,
            next(co -> Generator.of(none -> {}).next()),
            "generator raised StopIteration: it escaped from the body",
            "it would silently end an enclosing loop (PEP 479)",
            "return from the body to end it"));
  }

  @EngineTest
  void usingAYielderOutsideItsBody() {
    AtomicReference<Yielder<?, Integer>> leaked = new AtomicReference<>();
    GeneratorBody<Integer> body =
        co -> {
          leaked.set(co);
          co.yield(1);
        };
    Generator<Integer> suspended = Generator.of(body);
    suspended.next();
    Yielder<?, Integer> co = leaked.get();
    Generator.of(body).toList();
    Yielder<?, Integer> late = leaked.get();

    var type = IllegalStateException.class;
    String what = "yield outside its body";
    String rule = "co belongs to one run of one body";
    String advice = "may be used only by the body and by what it calls";
    check(
        wrong("from its caller", type, () -> co.yield(2), what, rule, advice),
        wrong("delegating", type, () -> co.yieldFrom(List.of(2)), what, rule, advice),
        wrong("after its end", type, () -> late.yield(2), what, rule, advice),
        wrong("from another thread", type, () -> onOtherThread(co), what, rule, advice),
        wrong("from another body", type, next(other -> co.yield(2)), what, rule, advice),
        wrong("late, from another body", type, next(other -> late.yield(2)), what, rule, advice));
    assertEquals(List.of(), suspended.toList());
  }

  private static void onOtherThread(Yielder<?, Integer> co) throws Throwable {
    try {
      CompletableFuture.runAsync(() -> co.yield(2)).join();
    } catch (CompletionException e) {
      throw e.getCause();
    }
  }

  @EngineTest
  void usingAYielderFromABodyThatItsOwnBodySteps() {
    Generator<Integer> outer =
        Generator.of(
            co -> {
              Generator<Integer> inner = Generator.of(own -> co.yield(1));
              inner.next();
            });
    check(
        wrong(
            "next",
            IllegalStateException.class,
            outer::next,
            "yield outside its body",
            "co belongs to one run of one body",
            "not by another body or thread"));
  }

  @EngineTest
  void removingThroughTheIterator() {
    Iterator<Integer> g = Generator.of(co -> co.yield(1));
    g.next();

    assertThrows(UnsupportedOperationException.class, g::remove);
  }
}
