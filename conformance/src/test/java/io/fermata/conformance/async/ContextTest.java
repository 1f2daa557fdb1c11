package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Context;
import io.fermata.async.ContextVar;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Token;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.EveryEngine;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/** Context variables, and calls on other threads. */
class ContextTest extends AsyncTest {
  @EngineTest
  @Conforms({"T-149"})
  void aTaskRunsInACopyOfTheContextOfItsCreation() throws Exception {
    runAction(
        co -> {
          ContextVar<String> v = ContextVar.of("v");
          v.set("outer");
          Task<String> task =
              Task.start(
                  Async.of(
                      in -> {
                        String before = v.get();
                        v.set("inner");
                        in.await(pause());
                        return before + " " + v.get();
                      }));
          v.set("later");
          assertEquals("outer inner", co.await(task));
          assertEquals("later", v.get());
          Context given = Context.copy();
          co.await(Task.in(given).start(Async.action(in -> v.set("in given"))));
          assertEquals("in given", given.get(v));
        });
  }

  @EngineTest
  @Conforms({"T-150"})
  void anAwaitedBodySharesTheContextOfItsAwaiter() throws Exception {
    runAction(
        co -> {
          ContextVar<String> v = ContextVar.of("v", "unset");
          co.await(Async.action(in -> v.set("set inside")));
          assertEquals("set inside", v.get());
        });
  }

  @EngineTest
  @Conforms({"T-152"})
  void aHundredTasksNeverSeeEachOthersValues() throws Exception {
    runAction(
        co -> {
          ContextVar<Integer> v = ContextVar.of("v");
          co.await(
              TaskGroup.action(
                  (in, tg) -> {
                    for (int i = 0; i < (EveryEngine.compiles() ? 100 : 20); i++) {
                      int n = i;
                      tg.start(
                          Async.action(
                              m -> {
                                v.set(n);
                                for (int k = 0; k < 5; k++) {
                                  m.await(sleep(n % 3));
                                  assertEquals(n, v.get());
                                }
                              }));
                    }
                  }));
        });
  }

  @EngineTest
  @Conforms({"T-153", "T-187"})
  void aCallOnAThreadSeesACopyOfTheContext() throws Exception {
    runAction(
        co -> {
          ContextVar<String> v = ContextVar.of("v", "unset");
          v.set("here");
          Async<String> call =
              Async.toThread(
                  () -> {
                    log.add(v.get());
                    v.set("there");
                    return "result";
                  });
          assertEquals(List.of(), log);
          assertEquals("result", co.await(call));
          assertEquals(List.of("here"), log);
          assertEquals("here", v.get());
          assertThrows(IllegalStateException.class, () -> co.await(call));
        });
  }

  @EngineTest
  @Conforms({"T-153", "T-186"})
  void aCallOnAnExecutorDoesNotSeeTheContext() throws Exception {
    runAction(
        co -> {
          ContextVar<String> v = ContextVar.of("v", "unset");
          v.set("here");
          assertEquals(
              "unset",
              co.await(
                  Async.runInExecutor(
                      Runnable::run, () -> CompletableFuture.supplyAsync(v::get).join())));
          IOException failure = new IOException();
          assertSame(
              failure,
              assertThrows(
                  IOException.class,
                  () ->
                      co.await(
                          Async.runInExecutor(
                              new java.util.concurrent.ForkJoinPool(1),
                              () -> {
                                throw failure;
                              }))));
        });
  }

  @EngineTest
  @Conforms({"T-186"})
  void cancellingTheAwaitOfACallDoesNotInterruptIt() throws Exception {
    runAction(
        co -> {
          CountDownLatch begun = new CountDownLatch(1);
          CountDownLatch goOn = new CountDownLatch(1);
          CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
          Task<Object> task =
              Task.start(
                  Async.of(
                      in ->
                          in.await(
                              Async.toThread(
                                  () -> {
                                    begun.countDown();
                                    goOn.await();
                                    interrupted.complete(Thread.currentThread().isInterrupted());
                                    return 1;
                                  }))));
          co.await(pause());
          begun.await();
          task.cancel("leave");
          assertThrows(Cancelled.class, () -> co.await(task));
          goOn.countDown();
          assertFalse(co.await(interrupted));
        });
  }

