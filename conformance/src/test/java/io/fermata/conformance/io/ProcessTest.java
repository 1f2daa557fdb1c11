package io.fermata.conformance.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Async;
import io.fermata.async.Cancelled;
import io.fermata.async.Task;
import io.fermata.conformance.Conforms;
import io.fermata.conformance.EngineTest;
import io.fermata.io.AsyncProcess;
import io.fermata.io.Command;
import io.fermata.io.CompletedProcess;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.io.TempDir;

/** Starting processes, their surroundings, their streams. */
class ProcessTest extends IoTest {
  @TempDir Path dir;

  private static Command piped(String line) {
    return Command.shell(line).stdin(Redirect.PIPE).stdout(Redirect.PIPE).stderr(Redirect.PIPE);
  }

  @EngineTest
  @Conforms({"I-061"})
  void aProgramGetsItsArgumentsAsTheyAreAndAShellItsLine() throws Exception {
    runInRealTime(
        co -> {
          CompletedProcess direct = co.await(Command.of("printf", "%s|", "a b", "$HOME").output());
          assertEquals("a b|$HOME|", direct.out());
          assertEquals(List.of("printf", "%s|", "a b", "$HOME"), direct.command());
          assertEquals("3\n", co.await(Command.shell("echo $((1 + 2))").output()).out());
        });
  }

