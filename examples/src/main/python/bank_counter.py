"""A day at a bank, as a simulation of events: customers come, wait for one of two counters, are served.

If three wait already, they turn back. The clock is virtual, so that the day takes no time, and each
run is the same.
"""

import asyncio


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its time jumps to the next timer when nothing is ready."""

    now = 0

    def time(self):
        return self.now

    def _run_once(self):
        if not self._ready and self._scheduled:
            self.now = self._scheduled[0].when()
        super()._run_once()


class BankCounter:
    def __init__(self):
        self.waiting = 0
        self.served = 0
        self.longest_wait = 0
        self.seed = 1

    async def day(self):
        self.counters = asyncio.Semaphore(2)
        self.say("the bank opens")
        customers = []
        while self.now() < 8 * 3600:
            customers.append(asyncio.create_task(self.customer(len(customers) + 1)))
            await asyncio.sleep(self.seconds(60, 300))
        self.say("the doors close")
        await asyncio.gather(*customers)
        self.say("the last one leaves")
        print(self.served, "were served")
        print("the longest wait was", self.longest_wait, "seconds")

    async def customer(self, number):
        if self.waiting == 3:
            self.say(f"customer {number} turns back")
            return
        came = self.now()
        self.waiting += 1
        async with self.counters:
            self.waiting -= 1
            self.longest_wait = max(self.longest_wait, self.now() - came)
            await asyncio.sleep(self.seconds(120, 600))
        self.served += 1

    def now(self):
        return asyncio.get_running_loop().time()

    def say(self, what):
        minutes = self.now() // 60
        print(f"{9 + minutes // 60:02}:{minutes % 60:02}", what)

    def seconds(self, least, most):
        """By chance, but the same in every run."""
        self.seed = (self.seed * 1103515245 + 12345) & 0x7FFFFFFF
        return least + (self.seed >> 16) % (most - least + 1)


loop = VirtualLoop()
loop.run_until_complete(BankCounter().day())
loop.close()
