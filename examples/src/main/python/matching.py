"""A coroutine that prints the lines with a word in them, until it is closed."""

from contextlib import closing


def grep(word):
    print("looking for", word)
    try:
        while True:
            line = yield
            if word in line:
                print(line)
    finally:
        print("done")


with closing(grep("coroutine")) as g:
    next(g)  # prime it: run to the first yield
    g.send("a subroutine returns once")
    g.send("a coroutine may pause and go on")
    g.send("a generator is a simple coroutine")
