package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Coroutine;
import io.fermata.Generator;
import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/** What is told of the engine of a body, by what is made around it and by the log. */
class EngineOfBodyTest {
  private static final Object LOCK = new Object();
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** What is made around a body that suspends inside a monitor, and so runs on a thread. */
  private static Map<String, Async<?>> around() {
    Map<String, Async<?>> all = new LinkedHashMap<>();
    all.put(
        "task group",
        TaskGroup.action(
            (co, tg) -> {
              synchronized (LOCK) {
                co.await(Async.sleep(SECOND));
              }
            }));
    all.put(
        "timeout",
        Timeout.action(
            SECOND,
            (co, t) -> {
              synchronized (LOCK) {
                co.await(Async.sleep(SECOND));
              }
            }));
    all.put("shield", Async.shield(locked()));
    all.put("waitFor", Async.waitFor(locked(), SECOND));
    all.put("uncancellable", Async.uncancellable(locked()));
    all.put(
        "forEach",
        AsyncGenerator.from(List.of(1))
            .forEach(
                (co, x) -> {
                  synchronized (LOCK) {
                    co.await(Async.sleep(SECOND));
                  }
                }));
    Coroutine<Object, Async<?>, Object> coroutine =
        Coroutine.of(
            co -> {
              synchronized (LOCK) {
                return co.yield(Async.sleep(SECOND));
              }
            });
    all.put("coroutine", Async.from(coroutine));
    return all;
  }

  private static Async<Void> locked() {
    return Async.action(
        co -> {
          synchronized (LOCK) {
            co.await(Async.sleep(SECOND));
          }
        });
  }

  @Test
  void whatIsMadeAroundABodyTellsItsEngine() {
    around()
        .forEach(
            (name, async) -> {
              assertEquals("thread", async.engine(), name);
              assertTrue(async.engineReason().contains("synchronized"), async::engineReason);
              assertTrue(async.engineReason().contains("EngineOfBodyTest.java:"), name);
            });
  }

  @Test
  void whatHasNoBodySaysSo() {
    assertEquals("library", Async.sleep(SECOND).engine());
    assertEquals("library", Async.gather(List.of()).engine());
  }

  @Test
  void aBodyOnThreadsIsLoggedOnce() {
    List<LogRecord> seen = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            seen.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("io.fermata.engine");
    boolean toParents = logger.getUseParentHandlers();
    logger.setUseParentHandlers(false);
    logger.addHandler(handler);
    try {
      for (int i = 0; i < 3; i++) {
        Generator<Integer> g =
            Generator.of(
                co -> {
                  synchronized (LOCK) {
                    co.yield(1);
                  }
                });
        assertEquals(List.of(1), g.toList());
      }
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(toParents);
    }

    assertEquals(1, seen.size());
    assertEquals(Level.INFO, seen.get(0).getLevel());
    assertTrue(
        seen.get(0)
            .getMessage()
            .matches(".*EngineOfBodyTest.java:\\d+ runs on the thread engine.*"),
        seen.get(0).getMessage());
  }
}
