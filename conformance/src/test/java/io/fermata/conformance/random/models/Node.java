package io.fermata.conformance.random.models;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A part of a program with scopes: what it is, and what is in it.
 *
 * @param kind what it is
 * @param number milliseconds
 * @param cleans whether it takes a millisecond to end if it is cut short
 * @param body what it does, in its own task
 * @param members what it starts
 */
record Node(Kind kind, int number, boolean cleans, List<Node> body, List<Node> members) {
  /** The kinds of parts. */
  enum Kind {
    SLEEP,
    FAIL,
    /** A group with members, and a body. */
    GROUP,
    /** A timeout. */
    LIMIT,
    SHIELD,
    UNCANCELLABLE,
    /** Cancels the group around it. */
    CANCEL_GROUP,
    /** Cancels the task of the whole program. */
    REQUEST
  }

  private static final List<Kind> LEAVES =
      List.of(Kind.SLEEP, Kind.SLEEP, Kind.SLEEP, Kind.FAIL, Kind.CANCEL_GROUP, Kind.REQUEST);

  private static final List<Kind> SCOPES =
      List.of(Kind.GROUP, Kind.GROUP, Kind.LIMIT, Kind.LIMIT, Kind.SHIELD, Kind.UNCANCELLABLE);

  static Node random(SplittableRandom random, int depth) {
    boolean leaf = depth == 0 || random.nextInt(3) == 0;
    List<Kind> kinds = leaf ? LEAVES : SCOPES;
    Kind kind = kinds.get(random.nextInt(kinds.size()));
    return new Node(
        kind,
        random.nextInt(8),
        random.nextInt(4) == 0,
        leaf ? List.of() : some(random, depth - 1),
        kind == Kind.GROUP ? some(random, depth - 1) : List.of());
  }

  private static List<Node> some(SplittableRandom random, int depth) {
    List<Node> some = new ArrayList<>();
    for (int left = random.nextInt(1, 4); left > 0; left--) {
      some.add(random(random, depth));
    }
    return some;
  }

  /** Whether some part of it is of a kind. */
  boolean has(Kind wanted) {
    return kind == wanted || parts().anyMatch(part -> part.has(wanted));
  }

  private Stream<Node> parts() {
    return Stream.concat(body.stream(), members.stream());
  }

  /** How long it may take to end, at most, once it is cancelled. */
  long slowness() {
    return (cleans ? 1 : 0)
        + (kind == Kind.UNCANCELLABLE
            ? body.stream().mapToLong(Node::duration).sum()
            : parts().mapToLong(Node::slowness).sum());
  }

  /** How long it may take, at most. */
  private long duration() {
    return (cleans ? 1 : 0)
        + (kind == Kind.SLEEP ? number : 0)
        + parts().mapToLong(Node::duration).sum();
  }

  Stream<Node> smaller() {
    Stream<Node> within =
        Stream.concat(
            fewer(body).map(fewer -> new Node(kind, number, cleans, fewer, members)),
            fewer(members).map(fewer -> new Node(kind, number, cleans, body, fewer)));
    Stream<Node> calmer =
        cleans ? Stream.of(new Node(kind, number, false, body, members)) : Stream.empty();
    return Stream.of(parts(), calmer, within).flatMap(each -> each);
  }

  private static Stream<List<Node>> fewer(List<Node> nodes) {
    Stream.Builder<List<Node>> all = Stream.builder();
    for (int i = 0; i < nodes.size(); i++) {
      List<Node> without = new ArrayList<>(nodes);
      Node node = without.remove(i);
      all.add(without);
      int at = i;
      node.smaller()
          .forEach(
              smaller -> {
                List<Node> changed = new ArrayList<>(nodes);
                changed.set(at, smaller);
                all.add(changed);
              });
    }
    return all.build();
  }

  @Override
  public String toString() {
    return kind
        + (kind == Kind.SLEEP || kind == Kind.LIMIT ? " " + number : "")
        + (cleans ? " with cleanup" : "")
        + (body.isEmpty() ? "" : " " + body)
        + (members.isEmpty() ? "" : " members " + members);
  }
}
