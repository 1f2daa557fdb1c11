package io.fermata.conformance.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.fermata.async.AsyncGenerator;
import io.fermata.async.Cancelled;
import io.fermata.async.EventLoop;
import io.fermata.async.Task;
import io.fermata.conformance.EngineTest;
import io.fermata.io.AsyncFiles;
import io.fermata.io.AsyncReader;
import io.fermata.io.AsyncWriter;
import io.fermata.io.FileChange;
import io.fermata.io.FileWatcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;

/** Files: reading, writing, lines, and waiting for changes. */
class FilesTest extends IoTest {
  @TempDir Path dir;

  @EngineTest
  void whatIsWrittenIsRead() throws Exception {
    Path file = dir.resolve("file");
    runInRealTime(
        co -> {
          EventLoop.current().callSoon(() -> log.add("the loop went on"));
          assertEquals(file, co.await(AsyncFiles.writeString(file, "one\n")));
          assertEquals(List.of("the loop went on"), log);
          co.await(AsyncFiles.write(file, bytes("two\n"), StandardOpenOption.APPEND));
          assertEquals("one\ntwo\n", co.await(AsyncFiles.readString(file)));
          assertEquals("one\ntwo\n", text(co.await(AsyncFiles.readAllBytes(file))));
        });
    log.clear();
  }

  @EngineTest
  void aFileThatIsNotThereFailsAsItDoesElsewhere() throws Exception {
    Path none = dir.resolve("none");
    runInRealTime(
        co -> {
          assertThrows(NoSuchFileException.class, () -> co.await(AsyncFiles.readString(none)));
          assertThrows(NoSuchFileException.class, () -> co.await(AsyncFiles.reader(none)));
          assertThrows(NoSuchFileException.class, () -> co.await(AsyncFiles.lines(none).advance()));
        });
  }

  @EngineTest
  void linesOfALargeFileAreReadAsTheyAreTaken() throws Exception {
    Path file = dir.resolve("lines");
    Files.write(file, IntStream.range(0, 5_000).mapToObj(i -> "line " + i).toList());
    runInRealTime(
        co -> {
          List<String> lines = new ArrayList<>();
          co.await(AsyncFiles.lines(file).forEach((in, line) -> lines.add(line)));
          assertEquals(Files.readAllLines(file), lines);
        });
  }

  @EngineTest
  void linesThatAreClosedEarlyCloseTheFile() throws Exception {
    Path file = dir.resolve("lines");
    Files.write(file, IntStream.range(0, 5_000).mapToObj(i -> "line " + i).toList());
    runInRealTime(
        co -> {
          Descriptors before = Descriptors.now();
          for (int i = 0; i < 30; i++) {
            AsyncGenerator<String> lines = AsyncFiles.lines(file);
            assertEquals("line 0", co.await(lines.anext()));
            co.await(lines.aclose());
          }
          before.assertNoMoreNow();
        });
  }

  @EngineTest
  void aFileIsWrittenAndReadAsAStream() throws Exception {
    Path file = dir.resolve("stream");
    runInRealTime(
        co -> {
          AsyncWriter out = co.await(AsyncFiles.writer(file));
          for (int i = 0; i < 1000; i++) {
            co.await(out.write("0123456789".repeat(20)));
          }
          co.await(out.aclose());
          assertEquals(200_000, Files.size(file));
          AsyncReader in = co.await(AsyncFiles.reader(file));
          assertEquals(200_000, co.await(in.readAll()).length);
        });
  }

  @EngineTest
  void aFileWhoseOpeningIsCancelledIsClosed() throws Exception {
    Path file = Files.writeString(dir.resolve("file"), "content");
    runInRealTime(
        co -> {
          Descriptors before = Descriptors.now();
          for (int i = 0; i < 30; i++) {
            Task<AsyncReader> opening = Task.eager().start(AsyncFiles.reader(file));
            opening.cancel("enough");
            assertThrows(Cancelled.class, () -> co.await(opening));
          }
          before.assertNoMoreNow();
        });
  }

  @EngineTest
  void aWatcherTellsWhatIsNewChangedAndGone() throws Exception {
    Path watched = Files.createTempDirectory(dir, "watched");
    Path file = watched.resolve("file");
    runInRealTime(
        co -> {
          FileWatcher watcher = co.await(FileWatcher.open(watched));
          AsyncGenerator<FileChange> changes = watcher.changes();
          Files.createFile(file);
          assertEquals(new FileChange(FileChange.Kind.CREATED, file), co.await(changes.anext()));
          Files.writeString(file, "content");
          assertEquals(new FileChange(FileChange.Kind.MODIFIED, file), co.await(changes.anext()));
          Files.delete(file);
          FileChange last;
          do {
            last = co.await(changes.anext());
          } while (last.kind() == FileChange.Kind.MODIFIED);
          assertEquals(new FileChange(FileChange.Kind.DELETED, file), last);
          co.await(watcher.aclose());
          assertSays(
              assertThrows(IOException.class, () -> co.await(watcher.next())),
              "the watcher was closed");
        });
  }

  @EngineTest
  void aCancelledWaitForChangesLosesNone() throws Exception {
    Path watched = Files.createTempDirectory(dir, "watched");
    runInRealTime(
        co -> {
          FileWatcher watcher = co.await(FileWatcher.open(watched));
          Task<List<FileChange>> waiting = Task.eager().start(watcher.next());
          assertThrows(IllegalStateException.class, () -> co.await(watcher.next()));
          waiting.cancel("enough");
          assertThrows(Cancelled.class, () -> co.await(waiting));
          Path file = Files.createFile(watched.resolve("file"));
          assertEquals(file, co.await(watcher.next()).get(0).path());
          co.await(watcher.aclose());
        });
  }

  @EngineTest
  void aWatcherWhoseDirectoryIsGoneSaysSo() throws Exception {
    Path watched = Files.createTempDirectory(dir, "watched");
    runInRealTime(
        co -> {
          FileWatcher watcher = co.await(FileWatcher.open(watched));
          Files.delete(watched);
          assertSays(
              assertThrows(IOException.class, () -> co.await(watcher.next())),
              "cannot watch " + watched + ": it is not there any more");
          assertThrows(IOException.class, () -> co.await(FileWatcher.open(watched)));
        });
  }

  @EngineTest
  void watchersThatAreClosedLeaveNothingOpen() throws Exception {
    runInRealTime(
        co -> {
          Descriptors before = Descriptors.now();
          for (int i = 0; i < 30; i++) {
            FileWatcher watcher = co.await(FileWatcher.open(dir));
            co.await(watcher.aclose());
          }
          before.assertNoMoreNow();
        });
  }
}
