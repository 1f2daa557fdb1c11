"""Lists in lists in lists, as one flat sequence."""


def flatten(nested):
    for each in nested:
        if isinstance(each, list):
            yield from flatten(each)
        else:
            yield each


for each in flatten([1, [2, [3, 4], []], [[5]], 6]):
    print(each)
