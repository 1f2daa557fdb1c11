import io.fermata.async.Async;
import io.fermata.async.AsyncSemaphore;
import io.fermata.async.EventLoop;
import io.fermata.async.Permit;
import io.fermata.async.Task;
import io.fermata.async.TaskGroup;
import io.fermata.io.AsyncFiles;
import io.fermata.io.Command;
import io.fermata.io.CompletedProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small build tool: runs commands in parallel, each after those that it needs, at most two. */
@SuppressWarnings("try") // that a permit is only closed is what it is for
public class BuildTool {
  record Step(String target, String command, String... needs) {}

  static final List<Step> STEPS =
      List.of(
          new Step("util.o", "sort util.txt > util.o"),
          new Step("main.o", "sort main.txt > main.o"),
          new Step("manual", "cat util.txt main.txt > manual"),
          new Step("lib.a", "cat util.o > lib.a", "util.o"),
          new Step("app", "cat lib.a main.o > app", "lib.a", "main.o"),
          new Step("test", "grep -c e app", "app"));

  private final Path directory;
  private final AsyncSemaphore slots;
  private final List<String> running = new ArrayList<>();
  private int started;

  BuildTool(Path directory, int parallel) {
    this.directory = directory;
    this.slots = AsyncSemaphore.of(parallel);
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("build");
    EventLoop.run(
        Async.action(
            co -> {
              co.await(AsyncFiles.writeString(directory.resolve("util.txt"), "seven\nten\n"));
              co.await(AsyncFiles.writeString(directory.resolve("main.txt"), "two\none\n"));
              co.await(new BuildTool(directory, 2).build());
              System.out.print(co.await(AsyncFiles.readString(directory.resolve("app"))));
            }));
  }

  Async<Void> build() {
    return TaskGroup.action(
        (co, tg) -> {
          Map<String, Task<Void>> tasks = new HashMap<>();
          for (Step step : STEPS) {
            List<Task<Void>> needs = new ArrayList<>();
            for (String need : step.needs()) {
              needs.add(tasks.get(need));
            }
            tasks.put(step.target(), tg.start(make(step, needs)));
          }
          if (System.console() != null) {
            Task<Void> line = tg.start(statusLine());
            co.await(Async.gather(tasks.values()));
            line.cancel("the build is done");
          }
        });
  }

  Async<Void> make(Step step, List<Task<Void>> needs) {
    return Async.action(
        co -> {
          for (Task<Void> need : needs) {
            co.await(need);
          }
          try (Permit slot = co.await(slots.acquire())) {
            started++;
            System.out.println("[" + started + "/" + STEPS.size() + "] " + step.target());
            running.add(step.target());
            Command command = Command.shell(step.command()).directory(directory);
            CompletedProcess done = co.await(command.output());
            running.remove(step.target());
            System.out.print(done.check().out());
          }
        });
  }

  /** What runs, in the last line of a terminal. */
  Async<Void> statusLine() {
    return Async.action(
        co -> {
          for (int tenths = 0; ; tenths++) {
            System.out.print(
                "\r\033[K" + tenths / 10.0 + " s: " + String.join(", ", running) + "\r");
            co.await(Async.sleep(Duration.ofMillis(100)));
          }
        });
  }
}
