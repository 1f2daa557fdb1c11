package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.GeneratorExit;
import io.fermata.State;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.StopAsyncIteration;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.List;

/** Exceptions that are thrown into an asynchronous generator. */
class AsyncGeneratorThrowTest extends GeneratorScene {
  /** Yields what it catches; then ends. */
  private static AsyncGenerator<Object> catching() {
    return AsyncGenerator.of(
        co -> {
          try {
            co.yield("first");
          } catch (Throwable caught) {
            co.await(sleep(1));
            co.yield(caught);
          }
        });
  }

  @EngineTest
  @Conforms("A-018")
  void whatIsThrownArrivesAtTheYieldAndTheNextYieldIsGiven() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Object> generator = catching();
          IOException thrown = new IOException();
          co.await(generator.anext());
          assertSame(thrown, co.await(generator.athrow(thrown)));
          assertThrows(StopAsyncIteration.class, () -> co.await(generator.anext()));
        });
  }

  @EngineTest
  @Conforms("A-019")
  void aBodyThatCatchesAndEndsGivesTheEnd() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.yield(1);
                    } catch (IllegalArgumentException e) {
                      in.await(sleep(1));
                    }
                  });
          co.await(generator.anext());
          assertThrows(
              StopAsyncIteration.class,
              () -> co.await(generator.athrow(new IllegalArgumentException())));
        });
  }

  @EngineTest
  @Conforms("A-020")
  void whatIsNotCaughtComesOutAndEndsIt() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator = cleaning();
          IOException thrown = new IOException();
          co.await(generator.anext());
          assertSame(
              thrown, assertThrows(IOException.class, () -> co.await(generator.athrow(thrown))));
          assertEquals(List.of("cleaned"), log);
          assertEquals(State.CLOSED, generator.state());
        });
  }

  @EngineTest
  @Conforms({"A-021", "A-022"})
  void whatIsThrownIntoANewOrEndedOneComesOutAndNothingRuns() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator = cleaning();
          IOException thrown = new IOException();
          for (int i = 0; i < 2; i++) {
            assertSame(
                thrown, assertThrows(IOException.class, () -> co.await(generator.athrow(thrown))));
            assertThrows(StopAsyncIteration.class, () -> co.await(generator.anext()));
          }
          assertEquals(List.of(), log);
          assertThrows(NullPointerException.class, () -> generator.athrow(null));
        });
  }

  @EngineTest
  @Conforms("A-023")
  void anExitThatIsThrownIsAnExceptionAsAnyOther() throws Exception {
    runAction(
        co -> {
          GeneratorExit exit = new GeneratorExit();
          AsyncGenerator<Integer> passing = cleaning();
          co.await(passing.anext());
          assertSame(exit, assertThrows(GeneratorExit.class, () -> co.await(passing.athrow(exit))));
          AsyncGenerator<Object> catching = catching();
          co.await(catching.anext());
          assertSame(exit, co.await(catching.athrow(exit)));
          co.await(catching.aclose());
        });
  }

  @EngineTest
  @Conforms("A-024")
  void anAwaitInAHandlerMayBeCancelled() throws Exception {
    runAction(
        co -> {
          AsyncGenerator<Integer> generator =
              AsyncGenerator.of(
                  in -> {
                    try {
                      in.yield(1);
                    } catch (IllegalArgumentException e) {
                      in.await(sleep(100));
                    } finally {
                      in.await(sleep(1));
                      log.add("cleaned");
                    }
                  });
          co.await(generator.anext());
          Task<Integer> step = Task.start(generator.athrow(new IllegalArgumentException()));
          co.await(sleep(1));
          step.cancel("stop");
          assertEquals("stop", assertThrows(Cancelled.class, () -> co.await(step)).reason());
          assertEquals(List.of("cleaned"), log);
          assertEquals(State.CLOSED, generator.state());
        });
  }
}
