"""Do two trees have the same leaves in the same order, whatever their shapes?

Each tree is walked by a generator, and only as far as is needed to tell. A tree is a string, which
is a leaf, or a pair of trees.
"""

from itertools import zip_longest


def fringe(tree):
    if isinstance(tree, str):
        yield tree
    else:
        left, right = tree
        yield from fringe(left)
        yield from fringe(right)


def same_fringe(one, two):
    return all(a == b for a, b in zip_longest(fringe(one), fringe(two)))


def show(leaves):
    return "[" + ", ".join(leaves) + "]"


def answer(same):
    return "true" if same else "false"


left = ((("a", "b"), "c"), "d")
right = ("a", ("b", ("c", "d")))
other = ("a", ("x", ("c", "d")))
shorter = ("a", ("b", "c"))

print("the same:", show(fringe(left)), show(fringe(right)))
print("left and right:", answer(same_fringe(left, right)))
print("left and other:", answer(same_fringe(left, other)))
print("left and shorter:", answer(same_fringe(left, shorter)))
print("shorter and left:", answer(same_fringe(shorter, left)))
