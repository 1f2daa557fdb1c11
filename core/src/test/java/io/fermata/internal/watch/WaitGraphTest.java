package io.fermata.internal.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.internal.loop.Group;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.Scripted;
import io.fermata.internal.loop.SteppedLoop;
import io.fermata.internal.waiting.ChildrenWait;
import io.fermata.internal.waiting.Pause;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitGraphTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final List<LoopTask<?>> tasks = new ArrayList<>();

  /** Joint waits, which a test ends itself: they may be in a circle. */
  private final List<ChildrenWait> joint = new ArrayList<>();

  @AfterEach
  void close() {
    joint.forEach(ChildrenWait::wake);
    stepped.close();
  }

  private ChildrenWait jointWait() {
    ChildrenWait wait = new ChildrenWait();
    joint.add(wait);
    return wait;
  }

  /** What a task awaits, as soon as all tasks are there. */
  private interface Awaited {
    Object get();
  }

  private void start(Awaited awaited) {
    tasks.add(stepped.start(Scripted.of(sent -> awaited.get(), sent -> sent)));
  }

  private WaitGraph graph() {
    stepped.round();
    return new WaitGraph(stepped.loop);
  }

  private static List<Integer> below(WaitGraph graph, int task) {
    List<Integer> below = new ArrayList<>();
    for (int edge = graph.firstBelow(task); edge < graph.endBelow(task); edge++) {
      below.add(graph.below(edge));
    }
    return below;
  }

  private ChildrenWait children(int... indices) {
    ChildrenWait wait = jointWait();
    for (int each : indices) {
      wait.add(tasks.get(each));
    }
    return wait;
  }

  // The tree

  @Test
  void aLoopWithoutTasksHasAnEmptyGraph() {
    WaitGraph graph = graph();
    assertEquals(0, graph.size());
    assertTrue(graph.roots().isEmpty());
    assertTrue(graph.stuck().isEmpty());
    assertTrue(graph.circles(graph.stuck()).isEmpty());
    assertTrue(graph.isComplete());
  }

  @Test
  void tasksAreInOrderOfTheirStart() {
    for (int i = 0; i < 5; i++) {
      start(stepped::promise);
    }
    WaitGraph graph = graph();
    assertEquals(5, graph.size());
    for (int i = 0; i < 5; i++) {
      assertSame(tasks.get(i), graph.task(i));
      assertEquals(i, graph.indexOf(tasks.get(i)));
    }
  }

  @Test
  void aTaskThatHasEndedHasNoPlace() {
    start(stepped::promise);
    LoopTask<?> ended = stepped.start(Scripted.of(sent -> "at once"));
    start(stepped::promise);
    WaitGraph graph = graph();
    assertTrue(ended.done());
    assertEquals(-1, graph.indexOf(ended));
    assertEquals(2, graph.size());
  }

  @Test
  void anAwaitedTaskIsBelow() {
    start(() -> tasks.get(1));
    start(stepped::promise);
    start(() -> tasks.get(1));
    WaitGraph graph = graph();
    assertEquals(List.of(1), below(graph, 0));
    assertEquals(List.of(), below(graph, 1));
    assertEquals(List.of(1), below(graph, 2));
    assertEquals(bits(0, 2), graph.roots());
  }

  @Test
  void allOfAJointWaitAreBelow() {
    start(() -> children(2, 1));
    start(stepped::promise);
    start(stepped::promise);
    WaitGraph graph = graph();
    assertEquals(List.of(2, 1), below(graph, 0));
    assertEquals(bits(0), graph.roots());
  }

  @Test
  void membersAreBelowTheTaskInWhoseGroupTheyAre() {
    Group group = new Group(false);
    LoopTask<?> host =
        stepped.start(
            Scripted.of(
                sent -> {
                  group.enter();
                  group.starting().start(stepped.<String>promise().toAsync());
                  return stepped.promise(); // not for its members
                },
                sent -> sent));
    WaitGraph graph = graph();
    assertEquals(2, graph.size());
    assertEquals(0, graph.indexOf(host));
    assertEquals(List.of(1), below(graph, 0));
    assertEquals(List.of(), below(graph, 1));
  }

  // What is ready

  @Test
  void aReadyTaskWaitsForNothing() {
    start(() -> new Pause<>("paused"));
    start(stepped::promise);
    WaitGraph graph = graph();
    assertTrue(graph.isReady(0));
    assertNull(graph.waitsFor(0));
    assertFalse(graph.isReady(1));
    assertSame(tasks.get(1).waitsFor(), graph.waitsFor(1));
    assertEquals(1, graph.readyCount());
  }

  // Deadlocks

  @Test
  void twoTasksThatAwaitEachOtherAreACircle() {
    start(() -> tasks.get(1));
    start(() -> tasks.get(0));
    start(() -> tasks.get(0));
    start(stepped::promise);
    WaitGraph graph = graph();
    assertEquals(bits(0, 1, 2), graph.stuck());
    assertCircles(graph, Set.of("[0, 1]"));
  }

  @Test
  void anOwnerThatWaitsForItselfIsACircle() {
    start(() -> new OwnedDoor(() -> tasks.get(0)));
    WaitGraph graph = graph();
    assertEquals(bits(0), graph.stuck());
    assertCircles(graph, Set.of("[0]"));
  }

  @Test
  void whoeverWaitsForNoTaskIsNotStuck() {
    start(() -> new OwnedDoor(() -> null));
    start(() -> tasks.get(0));
    WaitGraph graph = graph();
    assertTrue(graph.stuck().isEmpty());
  }

  @Test
  void anOwnerThatHasEndedBlocksNobody() {
    LoopTask<?> ended = stepped.start(Scripted.of(sent -> "at once"));
    start(() -> new OwnedDoor(() -> ended));
    assertTrue(graph().stuck().isEmpty());
  }

  @Test
  void aJointWaitIsStuckIfAllAre() {
    start(() -> children(1, 2));
    start(() -> tasks.get(2));
    start(() -> tasks.get(1));
    WaitGraph graph = graph();
    assertEquals(bits(0, 1, 2), graph.stuck());
    assertCircles(graph, Set.of("[1, 2]"));
  }

  @Test
  void aJointWaitWithALimitIsNotStuck() {
    start(
        () -> {
          ChildrenWait wait = children(1);
          wait.hasLimit = true;
          return wait;
        });
    start(() -> tasks.get(0));
    assertTrue(graph().stuck().isEmpty());
  }

  @Test
  void aJointWaitForAPromiseIsNotStuck() {
    start(
        () -> {
          ChildrenWait wait = children(1);
          wait.add(stepped.promise());
          return wait;
        });
    start(() -> tasks.get(0));
    assertTrue(graph().stuck().isEmpty());
  }

  @Test
  void aLongChainIsACircle() {
    int length = 5000;
    for (int i = 0; i < length; i++) {
      int next = (i + 1) % length;
      start(() -> tasks.get(next));
    }
    WaitGraph graph = graph();
    assertEquals(length, graph.stuck().cardinality());
    List<int[]> circles = graph.circles(graph.stuck());
    assertEquals(1, circles.size());
    assertEquals(length, circles.get(0).length);
  }

  @Test
  void thereMayBeManyEdges() {
    int half = 30; // 900 edges, more than an array holds at first
    for (int i = 0; i < half; i++) {
      int self = i;
      start(() -> new OwnedDoor(() -> tasks.get(self)));
    }
    for (int i = 0; i < half; i++) {
      start(() -> children(IntStream.range(0, half).toArray()));
    }
    WaitGraph graph = graph();
    for (int i = 0; i < half; i++) {
      assertEquals(half, below(graph, half + i).size());
    }
    assertEquals(2 * half, graph.stuck().cardinality());
    assertEquals(half, graph.circles(graph.stuck()).size());
  }

  /** Random graphs of up to eight tasks, against the definitions, computed naively. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void stuckIsTheLargestFixpoint(int tens) {
    for (int seed = tens * 10; seed < tens * 10 + 10; seed++) {
      try (Model model = new Model(seed)) {
        model.check();
      }
    }
  }

  private final class Model implements AutoCloseable {
    private final String seed;
    private final Random random;
    private final SteppedLoop own;
    private final List<LoopTask<?>> ownTasks = new ArrayList<>();

    /** For whom each task waits, if for tasks only; null if it does not. */
    private final List<Set<Integer>> blockers = new ArrayList<>();

    Model(int seed) {
      this.seed = "seed " + seed;
      random = new Random(seed);
      if (Loop.running() == stepped.loop) {
        stepped.leave();
      }
      own = new SteppedLoop();
      int size = 2 + random.nextInt(7);
      for (int i = 0; i < size; i++) {
        Awaited awaited = awaited(i, size);
        ownTasks.add(own.start(Scripted.of(sent -> awaited.get(), sent -> sent)));
      }
    }

    private Awaited awaited(int self, int size) {
      int other = random.nextInt(size);
      int next = other == self ? (self + 1) % size : other; // await of itself is refused
      switch (random.nextInt(10)) {
        case 0 -> {
          blockers.add(null);
          return own::promise;
        }
        case 1 -> {
          blockers.add(null);
          return () -> new Pause<>("paused");
        }
        case 2, 3 -> {
          blockers.add(Set.of(other));
          return () -> new OwnedDoor(() -> ownTasks.get(other));
        }
        case 4, 5, 6 -> {
          Set<Integer> several = new TreeSet<>(Set.of(next));
          for (int i = random.nextInt(3); i > 0; i--) {
            several.add(random.nextInt(size));
          }
          boolean hasLimit = random.nextInt(8) == 0;
          blockers.add(hasLimit ? null : several);
          return () -> {
            ChildrenWait wait = jointWait();
            wait.hasLimit = hasLimit;
            several.forEach(each -> wait.add(ownTasks.get(each)));
            return wait;
          };
        }
        default -> {
          blockers.add(Set.of(next));
          return () -> ownTasks.get(next);
        }
      }
    }

    void check() {
      own.round();
      WaitGraph graph = new WaitGraph(own.loop);
      Set<Integer> stuck = new TreeSet<>();
      for (int i = 0; i < blockers.size(); i++) {
        if (blockers.get(i) != null) {
          stuck.add(i);
        }
      }
      while (stuck.removeIf(each -> !stuck.containsAll(blockers.get(each)))) {
        // until nothing changes
      }
      BitSet found = graph.stuck();
      assertEquals(stuck, new TreeSet<>(found.stream().boxed().toList()), seed);
      Set<String> circles = new TreeSet<>();
      for (int each : stuck) {
        Set<Integer> circle = new TreeSet<>(reached(each));
        circle.removeIf(other -> !reached(other).contains(each));
        if (!circle.isEmpty()) {
          circles.add(circle.toString());
        }
      }
      assertCircles(graph, circles);
    }

    /** Where the edges lead from a task that is stuck. */
    private Set<Integer> reached(int from) {
      Set<Integer> reached = new TreeSet<>(blockers.get(from));
      while (true) {
        Set<Integer> more = new TreeSet<>(reached);
        reached.forEach(each -> more.addAll(blockers.get(each)));
        if (!reached.addAll(more)) {
          return reached;
        }
      }
    }

    @Override
    public void close() {
      joint.forEach(ChildrenWait::wake);
      joint.clear();
      own.settle();
      own.close();
    }
  }

  private static void assertCircles(WaitGraph graph, Set<String> expected) {
    Set<String> found = new TreeSet<>();
    for (int[] each : graph.circles(graph.stuck())) {
      assertTrue(found.add(Arrays.toString(each)));
    }
    assertEquals(new TreeSet<>(expected), found);
  }

  private static BitSet bits(int... set) {
    BitSet bits = new BitSet();
    for (int each : set) {
      bits.set(each);
    }
    return bits;
  }
}
