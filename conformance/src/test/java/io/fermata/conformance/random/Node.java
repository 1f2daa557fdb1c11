package io.fermata.conformance.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A piece of a random program: text and smaller pieces, in the order of the source.
 *
 * @param sort what it is
 * @param type the type of an expression, else empty
 * @param parts strings and nodes
 */
record Node(Sort sort, String type, List<Object> parts) {
  /** What a node may be replaced by depends on this. */
  enum Sort {
    /** Statements only, one per line. */
    BLOCK,
    STATEMENT,
    EXPRESSION
  }

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("boolean", "true"),
          Map.entry("byte", "(byte) 1"),
          Map.entry("char", "'c'"),
          Map.entry("short", "(short) 2"),
          Map.entry("int", "3"),
          Map.entry("long", "4L"),
          Map.entry("float", "5f"),
          Map.entry("double", "6.0"),
          Map.entry("String", "\"s\""),
          Map.entry("Integer", "Integer.valueOf(7)"),
          Map.entry("Object", "(Object) \"o\""),
          Map.entry("int[]", "new int[] {1, 2}"),
          Map.entry("long[]", "new long[] {1, 2}"),
          Map.entry("byte[]", "new byte[] {1, 2}"),
          Map.entry("double[]", "new double[] {1, 2}"),
          Map.entry("String[]", "new String[] {\"a\", \"b\"}"),
          Map.entry("int[][]", "new int[][] {{1, 2}, {3, 4}}"),
          Map.entry("Foo", "new Foo(1)"),
          Map.entry("Shape", "new Sq(1)"),
          Map.entry("En", "En.A"));

  static final List<String> TYPES = DEFAULTS.keySet().stream().sorted().toList();

  static Node expression(String type, Object... parts) {
    return new Node(Sort.EXPRESSION, type, List.of(parts));
  }

  static Node statement(Object... parts) {
    return new Node(Sort.STATEMENT, "", List.of(parts));
  }

  static Node block(List<Node> statements) {
    return new Node(Sort.BLOCK, "", List.copyOf(statements));
  }

  /** A literal of a type. */
  static Node simplest(String type) {
    return expression(type, DEFAULTS.get(type));
  }

  Node parenthesised() {
    return expression(type, "(", this, ")");
  }

  /** A string that does not grow without end. */
  Node cut() {
    return expression(type, "cut(", this, ")");
  }

  String render() {
    StringBuilder text = new StringBuilder();
    render(text);
    return text.toString();
  }

  private void render(StringBuilder text) {
    for (Object part : parts) {
      if (part instanceof Node node) {
        node.render(text);
      } else {
        text.append(part);
      }
      if (sort == Sort.BLOCK) {
        text.append('\n');
      }
    }
  }

  int size() {
    int size = 1;
    for (Object part : parts) {
      size += part instanceof Node node ? node.size() : 0;
    }
    return size;
  }

  // Shrinking

  /** Nodes that can perhaps stand in its place and are smaller; the boldest come first. */
  void smaller(Consumer<Node> found) {
    if (sort == Sort.BLOCK) {
      smallerBlocks(found);
    } else if (DEFAULTS.containsKey(type) && !equals(simplest(type))) {
      found.accept(simplest(type));
      sameType(type, found);
    }
    for (int i = 0; i < parts.size(); i++) {
      int at = i;
      if (parts.get(i) instanceof Node node) {
        node.smaller(less -> found.accept(with(at, List.of(less))));
      }
    }
  }

  private void smallerBlocks(Consumer<Node> found) {
    int count = parts.size();
    for (int length = count; length > 0; length /= 2) {
      for (int from = 0; from + length <= count; from += length) {
        List<Object> rest = new ArrayList<>(parts.subList(0, from));
        rest.addAll(parts.subList(from + length, count));
        found.accept(new Node(sort, type, rest));
      }
    }
    for (int i = 0; i < count; i++) {
      int at = i;
      ((Node) parts.get(i)).innerBlocks(inner -> found.accept(with(at, inner.parts)));
    }
  }

  private void innerBlocks(Consumer<Node> found) {
    for (Object part : parts) {
      if (part instanceof Node node) {
        if (node.sort == Sort.BLOCK) {
          found.accept(node);
        } else {
          node.innerBlocks(found);
        }
      }
    }
  }

  private void sameType(String wanted, Consumer<Node> found) {
    for (Object part : parts) {
      if (part instanceof Node node && node.sort == Sort.EXPRESSION) {
        if (node.type.equals(wanted)) {
          found.accept(node);
        } else {
          node.sameType(wanted, found);
        }
      }
    }
  }

  private Node with(int at, List<?> replacement) {
    List<Object> changed = new ArrayList<>(parts.subList(0, at));
    changed.addAll(replacement);
    changed.addAll(parts.subList(at + 1, parts.size()));
    return new Node(sort, type, changed);
  }
}
