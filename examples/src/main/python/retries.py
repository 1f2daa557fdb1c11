"""Timeouts and retries: a server that hangs, then fails, then answers."""

import asyncio

calls = 0


async def retrying(attempts):
    for attempt in range(1, attempts):
        try:
            return await asyncio.wait_for(request(), 0.5)
        except asyncio.TimeoutError:
            print("attempt", attempt, "took too long")
        except OSError as e:
            print("attempt", attempt, "failed:", e)
        await asyncio.sleep(0.005 * 2**attempt)
    return await asyncio.wait_for(request(), 0.5)


async def request():
    global calls
    calls += 1
    if calls == 1:
        try:
            await asyncio.sleep(30)
        finally:
            print("request", calls, "was cancelled")
    elif calls == 2:
        raise OSError("connection refused")
    else:
        await asyncio.sleep(0.001)
    return "answer " + str(calls)


print(asyncio.run(retrying(5)))
