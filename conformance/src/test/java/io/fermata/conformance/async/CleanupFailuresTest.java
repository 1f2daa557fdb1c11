package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Async;
import io.fermata.async.AsyncAction;
import io.fermata.async.AsyncCloseable;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** What fails while a cancellation passes is told, whoever takes the cancellation. */
class CleanupFailuresTest extends AsyncTest {
  private final IOException closing = new IOException("could not close");

  /**
   * Ways to fail in cleanup, while a cancellation goes on: with await, without, and both nested.
   */
  private List<AsyncAction> cleanups() {
    AsyncCloseable asynchronous = () -> Async.action(co -> fail(closing));
    AutoCloseable plain = () -> fail(closing);
    return List.of(
        co -> co.await(Async.usingAction(asynchronous, (in, db) -> in.await(sleep(1000)))),
        co -> {
          try (plain) {
            co.await(sleep(1000));
          }
        },
        co -> {
          AutoCloseable fine = () -> {};
          try (fine) {
            co.await(Async.usingAction(asynchronous, (in, db) -> in.await(sleep(1000))));
          }
        },
        co ->
            co.await(
                Async.gather(
                    Async.usingAction(asynchronous, (in, db) -> in.await(sleep(1000))),
                    sleep(1000))),
        co ->
            co.await(
                Async.staggeredRace(
                    List.of(Async.usingAction(asynchronous, (in, db) -> in.await(sleep(1000)))),
                    null)));
  }

  private void inEach(Checked check) throws Exception {
    int number = 0;
    for (AsyncAction cleanup : cleanups()) {
      try {
        check.check(cleanup);
      } catch (AssertionError failure) {
        throw new AssertionError("cleanup " + number, failure);
      }
      number++;
    }
  }

  private interface Checked {
    void check(AsyncAction cleanup) throws Exception;
  }

  private static ExceptionGroup failed(Async<?> group) throws Exception {
    return run(Async.of(co -> assertThrows(ExceptionGroup.class, () -> co.await(group))));
  }

  @EngineTest
  @Conforms("T-140")
  void aFailedGroupListsWhatItsBodysCleanupFailsWith() throws Exception {
    inEach(
        cleanup -> {
          IOException member = new IOException("member");
          ExceptionGroup group =
              failed(
                  TaskGroup.action(
                      (in, tg) -> {
                        tg.start(failing(member, 1));
                        cleanup.run(in);
                      }));
          assertEquals(List.of(member, closing), group.failures());
        });
  }

  @EngineTest
  void aFailedGroupListsWhatAMembersCleanupFailsWith() throws Exception {
    inEach(
        cleanup -> {
          IOException member = new IOException("member");
          ExceptionGroup group =
              failed(
                  TaskGroup.action(
                      (in, tg) -> {
                        tg.start(Async.action(cleanup));
                        tg.start(failing(member, 1));
                      }));
          assertEquals(List.of(member, closing), group.failures());
        });
  }

  @EngineTest
  void aGroupThatWasEndedListsWhatCleanupFailsWith() throws Exception {
    inEach(
        cleanup -> {
          ExceptionGroup ofMember =
              failed(
                  TaskGroup.action(
                      (in, tg) -> {
                        tg.start(Async.action(cleanup));
                        in.await(sleep(1));
                        tg.cancel("enough");
                      }));
          assertEquals(List.of(closing), ofMember.failures());
          ExceptionGroup ofBody =
              failed(
                  TaskGroup.action(
                      (in, tg) -> {
                        EventLoop.current().callLater(ms(1), () -> tg.cancel("enough"));
                        cleanup.run(in);
                      }));
          assertEquals(List.of(closing), ofBody.failures());
        });
  }

  @EngineTest
  void aMemberThatIsCancelledAloneAndFailsInItsCleanupFailsItsGroup() throws Exception {
    inEach(
        cleanup -> {
          ExceptionGroup group =
              failed(
                  TaskGroup.action(
                      (in, tg) -> {
                        Task<Void> member = tg.start(Async.action(cleanup));
                        in.await(sleep(1));
                        member.cancel("enough");
                        in.await(sleep(1000));
                      }));
          assertEquals(List.of(closing), group.failures());
        });
  }

