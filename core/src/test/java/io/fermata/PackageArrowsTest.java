package io.fermata;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.EvaluationResult;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SliceRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The arrows between packages: they form no cycle, except through doors.
 *
 * <p>The API has two parts. Its words are what the machine speaks of: interfaces, bodies, records,
 * exceptions. Its tools (locks, queues, groups) stand on top of the machine, and no class of the
 * machine mentions them.
 */
class PackageArrowsTest {
  private static final String API = "io.fermata";
  private static final String ASYNC = "io.fermata.async";

  /** Public classes that are written on the machine, and their companions. */
  private static final Set<String> TOOLS =
      Set.of(
          "AsyncBarrier",
          "AsyncBroadcast",
          "AsyncCondition",
          "AsyncEvent",
          "AsyncLock",
          "AsyncQueue",
          "AsyncRateLimiter",
          "AsyncReadWriteLock",
          "AsyncSemaphore",
          "AsyncState",
          "AsyncSubscriber",
          "AsyncThreads",
          "FairLock",
          "TaskGroup",
          "Timeout");

  /** Classes whose arrows may lead against the order, each with the reason. */
  private static final Map<String, String> DOORS =
      new TreeMap<>(
          Map.of(
              "io.fermata.Engines",
              "factories of Generator and Coroutine need an engine",
              "io.fermata.async.Awaits",
              "factories of Async need frames and waits",
              "io.fermata.async.AsyncGenerators",
              "factories of AsyncGenerator need frames and publishers",
              "io.fermata.async.Tasks",
              "factories of Task and Promise need the loop",
              "io.fermata.async.EventLoop",
              "the loop that users see holds the machine, and tasks tell it as theirs",
              "io.fermata.async.Context",
              "the context that users see holds the values that tasks carry",
              "io.fermata.async.ContextVar",
              "a variable is read from the values that tasks carry",
              "io.fermata.async.Token",
              "a token remembers the values that it came from",
              "io.fermata.async.Cancelled",
              "its origin is for the machine only, so it hands over the key"));

  private static final int MOST_FILES = 60;

  /** The vocabulary of users: its names are not ours to merge. */
  private static final int MOST_FILES_OF_THE_API = 70;

  private static final int MOST_LINES = 600;

  private static final JavaClasses MAIN =
      new ClassFileImporter().importPath(Path.of("target", "classes"));

  private static String outer(JavaClass type) {
    return type.getName().replaceFirst("\\$.*", "");
  }

  private static boolean isTool(JavaClass type) {
    return type.getPackageName().equals(ASYNC)
        && TOOLS.contains(outer(type).substring(ASYNC.length() + 1));
  }

  private static SliceRule noCycles() {
    return SlicesRuleDefinition.slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return type.getPackageName().startsWith(API)
                    ? SliceIdentifier.of(type.getPackageName() + (isTool(type) ? " (tools)" : ""))
                    : SliceIdentifier.ignore();
              }

              @Override
              public String getDescription() {
                return "packages, and the tools of " + ASYNC;
              }
            })
        .should()
        .beFreeOfCycles();
  }

  private static SliceRule noCycles(Set<String> doors) {
    return noCycles()
        .ignoreDependency(
            describe("doors", (JavaClass type) -> doors.contains(outer(type))), alwaysTrue());
  }

  @Test
  void packagesFormNoCycleExceptThroughDoors() {
    noCycles(DOORS.keySet()).check(MAIN);
  }

  @Test
  void withoutOneDoorThereIsACycle() {
    Set<String> needless = new TreeSet<>();
    for (String door : DOORS.keySet()) {
      Set<String> others = new HashSet<>(DOORS.keySet());
      others.remove(door);
      EvaluationResult result = noCycles(others).evaluate(MAIN);
      if (!result.hasViolation()) {
        needless.add(door);
      }
    }
    assertEquals(Set.of(), needless, "doors that no cycle needs");
  }

  @Test
  void theMachineMentionsNoTool() {
    Set<String> mentions = new TreeSet<>();
    for (JavaClass type : MAIN) {
      if (type.getPackageName().startsWith(API + ".internal")) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(arrow -> isTool(arrow.getTargetClass()))
            .forEach(arrow -> mentions.add(arrow.getDescription()));
      }
    }
    assertEquals(Set.of(), mentions);
  }

  @Test
  void doorsAndToolsExist() {
    DOORS.keySet().forEach(door -> assertTrue(MAIN.contain(door), door));
    TOOLS.forEach(tool -> assertTrue(MAIN.contain(ASYNC + "." + tool), tool));
  }

  @Test
  void foldersAndFilesStaySmall() throws IOException {
    Map<Path, Integer> folders = new TreeMap<>();
    Set<String> tooLong = new TreeSet<>();
    for (String module : List.of("core", "net", "testing", "context")) {
      Path sources = Path.of("..", module, "src", "main", "java");
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          folders.merge(file.getParent(), 1, Integer::sum);
          int lines = lines(file);
          if (lines > MOST_LINES) {
            tooLong.add(file + " has " + lines + " lines");
          }
        }
      }
    }
    folders.entrySet().removeIf(each -> each.getValue() <= mostFiles(each.getKey()));
    assertEquals(Map.of(), folders, "folders with more than " + MOST_FILES + " files");
    assertEquals(Set.of(), tooLong);
  }

  private static boolean isApi(Path folder) {
    return folder.endsWith(Path.of("io", "fermata", "async"));
  }

  private static int mostFiles(Path folder) {
    return isApi(folder) ? MOST_FILES_OF_THE_API : MOST_FILES;
  }

  /** Of the API only the code counts: its factories are one method each, and much Javadoc. */
  private static int lines(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    return isApi(file.getParent())
        ? (int) lines.stream().filter(line -> !line.strip().matches("(/\\*\\*|\\*).*")).count()
        : lines.size();
  }
}
