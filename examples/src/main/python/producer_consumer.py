"""A producer and a consumer share a plain queue without a lock.

Each is only ever interrupted where it yields, so what it has looked at stays true until then.
"""

from collections import deque

CAPACITY = 3


def producer(count, queue):
    for item in range(1, count + 1):
        if len(queue) == CAPACITY:
            print("full: over to the consumer")
            yield
        print("put", item)
        queue.append(item)
    print("no more to put")
    yield


def consumer(queue):
    while True:
        if not queue:
            print("empty: over to the producer")
            yield
        print("took", queue.popleft())


queue = deque()
c = consumer(queue)
for _ in producer(7, queue):
    next(c)
c.close()
