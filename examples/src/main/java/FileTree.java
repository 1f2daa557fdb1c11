import io.fermata.async.Async;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.TaskGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A walk over a tree of files: each directory is a task, and at most four are listed at a time.
 * Listing blocks, so it happens on another thread; all the rest happens on that of the loop, and
 * what the tasks share needs no lock.
 */
@SuppressWarnings("try") // that a permit is only closed is what it is for
public class FileTree {
  private final AsyncSemaphore listings = AsyncSemaphore.of(4);
  private final SortedMap<Path, Long> sizes = new TreeMap<>();

  public static void main(String[] args) throws Exception {
    Path root = args.length > 0 ? Path.of(args[0]) : sample();
    if (!Files.isDirectory(root)) {
      System.err.println("not a directory: " + root + "; usage: FileTree [DIRECTORY]");
      System.exit(2);
    }
    SortedMap<Path, Long> sizes = EventLoop.run(new FileTree().walk(root));
    sizes.forEach((path, size) -> System.out.println(size + " bytes in " + name(root, path)));
  }

  Async<SortedMap<Path, Long>> walk(Path root) {
    return Async.of(
        co -> {
          co.await(TaskGroup.action((in, tg) -> tg.start(visit(root, tg))));
          return sizes; // complete: the group is left when every directory was visited
        });
  }

  Async<Void> visit(Path directory, TaskGroup tg) {
    return Async.action(
        co -> {
          List<Path> entries;
          try (Permit one = co.await(listings.acquire())) {
            entries = co.await(Async.toThread(() -> list(directory)));
          }
          long size = 0;
          for (Path entry : entries) {
            if (Files.isDirectory(entry)) {
              tg.start(visit(entry, tg));
            } else {
              size += Files.size(entry);
            }
          }
          sizes.put(directory, size);
        });
  }

  static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  static String name(Path root, Path path) {
    return path.equals(root) ? "." : root.relativize(path).toString();
  }

  /** A small tree, which is deleted at the end. */
  static Path sample() throws IOException {
    Path root = Files.createTempDirectory("tree");
    root.toFile().deleteOnExit();
    for (String name : List.of("docs", "docs/api", "src", "src/main", "src/test", "target")) {
      Path directory = Files.createDirectory(root.resolve(name));
      directory.toFile().deleteOnExit();
      for (int i = 1; i <= name.length(); i++) {
        Path file = Files.writeString(directory.resolve(i + ".txt"), "x".repeat(i * i));
        file.toFile().deleteOnExit();
      }
    }
    return root;
  }
}
