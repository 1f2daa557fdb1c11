package io.fermata.internal.waiting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fermata.async.Deferred;
import io.fermata.internal.loop.Loop;
import io.fermata.internal.loop.LoopTask;
import io.fermata.internal.loop.SteppedLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitLineTest {
  private final SteppedLoop stepped = new SteppedLoop();
  private final WaitLine<Turn> line = new WaitLine<>("the owner");

  /** A wait for one's turn in the line. */
  private final class Turn extends QueuedParking<Integer> {
    final int number;

    Turn(int number) {
      this.number = number;
    }

    @Override
    protected boolean begin(Loop loop) {
      line.add(this, loop);
      return false;
    }

    @Override
    protected void abandon() {
      line.remove(this);
    }

    @Override
    protected boolean arrive() {
      give(number);
      return true;
    }
  }

  @AfterEach
  void close() {
    stepped.close();
  }

  private List<Integer> pollAll() {
    List<Integer> polled = new ArrayList<>();
    for (Turn first = line.poll(); first != null; first = line.poll()) {
      polled.add(first.number);
    }
    return polled;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void itIsAListThatCanBeLeftAnywhere(long seed) {
    Random random = new Random(seed);
    List<Turn> model = new ArrayList<>();
    List<Turn> outside = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      outside.add(new Turn(i));
    }
    for (int step = 0; step < 600; step++) {
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          if (!outside.isEmpty()) {
            Turn comes = outside.remove(random.nextInt(outside.size()));
            line.add(comes);
            model.add(comes);
          }
        }
        case 2 -> {
          Turn polled = line.poll();
          assertSame(model.isEmpty() ? null : model.remove(0), polled, "step " + step);
          if (polled != null) {
            outside.add(polled);
          }
        }
        default -> {
          if (!model.isEmpty()) {
            Turn leaves = model.remove(random.nextInt(model.size()));
            line.remove(leaves);
            line.remove(leaves); // does nothing
            outside.add(leaves);
          }
        }
      }
      assertEquals(model.size(), line.size(), "step " + step);
      assertEquals(model.isEmpty(), line.isEmpty(), "step " + step);
      assertSame(model.isEmpty() ? null : model.get(0), line.first(), "step " + step);
    }
    assertEquals(model.stream().map(each -> each.number).toList(), pollAll());
  }

  @Test
  void whoHasLeftHoldsNoNeighbour() {
    Turn first = new Turn(1);
    Turn second = new Turn(2);
    Turn third = new Turn(3);
    line.add(first);
    line.add(second);
    line.add(third);
    line.remove(second);
    assertNull(second.before);
    assertNull(second.after);
    assertSame(third, first.after);
    assertSame(first, third.before);
    assertEquals(List.of(1, 3), pollAll());
    assertNull(first.after);
    assertNull(third.before);
  }

  @Test
  void theFirstIsWokenFirst() {
    LoopTask<Integer> one = stepped.start(new Turn(1));
    LoopTask<Integer> two = stepped.start(new Turn(2));
    stepped.settle();
    line.wakeFirst();
    stepped.settle();
    assertTrue(one.done());
    assertFalse(two.done());
    assertEquals(1, line.size());
  }

  @Test
  void allAreWokenInOrder() throws Exception {
    List<Object> ended = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      stepped.start(new Turn(i)).addDoneCallback(done -> ended.add(result(done)));
    }
    stepped.settle();
    line.wakeAll();
    assertTrue(line.isEmpty());
    stepped.settle();
    assertEquals(List.of(0, 1, 2), ended);
  }

  private static Object result(Deferred<?> done) {
    try {
      return done.result();
    } catch (Exception failure) {
      return failure;
    }
  }

  @Test
  void wakingAnEmptyLineDoesNothing() {
    line.wakeFirst();
    line.wakeAll();
    assertTrue(stepped.loop.kernel.isIdle());
  }

  @Test
  void whoIsCancelledLeavesTheLine() {
    LoopTask<Integer> one = stepped.start(new Turn(1));
    LoopTask<Integer> two = stepped.start(new Turn(2));
    stepped.settle();
    one.cancel(null);
    assertEquals(1, line.size());
    line.wakeFirst();
    stepped.settle();
    assertTrue(one.cancelled());
    assertFalse(two.cancelled());
    assertTrue(two.done());
  }

  @Test
  void tasksOfAnotherLoopCannotWaitInIt() {
    line.bind(stepped.loop);
    line.bind(stepped.loop);
    stepped.leave();
    try (SteppedLoop other = new SteppedLoop()) {
      LoopTask<Integer> foreign = other.started(new Turn(1));
      assertTrue(foreign.exception() instanceof IllegalStateException);
      assertEquals(
          "cannot wait for the owner: tasks of another loop have waited for it; make one for each"
              + " loop",
          foreign.exception().getMessage());
    }
    assertTrue(line.isEmpty());
  }

  @Test
  void linesOfOneOwnerAreBoundTogether() {
    WaitLine<Turn> sibling = new WaitLine<>(line);
    WaitLine<Turn> cousin = new WaitLine<>(sibling);
    cousin.bind(stepped.loop);
    stepped.leave();
    try (SteppedLoop other = new SteppedLoop()) {
      var refused = assertThrows(IllegalStateException.class, () -> line.bind(other.loop));
      assertTrue(refused.getMessage().startsWith("cannot wait for the owner: "));
      assertThrows(IllegalStateException.class, () -> sibling.bind(other.loop));
    }
  }

  @Test
  void aCallOnAnotherThreadIsRefused() {
    line.check("poke()"); // nobody has waited
    line.bind(stepped.loop);
    line.check("poke()");
    var refused =
        assertThrows(
            CompletionException.class,
            () -> CompletableFuture.runAsync(() -> line.check("poke()")).join());
    assertTrue(refused.getCause().getMessage().startsWith("poke() of the owner was called on "));
  }

  @Test
  void itSaysHowManyWait() {
    assertEquals("", line.waiting());
    line.add(new Turn(1));
    line.add(new Turn(2));
    assertEquals(", 2 waiting", line.waiting());
    assertEquals(List.of(1, 2), pollAll());
  }
}
