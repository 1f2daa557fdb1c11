"""Each coroutine yields control to a central scheduler, the event loop.

So other coroutines can be activated: three countdowns take turns on one thread.
"""

import asyncio


async def countdowns():
    tasks = [
        asyncio.create_task(countdown("red", 3)),
        asyncio.create_task(countdown("green", 1)),
        asyncio.create_task(countdown("blue", 2)),
    ]
    print("all are started, none has run")
    await asyncio.gather(*tasks)


async def countdown(name, start):
    for i in range(start, 0, -1):
        print(name, i)
        await asyncio.sleep(0)
    print(name, "lifts off")


asyncio.run(countdowns())
print("all have ended")
