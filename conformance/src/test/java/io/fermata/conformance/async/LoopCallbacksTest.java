package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Context;
import io.fermata.async.ContextVar;
import io.fermata.async.EventLoop;
import io.fermata.async.Handle;
import io.fermata.async.Promise;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Callbacks and timers of a loop. */
class LoopCallbacksTest extends AsyncTest {
  @EngineTest
  @Conforms({"T-165"})
  void callbacksRunOnceInOrderAndInRounds() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          loop.callSoon(
              () -> {
                log.add(1);
                loop.callSoon(() -> log.add(3));
              });
          loop.callSoon(() -> log.add(2));
          co.await(pause());
          assertEquals(List.of(1, 2), log);
          co.await(pause());
          assertEquals(List.of(1, 2, 3), log);
        });
  }

  @EngineTest
  @Conforms({"T-166"})
  void aCancelledCallbackDoesNotRun() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          Handle[] second = new Handle[1];
          loop.callSoon(() -> second[0].cancel());
          second[0] = loop.callSoon(() -> log.add("ran"));
          Handle timed = loop.callLater(ms(1), () -> log.add("ran"));
          timed.cancel();
          timed.cancel();
          co.await(sleep(5));
          assertTrue(second[0].cancelled() && timed.cancelled());
          assertEquals(List.of(), log);
        });
  }

  @EngineTest
  @Conforms({"T-167", "T-168"})
  void timersRunInTheOrderOfTheirTimesAndThoseOfOneTimeInThatOfTheirStart() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          loop.callLater(ms(20), () -> log.add("20@" + now()));
          loop.callLater(ms(10), () -> log.add("10@" + now()));
          loop.callAt(ms(10), () -> log.add("at 10"));
          loop.callLater(ms(-5), () -> log.add("negative"));
          assertThrows(NullPointerException.class, () -> loop.callLater(null, () -> {}));
          co.await(sleep(30));
          assertEquals(List.of("negative", "10@10", "at 10", "20@20"), log);
        });
  }

  @EngineTest
  @Conforms({"T-169"})
  void aTimerOfNoTimeRunsBehindWhatIsReady() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          loop.callLater(Duration.ZERO, () -> log.add("timer"));
          loop.callSoon(() -> log.add("soon"));
          co.await(pause());
          co.await(pause());
          assertEquals(List.of("soon", "timer"), log);
        });
  }

  @EngineTest
  @Conforms({"T-170"})
  void aTimersHandleTellsWhenItIsDue() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          assertEquals(ms(7), loop.callAt(ms(7), () -> {}).when());
          assertNull(loop.callSoon(() -> {}).when());
        });
  }

  @EngineTest
  @Conforms({"T-171"})
  void tenThousandTimersFireInOrderThoughEverySecondIsCancelled() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          List<Handle> handles = new ArrayList<>();
          for (int i = 0; i < 10_000; i++) {
            long at = (i * 7919L) % 10_007;
            handles.add(loop.callLater(ms(at), () -> log.add(now())));
          }
          for (int i = 0; i < handles.size(); i += 2) {
            handles.get(i).cancel();
          }
          co.await(sleep(20_000));
          assertEquals(5_000, log.size());
          assertEquals(log.stream().map(Long.class::cast).sorted().toList(), log);
        });
  }

  @EngineTest
  @Conforms({"T-151"})
  void aCallbackRunsInTheContextOfItsScheduling() throws Exception {
    runAction(
        co -> {
          ContextVar<String> v = ContextVar.of("v");
          EventLoop loop = EventLoop.current();
          v.set("then");
          Context given = Context.copy();
          loop.callSoon(
              () -> {
                log.add(v.get());
                v.set("changed inside");
              });
          loop.callLater(Duration.ZERO, () -> log.add(v.get()));
          loop.callSoon(() -> v.set("in given"), given);
          v.set("now");
          co.await(sleep(1));
          assertEquals(List.of("then", "then"), log);
          assertEquals("now", v.get());
          assertEquals("in given", given.get(v));
        });
  }

  @EngineTest
  @Conforms({"T-163", "T-175"})
  void aFailedCallbackGoesToTheExceptionHandler() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          IllegalStateException failure = new IllegalStateException();
          loop.setExceptionHandler(
              (l, reported) -> {
                log.add(l == loop);
                log.add(reported.exception());
              });
          loop.callSoon(
              () -> {
                throw failure;
              });
          loop.callSoon(() -> log.add("went on"));
          co.await(pause());
          assertEquals(List.of(true, failure, "went on"), log);
        });
  }

  @EngineTest
  @Conforms({"T-173"})
  void callbacksOfOtherThreadsWakeTheLoopAndKeepTheirOrder() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          Promise<Integer> done = Promise.open();
          Thread other =
              new Thread(
                  () -> {
                    for (int i = 0; i < 100; i++) {
                      int n = i;
                      loop.callSoonThreadSafe(() -> log.add(n));
                    }
                    loop.callSoonThreadSafe(() -> done.setResult(1));
                  });
          other.start();
          co.await(done);
          assertEquals(100, log.size());
          assertEquals(log.stream().map(Integer.class::cast).sorted().toList(), log);
        });
  }
}
