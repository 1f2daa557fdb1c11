package io.fermata.internal.compiler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.fermata.internal.compiler.bytecode.Cycles;
import java.util.List;
import org.junit.jupiter.api.Test;

class CyclesTest {
  private static final int NONE = Cycles.NONE;

  @Test
  void aLineHasNoCycle() {
    int[] found = Cycles.components(List.of(List.of(1), List.of(2), List.of()));
    assertArrayEquals(new int[] {NONE, NONE, NONE}, found);
  }

  @Test
  void aNodeThatLeadsToItselfIsACycle() {
    int[] found = Cycles.components(List.of(List.of(1), List.of(1)));
    assertEquals(NONE, found[0]);
    assertNotEquals(NONE, found[1]);
  }

  @Test
  void theNodesOfOneCycleAreTogether() {
    int[] found = Cycles.components(List.of(List.of(1), List.of(2), List.of(0, 3), List.of()));
    assertNotEquals(NONE, found[0]);
    assertEquals(found[0], found[1]);
    assertEquals(found[0], found[2]);
    assertEquals(NONE, found[3]);
  }

  @Test
  void twoCyclesAreApart() {
    int[] found = Cycles.components(List.of(List.of(1), List.of(0, 2), List.of(3), List.of(2)));
    assertEquals(found[0], found[1]);
    assertEquals(found[2], found[3]);
    assertNotEquals(found[0], found[2]);
  }

  @Test
  void aCycleInACycleIsOne() {
    int[] found = Cycles.components(List.of(List.of(1), List.of(2), List.of(1, 3), List.of(0)));
    assertEquals(found[0], found[1]);
    assertEquals(found[0], found[2]);
    assertEquals(found[0], found[3]);
  }

  @Test
  void anEdgeToAFinishedComponentJoinsNothing() {
    int[] found = Cycles.components(List.of(List.of(1), List.of(), List.of(1, 3), List.of(2, 1)));
    assertEquals(NONE, found[0]);
    assertEquals(NONE, found[1]);
    assertEquals(found[2], found[3]);
  }

  @Test
  void aDeepGraphNeedsNoStack() {
    int size = 200_000;
    List<List<Integer>> edges =
        java.util.stream.IntStream.range(0, size)
            .mapToObj(node -> List.of((node + 1) % size))
            .toList();
    int[] found = Cycles.components(edges);
    assertEquals(found[0], found[size - 1]);
    assertNotEquals(NONE, found[0]);
  }
}
