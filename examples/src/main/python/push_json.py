"""A JSON parser that is sent text in chunks.

It yields each value with its path as soon as it has been read. It is a recursive descent over
generators that delegate to each other.
"""

TEXT = """\
{"name": "Ada \\"Countess\\" Lovelace",
 "born": {"year": 1815, "town": "London"},
 "notes": [true, null, -1.5e3, [], {"letter": "G"}]}
"""


def parser():
    """Yields each value with its path, and None where it needs more text."""
    text = Text()
    while True:
        yield from value("$", text)


def value(path, text):
    c = yield from text.peek()
    if c == "{":
        yield from object_(path, text)
    elif c == "[":
        yield from array(path, text)
    elif c == '"':
        literal = yield from string(text)
        yield f"{path} = {literal}"
    else:
        literal = yield from word(text)
        yield f"{path} = {literal}"


def object_(path, text):
    yield from text.expect("{")
    while (yield from text.peek()) != "}":
        key = yield from string(text)
        yield from text.expect(":")
        yield from value(f"{path}[{key}]", text)
        if (yield from text.peek()) != "}":
            yield from text.expect(",")
    yield from text.expect("}")


def array(path, text):
    yield from text.expect("[")
    i = 0
    while (yield from text.peek()) != "]":
        yield from value(f"{path}[{i}]", text)
        if (yield from text.peek()) != "]":
            yield from text.expect(",")
        i += 1
    yield from text.expect("]")


def string(text):
    """A string with its quotes, as it is written."""
    characters = []
    yield from text.expect('"')
    c = yield from text.read()
    while c != '"':
        characters.append(c)
        if c == "\\":
            characters.append((yield from text.read()))
        c = yield from text.read()
    return '"' + "".join(characters) + '"'


def word(text):
    """A number, true, false or null."""
    characters = []
    while (yield from text.look()) not in ",]} \n":
        characters.append((yield from text.read()))
    return "".join(characters)


class Text:
    """The characters of all chunks, one after the other."""

    def __init__(self):
        self.chunk = ""
        self.position = 0

    def look(self):
        """The next character, which stays."""
        while self.position == len(self.chunk):
            self.chunk = yield
            self.position = 0
        return self.chunk[self.position]

    def read(self):
        c = yield from self.look()
        self.position += 1
        return c

    def peek(self):
        """The next character after white space, which stays."""
        while (yield from self.look()).isspace():
            self.position += 1
        return (yield from self.look())

    def expect(self, expected):
        c = yield from self.peek()
        if c != expected:
            raise ValueError(f"found {c} for {expected}")
        self.position += 1


def parse(chunks):
    values = []
    p = parser()
    next(p)  # prime it: run to the first yield
    for chunk in chunks:
        value = p.send(chunk)
        while value is not None:
            values.append(value)
            value = next(p)
    p.close()
    return values


def check(expected, chunks):
    if parse(chunks) != expected:
        raise AssertionError(f"differs: {chunks}")


values = parse([TEXT])
for each in values:
    print(each)

for i in range(len(TEXT) + 1):
    check(values, [TEXT[:i], TEXT[i:]])
check(values, list(TEXT))
print("the same in all chunks")