  @EngineTest
  @Conforms({"I-061"})
  void onlyWhatWasAskedForIsAPipe() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess process =
              co.await(
                  Command.shell("read x; echo \"got $x\"")
                      .stdin(Redirect.DISCARD)
                      .stdout(Redirect.PIPE)
                      .start());
          assertSays(
              assertThrows(IllegalStateException.class, process::stdin),
              "start it with Command.stdin(Redirect.PIPE)");
          assertThrows(IllegalStateException.class, process::stderr);
          assertEquals("got ", co.await(process.stdout().readLine()));
          co.await(process.waitFor());
        });
  }

  @EngineTest
  @Conforms({"I-062"})
  void communicateFeedsAndReadsEverythingAtTheSameTime() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess process = co.await(piped("tee /dev/stderr; exit 3").start());
          byte[] input = "0123456789\n".repeat(50_000).getBytes();
          CompletedProcess done = co.await(process.communicate(input));
          assertEquals(3, done.exitCode());
          assertEquals(new String(input), done.out());
          assertEquals(new String(input), done.err());
        });
  }

  @EngineTest
  @Conforms({"I-062"})
  void communicateWithoutInputClosesStdinAndGivesNothingForWhatIsNoPipe() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess process =
              co.await(Command.of("cat").stdin(Redirect.PIPE).stdout(Redirect.DISCARD).start());
          CompletedProcess done = co.await(process.communicate());
          assertEquals(0, done.exitCode());
          assertEquals("", done.out());
          AsyncProcess closed = co.await(Command.of("true").start());
          assertThrows(IllegalStateException.class, () -> closed.communicate("input"));
          co.await(closed.waitFor());
        });
  }

  @EngineTest
  @Conforms({"I-063"})
  void communicateIgnoresThatTheProcessReadsNotAllOfItsInput() throws Exception {
    runInRealTime(
        co -> {
          CompletedProcess done =
              co.await(Command.of("head", "-c", "5").output(new byte[1_000_000]));
          assertEquals(0, done.exitCode());
          assertEquals(5, done.stdout().length);
        });
  }

  @EngineTest
  @Conforms({"I-064"})
  void writingToAProcessThatHasEndedFails() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess process = co.await(Command.of("true").stdin(Redirect.PIPE).start());
          co.await(process.waitFor());
          IOException broken =
              assertThrows(
                  IOException.class,
                  () -> {
                    co.await(process.stdin().write(new byte[100_000]));
                    co.await(process.stdin().flush());
                  });
          assertSays(broken, "cannot write to the standard input of process " + process.pid());
        });
  }

  @EngineTest
  @Conforms({"I-069"})
  void outputCanBeReadAfterTheEnd() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess process = co.await(piped("echo out; echo err >&2").start());
          assertEquals(0, co.await(process.waitFor()));
          assertEquals("out\n", text(co.await(process.stdout().readAll())));
          assertEquals("err\n", text(co.await(process.stderr().readAll())));
        });
  }

  @EngineTest
  @Conforms({"I-070"})
  void stderrCanBeMergedAndAnyStreamCanBeTheNullDevice() throws Exception {
    runInRealTime(
        co -> {
          CompletedProcess merged =
              co.await(Command.shell("echo a; echo b >&2; echo c").mergeStderr().output());
          assertEquals("a\nb\nc\n", merged.out());
          assertEquals("", merged.err());
          CompletedProcess silent =
              co.await(Command.shell("echo a; echo b >&2").stderr(Redirect.DISCARD).output());
          assertEquals("a\n", silent.out());
          assertEquals("", silent.err());
          assertEquals(1, co.await(Command.shell("read x").stdin(Redirect.DISCARD).run()));
        });
  }

  @EngineTest
  @Conforms({"I-070"})
  void streamsCanBeFiles() throws Exception {
    Path in = Files.writeString(dir.resolve("in"), "b\na\n");
    Path out = dir.resolve("out");
    runInRealTime(
        co -> {
          Command sort = Command.of("sort").stdin(Redirect.from(in.toFile()));
          assertEquals(0, co.await(sort.stdout(Redirect.to(out.toFile())).run()));
          assertEquals("a\nb\n", Files.readString(out));
          assertThrows(IllegalArgumentException.class, () -> sort.stdin(Redirect.to(out.toFile())));
          assertThrows(
              IllegalArgumentException.class, () -> sort.stdout(Redirect.from(in.toFile())));
        });
  }

  @EngineTest
  @Conforms({"I-071"})
  void theEnvironmentAndTheDirectoryAreThoseOfTheCommand() throws Exception {
    runInRealTime(
        co -> {
          Command show = Command.shell("pwd; echo $FERMATA_A $FERMATA_B").directory(dir);
          assertEquals(
              dir.toRealPath() + "\n1 2\n",
              co.await(show.variable("FERMATA_A", "1").variable("FERMATA_B", "2").output()).out());
          assertEquals(
              dir.toRealPath() + "\n1\n",
              co.await(
                      show.environment(Map.of("FERMATA_A", "1", "FERMATA_B", "2"))
                          .variable("FERMATA_B", null)
                          .output())
                  .out());
          assertEquals(
              "A=1\n", co.await(Command.of("env").environment(Map.of("A", "1")).output()).out());
        });
  }

  @EngineTest
  @Conforms({"I-072"})
  void aCommandWithoutAProgramIsRefused() {
    assertThrows(IllegalArgumentException.class, Command::of);
    assertThrows(IllegalArgumentException.class, () -> Command.of(List.of()));
    assertThrows(NullPointerException.class, () -> Command.of("ls", null));
    assertThrows(IllegalArgumentException.class, () -> Command.of("ls").limit(0));
  }

  @EngineTest
  @Conforms({"I-073"})
  void aProgramThatCannotBeStartedFailsAndLeavesNothingOpen() throws Exception {
    runInRealTime(
        co -> {
          Descriptors before = Descriptors.now();
          for (int i = 0; i < 20; i++) {
            IOException missing =
                assertThrows(
                    IOException.class, () -> co.await(Command.of("/no/such/program").output()));
            assertSays(missing, "/no/such/program");
          }
          before.assertNoMoreNow();
        });
  }

  @EngineTest
  @Conforms({"I-076"})
  void aProcessWhoseOutputIsNotReadWaitsAndGoesOn() throws Exception {
    runInRealTime(
        co -> {
          Command large = Command.shell("head -c 1000000 /dev/zero; echo written >&2");
          AsyncProcess process =
              co.await(large.stdout(Redirect.PIPE).stderr(Redirect.PIPE).limit(1000).start());
          Task<String> written = Task.start(process.stderr().readLine());
          co.await(process.stdout().more());
          assertThrows(
              TimeoutException.class,
              () -> co.await(Async.waitFor(Async.shield(written), Duration.ofMillis(100))));
          assertTrue(process.stdout().available() <= 2000 + 8192, process.stdout().toString());
          assertEquals(1_000_000, co.await(process.stdout().readAll()).length);
          assertEquals("written", co.await(written));
          assertEquals(0, co.await(process.waitFor()));
        });
  }

  @EngineTest
  void hundredsInARowLeaveNoThreadsAndNothingOpen() throws Exception {
    runInRealTime(
        co -> {
          Descriptors before = Descriptors.now();
          int threads = 0;
          for (int i = 0; i < 200; i++) {
            CompletedProcess done = co.await(Command.of("echo", "" + i).output());
            assertEquals(i + "\n", done.out());
            threads = Math.max(threads, pipeThreads());
          }
          before.assertNoMoreNow();
          assertTrue(threads <= 16, threads + " threads");
        });
  }

  private static int pipeThreads() {
    return (int)
        Thread.getAllStackTraces().keySet().stream()
            .filter(it -> it.getName().equals("fermata pipe"))
            .count();
  }

  @EngineTest
  void manyAtTheSameTimeDoNotWaitForEachOther() throws Exception {
    runInRealTime(
        co -> {
          var all =
              co.await(
                  Async.gather(
                      java.util.stream.IntStream.range(0, 20)
                          .mapToObj(i -> Command.of("echo", "" + i).output())
                          .toList()));
          for (int i = 0; i < 20; i++) {
            assertEquals(i + "\n", all.get(i).out());
          }
        });
  }

  @EngineTest
  void checkSaysWhatWentWrong() throws Exception {
    runInRealTime(
        co -> {
          CompletedProcess failed =
              co.await(Command.shell("echo no such thing >&2; exit 4").output());
          assertSays(
              assertThrows(IOException.class, failed::check),
              "ended with exit code 4: no such thing");
          assertEquals("ok\n", co.await(Command.of("echo", "ok").output()).check().out());
        });
  }

  @EngineTest
  void aCommandIsStartedAfreshEachTime() throws Exception {
    runInRealTime(
        co -> {
          Command command = Command.shell("echo $$");
          assertFalse(co.await(command.output()).out().equals(co.await(command.output()).out()));
        });
  }

  @EngineTest
  void runGivesTheExitCodeAndDropsWhatWouldBeAPipe() throws Exception {
    runInRealTime(
        co -> assertEquals(7, co.await(piped("cat; yes | head -c 1000000; exit 7").run())));
  }

  @EngineTest
  void anInterruptedOutputEndsItsProcessFirst() throws Exception {
    runInRealTime(
        co -> {
          Path file = dir.resolve("cleaned");
          Task<CompletedProcess> running =
              Task.eager()
                  .start(
                      Command.shell(
                              "trap 'echo yes > cleaned; exit' TERM; echo $$ > pid;"
                                  + " while true; do sleep 0.05; done")
                          .directory(dir)
                          .output());
          while (!Files.exists(dir.resolve("pid")) || Files.size(dir.resolve("pid")) == 0) {
            co.await(Async.sleep(Duration.ofMillis(10)));
          }
          long pid = Long.parseLong(Files.readString(dir.resolve("pid")).strip());
          running.cancel("enough");
          assertThrows(Cancelled.class, () -> co.await(running));
          assertTrue(Files.exists(file));
          assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
          Files.delete(dir.resolve("pid"));
          Files.delete(file);
        });
  }

  @EngineTest
  @Conforms({"I-067"})
  void theExitCodeIsThereWhenTheLoopHasSeenTheEnd() throws Exception {
    runInRealTime(
        co -> {
          AsyncProcess process = co.await(piped("read x; exit 5").start());
          assertEquals(OptionalInt.empty(), process.exitCode());
          co.await(process.stdin().write("go\n"));
          assertEquals(5, co.await(process.waitFor()));
          assertEquals(OptionalInt.of(5), process.exitCode());
        });
  }
}
