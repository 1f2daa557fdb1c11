"""A producer and two consumers share a queue with room for two.

Who finds it full or empty waits, and the others run. The main task waits until every item is done.
"""

import asyncio


async def producer(count, queue):
    for item in range(1, count + 1):
        if queue.full():
            print("full: the producer waits")
        await queue.put(item)
        print("put", item)


async def consumer(name, queue):
    while True:
        if queue.empty():
            print("empty: the", name, "waits")
        item = await queue.get()
        print("the", name, "took", item)
        queue.task_done()


async def main():
    queue = asyncio.Queue(2)
    consumers = [
        asyncio.create_task(consumer("first", queue)),
        asyncio.create_task(consumer("second", queue)),
    ]

    await producer(7, queue)
    await queue.join()
    print("all done")
    for each in consumers:
        each.cancel()


asyncio.run(main())
