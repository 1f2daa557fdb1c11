"""The native and the generator-based coroutine, side by side on one loop."""

import asyncio
import types


async def native_greeting(name):
    """Waits by awaiting."""
    for i in (1, 2):
        await asyncio.sleep(0)
        print("native", i)
    return "hello " + name


@types.coroutine
def generator_greeting(name):
    """Waits by yielding from what it waits for."""
    for i in (1, 2):
        yield from asyncio.sleep(0)
        print("generator-based", i)
    return "hello " + name


async def main():
    greetings = await asyncio.gather(
        native_greeting("ann"), generator_greeting("bob")
    )
    print("[" + ", ".join(greetings) + "]")


asyncio.run(main())
