"""A pipeline of tasks: pages are fetched three at a time, and stored in pairs."""
import asyncio
from collections import deque

URLS = ["/", "/about", "/gone", "/news", "/news/1", "/news/2", "/contact"]

running = 0
most = 0


async def crawl():
    pair = []
    async for url, status in fetched(iter(URLS), 3):
        if status == 200:
            pair.append(url)
        if len(pair) == 2:
            await store(pair)
            pair = []
    if pair:
        await store(pair)


async def fetched(urls, limit):
    """The pages in order; their tasks run ahead."""
    tasks = deque()
    try:
        while True:
            while len(tasks) < limit and (url := next(urls, None)) is not None:
                tasks.append(asyncio.create_task(fetch(url)))
            if not tasks:
                return
            page = await tasks[0]
            tasks.popleft()
            yield page
    finally:
        for task in tasks:
            task.cancel()


async def fetch(url):
    """The page of a server that answers short addresses late."""
    global running, most
    running += 1
    most = max(most, running)
    try:
        await asyncio.sleep(0.04 - 0.004 * len(url))
    finally:
        running -= 1
    return url, 404 if url == "/gone" else 200


async def store(pages):
    await asyncio.sleep(0.005)
    print("stored [" + ", ".join(pages) + "]")


asyncio.run(crawl())
print(f"at most {most} requests at a time")
