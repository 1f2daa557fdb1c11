"""A log follower, as tail -F: prints the lines of a file as they are written, also if it is moved
away and begun anew. With a file as its argument until it is interrupted; without one, of a log that
it writes itself. Python has nothing that tells of changes, so it looks every few milliseconds."""

import asyncio
import os
import sys
import tempfile


class LogFollower:
    def __init__(self, file):
        self.file = file
        self.partial = ""
        self.open = None
        self.key = None

    async def lines(self):
        while True:
            for line in self.new_lines():
                yield line
            await asyncio.sleep(0.005)

    def new_lines(self):
        """The rest of the file that is open, and if another one is in its place, that one."""
        lines = []
        self.read_rest(lines)
        try:
            now = os.stat(self.file).st_ino
            if now != self.key:
                self.read_rest(lines)
                if self.open:
                    self.open.close()
                self.open = open(self.file)
                self.key = now
                self.read_rest(lines)
        except FileNotFoundError:
            pass
        return lines

    def read_rest(self, lines):
        if self.open:
            *complete, self.partial = (self.partial + self.open.read()).split("\n")
            lines.extend(complete)


async def follow(log):
    lines = LogFollower(log).lines()
    try:
        async for line in lines:
            print(line, flush=True)
            if line == "end":
                break
    finally:
        await lines.aclose()


async def write(log):
    """A program that logs."""
    for i in range(1, 6):
        append(log, "line %d\n" % i)
        await asyncio.sleep(0.005)
    append(log, "half a line, ")
    await asyncio.sleep(0.005)
    append(log, "and the other half\n")
    os.rename(log, log + ".1")
    append(log, "in a new file\n")
    append(log, "end\n")


def append(log, text):
    with open(log, "a") as file:
        file.write(text)


async def main():
    if len(sys.argv) > 1:
        await follow(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as directory:
            log = os.path.join(directory, "app.log")
            await asyncio.gather(write(log), follow(log))


asyncio.run(main())
