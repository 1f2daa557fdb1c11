package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.async.Async;
import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/** Awaits of what is no Async: stages, futures, coroutines, types of the user. */
class AwaitOthersTest extends AsyncTest {
  @EngineTest
  @Conforms("C-022")
  void anyTypeWithToAsyncCanBeAwaited() throws Exception {
    record Answer(int value) implements Awaitable<Integer> {
      @Override
      public Async<Integer> toAsync() {
        return Async.sleep(ms(1), value);
      }
    }

    Integer answer = run(Async.of(co -> co.await(new Answer(42))));
    assertEquals(42, answer);
  }

  @EngineTest
  void aStageThatCompletesLaterIsAwaited() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();

    assertEquals(
        "done",
        run(
            Async.of(
                co -> {
                  Task.start(Async.action(in -> stage.complete("done")));
                  return co.await((CompletionStage<String>) stage);
                })));
  }

  @EngineTest
  @Conforms({"T-020"})
  void aPromiseFollowsACompletableFuture() throws Exception {
    CompletableFuture<String> completed = new CompletableFuture<>();
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    runAction(
        co -> {
          Promise<String> promise = Promise.from(completed);
          completed.complete("done");
          assertEquals("done", co.await(promise));
          Promise.from(cancelled).cancel("enough");
          assertTrue(cancelled.isCancelled());
        });
  }

  @EngineTest
  void aFutureThatWasCancelledGivesNoReasonOfItsOwn() throws Exception {
    CompletableFuture<String> future = new CompletableFuture<>();
    future.cancel(false);
    runAction(
        co -> {
          Cancelled cancelled = assertThrows(Cancelled.class, () -> co.await(future));
          assertNull(cancelled.reason());
          assertInstanceOf(CancellationException.class, cancelled.getCause());
        });
  }

  @EngineTest
  void theFailureOfAStageArrivesUnwrapped() {
    IOException failure = new IOException();
    CompletableFuture<Object> stage =
        CompletableFuture.failedFuture(failure).thenApply(Object::toString);

    assertSame(
        failure, assertThrows(IOException.class, () -> run(Async.of(co -> co.await(stage)))));
  }

  @EngineTest
  @Conforms("T-020")
  void cancellingTheAwaitOfAFutureCancelsIt() throws Exception {
    CompletableFuture<Object> never = new CompletableFuture<>();

    runAction(
        co -> {
          Task<Object> task = Task.start(Async.of(in -> in.await(never)));
          co.await(pause());
          task.cancel("enough");
          assertEquals(
              "enough",
              assertThrows(io.fermata.async.Cancelled.class, () -> co.await(task)).reason());
        });
    assertTrue(never.isCancelled());
  }

  @EngineTest
  @Conforms("T-020")
  void aPlainFutureIsWaitedForOnAThread() throws Exception {
    FutureTask<String> future = new FutureTask<>(() -> "done");

    assertEquals(
        "done",
        run(
            Async.of(
                co -> {
                  Task.start(Async.action(in -> future.run()));
                  return co.await((Future<String>) future);
                })));
  }

  @EngineTest
  void aCoroutineThatYieldsWhatItWaitsForIsAnAsync() throws Exception {
    Coroutine<Object, Awaitable<?>, String> body =
        Coroutine.of(
            co -> {
              Object first = co.yield(Async.sleep(ms(1), "a"));
              assertNull(co.yield(null));
              return first + "b";
            });

    assertEquals("ab", run(Async.from(body)));
  }

  @EngineTest
  @Conforms({"T-031"})
  void aCoroutineThatYieldsNothingGivesUpOneRound() throws Exception {
    Coroutine<Object, Awaitable<?>, Object> body =
        Coroutine.of(
            co -> {
              log.add("before");
              co.yield(null);
              log.add("after");
              return null;
            });
    runAction(
        co -> {
          Task.start(Async.from(body));
          co.await(pause());
          assertEquals(List.of("before"), log);
          co.await(pause());
          assertEquals(List.of("before", "after"), log);
        });
  }

  @EngineTest
  void theFailureOfWhatACoroutineWaitsForIsThrownAtItsYield() throws Exception {
    IOException failure = new IOException();
    Coroutine<Object, Awaitable<?>, Object> body =
        Coroutine.of(
            co -> {
              try {
                co.mayThrow(IOException.class);
                return co.yield(failing(failure, 1));
              } catch (IOException caught) {
                return caught;
              }
            });

    assertSame(failure, run(Async.from(body)));
  }
}
