"""A central scheduler: every coroutine yields control to it, and it resumes them in turn."""

from collections import deque


def run(coroutines):
    ready = deque(coroutines)
    while ready:
        coroutine = ready.popleft()
        try:
            next(coroutine)
            ready.append(coroutine)
        except StopIteration:
            pass
    print("all have ended")


def countdown(name, start):
    for i in range(start, 0, -1):
        print(f"{name}: {i}")
        yield
    print(name, "has ended")


run([countdown("ann", 3), countdown("bob", 1), countdown("cat", 2)])
