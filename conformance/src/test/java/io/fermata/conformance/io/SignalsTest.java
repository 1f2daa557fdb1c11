package io.fermata.conformance.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.AsyncBody;
import io.fermata.async.EventLoop;
import io.fermata.async.Promise;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.io.AsyncProcess;
import io.fermata.io.Command;
import io.fermata.io.CompletedProcess;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Signals: how they end a program that runs a loop, and handlers for them. */
class SignalsTest extends IoTest {
  private static final int BY_SIGINT = 128 + 2;
  private static final int BY_SIGTERM = 128 + 15;

  private static Async<AsyncProcess> started(String program, String... options) {
    return Async.of(
        co -> {
          AsyncProcess process =
              co.await(
                  Programs.command(program, options)
                      .stdout(Redirect.PIPE)
                      .stderr(Redirect.PIPE)
                      .start());
          assertEquals("ready", co.await(process.stdout().readLine()));
          return process;
        });
  }

  private static Async<Integer> send(String signal, AsyncProcess process) {
    return Command.of("kill", "-" + signal, "" + process.pid()).run();
  }

  private static void assertEnds(CompletedProcess done, int exitCode, String out) {
    assertEquals("", done.err());
    assertEquals(out, done.out());
    assertEquals(exitCode, done.exitCode());
  }

  @EngineTest
  void sigtermEndsARunInAnOrderlyWay() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess program = co.await(started("cleanup"));
          co.await(send("TERM", program));
          assertEnds(co.await(program.communicate()), BY_SIGTERM, "cleaned up\nleft main\n");
        });
  }

  @EngineTest
  void sigintEndsARunInAnOrderlyWay() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess program = co.await(started("cleanup"));
          co.await(send("INT", program));
          assertEnds(co.await(program.communicate()), BY_SIGINT, "cleaned up\nleft main\n");
        });
  }

  @EngineTest
  void theRunThrowsWhichSignalItWas() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess program = co.await(started("caught"));
          co.await(send("TERM", program));
          assertEnds(co.await(program.communicate()), BY_SIGTERM, "cleaned up\nSIGTERM, SIGTERM\n");
        });
  }

  @EngineTest
  void aSecondSignalEndsItAtOnce() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess program = co.await(started("stubborn"));
          co.await(send("INT", program));
          assertEquals("cleaning up", co.await(program.stdout().readLine()));
          co.await(send("TERM", program));
          assertEnds(co.await(program.communicate()), BY_SIGTERM, "");
        });
  }

  @EngineTest
  void aLoopThatIsStuckIsEndedByTheSecondSignal() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess program = co.await(started("stuck"));
          co.await(send("INT", program));
          assertThrows(
              TimeoutException.class,
              () -> co.await(Async.waitFor(program.waitFor(), Duration.ofMillis(100))));
          co.await(send("INT", program));
          assertEnds(co.await(program.communicate()), BY_SIGINT, "");
        });
  }

  @EngineTest
  void aMainThatSwallowsItsCancellationIsNamedAndThenLeft() throws Exception {
    assertLeft("swallows", "SIGTERM has cancelled the main task of a loop, which does not end");
  }

  @EngineTest
  void aTaskThatSwallowsItsCancellationIsNamedAndThenLeft() throws Exception {
    assertLeft("leavesOne", "the loop is being closed, and waits for a task that does not end");
  }

  private void assertLeft(String program, String warning) throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess swallowing = co.await(started(program, "-Dfermata.shutdown=4"));
          co.await(send("TERM", swallowing));
          CompletedProcess done = co.await(swallowing.communicate());
          assertEquals("poll failed\n", done.out());
          assertEquals(BY_SIGTERM, done.exitCode());
          String[] said = done.err().split("the loops were not closed within 4 s");
          assertEquals(2, said.length, done.err());
          assertTrue(said[0].contains(warning), said[0]);
          for (String part : said) {
            assertTrue(part.contains("poller"), part);
            assertTrue(part.contains("Programs.java:"), part);
          }
        });
  }

  @EngineTest
  void aLoopThatIsStuckIsLeftAfterTheLimit() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess program = co.await(started("stuck", "-Dfermata.shutdown=1"));
          co.await(send("INT", program));
          CompletedProcess done = co.await(program.communicate());
          assertEquals(BY_SIGINT, done.exitCode());
          assertTrue(
              done.err().contains("SIGINT: the loops were not closed within 1 s"), done.err());
          assertTrue(done.err().contains("Programs.java:"), done.err());
        });
  }

  @EngineTest
  void withoutALoopASignalEndsTheJvmAsItAlwaysDoes() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess program = co.await(started("after"));
          co.await(send("TERM", program));
          assertEnds(co.await(program.communicate()), BY_SIGTERM, "");
        });
  }

  @EngineTest
  void signalsCanBeLeftToTheJvm() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess program = co.await(started("cleanup", "-Dfermata.signals=off"));
          co.await(send("TERM", program));
          assertEnds(co.await(program.communicate()), BY_SIGTERM, "");
        });
  }

  @EngineTest
  @Conforms({"I-081"})
  void aHandlerRunsOnTheLoopInsteadOfEndingIt() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess program = co.await(started("handler"));
          co.await(send("HUP", program));
          assertEquals("hung up", co.await(program.stdout().readLine()));
          co.await(send("TERM", program));
          assertEnds(co.await(program.communicate()), 0, "asked to end\n");
        });
  }

  @EngineTest
  @Conforms({"I-081"})
  void removingAHandlerTellsWhetherThereWasOne() throws Exception {
    runInRealTime(
        co -> {
          EventLoop loop = EventLoop.current();
          assertFalse(loop.removeSignalHandler("WINCH"));
          loop.addSignalHandler("WINCH", () -> log.add("first"));
          Promise<Void> second = Promise.open();
          loop.addSignalHandler("SIGWINCH", () -> second.setResult(null));
          co.await(Command.of("kill", "-WINCH", "" + ProcessHandle.current().pid()).run());
          co.await(second);
          assertTrue(loop.removeSignalHandler("WINCH"));
          assertFalse(loop.removeSignalHandler("WINCH"));
          assertTrue(log.isEmpty());
        });
  }

  @EngineTest
  @Conforms({"I-081"})
  void signalsThatCannotBeHandledAreRefused() throws Exception {
    runInRealTime(
        co -> {
          EventLoop loop = EventLoop.current();
          for (String bad : new String[] {"KILL", "STOP", "NOSUCH", "QUIT"}) {
            assertSays(
                assertThrows(
                    IllegalArgumentException.class, () -> loop.addSignalHandler(bad, () -> {})),
                "cannot handle " + bad);
          }
        });
  }

  @EngineTest
  @Conforms({"I-081"})
  void closingALoopTakesItsHandlersBack() throws Exception {
    AsyncBody<EventLoop> adding =
        co -> {
          EventLoop.current().addSignalHandler("WINCH", () -> log.add("late"));
          return EventLoop.current();
        };
    EventLoop closed = EventLoop.run(Async.of(adding));
    assertThrows(IllegalStateException.class, () -> closed.addSignalHandler("WINCH", () -> {}));
    assertFalse(closed.removeSignalHandler("WINCH"));
    runInRealTime(
        co -> co.await(Command.of("kill", "-WINCH", "" + ProcessHandle.current().pid()).run()));
    assertTrue(log.isEmpty());
  }
}
