import io.fermata.async.Async;
import io.fermata.async.AsyncGenerator;
import io.fermata.async.EventLoop;
import io.fermata.async.TaskGroup;
import io.fermata.io.FileWatcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A log follower, as {@code tail -F}: prints the lines of a file as they are written, also if it is
 * moved away and begun anew. With a file as its argument until it is interrupted; without one, of a
 * log that it writes itself.
 */
public class LogFollower {
  private final Path file;
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
  private FileChannel open;
  private Object key;

  LogFollower(Path file) {
    this.file = file;
  }

  public static void main(String[] args) throws Exception {
    if (args.length > 0) {
      EventLoop.run(print(Path.of(args[0]).toAbsolutePath()));
    } else {
      Path log = Files.createTempDirectory("log").resolve("app.log");
      EventLoop.run(
          TaskGroup.action(
              (co, tg) -> {
                tg.start(write(log));
                co.await(print(log));
              }));
    }
  }

  static Async<Void> print(Path log) {
    return Async.action(
        co -> {
          AsyncGenerator<String> lines = new LogFollower(log).lines();
          try {
            while (co.await(lines.advance())) {
              System.out.println(lines.current());
              if (lines.current().equals("end")) {
                break;
              }
            }
          } finally {
            co.await(lines.aclose());
          }
        });
  }

  AsyncGenerator<String> lines() {
    return AsyncGenerator.of(
        co -> {
          FileWatcher watcher = co.await(FileWatcher.open(file.getParent()));
          try {
            while (true) {
              for (String line : co.await(Async.toThread(this::newLines))) {
                co.yield(line);
              }
              co.await(watcher.next());
            }
          } finally {
            if (open != null) {
              open.close();
            }
            co.await(watcher.aclose());
          }
        });
  }

  /** The rest of the file that is open, and if another one is in its place, that one. */
  List<String> newLines() throws IOException {
    List<String> lines = new ArrayList<>();
    readRest(lines);
    try {
      Object now = Files.readAttributes(file, "fileKey").get("fileKey");
      if (open == null || !now.equals(key)) {
        readRest(lines);
        if (open != null) {
          open.close();
        }
        open = FileChannel.open(file, StandardOpenOption.READ);
        key = now;
        readRest(lines);
      }
    } catch (NoSuchFileException notYet) {
      // it will come
    }
    return lines;
  }

  private void readRest(List<String> lines) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(8192);
    while (open != null && open.read(buffer) > 0) {
      for (buffer.flip(); buffer.hasRemaining(); ) {
        byte next = buffer.get();
        if (next == '\n') {
          lines.add(partial.toString(StandardCharsets.UTF_8));
          partial.reset();
        } else {
          partial.write(next);
        }
      }
      buffer.clear();
    }
  }

  /** A program that logs. */
  static Async<Void> write(Path log) {
    return Async.action(
        co -> {
          for (int i = 1; i <= 5; i++) {
            append(log, "line " + i + "\n");
            co.await(Async.sleep(Duration.ofMillis(5)));
          }
          append(log, "half a line, ");
          co.await(Async.sleep(Duration.ofMillis(5)));
          append(log, "and the other half\n");
          Files.move(log, log.resolveSibling("app.log.1"));
          append(log, "in a new file\n");
          append(log, "end\n");
        });
  }

  private static void append(Path log, String text) throws IOException {
    Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
