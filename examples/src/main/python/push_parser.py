"""A CSV parser that is sent text in chunks of any size.

It is written as if it had all the text at hand: wherever it needs another character, the coroutine
waits for the next chunk.
"""

import os
import tempfile

TEXT = (
    "name,said,year\r\n"
    'Ada,"Engines, ""weaving"" patterns",1843\r\n'
    'Grace,"Dare\nand\r\ndo",1952\n'
    '"",,""""\n'
    "Edsger,Simplicity,1984"
)


def parser():
    """Yields each record, and None where it needs more text. Returns the number of records."""
    text = Text()
    count = 0
    while not (yield from text.at_end()):
        record = yield from read_record(text)
        yield record
        count += 1
    return count


def read_record(text):
    fields = []
    end = ","
    while end == ",":
        field = []
        c = yield from text.read()
        if c == '"':
            c = yield from quoted(field, text)
        while c not in (",", "\n", ""):
            if c != "\r":
                field.append(c)
            c = yield from text.read()
        fields.append("".join(field))
        end = c
    return fields


def quoted(field, text):
    """Reads a field after its opening quote; returns the character after the closing one."""
    while True:
        c = yield from text.read()
        if c == '"':
            c = yield from text.read()
            if c != '"':
                return c  # and two quotes are one
        if not c:
            raise ValueError("a quote is not closed: " + "".join(field))
        field.append(c)


class Text:
    """The characters of all chunks, one after the other; "" at the end."""

    def __init__(self):
        self.chunk = ""
        self.position = 0

    def read(self):
        if (yield from self.at_end()):
            return ""
        self.position += 1
        return self.chunk[self.position - 1]

    def at_end(self):
        while self.chunk is not None and self.position == len(self.chunk):
            self.chunk = yield
            self.position = 0
        return self.chunk is None


def parse(chunks):
    records = []
    p = parser()
    next(p)  # prime it: run to the first yield
    for chunk in chunks:
        record = p.send(chunk)
        while record is not None:
            records.append(record)
            record = next(p)
    records.extend(p)  # sent nothing: the text has ended
    return records


def check(expected, chunks):
    if parse(chunks) != expected:
        raise AssertionError(f"differs: {chunks}")


def show(record):
    return " | ".join(record).replace("\r", "\\r").replace("\n", "\\n")


handle, path = tempfile.mkstemp(".csv", "records")
try:
    with open(handle, "w", newline="") as file:
        file.write(TEXT)
    with open(path, newline="") as file:
        text = file.read()
finally:
    os.remove(path)

records = parse([text])
for record in records:
    print(show(record))

checked = 0
for i in range(len(text) + 1):
    check(records, [text[:i], text[i:]])
    checked += 1
check(records, list(text))
checked += 1
print("splits checked:", checked)
