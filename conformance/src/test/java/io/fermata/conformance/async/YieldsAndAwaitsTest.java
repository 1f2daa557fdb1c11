package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.AsyncGeneratorBody;
import io.fermata.async.AsyncYielder;
import io.fermata.async.Awaiter;
import io.fermata.async.Promise;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import io.fermata.internal.compiler.BodyKind;
import io.fermata.internal.engine.EngineChoice;
import io.fermata.runtime.AsyncGeneratorFrame;
import java.io.IOException;
import java.util.List;

/** The frames of asynchronous generators: what comes out of a step. */
class YieldsAndAwaitsTest extends AsyncTest {
  @SuppressWarnings("unchecked") // of the kind that was asked for
  private static <Y> AsyncGeneratorFrame<Y> frame(AsyncGeneratorBody<Y> body) {
    return (AsyncGeneratorFrame<Y>) EngineChoice.newFrame(BodyKind.ASYNC_GENERATOR, body, null);
  }

  @EngineTest
  void aStepTellsYieldsFromAwaits() throws Exception {
    runAction(
        co -> {
          Promise<String> promise = Promise.open();
          AsyncGeneratorFrame<Object> frame =
              frame(
                  in -> {
                    in.yield(1);
                    String got = in.await(promise);
                    in.yield(promise);
                    in.yield(got);
                  });
          assertEquals(EveryEngine.compiles() ? "compiled" : "thread", frame.engine());
          assertEquals(AsyncGeneratorFrame.YIELDED, frame.step(null, null));
          assertEquals(1, frame.taken());
          assertEquals(AsyncGeneratorFrame.WAITS, frame.step(null, null));
          assertSame(promise, frame.taken());
          assertEquals(AsyncGeneratorFrame.YIELDED, frame.step("value", null));
          assertSame(promise, frame.taken());
          assertEquals(AsyncGeneratorFrame.YIELDED, frame.step(null, null));
          assertEquals("value", frame.taken());
          assertEquals(AsyncGeneratorFrame.RETURNED, frame.step(null, null));
        });
  }

  @EngineTest
  void helpersYieldAndAwaitForIt() throws Exception {
    runAction(
        co -> {
          Promise<String> promise = Promise.open();
          AsyncGeneratorFrame<String> frame = frame(in -> yieldTwice(in, waited(in, promise)));
          assertEquals(EveryEngine.compiles() ? "compiled" : "thread", frame.engine());
          assertEquals(AsyncGeneratorFrame.WAITS, frame.step(null, null));
          for (int i = 0; i < 2; i++) {
            assertEquals(AsyncGeneratorFrame.YIELDED, frame.step(i == 0 ? "x" : null, null));
            log.add(frame.taken());
          }
          assertEquals(AsyncGeneratorFrame.RETURNED, frame.step(null, null));
        });
    assertEquals(List.of("x", "x"), log);
  }

  private static String waited(Awaiter co, Promise<String> promise) throws Exception {
    return co.await(promise);
  }

  private static void yieldTwice(AsyncYielder<?, String> co, String value) {
    co.yield(value);
    co.yield(value);
  }

  @EngineTest
  void whatIsRaisedArrivesAtTheAwaitOfAnInnerBody() throws Exception {
    IOException failure = new IOException();
    AsyncGeneratorFrame<String> frame =
        frame(
            in -> {
              try {
                in.await(sleep(1));
              } catch (Exception e) {
                log.add(e);
              }
              in.await(step("inner", 1));
            });
    assertEquals(AsyncGeneratorFrame.WAITS, frame.step(null, null));
    frame.taken();
    assertEquals(AsyncGeneratorFrame.WAITS, frame.step(null, failure));
    frame.taken();
    assertSame(failure, assertThrows(IOException.class, () -> throwing(frame, failure)));
    assertEquals(List.of(failure), log);
  }

  private static void throwing(AsyncGeneratorFrame<String> frame, IOException failure)
      throws IOException {
    frame.step(null, failure);
  }
}