  @EngineTest
  void aTimeoutHasItInItsCause() throws Exception {
    inEach(
        cleanup ->
            runAction(
                co -> {
                  TimeoutException expired =
                      assertThrows(
                          TimeoutException.class,
                          () -> co.await(Timeout.action(ms(1), (in, t) -> cleanup.run(in))));
                  Cancelled cause = assertInstanceOf(Cancelled.class, expired.getCause());
                  assertEquals(List.of(closing), carried(cause));
                }));
  }

  private static List<Throwable> carried(Cancelled cancelled) {
    List<Throwable> all = new ArrayList<>();
    for (Throwable each : cancelled.getSuppressed()) {
      if (each instanceof Cancelled inner) {
        all.addAll(carried(inner));
      } else {
        all.add(each);
      }
    }
    return all;
  }

  @EngineTest
  void aRequestThatPassesScopesStillCarriesIt() throws Exception {
    inEach(
        cleanup ->
            runAction(
                co -> {
                  Task<Void> task =
                      Task.start(
                          Timeout.action(
                              ms(2),
                              (out, t) ->
                                  out.await(Timeout.action(ms(1), (in, u) -> cleanup.run(in)))));
                  for (int i = 0; i < 3; i++) { // until children of the body have begun
                    co.await(pause());
                  }
                  task.cancel("asked");
                  Cancelled thrown = assertThrows(Cancelled.class, () -> co.await(task));
                  assertEquals(List.of(closing), carried(thrown));
                }));
  }

  @EngineTest
  void anOuterTimeoutThatTakesOverCarriesWhatTheInnerOneDid() throws Exception {
    AsyncCloseable slow =
        () ->
            Async.action(
                co -> {
                  try {
                    co.await(Async.uncancellable(sleep(10)));
                  } finally {
                    fail(closing);
                  }
                });
    runAction(
        co -> {
          Async<Void> inner =
              Timeout.action(
                  ms(1),
                  (in, t) -> in.await(Async.usingAction(slow, (at, db) -> at.await(sleep(1000)))));
          TimeoutException expired =
              assertThrows(
                  TimeoutException.class,
                  () -> co.await(Timeout.action(ms(5), (out, t) -> out.await(inner))));
          assertEquals(List.of(closing), carried((Cancelled) expired.getCause()));
        });
  }

  @EngineTest
  void theEndOfALoopReportsIt() throws Exception {
    inEach(
        cleanup -> {
          log.clear();
          runAction(
              co -> {
                EventLoop.current()
                    .setExceptionHandler((loop, failure) -> log.add(failure.exception()));
                Task.start(Async.action(cleanup));
                co.await(sleep(1));
              });
          assertEquals(List.of(closing), log);
        });
  }

  @EngineTest
  void aCancelledTaskThatNobodyAwaitsReportsIt() throws Exception {
    inEach(
        cleanup -> {
          log.clear();
          runAction(
              co -> {
                EventLoop.current()
                    .setExceptionHandler((loop, failure) -> log.add(failure.exception()));
                Task<Void> task = Task.start(Async.action(cleanup));
                co.await(sleep(1));
                task.cancel("enough");
                co.await(sleep(1));
              });
          assertEquals(List.of(closing), log);
        });
  }

  @EngineTest
  void whoAwaitsACancelledTaskGetsItAndNothingIsReported() throws Exception {
    runAction(
        co -> {
          EventLoop.current().setExceptionHandler((loop, failure) -> log.add(failure.exception()));
          Task<Void> task = Task.start(Async.action(cleanups().get(0)));
          co.await(sleep(1));
          task.cancel("enough");
          Cancelled thrown = assertThrows(Cancelled.class, () -> co.await(task));
          assertSame(closing, carried(thrown).get(0));
        });
    assertEquals(List.of(), log);
  }

  @EngineTest
  void aGeneratorThatFailsInItsCleanupIsReportedAtTheEnd() throws Exception {
    runAction(
        co -> {
          EventLoop.current().setExceptionHandler((loop, failure) -> log.add(failure.exception()));
          AsyncCloseable db = () -> Async.action(in -> fail(closing));
          AsyncGenerator<Integer> rows =
              AsyncGenerator.of(
                  in ->
                      in.await(
                          Async.usingAction(
                              db,
                              (at, d) -> {
                                log.add("opened");
                                at.await(sleep(1000));
                              })));
          Task<Boolean> step = Task.start(rows.advance());
          co.await(sleep(1));
          step.cancel("enough");
          assertThrows(Cancelled.class, () -> co.await(step));
        });
    assertEquals(List.of("opened"), log); // whoever awaited the step has got it
  }
}
