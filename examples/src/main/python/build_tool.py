"""A small build tool: runs commands in parallel, each after those that it needs, at most two."""

import asyncio
import pathlib
import sys
import tempfile

STEPS = [
    ("util.o", "sort util.txt > util.o", []),
    ("main.o", "sort main.txt > main.o", []),
    ("manual", "cat util.txt main.txt > manual", []),
    ("lib.a", "cat util.o > lib.a", ["util.o"]),
    ("app", "cat lib.a main.o > app", ["lib.a", "main.o"]),
    ("test", "grep -c e app", ["app"]),
]


class BuildTool:
    def __init__(self, directory, parallel):
        self.directory = directory
        self.slots = asyncio.Semaphore(parallel)
        self.running = []
        self.started = 0

    async def build(self):
        tasks = {}
        for target, command, needs in STEPS:
            waits = [tasks[need] for need in needs]
            tasks[target] = asyncio.ensure_future(self.make(target, command, waits))
        line = asyncio.ensure_future(self.status_line()) if sys.stdout.isatty() else None
        await asyncio.gather(*tasks.values())
        if line:
            line.cancel()

    async def make(self, target, command, needs):
        for need in needs:
            await need
        async with self.slots:
            self.started += 1
            print("[%d/%d] %s" % (self.started, len(STEPS), target))
            self.running.append(target)
            process = await asyncio.create_subprocess_shell(
                command, cwd=self.directory, stdout=asyncio.subprocess.PIPE
            )
            out, _ = await process.communicate()
            self.running.remove(target)
            if process.returncode != 0:
                raise OSError("%s ended with exit code %d" % (command, process.returncode))
            print(out.decode(), end="")

    async def status_line(self):
        """What runs, in the last line of a terminal."""
        tenths = 0
        while True:
            print("\r\033[K%s s: %s\r" % (tenths / 10, ", ".join(self.running)), end="", flush=True)
            tenths += 1
            await asyncio.sleep(0.1)


async def main():
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        (directory / "util.txt").write_text("seven\nten\n")
        (directory / "main.txt").write_text("two\none\n")
        await BuildTool(name, 2).build()
        print((directory / "app").read_text(), end="")


asyncio.run(main())
