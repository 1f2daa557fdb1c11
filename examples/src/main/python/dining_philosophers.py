"""Five philosophers, five forks, one thread: no lock of the machine is taken.

A fork that somebody holds is waited for, and as all take the lower one first, nobody starves.
"""

import asyncio

NAMES = ["Plato", "Hypatia", "Kant", "Arendt", "Ibn Rushd"]


async def philosopher(seat, forks):
    name = NAMES[seat]
    other = (seat + 1) % len(forks)
    lower, upper = forks[min(seat, other)], forks[max(seat, other)]
    meals = 0
    while meals < 3:
        print(name, "thinks")
        await asyncio.sleep(0)
        async with lower, upper:
            print(name, "eats")
            await asyncio.sleep(0)
        meals += 1
    print(name, "leaves")
    return meals


async def dinner():
    forks = [asyncio.Lock() for _ in NAMES]
    guests = [asyncio.create_task(philosopher(seat, forks)) for seat in range(len(NAMES))]
    meals = 0
    for guest in guests:
        meals += await guest
    print(meals, "meals")


asyncio.run(dinner())
