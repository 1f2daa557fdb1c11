package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.Generator;
import io.fermata.async.Async;
import io.fermata.async.AsyncAction;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.Awaiter;
import io.fermata.async.ExceptionGroup;
import io.fermata.async.TaskGroup;
import io.fermata.async.Timeout;
import io.fermata.conformance.EngineTest;
import java.util.ArrayList;
import java.util.List;

/** An await under a monitor is refused; what merely looks like one runs. */
class MonitorTest extends AsyncTest {
  private final Object monitor = new Object();

  /** A body whose class is no lambda. */
  private final class Named implements AsyncAction {
    @Override
    public synchronized void run(Awaiter co) throws Exception {
      co.await(sleep(1));
    }
  }

  private synchronized void synchronizedHelper(Awaiter co) throws Exception {
    co.await(sleep(1));
  }

  private void helper(Awaiter co) throws Exception {
    deeper(co, 1);
  }

  private static void deeper(Awaiter co, int millis) throws Exception {
    co.await(sleep(millis));
  }

  private static void quietly(Awaiter co) {
    try {
      co.await(sleep(1));
    } catch (Exception impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static void harmless(Awaiter co) {
    assertTrue(co != null);
  }

  synchronized void referred(Awaiter co) throws Exception {
    co.await(sleep(1));
  }

  private void refused(Async<?> made) {
    Throwable thrown = assertThrows(Throwable.class, () -> run(made));
    while (thrown instanceof ExceptionGroup group) {
      thrown = group.failures().get(0);
    }
    assertEquals(IllegalStateException.class, thrown.getClass(), thrown::toString);
    String message = thrown.getMessage();
    assertTrue(
        message.matches("the body at .*MonitorTest.java.* awaits at MonitorTest.java:\\d+, in .*"),
        message);
    assertTrue(message.contains("AsyncLock"), message);
    assertEquals(List.of(), log);
  }

  @EngineTest
  void anAwaitInASynchronizedBlockIsRefused() {
    refused(
        Async.action(
            co -> {
              log.add("nothing runs");
              synchronized (monitor) {
                co.await(sleep(1));
              }
            }));
    refused(
        Async.of(
            co -> {
              synchronized (monitor) {
                synchronized (this) {
                  log.size();
                }
                return co.await(step("never", 1));
              }
            }));
    refused(
        Async.action(
            co -> {
              synchronized (monitor) {
                try {
                  log.size();
                } finally {
                  co.await(sleep(1));
                }
              }
            }));
  }

  @EngineTest
  void anAwaitInASynchronizedMethodIsRefused() {
    refused(Async.action(co -> synchronizedHelper(co)));
    refused(Async.action(this::referred));
    refused(Async.action(new Named()));
  }

  @EngineTest
  void anAwaitInAHelperThatIsCalledUnderAMonitorIsRefused() {
    refused(
        Async.action(
            co -> {
              synchronized (monitor) {
                helper(co);
              }
            }));
  }

  @EngineTest
  void anAwaitInALambdaThatIsOnlyCalledIsRefused() {
    refused(
        Async.action(
            co -> {
              synchronized (monitor) {
                List.of(1, 2).forEach(each -> quietly(co));
              }
            }));
  }

  @EngineTest
  void eachKindOfAsynchronousBodyIsRefused() {
    refused(
        TaskGroup.action(
            (co, tg) -> {
              synchronized (monitor) {
                co.await(sleep(1));
              }
            }));
    refused(
        Timeout.of(
            ms(10),
            (co, t) -> {
              synchronized (monitor) {
                return co.await(step("never", 1));
              }
            }));
    refused(
        AsyncGenerator.<Integer>of(
                co -> {
                  synchronized (monitor) {
                    co.yield(1);
                  }
                })
            .forEach((co, each) -> {}));
    refused(
        AsyncGenerator.<Integer>of(
                co -> {
                  synchronized (monitor) {
                    co.await(sleep(1));
                  }
                })
            .forEach((co, each) -> {}));
  }

  @EngineTest
  void aBodyThatCannotBeCompiledIsRefusedToo() {
    List<Object> kept = new ArrayList<>();
    refused(
        Async.action(
            co -> {
              kept.add(co);
              synchronized (monitor) {
                co.await(sleep(1));
              }
            }));
  }

  @EngineTest
  void monitorsThatAreNotHeldInAnAwaitAreFine() throws Exception {
    runAction(
        co -> {
          synchronized (monitor) {
            log.add("held");
            harmless(co);
            Async<Void> other = Async.action(in -> in.await(step("inner", 1)));
            log.add(other.toString().isEmpty());
            log.clear();
            log.add(other);
          }
          co.await((Async<?>) log.remove(0));
          synchronized (monitor) {
            log.add("held again");
          }
        });
    assertEquals(List.of("inner", "held again"), log);
  }

  @EngineTest
  void aGeneratorMayYieldUnderAMonitor() {
    Generator<Integer> generator =
        Generator.of(
            co -> {
              synchronized (monitor) {
                co.yield(1);
                co.yield(2);
              }
            });
    List<Integer> all = new ArrayList<>();
    generator.forEach(all::add);
    assertEquals(List.of(1, 2), all);
  }
}
