package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.fermata.Generator;
import io.fermata.async.Async;
import io.fermata.async.Awaiter;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The {@code co} of a body is refused to those who are no part of it. */
class OuterCoMisuseTest extends NestingTest {
  @EngineTest
  void inAnotherTaskItIsRefusedAndWhatItWouldAwaitDoesNotRun() throws Exception {
    runAction(
        co -> {
          checkEngine();
          Task<String> other =
              Task.start(
                  Async.of(
                      in -> {
                        checkEngine();
                        return co.await(step("never", 0));
                      }));
          assertRefused("is not", failureOf(co, other));
          assertRefused(
              "is not",
              failureOf(co, Task.eager().start(Async.of(in -> co.await(later("never"))))));
        });
    assertEquals(List.of(), log);
  }

  @EngineTest
  void inAMemberOfAGroupItIsRefused() throws Exception {
    runAction(
        co -> {
          checkEngine();
          co.await(
              TaskGroup.action(
                  (in, tg) -> {
                    checkEngine();
                    Task<String> member = tg.start(Async.of(own -> caught(own, co)));
                    log.add(in.await(member));
                    Task<String> other = tg.start(Async.of(own -> caught(own, in)));
                    log.add(co.await(other));
                  }));
        });
    assertEquals(List.of("refused", "refused"), log);
  }

  private static String caught(Awaiter own, Awaiter outer) throws Exception {
    try {
      return outer.await(later("wrong"));
    } catch (IllegalStateException refused) {
      return own.await(later("refused"));
    }
  }

  @EngineTest
  void afterItsBodyHasEndedItIsRefused() throws Exception {
    runAction(
        co -> {
          checkEngine();
          Async<Async<String>> maker =
              Async.of(
                  in -> {
                    checkEngine();
                    in.await(sleep(1));
                    return Async.of(
                        nested -> {
                          checkEngine();
                          return in.await(step("never", 0));
                        });
                  });
          Async<String> orphan = co.await(maker);
          assertRefused("", failureOf(co, orphan));
        });
    assertEquals(List.of(), log);
  }

  @EngineTest
  void afterItsBodyHasFailedItIsRefused() throws Exception {
    List<Async<String>> made = new ArrayList<>();
    runAction(
        co -> {
          checkEngine();
          Async<Void> failing =
              Async.action(
                  in -> {
                    checkEngine();
                    made.add(Async.of(nested -> in.await(step("never", 0))));
                    throw new IOException();
                  });
          assertInstanceOf(IOException.class, failureOf(co, failing));
          assertRefused("", failureOf(co, made.get(0)));
        });
    assertEquals(List.of(), log);
  }

  @EngineTest
  void theRefusalCanBeCaughtAndTheBodyGoesOn() throws Exception {
    runAction(
        co -> {
          checkEngine();
          Task<String> other =
              Task.start(
                  Async.of(
                      in -> {
                        checkEngine();
                        String got = "";
                        for (int i = 0; i < 2; i++) {
                          try {
                            got += co.await(later("wrong"));
                          } catch (IllegalStateException refused) {
                            got += in.await(later("right"));
                          }
                        }
                        return got;
                      }));
          log.add(co.await(other));
        });
    assertEquals(List.of("rightright"), log);
  }

  @EngineTest
  void nullIsRefusedAtTheAwaitBeforeAnythingElse() throws Exception {
    Awaiter none = null;
    runAction(
        co -> {
          checkEngine();
          assertInstanceOf(
              NullPointerException.class,
              failureOf(
                  co,
                  Async.of(
                      in -> {
                        checkEngine();
                        return co.await(OuterCoMisuseTest.<Async<Object>>nothing());
                      })));
          assertInstanceOf(
              NullPointerException.class,
              failureOf(
                  co,
                  Async.of(
                      in -> {
                        checkEngine();
                        return none.await(later(1));
                      })));
        });
  }

  private static <T> T nothing() {
    return null;
  }

  @EngineTest
  void inAGeneratorThatABodyStepsItIsRefused() throws Exception {
    runAction(
        co -> {
          Generator<String> numbers =
              Generator.of(
                  own -> {
                    try {
                      own.yield(co.await(later("wrong")));
                    } catch (Exception refused) {
                      own.yield(refused.getMessage().substring(0, 21));
                    }
                  });
          for (String text : numbers) {
            log.add(text);
          }
        });
    assertEquals(List.of("await outside its bod"), log);
  }
}
