package io.fermata.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.AlreadyRunningException;
import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.GeneratorExit;
import io.fermata.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;

/** Re-entrancy and the state query. */
class StateTest {
  private static final Map<String, Call> STEPS = steps();

  private interface Call {
    void on(Coroutine<Integer, Integer, String> c) throws Exception;
  }

  private static Map<String, Call> steps() {
    Map<String, Call> steps = new LinkedHashMap<>();
    steps.put("next", Coroutine::next);
    steps.put("nextOr", c -> c.nextOr(0));
    steps.put("send", c -> c.send(1));
    steps.put("raise", c -> c.raise(new Exception()));
    steps.put("close", Coroutine::close);
    steps.put("hasNext", Coroutine::hasNext);
    steps.put("advance", Coroutine::advance);
    steps.put("advance(value)", c -> c.advance(1));
    steps.put("toList", Coroutine::toList);
    return steps;
  }

  @EngineTest
  @Conforms("G-069")
  void aStepFromTheOwnBodyIsRejectedAndDoesTheBodyNoHarm() {
    STEPS.forEach(
        (name, step) -> {
          AtomicReference<Coroutine<Integer, Integer, String>> self = new AtomicReference<>();
          self.set(
              Coroutine.of(
                  co -> {
                    assertThrows(AlreadyRunningException.class, () -> step.on(self.get()), name);
                    int received = co.yield(1);
                    assertThrows(AlreadyRunningException.class, () -> step.on(self.get()), name);
                    co.yield(received);
                    return "result";
                  }));
          Coroutine<Integer, Integer, String> c = self.get();

          assertEquals(1, c.next(), name);
          assertEquals(2, c.send(2), name);
          assertEquals(List.of(), c.toList(), name);
          assertEquals("result", c.result(), name);
        });
  }

  @EngineTest
  @Conforms("G-069")
  void aRejectedStepThatTheBodyDoesNotCatchEndsIt() {
    AtomicReference<Generator<Integer>> self = new AtomicReference<>();
    self.set(Generator.of(co -> co.yield(self.get().next())));

    assertThrows(AlreadyRunningException.class, self.get()::next);
    assertEquals(State.CLOSED, self.get().state());
  }

  @EngineTest
  @Conforms("G-069")
  void aStepFromAnotherBodyThatTheBodyStepsIsRejected() {
    AtomicReference<Generator<Integer>> outer = new AtomicReference<>();
    Generator<Integer> inner = Generator.of(co -> co.yield(outer.get().next()));
    outer.set(Generator.of(co -> co.yield(inner.next())));

    assertThrows(AlreadyRunningException.class, outer.get()::next);
  }

  @EngineTest
  @Conforms("G-070")
  @Timeout(60)
  void aStepFromAnotherThreadWhileTheBodyRunsIsRejected() throws Exception {
    CountDownLatch inBody = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Coroutine<Integer, Integer, String> c =
        Coroutine.of(
            co -> {
              inBody.countDown();
              release.await();
              co.yield(1);
              return "result";
            });
    CompletableFuture<Integer> first = CompletableFuture.supplyAsync(c::next);
    inBody.await();
    try {
      STEPS.forEach(
          (name, step) ->
              assertThrows(AlreadyRunningException.class, () -> step.on(c), () -> name));
      assertEquals(State.RUNNING, c.state());
    } finally {
      release.countDown();
    }

    assertEquals(1, first.join());
    assertEquals(List.of(), c.toList());
    assertEquals("result", c.result());
  }

  @EngineTest
  @Conforms("G-071")
  void theStateFollowsTheLifeOfTheBody() {
    List<State> seen = new ArrayList<>();
    AtomicReference<Generator<Integer>> self = new AtomicReference<>();
    Generator<Integer> g =
        Generator.of(
            co -> {
              seen.add(self.get().state());
              co.yield(1);
              seen.add(self.get().state());
            });
    self.set(g);

    assertEquals(State.CREATED, g.state());
    g.next();
    assertEquals(State.SUSPENDED, g.state());
    g.advance();
    assertEquals(State.CLOSED, g.state());
    assertEquals(List.of(State.RUNNING, State.RUNNING), seen);
  }

  @EngineTest
  @Conforms("G-071")
  void aBodyIsRunningWhileItsFinallyBlockExecutesDuringClose() {
    List<State> seen = new ArrayList<>();
    AtomicReference<Generator<Integer>> self = new AtomicReference<>();
    Generator<Integer> g =
        Generator.of(
            co -> {
              try {
                co.yield(1);
              } finally {
                seen.add(self.get().state());
              }
            });
    self.set(g);
    g.next();
    g.close();

    assertEquals(List.of(State.RUNNING), seen);
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-071")
  void theStateIsClosedAfterAFailure() {
    IllegalArgumentException e = new IllegalArgumentException();
    Generator<Integer> g =
        Generator.of(
            co -> {
              co.yield(1);
              throw e;
            });
    g.next();

    assertSame(e, assertThrows(IllegalArgumentException.class, g::next));
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-071")
  void aGeneratorThatWasLookedAheadIsSuspended() {
    Generator<Integer> g = Generator.of(co -> co.yield(1));

    assertTrue(g.hasNext());
    assertEquals(State.SUSPENDED, g.state());
  }

  @EngineTest
  @Conforms("G-072")
  void theStateIsClosedAfterRaisingBeforeTheFirstStep() {
    Generator<Integer> g = Generator.of(co -> co.yield(1));

    assertThrows(GeneratorExit.class, () -> g.raise(new GeneratorExit()));
    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms("G-072")
  void theStateIsClosedAfterClosingBeforeTheFirstStep() {
    Generator<Integer> g = Generator.of(co -> co.yield(1));
    g.close();

    assertEquals(State.CLOSED, g.state());
  }

  @EngineTest
  @Conforms({"G-028", "G-073"})
  void theStateIsReadableInDebugOutput() {
    assertEquals(
        List.of("CREATED", "RUNNING", "SUSPENDED", "CLOSED"),
        Arrays.stream(State.values()).map(State::toString).toList());

    Generator<Integer> g = Generator.of(co -> co.yield(1));
    assertTrue(g.toString().endsWith("CREATED"), g.toString());
    g.next();
    assertTrue(g.toString().endsWith("SUSPENDED"), g.toString());
    g.close();
    assertTrue(g.toString().endsWith("CLOSED"), g.toString());
  }
}
