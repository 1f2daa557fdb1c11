package io.fermata.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.fermata.Generator;
import io.fermata.async.Async;
import io.fermata.async.AsyncEvent;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Context;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;

/** SLF4J's MDC, with logback, as one thread-bound value among others. */
@ExtendWith(Engines.class)
@SuppressWarnings("try") // resources that only have to be closed
class LoggingContextTest {
  private final List<String> log = new ArrayList<>();

  @BeforeEach
  @AfterEach
  void clear() {
    MDC.clear();
  }

  /** What a logger would write. */
  private void note(String event) {
    log.add(event + " " + MDC.get("req"));
  }

  private static String id() {
    return MDC.get("req");
  }

  private Async<Void> request(String id) {
    return Async.action(
        co -> {
          try (var put = MDC.putCloseable("req", id)) {
            note(id + " begins");
            co.await(Async.sleep(Duration.ZERO));
            note(id + " after await");
            co.await(Async.toThread(() -> note(id + " in toThread")));
            note(id + " ends");
          }
          note(id + " outside");
        });
  }

  @TestTemplate
  void eachTaskKeepsItsOwn() throws Exception {
    EventLoop.run(
        TaskGroup.action(
            (co, tg) -> {
              co.await(tg.start(request("A")));
              tg.start(request("B"));
              tg.start(request("C"));
            }));
    log.stream()
        .filter(line -> !line.contains("outside"))
        .forEach(line -> assertEquals(line.substring(0, 1), line.substring(line.length() - 1)));
    assertEquals(15, log.size());
    assertEquals(3, log.stream().filter(line -> line.endsWith("outside null")).count());
    assertNull(id());
  }

  @TestTemplate
  void theCallersThreadKeepsItsOwn() throws Exception {
    MDC.put("req", "caller");
    EventLoop.run(
        Async.action(
            co -> {
              note("begins");
              MDC.put("req", "main");
              co.await(Async.sleep(Duration.ZERO));
              note("ends");
            }));
    assertEquals(List.of("begins caller", "ends main"), log);
    assertEquals("caller", id());
  }

  @TestTemplate
  void aRunBeginsWithThoseOfItsCaller() throws Exception {
    try (EventLoop loop = EventLoop.open()) {
      MDC.put("req", "one");
      loop.runUntilComplete(
          Async.action(
              co -> {
                note("first");
                MDC.put("req", "changed");
              }));
      MDC.put("req", "two");
      loop.runUntilComplete(Async.action(co -> note("second")));
    }
    assertEquals(List.of("first one", "second two"), log);
  }

  @TestTemplate
  void aChildBeginsWithThoseOfItsStart() throws Exception {
    EventLoop.run(
        Async.action(
            co -> {
              MDC.put("req", "before");
              Task<Void> child =
                  Task.start(
                      Async.action(
                          in -> {
                            note("child");
                            MDC.put("req", "child's");
                            in.await(Async.sleep(Duration.ZERO));
                            note("child");
                          }));
              MDC.put("req", "after");
              co.await(child);
              note("parent");
            }));
    assertEquals(List.of("child before", "child child's", "parent after"), log);
  }

  @TestTemplate
  void anEagerChildChangesNothingOfItsStarter() throws Exception {
    EventLoop.run(
        Async.action(
            co -> {
              MDC.put("req", "parent");
              Task.eager().start(Async.action(in -> MDC.put("req", "child")));
              note("at once");
              co.await(Async.sleep(Duration.ZERO));
              note("later");
            }));
    assertEquals(List.of("at once parent", "later parent"), log);
  }

  private Async<Void> inner() {
    return Async.action(
        co -> {
          note("inner");
          MDC.put("req", "inner");
          co.await(Async.sleep(Duration.ZERO));
        });
  }

  @TestTemplate
  void anAwaitedBodySharesThoseOfItsTask() throws Exception {
    EventLoop.run(
        Async.action(
            co -> {
              MDC.put("req", "outer");
              co.await(inner());
              note("outer");
              co.await(Timeout.action(Duration.ofMinutes(1), (in, t) -> in.await(inner())));
              note("scope");
            }));
    assertEquals(List.of("inner outer", "outer inner", "inner inner", "scope inner"), log);
  }

  private Generator<String> ids() {
    return Generator.of(
        co -> {
          co.yield(id());
          MDC.put("req", "generator's");
          co.yield(id());
        });
  }

  @TestTemplate
  void aGeneratorHasThoseOfItsCaller() {
    MDC.put("req", "one");
    try (Generator<String> ids = ids()) {
      assertEquals("one", ids.next());
      MDC.put("req", "two");
      assertEquals("generator's", ids.next());
      assertEquals("generator's", id());
    }
  }

