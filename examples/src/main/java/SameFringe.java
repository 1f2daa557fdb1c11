import io.fermata.Generator;

/**
 * Do two trees have the same leaves in the same order, whatever their shapes? Each tree is walked
 * by a generator, and only as far as is needed to tell.
 */
public class SameFringe {
  public static void main(String[] args) {
    Tree left = fork(fork(fork(leaf("a"), leaf("b")), leaf("c")), leaf("d"));
    Tree right = fork(leaf("a"), fork(leaf("b"), fork(leaf("c"), leaf("d"))));
    Tree other = fork(leaf("a"), fork(leaf("x"), fork(leaf("c"), leaf("d"))));
    Tree shorter = fork(leaf("a"), fork(leaf("b"), leaf("c")));

    System.out.println("the same: " + fringe(left).toList() + " " + fringe(right).toList());
    System.out.println("left and right: " + sameFringe(left, right));
    System.out.println("left and other: " + sameFringe(left, other));
    System.out.println("left and shorter: " + sameFringe(left, shorter));
    System.out.println("shorter and left: " + sameFringe(shorter, left));
  }

  static boolean sameFringe(Tree one, Tree two) {
    Generator<String> ones = fringe(one);
    Generator<String> twos = fringe(two);
    while (ones.advance()) {
      if (!twos.advance() || !ones.current().equals(twos.current())) return false;
    }
    return !twos.advance();
  }

  static Generator<String> fringe(Tree tree) {
    return Generator.of(
        co -> {
          if (tree instanceof Leaf leaf) {
            co.yield(leaf.label());
          } else if (tree instanceof Fork fork) {
            co.yieldFrom(fringe(fork.left()));
            co.yieldFrom(fringe(fork.right()));
          }
        });
  }

  sealed interface Tree {}

  record Leaf(String label) implements Tree {}

  record Fork(Tree left, Tree right) implements Tree {}

  static Tree leaf(String label) {
    return new Leaf(label);
  }

  static Tree fork(Tree left, Tree right) {
    return new Fork(left, right);
  }
}
