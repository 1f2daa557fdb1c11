package io.fermata.conformance.io;

import io.fermata.async.Async;
import io.fermata.async.AsyncAction;
import io.fermata.async.AsyncQueue;
import io.fermata.async.EventLoop;
import io.fermata.async.SignalledException;
import io.fermata.async.Task;
import io.fermata.conformance.EveryEngine;
import io.fermata.io.Command;
import io.fermata.io.Stdio;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Programs that are run in a JVM of their own, as they read its input or are sent signals. */
final class Programs {
  private Programs() {}

  /** Runs one on the engine of this test. */
  static Command command(String program, String... options) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-XX:TieredStopAtLevel=1");
    line.add("-Dfermata.engine=" + (EveryEngine.compiles() ? "auto" : "thread"));
    line.add("-Dfermata.watchdog=20000"); // a busy machine holds steps, and warnings fail tests
    line.addAll(List.of(options));
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), Programs.class.getName()));
    line.add(program);
    return Command.of(line);
  }

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "echo" -> EventLoop.run(Async.action(ECHO));
      case "flood" -> EventLoop.run(Async.action(FLOOD));
      case "cleanup" -> cleanUp();
      case "caught" -> caught();
      case "stubborn" -> EventLoop.run(Async.action(STUBBORN));
      case "stuck" -> EventLoop.run(Async.action(STUCK));
      case "handler" -> EventLoop.run(Async.action(HANDLER));
      case "after" -> after();
      case "swallows" -> EventLoop.run(Async.action(SWALLOWS));
      case "leavesOne" -> EventLoop.run(Async.action(LEAVES_ONE));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static final AsyncAction ECHO =
      co -> {
        co.await(
            Stdio.in()
                .lines()
                .forEach(
                    (in, line) ->
                        in.await(Stdio.out().write(line.toUpperCase(Locale.ROOT) + "\n"))));
        co.await(Stdio.out().flush());
      };

  private static final AsyncAction FLOOD =
      co -> {
        try {
          while (true) {
            co.await(Stdio.out().write("0123456789".repeat(1000)));
          }
        } catch (IOException broken) {
          System.err.println(broken.getMessage());
        }
      };

  private static final AsyncAction CLEANUP =
      co -> {
        try {
          System.out.println("ready");
          co.await(Async.sleep(Duration.ofSeconds(100)));
        } finally {
          co.await(Async.sleep(Duration.ofMillis(20)));
          System.out.println("cleaned up");
        }
      };

  private static void cleanUp() throws Exception {
    try {
      EventLoop.run(Async.action(CLEANUP));
    } finally {
      System.out.println("left main");
    }
  }

  private static void caught() throws Exception {
    try {
      EventLoop.run(Async.action(CLEANUP));
    } catch (SignalledException signalled) {
      Thread.sleep(300); // if nobody waited for this thread, the JVM would have ended by then
      System.out.println(signalled.signal() + ", " + signalled.getCause().getMessage());
    }
  }

  private static final AsyncAction STUBBORN =
      co -> {
        System.out.println("ready");
        try {
          co.await(Async.sleep(Duration.ofSeconds(100)));
        } finally {
          System.out.println("cleaning up");
          co.await(Async.sleep(Duration.ofSeconds(100)));
        }
      };

  private static final AsyncAction STUCK =
      co -> {
        System.out.println("ready");
        Thread.sleep(100_000);
      };

  private static final AsyncAction HANDLER =
      co -> {
        var asked = AsyncQueue.<String>fifo();
        EventLoop.current().addSignalHandler("TERM", () -> asked.putNowait("asked to end"));
        EventLoop.current().addSignalHandler("SIGHUP", () -> asked.putNowait("hung up"));
        System.out.println("ready");
        System.out.println(co.await(asked.get()));
        System.out.println(co.await(asked.get()));
      };

  /** A poller that takes everything for a failure of one poll. */
  private static final AsyncAction SWALLOWS =
      co -> {
        Task.current().setName("poller");
        System.out.println("ready");
        while (true) {
          try {
            co.await(Async.sleep(Duration.ofMillis(10)));
          } catch (Throwable failed) {
            System.out.println("poll failed");
          }
        }
      };

  /** The main task ends, and one that it has started does not. */
  private static final AsyncAction LEAVES_ONE =
      co -> {
        Task.start(Async.action(SWALLOWS));
        co.await(Async.sleep(Duration.ofSeconds(100)));
      };

  /** No loop runs when the signal comes. */
  private static void after() throws Exception {
    EventLoop.run(Async.sleep(Duration.ZERO));
    System.out.println("ready");
    Thread.sleep(100_000);
  }
}
