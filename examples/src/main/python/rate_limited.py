"""Retries under a rate limit: each attempt takes a permit, and some requests fail at first."""
import asyncio

attempts = 0


class RateLimiter:
    def __init__(self, per, burst):
        self.per = per
        self.burst = burst
        self.full_at = 0.0

    async def acquire(self):
        now = asyncio.get_running_loop().time()
        self.full_at = max(self.full_at, now) + self.per
        await asyncio.sleep(self.full_at - now - self.burst * self.per)


async def asking(limiter, number):
    global attempts
    failures = number % 3
    for attempt in range(3):
        await limiter.acquire()
        attempts += 1
        if failures == 0:
            return f"answer {number}"
        failures -= 1
        await asyncio.sleep(0.01)


async def main():
    limiter = RateLimiter(0.01, 2)
    slots = asyncio.Semaphore(2)

    async def limited(number):
        async with slots:
            return await asking(limiter, number)

    for answer in await asyncio.gather(*(limited(number) for number in range(1, 6))):
        print(answer)


asyncio.run(main())
print(attempts, "attempts")
