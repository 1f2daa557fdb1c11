"""A sensor on a thread of its own takes readings; an asynchronous generator yields averages.

Who is slow holds up who is before him: the loop over the averages the generator, and that one the
sensor, whose thread blocks.
"""

import asyncio
import threading

READINGS = 40
ROOM = 4


class Averages:
    """Of every four readings."""

    def __init__(self):
        self.readings = asyncio.Queue(ROOM)
        self.measured = 0
        self.most_ahead = 0

    def measure(self, loop):
        for i in range(READINGS):
            reading = self.readings.put(i * i % 10)
            asyncio.run_coroutine_threadsafe(reading, loop).result()  # blocks while there is no room
            self.measured += 1
        asyncio.run_coroutine_threadsafe(self.readings.put(None), loop).result()

    async def generator(self):
        count = 0
        total = 0
        while (reading := await self.readings.get()) is not None:
            self.most_ahead = max(self.most_ahead, self.measured - count)
            total += reading
            count += 1
            if count % 4 == 0:
                await asyncio.sleep(0.002)  # slower than the sensor
                yield total / 4
                total = 0


async def main():
    averages = Averages()
    loop = asyncio.get_running_loop()
    threading.Thread(target=averages.measure, args=(loop,)).start()
    async for average in averages.generator():
        print("average", average)
    bounded = averages.most_ahead <= 2 * ROOM + 2
    print("the sensor was held up:", "true" if bounded else "false")


asyncio.run(main())
