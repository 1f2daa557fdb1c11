package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.AlreadyRunningException;
import io.fermata.Generator;
import io.fermata.NotPrimedException;
import io.fermata.async.Async;
import io.fermata.async.AsyncCoroutine;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Awaitable;
import io.fermata.async.Cancelled;
import io.fermata.async.ContextVar;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.StopAsyncIteration;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.io.ByteSource;
import io.fermata.io.Inlet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;

/** Messages name what they are about, in little space. */
class ShortMessagesTest extends AsyncTest {
  private static final String HUGE = "z".repeat(1000);
  private static final String TOO_MUCH = "z".repeat(81);

  private static void checkShort(String text) {
    assertTrue(text.contains("zzz"), text);
    assertFalse(text.contains(TOO_MUCH), text);
  }

  private static void checkShort(Throwable failure) {
    checkShort(String.valueOf(failure.getMessage()));
  }

  @EngineTest
  @Conforms("M-004")
  void messagesShowLittleOfAReason() throws Exception {
    runAction(
        co -> {
          Task<Void> task = Task.start(sleep(100));
          co.await(pause());
          task.cancel(HUGE);
          Cancelled why = assertThrows(Cancelled.class, () -> co.await(task));
          assertEquals(HUGE, why.reason());
          checkShort(why);

          Promise<String> promise = Promise.open();
          promise.cancel(HUGE);
          Cancelled same = assertThrows(Cancelled.class, promise::result);
          assertEquals(HUGE, same.reason());
          checkShort(same);

          List<String> seen = new ArrayList<>();
          co.await(
              TaskGroup.action(
                  (in, tg) -> {
                    tg.cancel(HUGE);
                    IllegalStateException late =
                        assertThrows(IllegalStateException.class, () -> tg.start(sleep(1)));
                    seen.add(late.getMessage());
                  }));
          checkShort(seen.get(0));
        });
  }

  @EngineTest
  @Conforms("M-004")
  void messagesShowLittleOfAFailureThatCancels() throws Exception {
    runAction(
        co -> {
          List<Cancelled> seen = new ArrayList<>();
          assertThrows(
              Exception.class,
              () ->
                  co.await(
                      TaskGroup.action(
                          (in, tg) -> {
                            tg.named(HUGE)
                                .start(
                                    Async.action(
                                        x -> {
                                          throw new IllegalStateException(HUGE);
                                        }));
                            try {
                              in.await(sleep(1000));
                            } catch (Cancelled cancelled) {
                              seen.add(cancelled);
                              throw cancelled;
                            }
                          })));
          checkShort(seen.get(0));
          assertTrue(seen.get(0).getMessage().contains("of the task group failed"));
        });
  }

  @EngineTest
  @Conforms("M-004")
  void messagesShowLittleOfAName() throws Exception {
    runAction(
        co -> {
          Task<Void> task = Task.named(HUGE).start(sleep(1));
          assertEquals(HUGE, task.name());
          checkShort(assertThrows(IllegalStateException.class, task::result));
          checkShort(task.toString());
          checkShort(task.dump());
          co.await(task);

          ContextVar<String> variable = ContextVar.of(HUGE);
          checkShort(assertThrows(NoSuchElementException.class, variable::get));

          Inlet inlet = Inlet.open(HUGE, new Nowhere(), 100);
          inlet.end();
          checkShort(
              assertThrows(IllegalStateException.class, () -> inlet.feed(new byte[1], 0, 1)));
        });
  }

  @EngineTest
  @Conforms("M-004")
  void messagesShowLittleOfAnAwaitable() throws Exception {
    final class Odd implements Awaitable<String> {
      @Override
      public Async<String> toAsync() {
        return new Async<>() {
          @Override
          public Async<String> toAsync() {
            return this;
          }

          @Override
          public String toString() {
            return HUGE;
          }
        };
      }

      @Override
      public String toString() {
        return HUGE;
      }
    }

    runAction(
        co -> checkShort(assertThrows(IllegalStateException.class, () -> co.await(new Odd()))));
  }

  @EngineTest
  @Conforms("M-004")
  void messagesShowLittleOfASentValue() throws Exception {
    runAction(
        co -> {
          AsyncCoroutine<String, Integer> coroutine = AsyncCoroutine.of(in -> in.yield(1));
          checkShort(assertThrows(NotPrimedException.class, () -> co.await(coroutine.asend(HUGE))));
        });
  }

  @EngineTest
  @Conforms("M-001")
  void theEndOfAnAsyncGeneratorNamesItAndTheAwait() throws Exception {
    AsyncCoroutine<String, Integer> ended = AsyncCoroutine.of(in -> {});
    String place = ended.toString().replaceFirst(".* at (\\S+), .*", "$1");
    assertTrue(place.startsWith("ShortMessagesTest.java:"), place);
    runAction(
        co -> {
          for (Async<Integer> step : List.of(ended.anext(), ended.anext())) {
            StopAsyncIteration end = assertThrows(StopAsyncIteration.class, () -> co.await(step));
            assertTrue(end.getMessage().startsWith("async generator has ended"));
            assertTrue(end.getMessage().contains(place), end.getMessage());
            assertTrue(
                Arrays.stream(end.getStackTrace())
                    .anyMatch(line -> "ShortMessagesTest.java".equals(line.getFileName())),
                Arrays.toString(end.getStackTrace()));
          }
        });
  }

  @EngineTest
  @Conforms("M-005")
  void anAwaitInAPlainGeneratorNamesTheAsyncOne() throws Exception {
    runAction(
        co -> {
          Generator<Integer> plain =
              Generator.of(
                  y -> {
                    co.await(pause());
                    y.yield(1);
                  });
          IllegalStateException refused = assertThrows(IllegalStateException.class, plain::next);
          assertTrue(refused.getMessage().contains("the body of a plain generator"));
          assertTrue(refused.getMessage().contains("AsyncGenerator"), refused.getMessage());
          assertFalse(refused instanceof AlreadyRunningException);
        });
  }

  @EngineTest
  @Conforms("M-005")
  void anAwaitByTheCoOfAnotherTaskNamesIt() throws Exception {
    runAction(
        co -> {
          Task<Void> other = Task.start(Async.action(in -> co.await(pause())));
          IllegalStateException refused =
              assertThrows(IllegalStateException.class, () -> co.await(other));
          assertTrue(refused.getMessage().contains("AsyncGenerator"), refused.getMessage());
        });
  }

  @EngineTest
  @Conforms("M-005")
  void anAsyncGeneratorDoesWhatThePlainOneCannot() throws Exception {
    List<Integer> all = new ArrayList<>();
    EventLoop.run(
        Async.action(
            co -> {
              AsyncGenerator<Integer> numbers =
                  AsyncGenerator.of(
                      in -> {
                        in.await(pause());
                        in.yield(1);
                      });
              while (co.await(numbers.advance())) {
                all.add(numbers.current());
              }
            }));
    assertNotNull(all.get(0));
  }

  /** A source that ignores what it is told. */
  private static final class Nowhere implements ByteSource {
    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void abandon() {}
  }
}
