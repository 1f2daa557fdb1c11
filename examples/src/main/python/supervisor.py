"""A service and jobs: it says when it is ready, and jobs that fail leave others alone."""
import asyncio


async def main():
    ready = asyncio.get_running_loop().create_future()
    tasks = [asyncio.create_task(service(ready))]
    print("the service is at", await ready)
    for number in range(1, 5):
        tasks.append(asyncio.create_task(supervised(job(number))))
        await asyncio.sleep(0.01)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def supervised(work):
    try:
        await work
    except Exception as failure:
        print("failed:", failure)


async def service(ready):
    await asyncio.sleep(0.005)
    ready.set_result("port 80")
    try:
        await asyncio.sleep(600)
    finally:
        print("the service stops")


async def job(number):
    await asyncio.sleep(0)
    if number % 2 == 0:
        raise OSError(f"job {number}")
    print("done: job", number)


asyncio.run(main())
print("all have ended")