  @TestTemplate
  void aStepOfAnAsyncGeneratorHasThoseOfItsTask() throws Exception {
    AsyncGenerator<String> ids =
        AsyncGenerator.of(
            co -> {
              while (true) {
                co.await(Async.sleep(Duration.ZERO));
                co.yield(id());
              }
            });
    List<String> seen =
        EventLoop.run(
            Async.of(
                co -> {
                  MDC.put("req", "parent");
                  String first = co.await(ids.anext());
                  Task<String> other =
                      Task.start(
                          Async.of(
                              in -> {
                                MDC.put("req", "other");
                                return in.await(ids.anext());
                              }));
                  String second = co.await(other);
                  String third = co.await(ids.anext());
                  co.await(ids.aclose());
                  return List.of(first, second, third);
                }));
    assertEquals(List.of("parent", "other", "parent"), seen);
  }

  @TestTemplate
  void aCallOnAThreadHasThoseOfTheMoment() throws Exception {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    try {
      EventLoop.run(
          Async.action(
              co -> {
                MDC.put("req", "task");
                co.await(Async.toThread(() -> changed("toThread")));
                co.await(Async.runInExecutor(pool, () -> changed("runInExecutor")));
                note("task");
              }));
      pool.submit(() -> note("pool")).get();
    } finally {
      pool.shutdown();
    }
    assertEquals(List.of("toThread task", "runInExecutor task", "task task", "pool null"), log);
  }

  private Void changed(String where) {
    note(where);
    MDC.put("req", "changed");
    return null;
  }

  @TestTemplate
  void aCallbackHasThoseOfWhoRegisteredIt() throws Exception {
    EventLoop.run(
        Async.action(
            co -> {
              EventLoop loop = EventLoop.current();
              AsyncEvent end = AsyncEvent.open();
              Promise<String> promise = Promise.open();
              MDC.put("req", "registered");
              loop.callSoon(() -> changed("soon"));
              loop.callLater(Duration.ZERO, () -> changed("later"));
              promise.addDoneCallback(done -> changed("done"));
              MDC.put("req", "other thread");
              co.await(
                  Async.toThread(
                      () -> {
                        loop.callSoonThreadSafe(() -> changed("posted"));
                      }));
              MDC.put("req", "task");
              promise.setResult("");
              loop.callLater(Duration.ofMillis(1), end::set);
              co.await(end.whenSet());
              note("task");
            }));
    assertEquals(
        List.of(
            "done registered",
            "later registered",
            "posted other thread",
            "soon registered",
            "task task"),
        log.stream().sorted().toList());
  }

  @TestTemplate
  void aTaskOfAnotherThreadHasThoseOfThatThread() throws Exception {
    EventLoop.run(
        Async.action(
            co -> {
              EventLoop loop = EventLoop.current();
              MDC.put("req", "task");
              CompletableFuture<String> future =
                  co.await(
                      Async.toThread(
                          () -> {
                            MDC.put("req", "thread");
                            return loop.startThreadSafe(Async.of(in -> id()));
                          }));
              MDC.put("req", "changed");
              assertEquals("thread", co.await(future));
            }));
  }

  @TestTemplate
  void aContextKeepsThem() throws Exception {
    MDC.put("req", "copied");
    Context context = Context.copy();
    MDC.put("req", "own");
    context.run(() -> changed("first"));
    assertEquals("own", id());
    context.run(() -> note("second"));
    EventLoop.run(
        Async.action(
            co -> {
              co.await(Task.eager().in(context).start(Async.action(in -> note("third"))));
            }));
    assertEquals(List.of("first copied", "second changed", "third changed"), log);
  }

  @TestTemplate
  void cleanupHasThoseOfItsTask() throws Exception {
    EventLoop.run(
        Async.action(
            co -> {
              Task<Void> child =
                  Task.start(
                      Async.action(
                          in -> {
                            MDC.put("req", "child");
                            try {
                              in.await(Async.sleep(Duration.ofMinutes(1)));
                            } finally {
                              note("cleanup");
                            }
                          }));
              co.await(Async.sleep(Duration.ZERO));
              MDC.put("req", "parent");
              child.cancel("enough");
              co.await(Async.gatherOutcomes(child));
              note("parent");
            }));
    assertEquals(List.of("cleanup child", "parent parent"), log);
  }

  @TestTemplate
  void theHostOfAGuestKeepsItsOwn() throws Exception {
    ExecutorService host = Executors.newSingleThreadExecutor();
    try {
      host.submit(() -> MDC.put("req", "host")).get();
      EventLoop loop = host.submit(() -> EventLoop.on(host)).get();
      MDC.put("req", "starter");
      CompletableFuture<Void> end =
          loop.startThreadSafe(
              Async.action(
                  co -> {
                    note("task");
                    for (int i = 0; i < 3; i++) {
                      MDC.put("req", "task's");
                      Promise<String> between = Promise.open();
                      host.execute(() -> between.setResult(id()));
                      log.add("between " + co.await(between));
                      note("task");
                    }
                  }));
      end.get();
      loop.closeAsync().get();
      assertEquals("host", host.submit(LoggingContextTest::id).get());
    } finally {
      host.shutdown();
    }
    assertEquals("task starter", log.get(0));
    assertEquals(
        List.of("between host", "task task's", "between host", "task task's", "between host"),
        log.subList(1, 6));
  }
}
