"""Two ways to yield from a recursion. Python has one of them; the other is a callback here."""


def leaf(value):
    return (None, value, None)


def each_in_order(tree, use):
    if tree is None:
        return
    left, value, right = tree
    each_in_order(left, use)
    use(value)
    each_in_order(right, use)


def each_pre_order(tree, use):
    if tree is None:
        return
    left, value, right = tree
    use(value)
    each_pre_order(left, use)
    each_pre_order(right, use)


def in_order(tree):
    if tree is None:
        return
    left, value, right = tree
    yield from in_order(left)
    yield value
    yield from in_order(right)


def pre_order(tree):
    if tree is None:
        return
    left, value, right = tree
    yield value
    yield from pre_order(left)
    yield from pre_order(right)


tree = ((leaf("1"), "+", leaf("2")), "*", (leaf("7"), "-", leaf("4")))

values = []
each_in_order(tree, values.append)
print("in order: ", " ".join(values))
print("in order: ", " ".join(in_order(tree)))

values = []
each_pre_order(tree, values.append)
print("pre-order:", " ".join(values))
print("pre-order:", " ".join(pre_order(tree)))
