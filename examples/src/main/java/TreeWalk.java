import io.fermata.Generator;
import io.fermata.Yielder;

/** Two ways to yield from a recursion: a helper method that is passed co, and yieldFrom. */
public class TreeWalk {
  record Tree(Tree left, String value, Tree right) {}

  public static void main(String[] args) {
    Tree tree =
        new Tree(new Tree(leaf("1"), "+", leaf("2")), "*", new Tree(leaf("7"), "-", leaf("4")));

    Generator<String> byHelper = Generator.of(co -> inOrder(tree, co));
    System.out.println("in order:  " + String.join(" ", byHelper.toList()));
    System.out.println("in order:  " + String.join(" ", inOrder(tree).toList()));

    byHelper = Generator.of(co -> preOrder(tree, co));
    System.out.println("pre-order: " + String.join(" ", byHelper.toList()));
    System.out.println("pre-order: " + String.join(" ", preOrder(tree).toList()));
  }

  static void inOrder(Tree tree, Yielder<?, String> co) {
    if (tree == null) return;
    inOrder(tree.left, co);
    co.yield(tree.value);
    inOrder(tree.right, co);
  }

  static void preOrder(Tree tree, Yielder<?, String> co) {
    if (tree == null) return;
    co.yield(tree.value);
    preOrder(tree.left, co);
    preOrder(tree.right, co);
  }

  static Generator<String> inOrder(Tree tree) {
    return Generator.of(
        co -> {
          if (tree == null) return;
          co.yieldFrom(inOrder(tree.left));
          co.yield(tree.value);
          co.yieldFrom(inOrder(tree.right));
        });
  }

  static Generator<String> preOrder(Tree tree) {
    return Generator.of(
        co -> {
          if (tree == null) return;
          co.yield(tree.value);
          co.yieldFrom(preOrder(tree.left));
          co.yieldFrom(preOrder(tree.right));
        });
  }

  static Tree leaf(String value) {
    return new Tree(null, value, null);
  }
}
