"""A walk over a tree of files: each directory is a task, and at most four are listed at a time.

Listing blocks, so it happens on another thread; all the rest happens on that of the loop, and what
the tasks share needs no lock.
"""

import asyncio
import pathlib
import sys
import tempfile


async def walk(root):
    sizes = {}
    listings = asyncio.Semaphore(4)

    async def visit(directory):
        async with listings:
            entries = await asyncio.get_running_loop().run_in_executor(None, list, directory.iterdir())
        sizes[directory] = sum(entry.stat().st_size for entry in entries if not entry.is_dir())
        await asyncio.gather(*(visit(entry) for entry in entries if entry.is_dir()))

    await visit(root)
    return sizes


def sample(root):
    """A small tree."""
    for name in ("docs", "docs/api", "src", "src/main", "src/test", "target"):
        directory = root / name
        directory.mkdir()
        for i in range(1, len(name) + 1):
            (directory / f"{i}.txt").write_text("x" * i * i)


with tempfile.TemporaryDirectory() as temporary:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
    if len(sys.argv) == 1:
        sample(root)
    for path, size in sorted(asyncio.run(walk(root)).items()):
        print(size, "bytes in", path.relative_to(root))
