package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.thread.Eventually;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The MBean that shows the loops of a JVM from outside. */
class DiagnosticsTest extends AsyncTest {
  /** Runs a loop with a task "asleep" and looks at it from this thread. */
  private static void besideALoop(Looking looking) throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName bean = new ObjectName("io.fermata:type=EventLoops");
    CompletableFuture<EventLoop> running = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                EventLoop.run(
                    Async.action(
                        co -> {
                          Task.named("asleep").start(sleep(100_000));
                          Task.named("busy").start(busy());
                          co.await(pause());
                          running.complete(EventLoop.current());
                          co.await(sleep(100_000));
                        }));
              } catch (InterruptedException stopped) {
                // as it should be
              } catch (Exception failure) {
                throw new AssertionError(failure);
              }
            },
            "a loop");
    thread.start();
    running.get();
    try {
      Eventually.until(() -> server.isRegistered(bean), () -> "the MBean was not registered");
      looking.look(server, bean);
    } finally {
      thread.interrupt();
      thread.join();
    }
  }

  private static Async<Void> busy() {
    return Async.action(
        co -> {
          while (true) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < 2_000_000) {
              Thread.onSpinWait();
            }
            co.await(sleep(2));
          }
        });
  }

  private interface Looking {
    void look(MBeanServer server, ObjectName bean) throws Exception;
  }

  @EngineTest
  void itShowsTheLoopsThatRun() throws Exception {
    besideALoop(
        (server, bean) -> {
          String[] loops = (String[]) server.getAttribute(bean, "Loops");
          assertTrue(
              Arrays.stream(loops).anyMatch(loop -> loop.matches("#\\d+ event loop .*a loop.*")),
              Arrays.toString(loops));
          assertEquals(3, server.getAttribute(bean, "TaskCount"));
        });
  }

  @EngineTest
  void itDumpsTheirTasks() throws Exception {
    besideALoop(
        (server, bean) -> {
          String all = (String) server.invoke(bean, "dump", null, null);
          assertTrue(all.contains("asleep waits for sleep, "), all);
          String[] loops = (String[]) server.getAttribute(bean, "Loops");
          String ours =
              Arrays.stream(loops).filter(each -> each.contains("a loop")).findFirst().get();
          int number = Integer.parseInt(ours.replaceAll("#(\\d+) .*", "$1"));
          String one =
              (String) server.invoke(bean, "dump", new Object[] {number}, new String[] {"int"});
          assertTrue(one.contains("asleep waits for sleep, "), one);
          String none =
              (String) server.invoke(bean, "dump", new Object[] {-1}, new String[] {"int"});
          assertTrue(none.contains("no loop #-1 runs"), none);
        });
  }

  @EngineTest
  void itShowsTheBusiestTaskFirst() throws Exception {
    besideALoop(
        (server, bean) -> {
          Object[] rows = {2};
          String[] signature = {"int"};
          server.invoke(bean, "top", rows, signature);
          String[] table = new String[1];
          Eventually.until(
              () -> {
                try {
                  table[0] = (String) server.invoke(bean, "top", rows, signature);
                } catch (Exception failure) {
                  throw new AssertionError(failure);
                }
                return ours(table[0]).size() > 2 && ours(table[0]).get(2).contains(" busy ");
              },
              () -> table[0]);
          assertEquals(4, ours(table[0]).size(), table[0]);
        });
  }

  /** The part of a table that is about our loop; others may run in this JVM. */
  private static List<String> ours(String table) {
    return table
        .lines()
        .dropWhile(line -> !line.contains(" on a loop:"))
        .takeWhile(line -> !line.isBlank())
        .toList();
  }
}
