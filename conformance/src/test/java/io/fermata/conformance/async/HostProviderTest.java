package io.fermata.conformance.async;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.EventLoop;
import io.fermata.internal.kernel.Clock;
import io.fermata.internal.kernel.Host;
import io.fermata.internal.kernel.HostProvider;
import io.fermata.internal.kernel.ThreadHost;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A module that has more to wait for than threads brings the hosts of all loops. */
class HostProviderTest {
  @TempDir Path services;

  @Test
  @SuppressWarnings("unchecked")
  void theProviderOnThePathMakesTheHostsOfLoops() throws Exception {
    Path file = services.resolve("META-INF/services/" + HostProvider.class.getName());
    Files.createDirectories(file.getParent());
    Files.writeString(file, Polling.class.getName());
    List<URL> path = new ArrayList<>();
    path.add(services.toUri().toURL());
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      path.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader apart =
        new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Callable<List<String>> program =
          (Callable<List<String>>)
              apart.loadClass(Program.class.getName()).getConstructor().newInstance();
      assertEquals(
          List.of(
              "opened",
              "poll",
              "a",
              "poll",
              "b",
              "polled in this round",
              "slept",
              "poll",
              "poll",
              "c",
              "closed"),
          program.call());
    }
  }

  @Test
  void withoutAProviderAThreadParks() throws Exception {
    Polling.LOG.clear();
    EventLoop.run(Async.sleep(AsyncTest.ms(1)));
    assertTrue(Polling.LOG.isEmpty());
  }

  /** Runs in a class loader that has the provider. */
  public static final class Program implements Callable<List<String>> {
    @Override
    public List<String> call() throws Exception {
      EventLoop.run(
          Async.action(
              co -> {
                Polling.LOG.add("a");
                Polling.next =
                    () -> EventLoop.current().callSoon(() -> Polling.log("polled in this round"));
                EventLoop.current().callSoon(() -> Polling.log("b"));
                co.await(Async.sleep(AsyncTest.ms(100)));
                Polling.LOG.add("c");
              }));
      return Polling.LOG;
    }
  }

  /** The provider, and its host. */
  public static final class Polling implements HostProvider {
    static final List<String> LOG = new ArrayList<>();
    static Runnable next = () -> {};

    static void log(String what) {
      LOG.add(what);
    }

    @Override
    public Host open(Clock clock) {
      log("opened");
      ThreadHost thread = new ThreadHost(clock);
      return new Host() {
        @Override
        public void wake() {
          thread.wake();
        }

        @Override
        public void sleep(long deadline) {
          thread.sleep(deadline);
          log("slept");
        }

        @Override
        public boolean polls() {
          return true;
        }

        @Override
        public void poll() {
          log("poll");
          next.run();
          next = () -> {};
        }

        @Override
        public void close() {
          log("closed");
        }
      };
    }
  }
}
