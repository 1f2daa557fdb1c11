package io.fermata.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntrusiveListTest {
  private static final class Node {
    Node before;
    Node after;
  }

  private static final class Nodes extends IntrusiveList<Node> {
    @Override
    protected Node before(Node node) {
      return node.before;
    }

    @Override
    protected void linkBefore(Node node, Node before) {
      node.before = before;
    }

    @Override
    protected Node after(Node node) {
      return node.after;
    }

    @Override
    protected void linkAfter(Node node, Node after) {
      node.after = after;
    }
  }

  private final Nodes list = new Nodes();

  private List<Node> all() {
    List<Node> all = new ArrayList<>();
    for (Node node = list.first(); node != null; node = list.next(node)) {
      all.add(node);
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void itIsAListThatNodesLeaveAnywhere(long seed) {
    Random random = new Random(seed);
    List<Node> model = new ArrayList<>();
    List<Node> outside = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      outside.add(new Node());
    }
    for (int step = 0; step < 500; step++) {
      if (random.nextBoolean() && !outside.isEmpty()) {
        Node added = outside.remove(random.nextInt(outside.size()));
        list.add(added);
        model.add(added);
      } else if (random.nextInt(3) == 0) {
        Node polled = model.isEmpty() ? null : model.remove(0);
        assertSame(polled, list.poll(), "step " + step);
        if (polled != null) {
          outside.add(polled);
        }
      } else if (!model.isEmpty()) {
        Node removed = model.remove(random.nextInt(model.size()));
        list.remove(removed);
        outside.add(removed);
      }
      assertEquals(model, all(), "step " + step);
      assertEquals(model.size(), list.size(), "step " + step);
      assertEquals(model.isEmpty(), list.isEmpty(), "step " + step);
      for (Node each : model) {
        assertEquals(true, list.contains(each), "step " + step);
      }
      for (Node each : outside) {
        assertEquals(false, list.contains(each), "step " + step);
      }
    }
  }

  @Test
  void aNodeThatIsNotInItCanBeRemoved() {
    Node in = new Node();
    Node out = new Node();
    list.add(in);
    list.remove(out);
    assertEquals(List.of(in), all());
    assertEquals(1, list.size());
  }

  @Test
  void aNodeThatHasLeftHoldsNoOther() {
    List<Node> nodes = List.of(new Node(), new Node(), new Node());
    nodes.forEach(list::add);
    list.remove(nodes.get(1));
    list.poll();
    list.poll();
    for (Node each : nodes) {
      assertNull(each.before);
      assertNull(each.after);
    }
  }
}
