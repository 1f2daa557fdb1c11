"""A coroutine that prints what it is sent."""


def printer():
    while True:
        item = yield
        print(item)


p = printer()
next(p)  # prime it: run to the first yield
for i in range(11):
    p.send(i)
