"""All orders of the letters of a word, by a generator that loops over itself."""


def permutations(letters):
    if not letters:
        yield ""
        return
    first = letters[0]
    for rest in permutations(letters[1:]):
        for i in range(len(rest) + 1):
            yield rest[:i] + first + rest[i:]


for word in permutations("stop"):
    print(word)
