package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.AlreadyRunningException;
import io.fermata.State;
import io.fermata.async.Async;
import io.fermata.async.AsyncCoroutine;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopFailure;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Asynchronous generators: one step at a time, each once; and the closing of the loop. */
class AsyncGeneratorOverlapTest extends AsyncTest {
  private AsyncGenerator<Integer> slow() {
    List<Object> to = log;
    return AsyncGenerator.of(
        co -> {
          try {
            while (true) {
              co.await(Async.sleep(ms(5)));
              co.yield(1);
            }
          } finally {
            co.await(Async.sleep(ms(1)));
            to.add("cleaned");
          }
        });
  }

  @EngineTest
  @Conforms("A-034")
  void aStepIsAwaitedOnce() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator = slow();
          for (Async<?> step :
              List.of(
                  generator.advance(),
                  generator.anext(),
                  generator.anext(0),
                  generator.aclose(),
                  generator.aclose(),
                  generator.anext(0))) {
            co.await(step);
            assertThrows(IllegalStateException.class, () -> co.await(step));
          }
          Async<Integer> thrown = generator.athrow(new IOException());
          assertThrows(IOException.class, () -> co.await(thrown));
          assertThrows(IllegalStateException.class, () -> co.await(thrown));
        });
  }

  @EngineTest
  @Conforms("A-035")
  void aStepThatWasCancelledBeforeItBeganIsSpentAndNothingHasRun() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator = slow();
          Async<Integer> step = generator.anext();
          Task<Integer> task = Task.start(step);
          task.cancel();
          assertThrows(Cancelled.class, () -> co.await(task));
          assertThrows(IllegalStateException.class, () -> co.await(step));
          assertEquals(State.CREATED, generator.state());
        });
  }

  @EngineTest
  @Conforms({"A-036", "A-037", "A-041"})
  void aStepDuringAStepIsRefusedAndSpentAndTheFirstIsNotHarmed() throws Exception {
    runAction(
        co -> {
          AsyncCoroutine<String, Integer> generator =
              AsyncCoroutine.of(
                  in -> {
                    in.await(sleep(5));
                    in.yield(1);
                  });
          Task<Integer> first = Task.start(generator.anext());
          co.await(sleep(1));
          for (Async<?> step :
              List.of(
                  generator.advance(),
                  generator.anext(),
                  generator.anext(0),
                  generator.asend("x"),
                  generator.athrow(new IOException()),
                  generator.aclose())) {
            assertThrows(AlreadyRunningException.class, () -> co.await(step));
            var again = assertThrows(IllegalStateException.class, () -> co.await(step));
            assertTrue(again.getMessage().contains("twice"), again.getMessage());
          }
          assertEquals(1, co.await(first));
          co.await(generator.aclose());
        });
  }

  @EngineTest
  @Conforms("A-036")
  void aStepFromItsOwnBodyIsRefused() throws Exception {
    runAction(
        co -> {
          List<AsyncGenerator<Object>> self = new ArrayList<>();
          AsyncGenerator<Object> generator =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.await(self.get(0).anext());
                    } catch (AlreadyRunningException refused) {
                      in.yield("refused");
                    }
                  });
          self.add(generator);
          assertEquals("refused", co.await(generator.anext()));
          co.await(generator.aclose());
        });
  }

  @EngineTest
  void stepsOfSeveralTasksFollowEachOther() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator = slow();
          for (int i = 0; i < 3; i++) {
            assertEquals(1, co.await(Task.start(generator.anext())));
          }
          co.await(Task.start(generator.aclose()));
          assertEquals(List.of("cleaned"), log);
        });
  }

  @EngineTest
  void aStepGivesWhatAPromiseGivesInTheRoundOfItsAwaiter() throws Exception {
    runAction(
        co -> {
          Promise<String> promise = Promise.open();
          AsyncGenerator<String> generator = AsyncGenerator.of(in -> in.yield(in.await(promise)));
          Task<String> step = Task.start(generator.anext());
          Task<String> plain = Task.start(Async.of(in -> in.await(promise)));
          step.addDoneCallback(done -> log.add("step"));
          plain.addDoneCallback(done -> log.add("plain"));
          co.await(pause());
          promise.setResult("x");
          assertEquals("x", co.await(step));
          co.await(sleep(1));
          assertEquals(List.of("step", "plain"), log);
          co.await(generator.aclose());
        });
  }

  @EngineTest
  @Conforms({"A-044", "A-047"})
  void theShutdownClosesTheOpenOnes() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> open = slow();
          AsyncGenerator<Integer> ended = slow();
          AsyncGenerator<Integer> unused = slow();
          co.await(open.anext());
          co.await(ended.anext());
          co.await(ended.aclose());
          assertEquals(List.of("cleaned"), log);
          co.await(EventLoop.current().shutdownAsyncGenerators());
          assertEquals(List.of("cleaned", "cleaned"), log);
          assertEquals(State.CLOSED, open.state());
          assertEquals(State.CREATED, unused.state());
          co.await(EventLoop.current().shutdownAsyncGenerators());
          assertEquals(2, log.size());
        });
  }

  @EngineTest
  @Conforms("A-045")
  void theEndOfARunClosesTheOpenOnesAfterTheLeftoverTasks() throws Exception {
    AsyncGenerator<Integer> open = slow();
    runAction(
        co -> {
          co.await(open.anext());
          Task.start(
              Async.action(
                  in -> {
                    try {
                      in.await(sleep(1000));
                    } finally {
                      in.await(sleep(10));
                      log.add("task");
                    }
                  }));
          co.await(pause());
        });
    assertEquals(List.of("task", "cleaned"), log);
    assertEquals(State.CLOSED, open.state());
  }

  @EngineTest
  @Conforms("A-046")
  void aFailureDuringTheShutdownIsReportedAndStopsNoOther() throws Exception {
    IOException failure = new IOException();
    AsyncGenerator<Integer> broken =
        AsyncGenerator.of(
            co -> {
              try {
                co.yield(1);
              } finally {
                co.await(failing(failure, 1));
              }
            });
    AsyncGenerator<Integer> sound = slow();
    List<LoopFailure> reports = new ArrayList<>();
    runAction(
        co -> {
          EventLoop.current().setExceptionHandler((loop, report) -> reports.add(report));
          co.await(broken.anext());
          co.await(sound.anext());
        });
    assertEquals(1, reports.size());
    assertSame(failure, reports.get(0).exception());
    assertSame(broken, reports.get(0).source());
    assertEquals(List.of("cleaned"), log);
  }
}
