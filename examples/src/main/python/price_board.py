"""Prices go to every board, and a clerk waits for an order, an alarm or a pause."""
import asyncio

PRICES = [101, 104, 99, 120, 117]
OVER = object()


async def main():
    boards = {"east": asyncio.Queue(8), "west": asyncio.Queue(8)}
    high = asyncio.get_running_loop().create_future()
    orders = asyncio.Queue(4)
    async with asyncio.TaskGroup() as day:
        for name, prices in boards.items():
            day.create_task(board(name, prices))
        day.create_task(clerk(orders, high))
        for price in PRICES:
            for prices in boards.values():
                await prices.put(price)
            if price > 110 and not high.done():
                high.set_result(price)
            if price < 100:
                await orders.put(f"buy at {price}")
            await asyncio.sleep(0.01)
        for prices in boards.values():
            await prices.put(OVER)


async def board(name, prices):
    highest = 0
    while (price := await prices.get()) is not OVER:
        highest = max(highest, price)
    print(f"{name}: the highest price was {highest}")


async def clerk(orders, high):
    while True:
        order = asyncio.create_task(orders.get())
        await asyncio.wait([order, high], return_when=asyncio.FIRST_COMPLETED)
        if order.done():
            print(order.result())
        else:
            order.cancel()
            print("alarm:", high.result())
            break
    try:
        print(await asyncio.wait_for(orders.get(), 0.2))
    except TimeoutError:
        print("no more orders")


asyncio.run(main())