  @EngineTest
  @Conforms({"T-188"})
  void aTaskIsStartedFromAnotherThread() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          assertEquals(
              "x", co.await(Async.toThread(() -> loop.startThreadSafe(step("x", 0)).get())));
          IOException failure = new IOException();
          ExecutionException e =
              assertThrows(
                  ExecutionException.class,
                  () ->
                      co.await(
                          Async.toThread(() -> loop.startThreadSafe(failing(failure, 0)).get())));
          assertSame(failure, e.getCause());
        });
  }

  @EngineTest
  @Conforms({"T-188"})
  void aRemoteTaskHasACopyOfItsStartersContext() throws Exception {
    ContextVar<String> v = ContextVar.of("v");
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          v.set("task");
          CompletableFuture<String> future =
              co.await(
                  Async.toThread(
                      () -> {
                        v.set("thread");
                        return loop.startThreadSafe(Async.of(in -> v.get()));
                      }));
          v.set("changed");
          assertEquals("thread", co.await(future));
        });
  }

  @EngineTest
  @Conforms({"T-188"})
  void cancellingTheFutureOfARemoteTaskCancelsIt() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          Promise<String> ended = Promise.open();
          CompletableFuture<Void> future =
              loop.startThreadSafe(
                  Async.action(
                      in -> {
                        try {
                          in.await(Promise.open());
                        } catch (Cancelled c) {
                          ended.setResult("cancelled");
                          throw c;
                        }
                      }));
          co.await(pause());
          co.await(pause());
          future.cancel(true);
          assertEquals("cancelled", co.await(ended));
        });
  }

  @EngineTest
  @Conforms({"T-189"})
  void aRemoteTaskThatCannotBeStartedFailsItsFuture() throws Exception {
    runAction(
        co -> {
          EventLoop loop = EventLoop.current();
          loop.setExceptionHandler((l, reported) -> log.add(reported.exception()));
          Async<String> used = step("x", 0);
          co.await(used);
          CompletableFuture<String> future = loop.startThreadSafe(used);
          co.await(pause());
          co.await(pause());
          ExecutionException e = assertThrows(ExecutionException.class, future::get);
          assertEquals(List.of("x", e.getCause()), log);
        });
  }

  @EngineTest
  @Conforms({"T-154"})
  void aVariableIsResetOnceByTheTokenOfItsContext() throws Exception {
    runAction(
        co -> {
          ContextVar<String> v = ContextVar.of("v");
          ContextVar<String> w = ContextVar.of("w", "default");
          assertThrows(NoSuchElementException.class, v::get);
          assertEquals("other", v.get("other"));
          assertEquals("default", w.get());
          Token<String> token = v.set("set");
          assertThrows(IllegalArgumentException.class, () -> w.reset(token));
          assertThrows(
              IllegalArgumentException.class, () -> Context.copy().run(() -> v.reset(token)));
          v.reset(token);
          assertThrows(NoSuchElementException.class, v::get);
          assertThrows(IllegalStateException.class, () -> v.reset(token));
          Context context = Context.copy();
          context.run(() -> assertThrows(IllegalStateException.class, () -> context.run(() -> {})));
        });
  }

  @EngineTest
  @Conforms({"T-154"})
  void outsideOfALoopEachThreadHasAContext() throws Exception {
    ContextVar<String> v = ContextVar.of("v", "unset");
    Token<String> token = v.set("mine");
    assertEquals("unset", CompletableFuture.supplyAsync(v::get).get());
    assertEquals("mine", v.get());
    v.reset(token);
  }

  @EngineTest
  @Conforms({"T-154"})
  void nullIsAValueAndADefaultLikeAnyOther() throws Exception {
    ContextVar<String> variable = ContextVar.of("variable");
    ContextVar<String> withDefault = ContextVar.of("with default", null);
    runAction(
        co -> {
          assertNull(withDefault.get());
          assertEquals("x", withDefault.get("x"));
          Token<String> token = variable.set(null);
          assertNull(variable.get());
          assertNull(variable.get("x"));
          Token<String> second = variable.set("y");
          assertNull(second.oldValue());
          variable.reset(second);
          assertNull(variable.get());
          assertNull(Context.copy().get(variable));
          variable.reset(token);
          assertThrows(NoSuchElementException.class, variable::get);
        });
  }
}
