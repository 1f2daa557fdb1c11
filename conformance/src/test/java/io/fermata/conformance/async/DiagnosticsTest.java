package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.async.LoopHost;
import io.fermata.async.Task;
import io.fermata.conformance.EngineTest;
import io.fermata.conformance.thread.Eventually;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** The MBean that shows the loops of a JVM from outside. */
class DiagnosticsTest extends AsyncTest {
  private static final String NAME = "io.fermata:type=EventLoops";

  /** The bean of the library that a loader has loaded: this JVM may have other copies. */
  private static Optional<ObjectName> beanOf(ClassLoader loader) {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    try {
      for (ObjectName each : server.queryNames(new ObjectName(NAME + ",*"), null)) {
        if (server.getClassLoaderFor(each) == loader) {
          return Optional.of(each);
        }
      }
      return Optional.empty();
    } catch (InstanceNotFoundException gone) {
      return beanOf(loader);
    } catch (JMException failure) {
      throw new AssertionError(failure);
    }
  }

  private static ObjectName awaitBeanOf(ClassLoader loader) {
    Eventually.until(() -> beanOf(loader).isPresent(), () -> "the MBean was not registered");
    return beanOf(loader).orElseThrow();
  }

  /** Runs a loop with a task "asleep" and looks at it from this thread. */
  private static void besideALoop(Looking looking) throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
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
      looking.look(server, awaitBeanOf(EventLoop.class.getClassLoader()));
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
        });
  }

  @EngineTest
  void itCountsTheirTasks() throws Exception {
    besideALoop(
        (server, bean) -> {
          String[] dump = new String[1];
          Eventually.until( // others may end meanwhile
              () -> {
                try {
                  dump[0] = (String) server.invoke(bean, "dump", null, null);
                  return server.getAttribute(bean, "TaskCount").equals(countedIn(dump[0]));
                } catch (Exception failure) {
                  throw new AssertionError(failure);
                }
              },
              () -> dump[0]);
          assertTrue(countedIn(dump[0]) >= 3, dump[0]);
        });
  }

  private static int countedIn(String dump) {
    return Pattern.compile("^event loop .*: (\\d+) tasks?", Pattern.MULTILINE)
        .matcher(dump)
        .results()
        .mapToInt(head -> Integer.parseInt(head.group(1)))
        .sum();
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

  @EngineTest
  void aGuestIsShownWhileItLivesBetweenItsRoundsToo() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ExecutorService host = Executors.newSingleThreadExecutor();
    try {
      EventLoop guest = EventLoop.on(Named.on(host));
      CompletableFuture<Void> asleep = guest.startThreadSafe(sleep(100_000));
      host.submit(() -> {}).get();
      ObjectName bean = awaitBeanOf(EventLoop.class.getClassLoader());
      assertTrue(
          Arrays.stream((String[]) server.getAttribute(bean, "Loops"))
              .anyMatch(
                  loop -> loop.matches("#\\d+ event loop \\(idle\\) on the host of a guest")));
      String dump = (String) server.invoke(bean, "dump", null, null);
      assertTrue(dump.contains("on the host of a guest"), dump);
      assertTrue(dump.contains("Task-1 waits for sleep, "), dump);

      guest.closeAsync().get();
      assertTrue(asleep.isCancelled());
      assertFalse(
          Arrays.toString((String[]) server.getAttribute(bean, "Loops")).contains("of a guest"));
    } finally {
      host.shutdown();
    }
  }

  @EngineTest
  void aGuestIsNotBusyBetweenItsRounds() throws Exception {
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ExecutorService host = Executors.newSingleThreadExecutor();
    try {
      EventLoop guest = EventLoop.on(Named.on(host));
      ObjectName bean = awaitBeanOf(EventLoop.class.getClassLoader());
      guest.startThreadSafe(sleep(100_000));
      Object[] rows = {1};
      server.invoke(bean, "top", rows, new String[] {"int"});
      host.submit(() -> LockSupport.parkNanos(300_000_000)).get(); // busy, but not with the loop
      guest.startThreadSafe(pause()).get();
      String table = (String) server.invoke(bean, "top", rows, new String[] {"int"});
      Matcher busy = Pattern.compile("of a guest.*, busy (\\d+)\\.\\d % of").matcher(table);
      assertTrue(busy.find() && Integer.parseInt(busy.group(1)) < 50, table);
      guest.closeAsync().get();
    } finally {
      host.shutdown();
    }
  }

  /** A host with a name. */
  private record Named(ExecutorService executor, Thread thread) implements LoopHost {
    static Named on(ExecutorService executor) throws Exception {
      return new Named(executor, executor.submit(Thread::currentThread).get());
    }

    @Override
    public void execute(Runnable job) {
      executor.execute(job);
    }

    @Override
    public Future<?> wakeAfter(Duration delay, Runnable wake) {
      return new CompletableFuture<>(); // nobody waits for it
    }

    @Override
    public boolean isHostThread() {
      return Thread.currentThread() == thread;
    }

    @Override
    public String toString() {
      return "the host of a guest";
    }
  }

  @Test
  void aSecondCopyOfTheLibraryHasANameOfItsOwnAndCanBeUnloaded() throws Exception {
    besideALoop(
        (server, bean) -> {
          List<ObjectName> second = new ArrayList<>();
          WeakReference<ClassLoader> copy =
              runInAnotherCopy(
                  loader -> {
                    second.add(awaitBeanOf(loader));
                    return (String[]) server.getAttribute(second.get(0), "Loops");
                  });
          assertTrue(second.get(0).toString().startsWith(NAME), second::toString);
          Eventually.until(
              () -> !server.isRegistered(second.get(0)), () -> "the second MBean stays");
          Eventually.collected(() -> copy.refersTo(null), () -> "the second copy stays loaded");
          assertTrue(server.isRegistered(bean));
        });
  }

  private interface Loops {
    String[] of(ClassLoader library) throws Exception;
  }

  /** Has a loop of another copy run while somebody looks at it; that copy may go afterwards. */
  private static WeakReference<ClassLoader> runInAnotherCopy(Loops shown) throws Exception {
    URL library = EventLoop.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {library}, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(EventLoop.class.getName());
      try (AutoCloseable loop = (AutoCloseable) type.getMethod("open").invoke(null)) {
        FutureTask<Object> run = new FutureTask<>(() -> type.getMethod("runForever").invoke(loop));
        new Thread(run, "a loop of another copy").start();
        assertEquals(1, shown.of(loader).length);
        Runnable stop = new FutureTask<>(() -> type.getMethod("stop").invoke(loop));
        type.getMethod("callSoonThreadSafe", Runnable.class).invoke(loop, stop);
        run.get();
      }
      return new WeakReference<>(loader);
    }
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
