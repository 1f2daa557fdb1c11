package io.fermata.conformance.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.io.AsyncProcess;
import io.fermata.io.Command;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.io.TempDir;

/** The end of processes: waiting for it, and bringing it about. */
class ProcessEndTest extends IoTest {
  private static final int KILLED = 128 + 9;
  private static final int TERMINATED = 128 + 15;

  @TempDir Path dir;

  private static Command sleeping() {
    return Command.of("sleep", "1000");
  }

  /** Does not mind being terminated, and says so before. */
  private static Command stubborn() {
    return Command.shell("trap '' TERM; echo ready; while true; do sleep 0.1; done")
        .stdout(Redirect.PIPE);
  }

  @EngineTest
  @Conforms({"I-065"})
  void theEndMayBeAwaitedByManyAndRepeatedly() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess process =
              co.await(Command.shell("read x; exit 6").stdin(Redirect.PIPE).start());
          Task<List<Integer>> waiting =
              Task.eager()
                  .start(Async.gather(process.waitFor(), process.waitFor(), process.waitFor()));
          process.stdin().close();
          assertEquals(List.of(6, 6, 6), co.await(waiting));
          assertEquals(6, co.await(process.waitFor()));
        });
  }

  @EngineTest
  @Conforms({"I-065"})
  void cancellingAWaitDoesNotAffectTheProcess() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess process =
              co.await(Command.shell("read x; exit 6").stdin(Redirect.PIPE).start());
          Task<Integer> waiting = Task.eager().start(process.waitFor());
          waiting.cancel("enough");
          assertThrows(Cancelled.class, () -> co.await(waiting));
          assertTrue(process.isAlive());
          process.stdin().close();
          assertEquals(6, co.await(process.waitFor()));
        });
  }

  @EngineTest
  @Conforms({"I-066"})
  void anEndByASignalGives128AndItsNumber() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess killed = co.await(sleeping().start());
          assertTrue(killed.kill());
          assertEquals(KILLED, co.await(killed.waitFor()));
          AsyncProcess terminated = co.await(sleeping().start());
          assertTrue(terminated.terminate());
          assertEquals(TERMINATED, co.await(terminated.waitFor()));
        });
  }

  @EngineTest
  @Conforms({"I-068"})
  void endingWhatHasEndedIsFalse() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess process = co.await(Command.of("true").start());
          assertEquals(0, co.await(process.waitFor()));
          assertFalse(process.isAlive());
          assertFalse(process.kill());
          assertFalse(process.terminate());
          assertEquals(0, co.await(process.terminate(Duration.ofSeconds(9))));
        });
  }

  @EngineTest
  void terminatingWithGraceWaitsAndThenKills() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess willing = co.await(sleeping().start());
          assertEquals(TERMINATED, co.await(willing.terminate(Duration.ofSeconds(50))));
          AsyncProcess unwilling = co.await(stubborn().start());
          assertEquals("ready", co.await(unwilling.stdout().readLine()));
          assertEquals(KILLED, co.await(unwilling.terminate(Duration.ofMillis(50))));
          AsyncProcess atOnce = co.await(stubborn().start());
          assertEquals(KILLED, co.await(atOnce.terminate(Duration.ZERO)));
        });
  }

  @EngineTest
  void terminatingThatIsCancelledKillsAtOnce() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess process = co.await(stubborn().start());
          assertEquals("ready", co.await(process.stdout().readLine()));
          assertThrows(
              TimeoutException.class,
              () ->
                  co.await(
                      Async.waitFor(
                          process.terminate(Duration.ofSeconds(50)), Duration.ofMillis(50))));
          assertEquals(KILLED, co.await(process.waitFor()));
        });
  }

  @EngineTest
  @Conforms({"I-074"})
  void closingKillsARunningProcessAndLeavesAnEndedOneAlone() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess running = co.await(sleeping().stdout(Redirect.PIPE).start());
          co.await(Async.usingAction(running, (in, it) -> assertTrue(it.isAlive())));
          assertEquals(KILLED, running.exitCode().orElseThrow());
          assertThrows(IOException.class, () -> co.await(running.stdout().read(1)));
          AsyncProcess ended = co.await(Command.shell("exit 2").start());
          co.await(ended.waitFor());
          co.await(ended.aclose());
          co.await(ended.aclose());
          assertEquals(2, ended.exitCode().orElseThrow());
        });
  }

  @EngineTest
  @Conforms({"I-075"})
  void aCancelledStartLeavesNoProcess() throws Exception {
    runInRealTime(
        co -> {
          Command command = Command.shell("exec sleep 1000.75");
          for (int i = 0; i < 20; i++) {
            Task<AsyncProcess> starting = Task.eager().start(command.start());
            LockSupport.parkNanos(i * 200_000L); // sometimes it was started already
            starting.cancel("enough");
            assertThrows(Cancelled.class, () -> co.await(starting));
          }
          co.await(noneLeft("1000.75"));
        });
  }

  /** Waits until no child of this JVM has an argument. */
  private static Async<Void> noneLeft(String argument) {
    return Async.action(
        co -> {
          while (ProcessHandle.current()
              .children()
              .anyMatch(
                  it -> it.isAlive() && it.info().commandLine().orElse("").contains(argument))) {
            co.await(Async.sleep(Duration.ofMillis(5)));
          }
        });
  }

  @EngineTest
  @Conforms({"I-077"})
  void aTimeLimitOnTheWaitLeavesItRunning() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess process = co.await(sleeping().start());
          assertThrows(
              TimeoutException.class,
              () -> co.await(Async.waitFor(process.waitFor(), Duration.ofMillis(20))));
          assertTrue(process.isAlive());
          process.kill();
          assertEquals(KILLED, co.await(process.waitFor()));
        });
  }

  @EngineTest
  @Conforms({"I-079"})
  void aKillAtTheMomentOfItsEndLosesNoExitCode() throws Exception {
    runInRealTime(
        co -> {
          for (int i = 0; i < 30; i++) {
            AsyncProcess process = co.await(Command.of("true").start());
            LockSupport.parkNanos(i * 50_000L);
            process.kill();
            int code = co.await(process.waitFor());
            assertTrue(Set.of(0, KILLED).contains(code), "exit code " + code);
          }
        });
  }

  @EngineTest
  void aLoopThatIsClosedLeavesItsProcessesAndTheirOutputAlone() throws Exception {
    Path done = dir.resolve("done");
    Files.deleteIfExists(done);
    AsyncProcess left;
    try (EventLoop loop = EventLoop.open()) {
      left =
          loop.runUntilComplete(
              Command.shell("sleep 0.2; echo done > done").directory(dir).start());
    }
    assertEquals(0, left.toHandle().onExit().thenApply(it -> 0).get());
    assertTrue(Files.exists(done));
  }
}
