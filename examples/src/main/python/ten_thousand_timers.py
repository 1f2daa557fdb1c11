"""Ten thousand timers within a second, set in no order; half of them are taken back."""

import asyncio

COUNT = 10_000


async def timers():
    loop = asyncio.get_running_loop()
    start = loop.time() + 0.1  # when all are set
    fired = []
    handles = []
    for i in range(COUNT):
        number = i * 7919 % COUNT  # each one once
        handles.append(loop.call_at(start + number * 90e-6, fired.append, number))
    for handle in handles[1::2]:
        handle.cancel()
    end = loop.create_future()
    loop.call_at(start + 1, end.set_result, fired)
    return await end


fired = asyncio.run(timers())
print(len(fired), "timers have fired")
print("the first ones are", fired[:5])
print("in order" if fired == sorted(fired) else "in disorder")
